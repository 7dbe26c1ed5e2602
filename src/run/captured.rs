//! One of many simulations that run side by side: nobody watches it, what it prints goes to a bounded log, and whatever it
//! started ends with it.
//! It does not know what the run is for.

use super::bounded_log::BoundedLog;
use super::signals::Interrupt;
use super::simulation::{GRACE, Simulation};
use super::verdict::End;
use crate::diag::{Error, Result};
use camino::Utf8Path;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, kill_process_group, pidfd_open, waitid,
};
use std::io::{PipeReader, Read, pipe};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use wait4::{ResUse, Wait4};

/// How long to wait for a program of which nobody says that it ended.
const LOOK: Duration = Duration::from_millis(20);

/// What is read at once.
const CHUNK: usize = 64 << 10;

/// A simulation that ended, and what it used.
#[derive(Clone, Debug, PartialEq)]
pub struct Captured {
    /// How it ended.
    pub end: End,
    /// How long it took.
    pub took: Duration,
    /// Processor time.
    pub cpu: Duration,
    /// The most memory that it had, in KiB.
    pub memory: u64,
}

/// Why a program is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stopped {
    Late,
    Interrupted,
}

impl Simulation {
    /// Runs it to its end; what it prints goes to a log of at most about this many bytes.
    ///
    /// # Errors
    /// It cannot be started, or its log cannot be written.
    pub fn capture(
        &self,
        (log, most): (&Utf8Path, u64),
        verdict: &Utf8Path,
        interrupt: &Interrupt,
    ) -> Result<Captured> {
        let cannot_log = |e| Error::machine(format!("cannot write `{log}`")).because(e);
        let mut written = BoundedLog::create(log, most).map_err(cannot_log)?;
        let began = Instant::now();
        let (mut child, printed) = self.start(verdict)?;
        let mut watch = Watch::of(&child, printed, self.timeout.map(|limit| began + limit));
        let mut logged = Ok(());
        watch.until_it_ends(interrupt, |bytes| {
            // A log that cannot be written any more ends no run.
            if logged.is_ok() {
                logged = written.add(bytes);
            }
        });
        let used =
            child.wait4().map_err(|e| Error::machine(format!("lost `{}`", self.program)).because(e))?;
        let took = began.elapsed();
        logged.and_then(|()| written.finish()).map_err(cannot_log)?;
        let ResUse { status, rusage } = used;
        let ended = self.end(verdict, status, log);
        let end = match watch.stopped {
            Some(Stopped::Interrupted) => End::Interrupted,
            Some(Stopped::Late) => self.late(verdict, log),
            None => ended,
        };
        let memory = match &end {
            End::Verdict(verdict) if verdict.peak_memory > 0 => verdict.peak_memory,
            // In bytes; it includes what this program had when it started the other one.
            _ => rusage.maxrss / 1024,
        };
        Ok(Captured { end, took, cpu: rusage.utime + rusage.stime, memory })
    }

    /// Starts it in a group of its own; both of its outputs are one pipe, so that the log has the order in which it spoke.
    fn start(&self, verdict: &Utf8Path) -> Result<(Child, PipeReader)> {
        let cannot = |e| Error::machine(format!("cannot run `{}`", self.program)).because(e);
        let (printed, end) = pipe().map_err(cannot)?;
        let mut command = self.command(verdict);
        command.stdin(Stdio::null()).stdout(end.try_clone().map_err(cannot)?).stderr(end).process_group(0);
        let child = command.spawn().map_err(cannot)?;
        let flags = fcntl_getfl(&printed).map_err(|e| cannot(e.into()))?;
        fcntl_setfl(&printed, flags | OFlags::NONBLOCK).map_err(|e| cannot(e.into()))?;
        Ok((child, printed))
    }
}

