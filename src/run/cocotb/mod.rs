//! Runs cocotb's tests: it sets the program's environment and reads its results, a verdict for each test function.
//! It does not know how the program was built, nor which runs there are.

mod program;
mod results;

pub use program::Program;

use super::verdict::{End, Test, Verdict};
use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::process::Command;
use std::time::Duration;

/// The variable that names the modules of the tests.
pub const MODULES: &str = "COCOTB_TEST_MODULES";

/// The kind of end of a run in which no test matched the given names.
pub const NO_TEST: &str = "no-test";

/// How many bytes at the end of a log are searched for Python's messages.
const TAIL: u64 = 256 << 10;

/// A run of tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cocotb {
    /// The program that runs.
    pub program: Program,
    /// The directory of the program: absolute.
    pub dir: Utf8PathBuf,
    /// The variables that control the tests.
    pub variables: Vec<(String, String)>,
    /// Directories in which Python looks for modules, as `PYTHONPATH` lists them.
    pub search: String,
    /// The file for waveforms.
    pub waves: Option<Utf8PathBuf>,
    /// The file for coverage of the design.
    pub coverage: Option<Utf8PathBuf>,
}

/// The notes of the module that Python imports first.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Notes {
    read: Vec<Utf8PathBuf>,
    absent: Vec<Utf8PathBuf>,
    written: Vec<Utf8PathBuf>,
    variables: Vec<String>,
    unseen: Vec<String>,
}

impl Cocotb {
    /// The simulator's program, which changes with every edit of the design.
    pub fn binary(&self) -> Utf8PathBuf {
        self.dir.join(&self.program.program)
    }

    /// The command that starts the run. The run writes its notes to `notes`, and its results beside them.
    pub(super) fn command(&self, notes: &Utf8Path, args: &[String]) -> Command {
        let Program { vvp, library, python, libpython, entry, .. } = &self.program;
        let binary = self.binary();
        let mut command = match vvp.split_first() {
            None => Command::new(&binary),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                // Without `-n` it asks the user what to do when it is interrupted.
                command.args(rest).args(["-n", "-m", library]).arg(&binary);
                command
            }
        };
        command.args(self.options()).args(args);
        // cocotb accepts only one of these, and the caller's shell may set another.
        for name in ["COCOTB_TESTCASE", "TESTCASE", "COCOTB_TEST_FILTER", "COCOTB_TOPLEVEL", "TOPLEVEL"] {
            command.env_remove(name);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.env("GPI_USERS", format!("{libpython};{entry}"));
        command.env("PYGPI_PYTHON_BIN", python).env("TOPLEVEL_LANG", "verilog");
        // Without this, output of a test that ends the process is lost.
        command.env("PYTHONUNBUFFERED", "1");
        let own = Program::hook_dir(&self.dir);
        command.env("PYTHONPATH", format!("{own}:{}", self.search).trim_end_matches(':'));
        command.env("COCOTB_RESULTS_FILE", results_file(notes)).env("FUDSV_COCOTB_NOTES", notes);
        command
    }

    /// Options and arguments of the simulator for waveforms and coverage.
    fn options(&self) -> Vec<String> {
        let mut options = vec![];
        let is_of_icarus = self.program.is_of_icarus();
        match &self.waves {
            Some(file) if is_of_icarus => {
                options.extend(self.program.trace.iter().map(|format| format!("-{format}")));
                options.push(format!("+fudsv_waves={file}"));
            }
            Some(file) => options.extend(["--trace".to_owned(), "--trace-file".to_owned(), file.to_string()]),
            None if is_of_icarus => options.push("-none".to_owned()),
            None => {}
        }
        options.extend(self.coverage.iter().map(|file| format!("+verilator+coverage+file+{file}")));
        options
    }

