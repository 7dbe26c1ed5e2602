//! Precompiled databases in a build: how its steps learn of them, how results are saved, and which databases are kept
//! current. It does not know how a database is read.

mod auto;
mod read_files;
mod save;
mod told;

pub use auto::keep_current;
pub use save::{SaveSettings, Saved, save};
pub use told::{places, places_of, tell};
