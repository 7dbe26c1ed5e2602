//! Runs a simulation: shows its output live and logs it, ends it at a time limit or a signal, and takes its verdict.
//! It does not know how the program was built.

use super::cocotb::Cocotb;
use super::process::thread;
use super::signals::{Held, PassOn};
use super::verdict::{End, Verdict};
use crate::diag::{Error, Result};
use crate::workdir::names;
use camino::{Utf8Path, Utf8PathBuf};
use rustix::process::{Pid, Signal, kill_process_group};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a simulation may take to end after it was asked to.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// One run of a simulation.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// The program: absolute.
    pub program: Utf8PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Where it runs.
    pub cwd: Utf8PathBuf,
    /// The build directory, for its log and its verdict.
    pub workdir: Utf8PathBuf,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// How it reports its result.
    pub says: Says,
    /// Variables that it gets beside those of fudsv.
    pub variables: Vec<(String, String)>,
}

/// How a program reports its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// By a verdict, in a file that its arguments name.
    Verdict,
    /// By its exit code.
    ExitCode,
    /// By the results of cocotb's tests.
    Cocotb(Box<Cocotb>),
}

/// A simulation that ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// How.
    pub end: End,
    /// How long it took.
    pub took: Duration,
    /// All that it printed.
    pub log: Utf8PathBuf,
}

impl Simulation {
    /// Runs it to its end; what it prints is passed on while it runs.
    ///
    /// # Errors
    /// It cannot be started, or its log cannot be written.
    pub fn run(&self) -> Result<Ended> {
        let own = |suffix: &str| self.workdir.join(names::run_file(suffix));
        let (log, verdict, last) = (own("log"), own("json"), self.workdir.join(names::RUN_LOG));
        let began = Instant::now();
        let file = File::create(&log);
        let file = file.map_err(|e| Error::machine(format!("cannot write `{log}`")).because(e))?;
        let signals = Held::now();
        let mut command = self.command(&verdict);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        // With a limit it gets a process group of its own, so that the processes it starts end with it. Without a limit it
        // stays in the group that has the terminal, and may read from there.
        if self.timeout.is_some() {
            command.process_group(0);
        }
        let mut child = command.spawn().map_err(|e| {
            std::fs::remove_file(&log).unwrap_or_default();
            Error::machine(format!("cannot run `{}`", self.program)).because(e)
        })?;
        let signals = signals.pass_on_to(child.id());
        let (status, timed_out, interrupted) = self.watch(&mut child, file, &signals)?;
        let log = if std::fs::rename(&log, &last).is_ok() { last } else { log };
        let end = match self.end(&verdict, status, &log) {
            _ if interrupted => End::Interrupted,
            _ if timed_out => self.late(&verdict, &log),
            end => end,
        };
        Ok(Ended { end, took: began.elapsed(), log })
    }

    /// The command that starts it.
    pub(super) fn command(&self, verdict: &Utf8Path) -> Command {
        let mut command = match &self.says {
            Says::Cocotb(cocotb) => cocotb.command(verdict, &self.args),
            Says::Verdict => {
                let mut command = Command::new(&self.program);
                command.arg("--verdict").arg(verdict).args(&self.args);
                command
            }
            Says::ExitCode => {
                let mut command = Command::new(&self.program);
                command.args(&self.args);
                command
            }
        };
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(&self.cwd);
        command
    }

    /// The end of a program that ended by itself. The files with its report are removed.
    pub(super) fn end(&self, verdict: &Utf8Path, status: ExitStatus, log: &Utf8Path) -> End {
        let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
        match &self.says {
            Says::Cocotb(cocotb) => cocotb.end(verdict, code, log),
            Says::ExitCode => End::Exited(code),
            Says::Verdict => {
                take_verdict(verdict).map_or(End::Silent(code), |verdict| End::Verdict(Box::new(verdict)))
            }
        }
    }

    /// The end of a program that took too long.
    pub(super) fn late(&self, verdict: &Utf8Path, log: &Utf8Path) -> End {
        match &self.says {
            Says::Cocotb(_) => Cocotb::late(verdict, self.timeout, log),
            _ => End::TimedOut,
        }
    }

    /// Waits for the end. Returns its status, whether the time limit ended it, and whether the user interrupted.
    fn watch(&self, child: &mut Child, log: File, signals: &PassOn) -> Result<(ExitStatus, bool, bool)> {
        let (over, ended) = channel::<()>();
        let (copying, timer) = self.helpers(child, log, ended).inspect_err(|_| {
            // Without the threads nobody reads its output, so it is ended.
            child.kill().and_then(|()| child.wait()).map(drop).unwrap_or_default();
        })?;
        let status = child.wait();
        drop(over);
        let timed_out = timer.is_some_and(|timer| timer.join().unwrap_or(false));
        copying.into_iter().for_each(|copying| copying.join().unwrap_or_default());
        let status = status.map_err(|e| Error::machine(format!("lost `{}`", self.program)).because(e))?;
        Ok((status, timed_out, signals.came()))
    }

    /// Starts threads that copy the program's output, and one that ends it at the time limit.
    fn helpers(&self, child: &mut Child, log: File, ended: Receiver<()>) -> Result<Helpers> {
        let log = Arc::new(Mutex::new(log));
        let mut copying = vec![];
        if let Some(from) = child.stdout.take() {
            copying.push(copy(from, std::io::stdout(), log.clone())?);
        }
        if let Some(from) = child.stderr.take() {
            copying.push(copy(from, std::io::stderr(), log)?);
        }
        let timer = self.timeout.map(|limit| end_after(child.id(), limit, ended)).transpose()?;
        Ok((copying, timer))
    }
}

/// Reads the verdict of a run from this file and removes the file.
fn take_verdict(path: &Utf8Path) -> Option<Verdict> {
    let said = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    std::fs::remove_file(path).unwrap_or_default();
    said
}

type Helpers = (Vec<JoinHandle<()>>, Option<JoinHandle<bool>>);

/// Copies a program's output to its log and to the user. If the user's side closes, copying stops and the program gets a
/// broken pipe, as in a shell.
fn copy(
    mut from: impl Read + Send + 'static,
    to: impl Write + Send + 'static,
    log: Arc<Mutex<File>>,
) -> Result<JoinHandle<()>> {
    thread(move || {
        let (mut to, mut buffer) = (to, [0; 8192]);
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            let bytes = buffer.get(..read).unwrap_or_default();
            if let Ok(mut log) = log.lock() {
                log.write_all(bytes).unwrap_or_default();
            }
            if to.write_all(bytes).and_then(|()| to.flush()).is_err() {
                return;
            }
        }
    })
}

/// Ends a process group that still runs after this time. Returns whether it did.
fn end_after(leader: u32, limit: Duration, over: Receiver<()>) -> Result<JoinHandle<bool>> {
    thread(move || {
        let is_over = |time| over.recv_timeout(time) != Err(RecvTimeoutError::Timeout);
        let Some(group) = i32::try_from(leader).ok().and_then(Pid::from_raw) else { return false };
        if is_over(limit) {
            return false;
        }
        for signal in [Signal::TERM, Signal::KILL] {
            kill_process_group(group, signal).unwrap_or_default();
            if is_over(GRACE) {
                break;
            }
        }
        // Processes that the program started and left behind.
        kill_process_group(group, Signal::KILL).unwrap_or_default();
        true
    })
}