    /// The end of a run that ended by itself with this exit code, 128 + n for signal n.
    pub(super) fn end(&self, notes: &Utf8Path, code: i32, log: &Utf8Path) -> End {
        let file = results_file(notes);
        let text = fs::read_to_string(&file).ok();
        fs::remove_file(&file).unwrap_or_default();
        let noted = fs::read(notes).ok().and_then(|text| serde_json::from_slice::<Notes>(&text).ok());
        fs::remove_file(notes).unwrap_or_default();
        let tests = text.as_deref().and_then(results::parse);
        let log = || tail(log);
        if code >= 128 && tests.is_none() {
            return End::Verdict(Box::new(Verdict {
                status: "crashed".to_owned(),
                message: Some(format!("by signal {}{}", code - 128, during(&log()))),
                ..Verdict::default()
            }));
        }
        let mut verdict = match tests {
            Some(mut tests) => {
                if tests.iter().any(|test| test.kind == ENDED) {
                    explain(&mut tests, &log());
                }
                self.judged(tests, code, log)
            }
            None => without_results(code, &log()),
        };
        let noted = self.not_seen(noted, &mut verdict);
        verdict.not_seen = noted;
        verdict.drew_numbers = true;
        End::Verdict(Box::new(verdict))
    }

    /// The end of a run that took too long.
    pub(super) fn late(notes: &Utf8Path, limit: Option<Duration>, log: &Utf8Path) -> End {
        for file in [results_file(notes).as_path(), notes] {
            fs::remove_file(file).unwrap_or_default();
        }
        let limit = humantime::format_duration(limit.unwrap_or_default());
        End::Verdict(Box::new(Verdict {
            status: "timeout".to_owned(),
            message: Some(format!("after {limit}{}", during(&tail(log)))),
            ..Verdict::default()
        }))
    }

    /// The verdict over these tests.
    fn judged(&self, tests: Vec<Test>, code: i32, log: impl Fn() -> String) -> Verdict {
        let bad: Vec<&Test> = tests.iter().filter(|test| test.is_bad()).collect();
        let time = tests.iter().rev().find_map(|test| test.time.clone());
        let time = time.map(serde_json::Value::String);
        let variable = |wanted: &str| {
            let found = self.variables.iter().find(|(name, _)| name == wanted);
            found.map_or("", |(_, value)| value.as_str()).to_owned()
        };
        let failed = |kind: &str, message: String| Verdict {
            status: "failed".to_owned(),
            kind: Some(kind.to_owned()),
            message: Some(message),
            time: time.clone(),
            ..Verdict::default()
        };
        let mut verdict = match (bad.first(), code) {
            _ if tests.is_empty() => {
                failed(NO_TEST, format!("no test of `{}` has this name", variable(MODULES)))
            }
            (Some(first), _) => Verdict {
                file: first.file.as_ref().map(|file| file.to_string()),
                line: first.line,
                ..failed(
                    &first.kind,
                    format!("{} of {} failed: {}: {}", bad.len(), tests.len(), first.name, first.message),
                )
            },
            // An error of the design makes the program fail even if all tests passed.
            (None, 1..) => {
                let said = design_error(&log()).unwrap_or_else(|| format!("exited with {code}"));
                failed("", format!("after its tests: {said}"))
            }
            (None, _) => Verdict {
                status: "passed".to_owned(),
                kind: Some(String::new()),
                message: Some(if tests.len() == 1 {
                    "1 test".to_owned()
                } else {
                    format!("{} tests", tests.len())
                }),
                time: time.clone(),
                ..Verdict::default()
            },
        };
        verdict.tests = tests;
        verdict
    }

    /// Puts the notes into the verdict. Returns why they may be incomplete.
    fn not_seen(&self, notes: Option<Notes>, verdict: &mut Verdict) -> Option<String> {
        let Some(notes) = notes else {
            return Some("it ended before it reported what it read".to_owned());
        };
        (verdict.read, verdict.absent, verdict.written) = (notes.read, notes.absent, notes.written);
        verdict.variables = notes.variables;
        if self.program.unseen {
            return Some("its C++ may read what fudsv does not see".to_owned());
        }
        if let Some(task) = self.unseen_task() {
            return Some(format!("the design uses `{task}`, and fudsv does not see what that reads"));
        }
        notes.unseen.first().cloned()
    }

