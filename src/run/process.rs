//! The Ninja process: how it is started, and what is shown while it runs.
//! It does not know what the steps are: the caller passes their descriptions.

use super::live::Board;
use super::show::{Descriptions, Show};
use super::signals::Held;
use crate::diag::{Error, Result};
use crate::workdir::{Events, Lock, StepEnd, StepOutcome, names};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Marks Ninja's own status in its output. Tools cannot print it, since they print through the runner.
const STATUS_START: char = '\u{1e}';
const STATUS_END: char = '\u{1f}';

/// How long to wait for Ninja before looking at the output of the steps.
const LOOK: Duration = Duration::from_millis(50);

/// How many lines of Ninja's output are kept.
const LAST_LINES: usize = 20;

/// How Ninja runs.
pub struct Options {
    /// The words that start it.
    pub ninja: Vec<String>,
    /// Where it runs.
    pub workdir: Utf8PathBuf,
    /// This program, for the steps.
    pub exe: Utf8PathBuf,
    /// Tells `tool regenerate` that the Ninja file is fresh.
    pub token: String,
    /// `-j`.
    pub jobs: Option<u32>,
    /// `-k`.
    pub keep_going: Option<u32>,
    /// Step names and their descriptions.
    pub descriptions: Descriptions,
}

/// How Ninja ended.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Whether its exit code was 0. Other codes carry no information.
    pub success: bool,
    /// Whether the user interrupted.
    pub interrupted: bool,
    /// The steps that the runner looked at, in the order in which they ended.
    pub ends: Vec<StepEnd>,
    /// Ninja's own messages, such as that no rule makes a file.
    pub said: String,
    /// The last lines of Ninja's output, for steps that could not report in another way.
    pub last_lines: VecDeque<String>,
}

impl Outcome {
    /// How many steps really ran.
    pub fn ran(&self) -> usize {
        self.ends.iter().filter(|end| end.outcome != StepOutcome::Hit).count()
    }

    fn keep(&mut self, line: String) {
        if self.last_lines.len() == LAST_LINES {
            self.last_lines.pop_front();
        }
        self.last_lines.push_back(line);
    }

    /// How many results were taken from the store.
    pub fn from_store(&self) -> usize {
        self.ends.iter().filter(|end| end.from_store).count()
    }

    /// How many were taken from precompiled databases.
    pub fn precompiled(&self) -> usize {
        self.ends.iter().filter(|end| end.precompiled.is_some()).count()
    }
}

/// The outcome when everything is up to date and Ninja need not run.
pub fn run_nothing(workdir: &Utf8Path) -> Outcome {
    Events::clear(&workdir.join(names::EVENTS));
    Outcome { success: true, ..Outcome::default() }
}

/// Runs Ninja until it ends.
///
/// # Errors
/// Ninja cannot be started.
pub fn run(options: &Options, lock: &Lock, show: &mut dyn Show) -> Result<Outcome> {
    let mut events = Events::start(&options.workdir.join(names::EVENTS));
    let signals = Held::now();
    let mut child = command(options, lock).spawn().map_err(|e| cannot_start(options, e))?;
    let signals = signals.pass_on_to(child.id());
    let errors =
        child.stderr.take().map(|stderr| thread(|| own_errors(BufReader::new(stderr)))).transpose()?;
    let lines = lines_of(&mut child)?;
    let mut outcome = Outcome::default();
    let mut board = Board::new(&options.workdir, &options.descriptions);
    loop {
        match lines.recv_timeout(LOOK) {
            Ok(line) => match line.strip_prefix(STATUS_START).and_then(|line| line.split_once(STATUS_END)) {
                Some((count, description)) => {
                    board.done = count.to_owned();
                    board.take(events.news(), show);
                    board.counted(description.trim_start(), show);
                }
                None if line.starts_with("ninja:") => outcome.said.push_str(&format!("{line}\n")),
                None => outcome.keep(line),
            },
            Err(RecvTimeoutError::Timeout) => board.take(events.news(), show),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let status = child.wait().map_err(|e| cannot_start(options, e))?;
    board.take(events.news(), show);
    board.all_counted(show);
    outcome.ends = board.ends;
    let errors = errors.and_then(|errors| errors.join().ok()).unwrap_or_default();
    outcome.said.insert_str(0, &errors);
    outcome.success = status.success();
    outcome.interrupted = signals.came();
    Ok(outcome)
}

/// What Ninja prints, line by line, as it comes.
fn lines_of(child: &mut Child) -> Result<Receiver<String>> {
    let (sender, lines) = channel();
    if let Some(stdout) = child.stdout.take() {
        thread(move || lossy_lines(BufReader::new(stdout)).try_for_each(|line| sender.send(line)))?;
    }
    Ok(lines)
}

/// Starts a thread.
///
/// # Errors
/// The system cannot start a thread, for example because memory is short.
pub(super) fn thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>> {
    let started = std::thread::Builder::new().spawn(work);
    started.map_err(|e| {
        Error::machine("cannot start a thread").because(e).hint("raise `ulimit -v` or `ulimit -u`")
    })
}

/// The command that starts Ninja in the build directory, with the lock and the token.
fn command(options: &Options, lock: &Lock) -> Command {
    let (program, first) =
        options.ninja.split_first().map_or(("ninja", &[][..]), |(p, rest)| (p.as_str(), rest));
    let mut command = Command::new(program);
    // Ninja passes standard input only to steps that have the console.
    command.args(first).current_dir(&options.workdir).stdin(Stdio::inherit());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    for (flag, value) in [("-j", options.jobs), ("-k", options.keep_going)] {
        if let Some(value) = value {
            command.arg(format!("{flag}{value}"));
        }
    }
    command
        .env("NINJA_STATUS", format!("{STATUS_START}%f/%t{STATUS_END}"))
        .env("FUDSV", &options.exe)
        .env("FUDSV_TOKEN", &options.token)
        .env("FUDSV_TERMINAL", format!("/proc/{}/fd/2", std::process::id()))
        .env("FUDSV_EVENTS", options.workdir.join(names::EVENTS));
    match lock.pass_on() {
        Some(number) => command.env("FUDSV_LOCK_FD", number.to_string()),
        None => command.env_remove("FUDSV_LOCK_FD"),
    };
    command
}

/// Collects Ninja's own messages from its standard error and passes everything else on.
fn own_errors(stderr: impl BufRead) -> String {
    let mut said = String::new();
    for line in lossy_lines(stderr) {
        match line.strip_prefix("ninja: ") {
            Some(_) => said.push_str(&format!("{line}\n")),
            None => note!("{line}"),
        }
    }
    said
}

fn lossy_lines(mut reader: impl BufRead) -> impl Iterator<Item = String> {
    std::iter::from_fn(move || {
        let mut line = vec![];
        let read = reader.read_until(b'\n', &mut line).ok()?;
        (read > 0).then(|| String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned())
    })
}

fn cannot_start(options: &Options, e: std::io::Error) -> Box<Error> {
    Error::machine(format!("cannot run `{}`", options.ninja.join(" "))).because(e)
}
