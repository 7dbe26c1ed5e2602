//! What people and programs see: results on standard output, everything else on standard error.
//! It does not know how steps run.

use crate::diag::{Error, Result};
use crate::excerpt;
use crate::lint;
use crate::run::Show;
use crate::session::{Session, StepTexts, Tell, in_user_paths};
use crate::workdir::{StepEnd, StepOutcome};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// How a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// How much to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volume {
    /// Errors only.
    Quiet,
    /// One line per step that ran, and what tools printed.
    Normal,
    /// The commands and the causes too.
    Verbose,
}

/// Writes to standard output; a closed reader is not an error.
pub fn to_stdout(bytes: &[u8]) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::machine("cannot write to standard output").because(e))
        }
        _ => Ok(()),
    }
}

/// How many columns the terminal has that is standard output; none if it is a file or a pipe.
pub fn columns() -> Option<usize> {
    let stdout = std::io::stdout();
    let size = stdout.is_terminal().then(|| rustix::termios::tcgetwinsize(&stdout).ok())??;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// JSON for programs, with a final line break.
pub fn pretty(value: &impl serde::Serialize) -> Result<String> {
    let text =
        serde_json::to_string_pretty(value).map_err(|e| Error::machine("cannot write JSON").because(e))?;
    Ok(text + "\n")
}

/// An object for programs with a further field, where there is one.
pub fn with(mut object: serde_json::Value, key: &str, value: Option<&str>) -> serde_json::Value {
    if let (Some(fields), Some(value)) = (object.as_object_mut(), value) {
        fields.insert(key.to_owned(), json!(value));
    }
    object
}

/// One object for programs, on a separate line, its `type` first.
pub fn object(kind: &str, fields: impl Serialize) {
    let mut object = serde_json::Map::from_iter([("type".to_owned(), json!(kind))]);
    if let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(fields) {
        object.extend(fields);
    }
    // A closed reader is reported by the next write of a result.
    drop(to_stdout(format!("{}\n", serde_json::Value::Object(object)).as_bytes()));
}

/// Tells the user on standard error.
pub struct OnStderr;

impl Tell for OnStderr {
    fn warns(&mut self, warning: &str) {
        note!("warning: {warning}");
    }

    fn notes(&mut self, note: &str) {
        note!("note: {note}");
    }

    fn waits(&mut self, holder: &str) {
        let by = if holder.is_empty() { String::new() } else { format!(" (held by {holder})") };
        note!("    Blocking waiting for file lock on build directory{by}");
    }
}

/// Where the reports of steps are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reports {
    /// As the step runs.
    AreSaid,
    /// By the command, as its result.
    AreResults,
}

/// Shows steps while they run and as they end.
pub struct Steps<'a> {
    session: &'a Session,
    texts: &'a StepTexts,
    volume: Volume,
    /// Whether standard output gets an object for each step.
    json: bool,
    reports: Reports,
    /// The line at the bottom of a terminal; nothing elsewhere, before Ninja runs, and while a step has the terminal.
    bar: ProgressBar,
    /// Whether Ninja runs.
    is_begun: bool,
    /// Whether a step has the terminal.
    is_taken: bool,
    /// Whether lines about steps are written; on a terminal the bar says what runs.
    says_lines: bool,
}

