//! Stores on other machines, and directories that machines share: a team's results by content. The store of the machine
//! stands in front of it: what comes is kept there first, and a step takes it from there.
//! It does not know steps, Ninja or configuration.
//!
//! ```text
//! <url>/ac/<key>          an entry: its manifest, its small files, and where the others are
//! <url>/ac/<first level>  which files steps of this first level were found to read: the last 16 sets
//! <url>/ac/<trail>        the keys of the last builds of one kind, to ask for all at once: see `trail`
//! <url>/cas/<sha256>      files of entries, packed; called after the digest of what is stored
//! ```
//!
//! A writer puts first what an entry names, then the entry, then its set: a reader finds all or nothing. Nothing is ever
//! listed or locked. Two who add a set at once may lose one of them, which costs a miss.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod access;
mod client;
mod http;
mod kinds;
mod link;
mod objects;
mod packed;
mod patience;
mod redis;
mod s3;
mod shared;
mod shelf;
mod talker;
mod trail;
mod transport;
mod web;

pub use access::{Access, Login};
pub use client::{Carried, Pushed, Remote};
pub use kinds::check;
pub use patience::Patience;
pub use shelf::RemoteShelf;
pub use talker::{Ended, Talker};
pub use trail::{Trail, TrailResult};
