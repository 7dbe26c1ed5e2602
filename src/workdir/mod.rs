//! The build directory: the names of what is kept in it, its lock, its events, and how a file gets there whole. Its main
//! type is [`Workdir`].
//! It does not know what the files mean.

#[cfg(feature = "program")]
mod directory;
#[cfg(feature = "program")]
mod events;
pub mod internal;
#[cfg(feature = "program")]
mod lock;
#[cfg(feature = "program")]
pub mod names;
#[cfg(feature = "program")]
mod replace;

#[cfg(feature = "program")]
pub use directory::Workdir;
#[cfg(feature = "program")]
pub use events::{Event, Events, StepEnd, StepOutcome, StepStart, append};
#[cfg(feature = "program")]
pub use lock::Lock;
#[cfg(feature = "program")]
pub use replace::{replace, replace_users, sweep};
