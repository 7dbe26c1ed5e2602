//! The build directory: the names of what is kept in it, its lock, its events, and how a file gets there whole. Its main
//! type is [`Workdir`].
//! It does not know what the files mean.

mod directory;
mod events;
mod lock;
pub mod names;
mod replace;

pub use directory::Workdir;
pub use events::{Event, Events, StepEnd, StepOutcome, StepStart, append};
pub use lock::Lock;
pub use replace::{replace, replace_users, sweep};
