//! Running: the Ninja process, simulations, what is shown while it works, and how it ended.
//! It does not know plans or scripts: it takes [`Options`] and what Ninja reads.

mod bounded_log;
mod captured;
pub mod cocotb;
mod failure;
mod live;
mod messages;
mod process;
mod show;
mod signals;
mod simulation;
mod verdict;

pub use captured::Captured;
pub use failure::{FailedStep, Repeat, failure};
pub use messages::for_user;
pub use process::{Options, Outcome, run, run_nothing};
pub use show::{Descriptions, Show};
pub use signals::{Interrupt, survive_limits};
pub use simulation::{Ended, Says, Simulation};
pub use verdict::{End, Test, Verdict};
