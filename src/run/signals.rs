//! Passes the signals that fudsv gets on to Ninja or to the simulations, and waits until these end.
//! It does not know what they do with a signal.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::{Handle, Signals};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// From now on the limit on the size of files makes a write fail instead of ending fudsv. The programs that fudsv starts
/// keep the default.
pub fn survive_limits() {
    drop(signal_hook::flag::register(SIGXFSZ, Arc::default()));
}

/// Tells code that waits for several programs whether the user interrupted: a file becomes readable then.
pub struct Interrupt {
    came: Option<UnixStream>,
}

impl Interrupt {
    /// Watches for an interrupt from now on.
    pub fn watch() -> Interrupt {
        let Ok((came, told)) = UnixStream::pair() else { return Interrupt { came: None } };
        // The second signal ends fudsv.
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

    /// The file, if one could be made.
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

/// Holds signals back until there is a process that gets them.
pub struct Held(Option<Signals>);

impl Held {
    /// Holds signals back from now on. Call it before the process starts, so that no signal ends only fudsv.
    pub fn now() -> Held {
        Held(Signals::new([SIGINT, SIGTERM, SIGHUP]).ok())
    }

    /// Passes them on to this process from now on.
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
        // Without this thread Ninja still gets the signals of the terminal.
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
