//! Signals to fudsv go to Ninja, which ends its steps; fudsv waits for it.
//! It does not know what Ninja does with them.

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::{Handle, Signals};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// From now on a limit on the size of files is an error of whoever writes, and does not end this program. What it starts
/// keeps the usual way.
pub fn survive_limits() {
    drop(signal_hook::flag::register(SIGXFSZ, Arc::default()));
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
