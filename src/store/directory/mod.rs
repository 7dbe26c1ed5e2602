//! A store in a directory, of one machine or shared by several.
//! It does not know steps, Ninja or configuration.
//!
//! ```text
//! <store>/e/<aa>/<key>/{manifest.json, files/}   an entry: what a step made and said; never changed once it is there
//! <store>/m/<aa>/<first level>/<digest>          which files a step of this first level was found to read
//! <store>/n/<aa>/<digest of a subject>           the key of the last entry about this subject, for explanations
//! <store>/tmp/                                   what is being written, and what was put aside
//! <store>/size                                   as long as the store is large, in blocks of 4 KiB
//! <store>/CACHEDIR.TAG                           the mark by which a directory is known as a store
//! ```
//!
//! Readers take no lock and writers none between each other: everything appears by rename, whole. No link below the
//! directory is followed, and only plain files are read, of no more bytes than are expected: whoever may write a store
//! of a team can neither hang its readers nor have files of theirs removed.

mod carry;
mod clean;
pub(super) mod entry;
mod fetch;
mod keep;
mod mark;
mod places;

pub use places::Directory;

use super::kind::{Address, Store};

/// Whether bytes are a manifest that fits its own key.
pub fn reads_as_manifest(bytes: &[u8]) -> bool {
    let manifest = serde_json::from_slice::<entry::Manifest>(bytes);
    manifest.is_ok_and(|manifest| entry::Manifest::parse(bytes, manifest.key()).is_ok())
}

/// The store of an address that is a path, which need not be there yet.
pub fn open(address: &Address) -> Option<Box<dyn Store>> {
    let store = (!address.is_url()).then(|| Directory::new(address.text))?;
    Some(Box::new(if address.read_only { store.read_only() } else { store }))
}
