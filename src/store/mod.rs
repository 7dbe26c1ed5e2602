//! Results of steps by content, kept for every build directory of a machine or a team.
//! It does not know steps, Ninja or configuration: it is asked as a [`Shelf`](crate::shelf::Shelf).
//!
//! ```text
//! <store>/e/<aa>/<key>/{manifest.json, files/}   an entry: what a step made and said; never changed once it is there
//! <store>/m/<aa>/<first level>/<digest>          which files a step of this first level was found to read
//! <store>/n/<aa>/<digest of a subject>           the key of the last entry about this subject, for explanations
//! <store>/tmp/                                   what is being written, and what was put aside
//! <store>/size                                   as long as the store is large, in blocks of 4 KiB
//! ```
//!
//! Readers take no lock and writers none between each other: everything appears by rename, whole.

mod clean;
mod entry;
mod fetch;
mod keep;
mod layout;

pub use self::layout::Store;
pub use clean::{Cleaned, Limits, Status, Verified}; // `layout` alone is a package
