//! The result of a test, in the form in which it is shown.
//! It does not know where it is shown.

use crate::cli::junit::Verdict;
use crate::cli::simulation::{RunReport, place};
use crate::diag::Error;
use crate::excerpt;
use crate::run::Test;
use crate::run::cocotb::{MODULES, NO_TEST, part_of_log};
use crate::runs::{How, Job, Outcome, Ran, Record, RunName};
use crate::session::Session;
use camino::Utf8PathBuf;
use std::rc::Rc;
use std::time::Duration;

/// CI servers get this many lines of the beginning and of the end of what a test printed.
const PRINTED: usize = 200;

/// Why tests were not built.
pub struct Unbuilt {
    /// The reason in one line.
    pub message: String,
    /// The whole report.
    pub report: String,
    /// The log of the step that failed.
    pub log: Option<Utf8PathBuf>,
}

impl Unbuilt {
    /// The reason that an error gives.
    pub fn of(error: &Error) -> Unbuilt {
        let log =
            error.details.iter().find(|(label, _)| label == "log").map(|(_, path)| Utf8PathBuf::from(path));
        Unbuilt { message: error.message.clone(), report: error.to_string(), log }
    }
}

/// The result of a test.
#[derive(Clone)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// The name of its run. A run of cocotb has several tests.
    pub run: String,
    /// The test function whose part of the log it is, as cocotb names it.
    pub part: Option<String>,
    /// The name of its design.
    pub group: String,
    /// Whether it ended as expected.
    pub passed: bool,
    /// Whether the user interrupted it.
    pub interrupted: bool,
    /// `passed`, `failed`, …
    pub word: String,
    /// More about the result; may be empty.
    pub about: String,
    /// Where its result comes from; `None` if it did not run.
    pub how: Option<How>,
    /// The log, as the user would type it; `None` if nothing ran.
    pub log: Option<Utf8PathBuf>,
    /// The source file in which it ended.
    pub file: Option<Utf8PathBuf>,
    /// Its record; empty if nothing ran.
    pub record: Record,
    /// Why it ran, if there was an earlier result that no longer holds.
    pub why: Option<String>,
    /// Why it was not built.
    pub unbuilt: Option<Rc<Unbuilt>>,
    /// The file with the waves of its failure, or why it does not exist.
    pub waves: Option<String>,
}

impl Row {
    /// The rows of a run that was executed or whose result is known: one, or one for each test function. A failure outside
    /// of the test functions has its own row.
    pub fn all_of(session: &Session, job: &Job, name: &RunName, ran: Ran) -> Vec<Row> {
        let tests = ran.record.tests.clone();
        // A pattern of designs may select tests that only some of the designs have.
        if job.may_be_empty && ran.record.outcome.kind == NO_TEST {
            return vec![];
        }
        let is_bad = |test: &Test| test.is_bad();
        if tests.is_empty() || !job.expect.is_plain() {
            return vec![Row::of(session, job, ran)];
        }
        let is_told = ran.record.is_good() || tests.iter().any(is_bad);
        let is_flaky = ran.record.verdict == "flaky";
        let variables = job.cocotb.iter().flat_map(|cocotb| &cocotb.variables);
        let has_modules = variables.into_iter().any(|(name, value)| name == MODULES && value.contains(','));
        let row = |test: &Test| {
            let full = format!("{}.{}", test.module, test.name);
            let called = if has_modules { full.clone() } else { test.name.clone() };
            let outcome = Outcome {
                ended: test.verdict.clone(),
                kind: test.kind.clone(),
                message: match (&test.simulated, test.is_bad()) {
                    (Some(time), false) => format!("{time} simulated"),
                    _ => test.message.clone(),
                },
                file: test.file.clone(),
                line: test.line,
                // When it failed, else how long it went.
                time: if test.is_bad() { test.time.clone() } else { test.simulated.clone() },
            };
            let verdict = if is_flaky && !test.is_bad() { "flaky".to_owned() } else { test.verdict.clone() };
            let record = Record {
                outcome,
                verdict,
                seconds: test.seconds,
                seed: test.seed.or(ran.record.seed),
                tests: vec![],
                attempts: if is_flaky || test.is_bad() { ran.record.attempts } else { 1 },
                ..ran.record.clone()
            };
            let row = Row::of(session, job, Ran { record, ..ran.clone() });
            Row { name: name.of_test(&called), part: Some(full), passed: !test.is_bad(), ..row }
        };
        let mut rows: Vec<Row> = tests.iter().map(row).collect();
        if !is_told {
            rows.push(Row::of(session, job, ran.clone()));
        }
        rows
    }

