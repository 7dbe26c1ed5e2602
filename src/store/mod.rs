//! Results of steps by content, kept for every build directory of a machine or a team.
//! It does not know steps, Ninja or configuration: it is asked as a [`Shelf`](crate::shelf::Shelf).
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
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod clean;
mod entry;
mod fetch;
mod keep;
mod layout;
mod mark;

pub use clean::{Cleaned, Limits, Status, Verified};

use camino::{Utf8Path, Utf8PathBuf};

/// A store in a directory, which need not be there yet.
#[derive(Clone, Debug)]
pub struct Store {
    dir: Utf8PathBuf,
    is_read_only: bool,
}

/// Whether bytes are a manifest that fits its own key; for fuzzers.
#[doc(hidden)]
pub fn reads_as_manifest(bytes: &[u8]) -> bool {
    let manifest = serde_json::from_slice::<entry::Manifest>(bytes);
    manifest.is_ok_and(|manifest| entry::Manifest::parse(bytes, manifest.key()).is_ok())
}

impl Store {
    /// The store in this directory.
    pub fn new(dir: impl Into<Utf8PathBuf>) -> Store {
        Store { dir: dir.into(), is_read_only: false }
    }

    /// The same, never written to.
    pub fn read_only(self) -> Store {
        Store { is_read_only: true, ..self }
    }

    /// Where it is.
    pub fn dir(&self) -> &Utf8Path {
        &self.dir
    }
}
