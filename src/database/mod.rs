//! Precompiled databases: named sets of results that are shared, each with a manifest that says of what it was made.
//! The main type is [`Database`]. It does not know requests, steps or configuration.
//!
//! ```text
//! <database>/manifest.json    of what it was made, and what it stands for
//! <database>/SHA256SUMS       every other file
//! <database>/store/…          the results, as a store in a directory keeps them
//! ```
//!
//! A database is a directory, or one file: a tar archive of that directory, compressed. It is written under another name
//! and put in its place whole; whoever reads it writes nothing there. The file is unpacked once for each user, below the
//! cache, under its digest.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod archive;
mod fault;
mod manifest;
mod names;
mod opened;
mod place;
mod threads;
mod unpack;

pub use archive::is_archive;
pub use fault::Fault;
pub use manifest::{Directory, Manifest, Name, SCHEMA, SavedRequest, SavedStep, Source, SystemFile, Tool};
pub use opened::Database;
pub use place::Draft;
pub use threads::in_parallel;
