//! Results of steps by content, kept for every build directory of a machine or a team: the kinds of places that keep them,
//! each a file or a folder of this room and one entry in a list.
//! It does not know steps, Ninja or configuration: it is asked as a [`Shelf`](crate::shelf::Shelf).

mod directory;
mod kind;

pub use directory::Directory;
pub use kind::{Address, Cleaned, Limits, Status, Store, Verified};

use crate::diag::{Error, Result};

/// All kinds of stores. Each opens the addresses that are its own.
const KINDS: &[fn(&Address) -> Option<Box<dyn Store>>] = &[directory::open];

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