/// The line at the bottom.
fn bar(volume: Volume) -> ProgressBar {
    let bar = if volume == Volume::Quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

impl<'a> Steps<'a> {
    /// Nothing is shown so far.
    pub fn new(
        session: &'a Session,
        texts: &'a StepTexts,
        (volume, json): (Volume, bool),
        reports: Reports,
    ) -> Steps<'a> {
        let (bar, is_begun, is_taken, says_lines) = (ProgressBar::hidden(), false, false, true);
        Steps { session, texts, volume, json, reports, bar, is_begun, is_taken, says_lines }
    }

    fn is_mute(&self, step: &str) -> bool {
        self.reports == Reports::AreResults && self.texts.get(step).is_some_and(|step| step.is_report)
    }

    /// The line of a step; its end is known unless it is about to run.
    fn head(&self, done: &str, description: &str, end: Option<&StepEnd>, step: &str) {
        let origin = match end {
            Some(StepEnd { precompiled: Some(database), .. }) => format!(" (precompiled: {database})"),
            Some(end) if end.from_store => " (from the store)".to_owned(),
            _ => String::new(),
        };
        note!("[{done}] {description}{origin}");
        if self.volume == Volume::Verbose {
            if let Some(end) = end {
                let why: Vec<_> = end.why.iter().map(|why| in_user_paths(self.session, None, why)).collect();
                why.iter().for_each(|why| note!("  why: {why}"));
                // Most often the store lacks the result for the very reason that the step runs.
                for missed in end.missed.iter().filter(|missed| !why.contains(missed)) {
                    note!("  not from the store: {missed}");
                }
            }
            for command in self.texts.get(step).iter().flat_map(|step| &step.commands) {
                note!("  $ {command}");
            }
        }
    }

    /// For programs: the step, and what Verilator said in it.
    fn objects(&self, description: &str, end: &StepEnd) {
        let log = end.log.as_ref().map(|log| self.session.places.workdir.join(log));
        let printed = log.as_ref().and_then(|log| excerpt::of_file(log, 0, excerpt::SEARCHED).ok());
        let printed = String::from_utf8_lossy(&printed.unwrap_or_default().0).into_owned();
        let printed = self.in_user_paths(&end.step, &printed);
        let diagnostics = if self.is_mute(&end.step) { vec![] } else { lint::parse(&printed) };
        diagnostics.iter().for_each(|diagnostic| object("diagnostic", diagnostic));
        let log = log.map(|log| self.session.shown(&log));
        let fields = json!({
            "name": end.step, "description": description, "outcome": end.outcome, "why": end.why,
            "exit": end.exit, "start": end.start, "end": end.end, "log": log,
        });
        object("step", with(fields, "precompiled", end.precompiled.as_deref()));
    }

    fn in_user_paths(&self, step: &str, printed: &str) -> String {
        in_user_paths(self.session, self.texts.get(step), printed)
    }
}

impl Tell for Steps<'_> {
    fn warns(&mut self, warning: &str) {
        OnStderr.warns(warning);
    }

    fn notes(&mut self, note: &str) {
        if self.json {
            object("note", json!({"message": note}));
        }
        if self.volume > Volume::Quiet {
            OnStderr.notes(note);
        }
    }

    fn waits(&mut self, holder: &str) {
        OnStderr.waits(holder);
    }
}

impl Show for Steps<'_> {
    fn running(&mut self, done: &str, descriptions: &[&str], is_taken: bool) {
        if !self.is_begun {
            self.is_begun = true;
            self.bar = bar(self.volume);
            self.says_lines = self.bar.is_hidden() || self.volume == Volume::Verbose;
        }
        if is_taken != self.is_taken {
            self.bar.finish_and_clear();
            self.bar = if is_taken { ProgressBar::hidden() } else { bar(self.volume) };
            self.is_taken = is_taken;
        }
        let done = if done.is_empty() { String::new() } else { format!("[{done}] ") };
        self.bar.set_message(format!("{done}{}", descriptions.join(", ")));
    }

    fn begins(&mut self, done: &str, description: &str, step: &str) {
        if self.volume > Volume::Quiet && !self.is_mute(step) {
            self.bar.suspend(|| self.head(done, description, None, step));
        }
    }

    fn says(&mut self, step: &str, lines: &str) {
        if self.volume > Volume::Quiet && !self.is_mute(step) {
            self.bar.suspend(|| {
                crate::stderr::print(format_args!("{}", excerpt::lines(&self.in_user_paths(step, lines))))
            });
        }
    }

    fn ended(&mut self, done: &str, description: &str, end: &StepEnd, printed: Option<&str>) {
        if self.json {
            self.bar.suspend(|| self.objects(description, end));
        }
        // Of a step that is not heard nothing was shown before, however long it took.
        let printed = if self.is_mute(&end.step) { Some("") } else { printed };
        let Some(printed) = printed else { return };
        // Of those that failed, the report at the end is about the first.
        if self.volume == Volume::Quiet || end.outcome == StepOutcome::Failed {
            return;
        }
        if !self.says_lines && printed.is_empty() {
            return;
        }
        self.bar.suspend(|| {
            self.head(done, description, Some(end), &end.step);
            if !printed.is_empty() {
                note!("{}", excerpt::lines(self.in_user_paths(&end.step, printed).trim_end()));
            }
        });
    }
}

impl Drop for Steps<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Bytes, for people.
pub fn shown_size(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(worth, _)| bytes >= *worth) {
        Some((worth, unit)) => format!("{}.{} {unit}", bytes / worth, bytes % worth * 10 / worth),
        None => format!("{bytes} bytes"),
    }
}
