//! From a request to a plan: which ops run, on which files, in which order.
//! It does not know scripts, commands or disks; it only reads the graph.
//!
//! It `settle`s the states of the given files, `expand`s graph and request to a problem, `choose`s steps (by a `greedy`
//! guess, then `search` with `bound`), `route`s files through them and gives them `names`; or it says why there is
//! `no_path`. It plans files of one kind separately (`each`), or `gather`s their results.

mod ask;
mod bound;
mod check;
mod choose;
mod each;
mod expand;
mod find;
#[cfg(test)]
mod fixture;
mod gather;
mod greedy;
#[cfg(test)]
mod law;
mod lists;
mod names;
mod no_path;
mod plan_data;
mod problem;
mod reach;
mod request;
mod route;
mod saved;
mod search;
mod settle;
mod spread;
#[cfg(test)]
mod tests;
mod text;
mod unclear;

pub use each::find_each;
pub use gather::find;
pub use plan_data::{FileId, FileSource, OpUse, Plan, PlannedFile, Tie};
pub use request::{Bind, Given, Request};
pub use saved::{Saved, SavedFile, SavedUse};
pub use settle::wanted_of;
