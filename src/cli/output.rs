//! What people see: results on standard output, everything else on standard error.
//! It does not know how steps run.

use super::generate::StepText;
use super::session::Session;
use crate::paths::normal;
use crate::run::{Show, StepEnd, StepOutcome, for_user};
use std::collections::BTreeMap;

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

/// Says that another process holds the lock.
pub fn waiting(holder: &str) {
    let by = if holder.is_empty() { String::new() } else { format!(" (held by {holder})") };
    anstream::eprintln!("    Blocking waiting for file lock on build directory{by}");
}

/// What a step printed, with the paths that the user types.
pub fn in_user_paths(session: &Session, step: Option<&StepText>, printed: &str) -> String {
    let ran_in = session.places.workdir.join(step.map_or(".", |step| step.run_in.as_str()));
    for_user(printed, &normal(&ran_in), &session.places.cwd)
}

/// Shows steps as they end.
pub struct Steps<'a> {
    /// For the paths of the user.
    pub session: &'a Session,
    /// What the steps are.
    pub texts: &'a BTreeMap<String, StepText>,
    /// How much to say.
    pub volume: Volume,
}

impl Show for Steps<'_> {
    fn ended(&mut self, done: &str, description: &str, end: &StepEnd, printed: &str) {
        if self.volume == Volume::Quiet || end.outcome == StepOutcome::Failed {
            return;
        }
        anstream::eprintln!("[{done}] {description}");
        if self.volume == Volume::Verbose {
            for why in &end.why {
                anstream::eprintln!("  why: {}", in_user_paths(self.session, None, why));
            }
            for command in self.texts.get(&end.step).iter().flat_map(|step| &step.commands) {
                anstream::eprintln!("  $ {command}");
            }
        }
        if !printed.is_empty() {
            anstream::eprintln!(
                "{}",
                in_user_paths(self.session, self.texts.get(&end.step), printed).trim_end()
            );
        }
    }
}
