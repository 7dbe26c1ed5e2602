//! Signals to fudsv go to Ninja or to the simulations, which end; fudsv waits for them.
//! It does not know what they do with them.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::{Handle, Signals};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// From now on a limit on the size of files is an error of whoever writes, and does not end this program. What it starts
/// keeps the usual way.
pub fn survive_limits() {
    drop(signal_hook::flag::register(SIGXFSZ, Arc::default()));
}

/// Whether the user interrupted, for those who wait for several programs: a file that can be read from then on.
pub struct Interrupt {
    came: Option<UnixStream>,
}

impl Interrupt {
    /// From now on.
    pub fn watch() -> Interrupt {
        let Ok((came, told)) = UnixStream::pair() else { return Interrupt { came: None } };
        // The second one ends this program.
        let is_second = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            drop(signal_hook::flag::register_conditional_default(signal, is_second.clone()));
            drop(signal_hook::flag::register(signal, is_second.clone()));
            if let Ok(told) = told.try_clone() {
                drop(signal_hook::low_level::pipe::register(signal, told));
            }
        }
        Interrupt { came: Some(came) }
    }

    /// The file, where there is one.
    pub(super) fn file(&self) -> Option<BorrowedFd<'_>> {
        self.came.as_ref().map(AsFd::as_fd)
    }

    /// Whether the user interrupted.
    pub fn came(&self) -> bool {
        let Some(came) = &self.came else { return false };
        let mut polled = [PollFd::new(came, PollFlags::IN)];
        poll(&mut polled, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|ready| ready > 0)
    }
}

/// Passes signals on to one process until it is dropped.
pub struct PassOn {
    handle: Option<Handle>,
    came: Arc<AtomicBool>,
}

/// Signals that are held back until there is a process to pass them on to.
pub struct Held(Option<Signals>);

impl Held {
    /// From now on: to be called before the process starts, so that none ends only this program.
    pub fn now() -> Held {
        Held(Signals::new([SIGINT, SIGTERM, SIGHUP]).ok())
    }

    /// Starts to pass them on.
    pub fn pass_on_to(self, process: u32) -> PassOn {
        let came = Arc::new(AtomicBool::new(false));
        let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
        let Some((mut signals, pid)) = self.0.zip(pid) else { return PassOn { handle: None, came } };
        let (handle, seen) = (signals.handle(), came.clone());
        let passing = std::thread::Builder::new().spawn(move || {
            for number in signals.forever() {
                seen.store(true, Ordering::SeqCst);
                let signal = if number == SIGINT { Signal::INT } else { Signal::TERM };
                kill_process(pid, signal).unwrap_or_default();
            }
        });
        // Without it Ninja still gets what the terminal sends.
        PassOn { handle: passing.is_ok().then_some(handle), came }
    }
}

impl PassOn {
    /// Whether a signal came.
    pub fn came(&self) -> bool {
        self.came.load(Ordering::SeqCst)
    }
}

impl Drop for PassOn {
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            handle.close();
        }
    }
}