    /// A task of the design that reads something. Icarus does not report that, but its program is text and names the task.
    fn unseen_task(&self) -> Option<&'static str> {
        const TASKS: [&str; 5] = ["$fopen", "$readmemh", "$readmemb", "$system", "$getenv"];
        let text = self.program.is_of_icarus().then(|| fs::read_to_string(self.binary()).ok());
        let text = text.flatten()?;
        TASKS.into_iter().find(|task| text.contains(&format!("\"{task}\"")))
    }
}

/// The file for the results of a run that writes its notes here.
fn results_file(notes: &Utf8Path) -> Utf8PathBuf {
    format!("{notes}.xml").into()
}

/// The verdict of a run that left no `results.xml`: the last error of Python, or of the design.
fn without_results(code: i32, log: &str) -> Verdict {
    let (kind, message, place) = match (exception(log), end_of_design(log)) {
        (Some((said, traceback)), _) => {
            let (kind, message) = said.split_once(": ").unwrap_or((&said, ""));
            (kind.to_owned(), message.to_owned(), results::place(traceback))
        }
        (None, Some((file, line, said))) => (DESIGN.to_owned(), said, Some((file, line))),
        (None, None) => {
            let unknown = || format!("exited with {code}{} and left no results", during(log));
            (String::new(), design_error(log).unwrap_or_else(unknown), None)
        }
    };
    let (file, line) = place.unzip();
    Verdict {
        status: "failed".to_owned(),
        kind: Some(kind),
        message: Some(message),
        file: file.map(Utf8PathBuf::into_string),
        line,
        ..Verdict::default()
    }
}

/// What cocotb says of its tests themselves in a line of its log, which may be printed in another form.
fn of_regression(line: &str) -> Option<&str> {
    line.split_once(" cocotb.regression ").map(|(_, said)| said.trim())
}

/// The test that a line says to begin.
fn begins(line: &str) -> Option<&str> {
    of_regression(line)?.strip_prefix("running ")?.rsplit_once(" (").map(|(name, _)| name)
}

/// The test that was running last, in words.
fn during(log: &str) -> String {
    let name = log.lines().filter_map(begins).next_back();
    name.map(|name| format!(" in `{name}`")).unwrap_or_default()
}

/// The part of a log that was printed while a test ran.
pub fn part_of_log<'l>(log: &'l str, test: &str) -> Option<&'l str> {
    let mut start = None;
    let mut at = 0;
    for line in log.split_inclusive('\n') {
        let said = of_regression(line).unwrap_or_default();
        let is_next = ["running ", "skipping ", "***"].iter().any(|word| said.starts_with(word));
        match start {
            None if begins(line) == Some(test) => start = Some(at),
            Some(start) if is_next => return log.get(start..at),
            _ => {}
        }
        at += line.len();
    }
    start.and_then(|start| log.get(start..))
}

/// The last uncaught exception, and its traceback. It is not indented; those of tests are.
fn exception(log: &str) -> Option<(String, &str)> {
    const HEAD: &str = "Traceback (most recent call last):\n";
    let at =
        log.rfind(&format!("\n{HEAD}")).map(|at| at + 1).or_else(|| log.starts_with(HEAD).then_some(0))?;
    let traceback = log.get(at..)?;
    let said = traceback.lines().skip(1).find(|line| !line.starts_with(' ') && !line.is_empty())?;
    Some((said.to_owned(), traceback))
}

/// The exception by which cocotb says that the design ended the simulation.
const ENDED: &str = "SimFailure";

/// What a test is said to fail by that the design ended.
const DESIGN: &str = "the design ended the simulation";

/// Says of a test that the design ended what the design said, and of those after it that nothing was left of them.
fn explain(tests: &mut [Test], log: &str) {
    let mut ended = tests.iter_mut().filter(|test| test.kind == ENDED);
    if let (Some(test), Some((file, line, said))) = (ended.next(), end_of_design(log)) {
        (test.file, test.line) = (Some(file), Some(line));
        (test.kind, test.message) = (DESIGN.to_owned(), said);
    }
    for test in ended {
        test.kind.clear();
        "the simulation ended before".clone_into(&mut test.message);
    }
}