/// Waits for a program, reads what it prints, and ends it when it must.
struct Watch {
    group: Option<Pid>,
    /// Readable when the program ended.
    ended: Option<OwnedFd>,
    printed: PipeReader,
    /// When the next signal is sent.
    deadline: Option<Instant>,
    stopped: Option<Stopped>,
    signals: std::slice::Iter<'static, Signal>,
}

impl Watch {
    fn of(child: &Child, printed: PipeReader, deadline: Option<Instant>) -> Watch {
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let ended = group.and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        Watch { group, ended, printed, deadline, stopped: None, signals: [].iter() }
    }

    fn until_it_ends(&mut self, interrupt: &Interrupt, mut take: impl FnMut(&[u8])) {
        let mut buffer = vec![0; CHUNK];
        let mut is_open = true;
        loop {
            let came = self.wait(interrupt, is_open);
            if is_open {
                is_open = self.read(&mut buffer, &mut take, usize::MAX);
            }
            if has_ended(self.group) {
                break;
            }
            if came && self.stopped.is_none() {
                self.stop(Stopped::Interrupted, &[Signal::INT, Signal::TERM, Signal::KILL]);
            }
            if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                match self.stopped {
                    None => self.stop(Stopped::Late, &[Signal::TERM, Signal::KILL]),
                    Some(_) => self.signal(),
                }
            }
        }
        // What the program started and left behind.
        self.send(Signal::KILL);
        if is_open {
            // Who left the group may print on.
            self.read(&mut buffer, &mut take, 1 << 20);
        }
    }

    fn send(&self, signal: Signal) {
        if let Some(group) = self.group {
            kill_process_group(group, signal).unwrap_or_default();
        }
    }

    fn stop(&mut self, why: Stopped, signals: &'static [Signal]) {
        self.stopped = Some(why);
        self.signals = signals.iter();
        self.signal();
    }

    /// Sends the next signal; the last one again and again.
    fn signal(&mut self) {
        let signal = self.signals.next().copied().unwrap_or(Signal::KILL);
        self.send(signal);
        self.deadline = Some(Instant::now() + GRACE);
    }

    /// Waits until something happens; whether the user interrupted.
    fn wait(&self, interrupt: &Interrupt, is_open: bool) -> bool {
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let left = if self.ended.is_some() { left } else { Some(left.unwrap_or(LOOK).min(LOOK)) };
        let left = left.and_then(|left| Timespec::try_from(left + Duration::from_millis(1)).ok());
        // Once it came, it stays readable: nobody waits for it any more.
        let interrupt = interrupt.file().filter(|_| self.stopped.is_none());
        let mut polled: Vec<PollFd<'_>> = vec![];
        polled.extend(interrupt.iter().map(|file| PollFd::new(file, PollFlags::IN)));
        polled.extend(self.ended.iter().map(|ended| PollFd::new(ended, PollFlags::IN)));
        let printed = self.printed.as_fd();
        if is_open {
            polled.push(PollFd::new(&printed, PollFlags::IN));
        }
        if poll(&mut polled, left.as_ref()).is_err() {
            return false;
        }
        interrupt.is_some() && polled.first().is_some_and(|first| first.revents().contains(PollFlags::IN))
    }

    /// Takes what was printed, at most about this many bytes; whether more may come.
    fn read(&mut self, buffer: &mut [u8], take: &mut impl FnMut(&[u8]), most: usize) -> bool {
        let mut taken = 0;
        while taken < most {
            match self.printed.read(buffer) {
                Ok(0) => return false,
                Ok(read) => {
                    take(buffer.get(..read).unwrap_or_default());
                    taken += read;
                    // Limits are looked at in between.
                    if most == usize::MAX && taken > 64 * CHUNK {
                        return true;
                    }
                }
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return e.kind() == std::io::ErrorKind::WouldBlock,
            }
        }
        true
    }
}

/// Whether the program ended; it is not waited for, so that what it used can still be asked.
fn has_ended(program: Option<Pid>) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    program.is_none_or(|pid| !matches!(waitid(WaitId::Pid(pid), options), Ok(None)))
}
