//! Results of steps by content, kept for every build directory of a machine or a team: the kinds of places that keep them,
//! each a file or a folder of this room and one entry in a list.
//! It does not know steps, Ninja or configuration: it is asked as a [`Shelf`](crate::shelf::Shelf).
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod directory;
mod kind;
pub mod remote;

pub use directory::Directory;
pub use kind::{Address, Cleaned, Limits, Status, Store, Verified};

use crate::diag::{Error, Result};

/// Whether bytes are a manifest that fits its own key; for fuzzers.
#[doc(hidden)]
pub fn reads_as_manifest(bytes: &[u8]) -> bool {
    directory::reads_as_manifest(bytes)
}

/// All kinds of stores. Each opens the addresses that are its own.
const KINDS: &[Open] = &[directory::open];

/// Opens a store at an address of its kind.
type Open = fn(&Address) -> Option<Box<dyn Store>>;

/// The store at an address.
///
/// # Errors
/// No kind of store has such addresses.
pub fn open(address: &Address) -> Result<Box<dyn Store>> {
    KINDS.iter().find_map(|open| open(address)).ok_or_else(|| {
        Error::request(format!("no kind of store is at `{}`", address.text))
            .hint("`store.dir` names a directory")
    })
}
