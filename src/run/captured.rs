//! Runs one of many simulations that go side by side: nobody watches it, its output goes to a bounded log, and the
//! processes that it started end with it.
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

/// How often to look whether the program ended, where the system cannot report it (no pidfd).
const LOOK: Duration = Duration::from_millis(20);

/// How many bytes are read at once.
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
    /// Its peak memory, in KiB.
    pub memory: u64,
}

/// Why fudsv ended a program.
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
            // The run goes on even if its log can no longer be written.
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
            // `maxrss` is in bytes here. It includes the memory that fudsv had when it started the program.
            _ => rusage.maxrss / 1024,
        };
        Ok(Captured { end, took, cpu: rusage.utime + rusage.stime, memory })
    }

    /// Starts it in a process group of its own. Both of its outputs go to one pipe, so that the log keeps their order.
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
    /// A pidfd: readable once the program ended.
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
        // Processes that the program started and left behind.
        self.send(Signal::KILL);
        if is_open {
            // A process that left the group may still print.
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

    /// Sends the next signal; after the last one, `KILL` again and again.
    fn signal(&mut self) {
        let signal = self.signals.next().copied().unwrap_or(Signal::KILL);
        self.send(signal);
        self.deadline = Some(Instant::now() + GRACE);
    }

    /// Waits until something happens. Returns whether the user interrupted.
    fn wait(&self, interrupt: &Interrupt, is_open: bool) -> bool {
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let left = if self.ended.is_some() { left } else { Some(left.unwrap_or(LOOK).min(LOOK)) };
        let left = left.and_then(|left| Timespec::try_from(left + Duration::from_millis(1)).ok());
        // After an interrupt the file stays readable, so it must not be polled again.
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

    /// Takes what was printed, at most about this many bytes. Returns whether more may come.
    fn read(&mut self, buffer: &mut [u8], take: &mut impl FnMut(&[u8]), most: usize) -> bool {
        let mut taken = 0;
        while taken < most {
            match self.printed.read(buffer) {
                Ok(0) => return false,
                Ok(read) => {
                    take(buffer.get(..read).unwrap_or_default());
                    taken += read;
                    // Return now and then, so that the caller can check its limits.
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

/// Whether the program ended. It is not reaped yet, so that its resource usage can still be read.
fn has_ended(program: Option<Pid>) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    program.is_none_or(|pid| !matches!(waitid(WaitId::Pid(pid), options), Ok(None)))
}
