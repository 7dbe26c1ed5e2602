//! Watches the program that started the runner. If it was killed, another Ninja may already run another command for this
//! step; then the result of the first command must not appear any more.
//! It does not know that the program is Ninja, or the shell that Ninja starts.

use crate::diag::{Error, Kind, Result};
use crate::step::args::Step;
use rustix::process::{Pid, getppid};

/// The process that started this one.
pub struct Parent(Option<Pid>);

impl Parent {
    /// The present parent.
    pub fn now() -> Parent {
        Parent(getppid())
    }

    /// A name for it: the same for all runners that it starts, and another for other programs, as far as is known.
    pub fn name(&self) -> String {
        self.0.map_or_else(String::new, |pid| pid.to_string())
    }

    /// Fails when the parent has gone.
    ///
    /// # Errors
    /// The process has another parent now.
    pub fn check(&self, step: &Step) -> Result<()> {
        if getppid() == self.0 {
            return Ok(());
        }
        let message = format!("step `{}` was stopped: the program that started it has ended", step.name);
        Err(Error::new(Kind::Interrupted, message))
    }
}
