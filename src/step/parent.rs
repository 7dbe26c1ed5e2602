//! Watches the program that started the runner. If it was killed, another Ninja may already run another command for this
//! step; then the result of the first command must not appear any more.
//! It does not know that the program is Ninja, or the shell that Ninja starts.

use crate::diag::{Error, Kind, Result};
use crate::step::args::Step;
use rustix::process::{Pid, getppid};
use std::fs;

/// The process that started this one.
pub struct Parent(Option<Pid>);

impl Parent {
    /// The present parent.
    pub fn now() -> Parent {
        Parent(getppid())
    }

    /// A name for it: the same for all runners that it starts, and another for other programs. In containers, the same
    /// program often has the same number in each run, so the name includes when it started, where the system tells that.
    pub fn name(&self) -> String {
        let Some(pid) = self.0 else { return String::new() };
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The name of the program, in parentheses, may contain anything. The start is the 20th field behind it.
        let started = stat.rsplit_once(')').and_then(|(_, fields)| fields.split_whitespace().nth(19));
        format!("{pid} {}", started.unwrap_or_default())
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
