//! Precompiled databases: named sets of results to share, each with a manifest that says what it was made of. The main type
//! is [`Database`]. It does not know requests, steps or configuration.
//!
//! ```text
//! <database>/manifest.json    what it was made of, and what it stands for
//! <database>/SHA256SUMS       the digests of all other files
//! <database>/store/…          the results, as a store in a directory keeps them
//! ```
//!
//! A database is a directory, or one file: a compressed tar archive of that directory. fudsv writes it under another name
//! and then puts it in its place as a whole. Loading writes nothing there. A file is unpacked once for each user, in the
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
