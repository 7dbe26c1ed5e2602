//! Running: the build directory and its lock, the Ninja process, simulations, what is shown while it works, and how it ended.
//! It does not know plans or scripts: it takes [`Options`] and what Ninja reads.

mod events;
mod failure;
mod inherit;
mod live;
mod lock;
mod messages;
mod process;
mod signals;
mod simulation;
mod workdir;

pub use events::{StepEnd, StepOutcome};
pub use failure::{FailedStep, failure};
pub use lock::Lock;
pub use messages::for_user;
pub use process::{Descriptions, Options, Outcome, Show, run, run_nothing};
pub use simulation::{End, Ended, Simulation, Verdict};
pub use workdir::{INTERNAL, Workdir};