/// Where a design ended the simulation and what it said: `%Error: a.sv:7: text`, `FATAL: a.sv:7: text`,
/// `- a.sv:7: Verilog $finish`.
fn end_of_design(log: &str) -> Option<(Utf8PathBuf, u32, String)> {
    const HEADS: [&str; 4] = ["%Error: ", "%Fatal: ", "FATAL: ", "- "];
    const ASSERTION: &str = "Assertion failed in ";
    // A time may stand before it.
    let is_front = |front: &str| front.is_empty() || front.starts_with('[') && front.ends_with("] ");
    let place = |line: &str| {
        let head = |head: &&str| line.split_once(*head).filter(|(front, _)| is_front(front));
        let (_, rest) = HEADS.iter().find_map(head)?;
        let (file, rest) = rest.split_once(':').filter(|(file, _)| !file.is_empty())?;
        let (number, said) = rest.split_once(": ")?;
        let of_assertion = said.strip_prefix(ASSERTION).and_then(|rest| rest.split_once(": "));
        let said = of_assertion.map_or(said, |(_, said)| said);
        Some((Utf8PathBuf::from(file), number.parse().ok()?, said.to_owned()))
    };
    log.lines().find_map(place)
}

/// The first error that the design reported.
fn design_error(log: &str) -> Option<String> {
    let error = |line: &str| {
        line.find("%Error: ").and_then(|at| line.get(at + "%Error: ".len()..).map(str::to_owned))
    };
    let gpi = |line: &str| {
        let (_, said) = line.split_once(" ERROR ")?;
        Some(said.split_once("gpi").map_or(said, |(_, said)| said).trim().to_owned())
    };
    log.lines().find_map(error).or_else(|| log.lines().find_map(gpi))
}

/// The end of a log.
fn tail(path: &Utf8Path) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = fs::File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        let mut bytes = vec![];
        file.take(TAIL).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "  0.00ns INFO  cocotb.regression  running t.first (1/3)\nhello\n  1.00ns INFO  cocotb.regression  \
        t.first passed\n  1.00ns INFO  cocotb.regression  running t.second/a=1 (2/3)\n    It is the second.\nTraceback\n  \
        2.00ns INFO  cocotb.regression  skipping t.third (3/3)\n";

    #[test]
    fn a_test_has_its_part_of_the_log() {
        let second = part_of_log(LOG, "t.second/a=1").unwrap();
        assert!(second.starts_with("  1.00ns") && second.ends_with("Traceback\n"), "{second}");
        assert!(
            part_of_log(LOG, "t.first").unwrap().contains("hello") && part_of_log(LOG, "t.third").is_none()
        );
        assert_eq!(during(LOG), " in `t.second/a=1`");
    }

    #[test]
    fn what_ended_python_is_the_exception_at_the_margin() {
        let log = "Traceback (most recent call last):\n  File \"a.py\", line 1\nOSError: first\n  0ns ERROR  gpi  no handle\n\
            Traceback (most recent call last):\n  File \"/x/site-packages/c.py\", line 9, in f\n    g()\n  \
            File \"/p/t.py\", line 3, in <module>\nKeyError: 'x'\n- :0: Verilog $finish\n";
        let verdict = without_results(0, log);
        assert_eq!((verdict.kind.as_deref(), verdict.message.as_deref()), (Some("KeyError"), Some("'x'")));
        assert_eq!((verdict.file.as_deref(), verdict.line), (Some("/p/t.py"), Some(3)));
        let end = |log: &str| end_of_design(log).map(|(file, line, said)| format!("{file} {line} {said}"));
        assert_eq!(
            end("[0] %Fatal: r/a.sv:7: Assertion failed in odd: broken: 8\n%Error: a.sv:7: Verilog $stop")
                .as_deref(),
            Some("r/a.sv 7 broken: 8")
        );
        assert_eq!(end("x - y\nFATAL: a.sv:6: broken 8\n").as_deref(), Some("a.sv 6 broken 8"));
        assert_eq!(
            end("- :0: Verilog $finish\n- a.sv:6: Verilog $finish\n").as_deref(),
            Some("a.sv 6 Verilog $finish")
        );
        let verdict = without_results(0, "[3] %Error: a.sv:7: Assertion failed\n");
        assert_eq!((verdict.message.as_deref(), verdict.line), (Some("Assertion failed"), Some(7)));
    }
}
