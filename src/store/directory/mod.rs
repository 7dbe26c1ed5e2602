//! A store in a directory, of one machine or shared by several.
//! It does not know steps, Ninja or configuration.
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
mod places;

pub use places::Directory;

use super::kind::{Address, Store};

/// The store of an address that is a path, which need not be there yet.
pub fn open(address: &Address) -> Option<Box<dyn Store>> {
    let store = (!address.is_url()).then(|| Directory::new(address.text))?;
    Some(Box::new(if address.read_only { store.read_only() } else { store }))
}