    /// The row of a whole run.
    fn of(session: &Session, job: &Job, ran: Ran) -> Row {
        let Ran { record, how, why, .. } = ran;
        let told = RunReport::of(session, &record.outcome, record.seed);
        let passed = record.is_good();
        let about = match (&record.expected, passed) {
            (None, _) => told.about,
            (Some(_), true) => format!("as expected: {}: {}", told.word, told.about),
            (Some(expected), false) => format!("expected `{expected}`, and it {}: {}", told.word, told.about),
        };
        let about = if record.verdict == "flaky" {
            format!("passed at attempt {}: {about}", record.attempts)
        } else {
            about
        };
        let waves =
            job.waves_file().filter(|file| file.exists()).map(|file| session.shown(&file).to_string());
        Row {
            name: job.name.clone(),
            run: job.name.clone(),
            part: None,
            group: group(&job.name).to_owned(),
            passed,
            interrupted: told.interrupted,
            word: record.verdict.clone(),
            about,
            how: Some(how),
            log: Some(session.shown(&job.log())),
            file: place(session, &record.outcome),
            record,
            why,
            unbuilt: None,
            waves,
        }
    }

    fn without_result(name: String, word: &str, about: String) -> Row {
        Row {
            group: group(&name).to_owned(),
            run: name.clone(),
            part: None,
            name,
            passed: false,
            interrupted: false,
            word: word.to_owned(),
            about,
            how: None,
            log: None,
            file: None,
            record: Record::new(),
            why: None,
            unbuilt: None,
            waves: None,
        }
    }

    /// The row of a test that was not built.
    pub fn unbuilt(name: &RunName, unbuilt: &Rc<Unbuilt>) -> Row {
        let row = Row::without_result(name.to_string(), "not built", unbuilt.message.clone());
        Row { log: unbuilt.log.clone(), unbuilt: Some(Rc::clone(unbuilt)), ..row }
    }

    /// The row of a test that did not begin.
    pub fn not_run(job: &Job, interrupted: bool) -> Row {
        Row { interrupted, ..Row::without_result(job.name.clone(), "not run", String::new()) }
    }

    /// Whether it did not begin.
    pub fn is_not_run(&self) -> bool {
        self.how.is_none() && self.unbuilt.is_none()
    }

    /// Whether cocotb skipped it.
    pub fn is_skipped(&self) -> bool {
        self.word == "skipped"
    }

    /// The verdict for CI servers.
    pub fn verdict(&self) -> Verdict {
        let record = &self.record;
        let said =
            if self.about.is_empty() { self.word.clone() } else { format!("{}: {}", self.word, self.about) };
        let unbuilt = self.unbuilt.as_ref().map(|unbuilt| {
            let log = unbuilt.log.as_ref().map(|log| format!("\nlog: {log}")).unwrap_or_default();
            [first_lines(&unbuilt.report), log].concat()
        });
        let log = self.log.as_ref().filter(|_| self.unbuilt.is_none());
        let printed = log.map(|log| excerpt::ends(&self.printed(log), PRINTED, log.as_str()).into_owned());
        let texts = [
            ("seed", record.seed.map(|seed| seed.to_string())),
            ("arguments", Some(record.arguments.join(" ")).filter(|text| !text.is_empty())),
            ("simulated-time", record.outcome.time.clone()),
            ("waves", self.waves.clone()),
            ("repeat", Some(record.repeat.clone()).filter(|text| !text.is_empty())),
        ];
        Verdict {
            suite: self.group.clone(),
            name: self.name.clone(),
            failure: (!self.passed).then(|| (said, unbuilt.unwrap_or_default())),
            skipped: self.is_not_run() || self.is_skipped(),
            retried: if self.passed { record.attempts.saturating_sub(1) } else { 0 },
            took: Duration::try_from_secs_f64(record.seconds).unwrap_or_default(),
            printed: printed.unwrap_or_default(),
            place: self.file.as_ref().map(|file| (file.to_string(), record.outcome.line)),
            properties: texts.into_iter().filter_map(|(name, text)| Some((name, text?))).collect(),
        }
    }

    /// The beginning and the end of what it printed; of a test function, what is printed while it ran.
    pub fn printed(&self, log: &camino::Utf8Path) -> String {
        let printed = excerpt::of_file(log, 0, excerpt::SHOWN).unwrap_or_default().0;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        let part = self.part.as_ref().and_then(|test| part_of_log(&printed, test));
        part.map(str::to_owned).unwrap_or(printed)
    }
}

/// The first lines of an error: a compiler may print thousands.
fn first_lines(error: &str) -> String {
    const MOST: usize = 20;
    let lines: Vec<&str> = error.lines().take(MOST).collect();
    let more = if error.lines().nth(MOST).is_some() { "\n…" } else { "" };
    [lines.join("\n").as_str(), more].concat()
}

/// The design in the name of a run.
fn group(name: &str) -> &str {
    let name = name.split("::").next().unwrap_or(name);
    name.split(['[', '#']).next().unwrap_or(name)
}
