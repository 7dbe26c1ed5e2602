//! Entries as they go to another store and come from one.
//! It does not know how they travel.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::entry::{self, Fault, MANIFEST, Manifest};
use super::keep::{on_disk, put_set, settle};
use super::places::{Directory, Kind, all, place};
use crate::beneath::Beneath;
use crate::digest::Digest;
use crate::shelf::{Replay, Wanted};
use camino::Utf8Path;
use std::io::{self, Write};

impl Directory {
    /// Whether there is an entry of this key.
    pub fn has(&self, key: Digest) -> bool {
        self.open().is_ok_and(|root| root.is_dir(&place(Kind::Entries, key)))
    }

    /// The keys of all entries.
    pub fn keys(&self) -> Vec<Digest> {
        let keys = |root: Beneath| all(&root, Kind::Entries).into_iter().map(|(key, _)| key).collect();
        self.open().map(keys).unwrap_or_default()
    }

    /// Lays a result in its place, as [`Shelf::fetch`](crate::shelf::Shelf::fetch) does, of which the key is known.
    pub fn take(&self, key: Digest, wanted: &Wanted<'_>) -> Result<Replay, Fault> {
        let root = self.open().map_err(|_| Fault::Absent)?;
        self.lay(&root, key, wanted)
    }

    /// The manifest of an entry.
    pub fn manifest(&self, key: Digest) -> Result<Manifest, Fault> {
        let root = self.open().map_err(|_| Fault::Absent)?;
        Manifest::read(&root, &place(Kind::Entries, key), key)
    }

    /// What the files of an entry hold, checked.
    pub fn contents(&self, key: Digest, manifest: &Manifest) -> Result<Vec<Vec<u8>>, Fault> {
        let root = self.open().map_err(|_| Fault::Absent)?;
        let place = place(Kind::Entries, key);
        let files = manifest.files.iter().enumerate();
        files.map(|(number, file)| entry::whole(&root, &place, number, file)).collect()
    }

    /// Keeps an entry that was made elsewhere. Nothing waits for the disk: what does not arrive there is damaged, and
    /// known as such.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn import(&self, manifest: &Manifest, contents: &[Vec<u8>]) -> io::Result<()> {
        let root = self.prepare()?;
        put_set(&root, entry::first_level(&manifest.parts), &manifest.found)?;
        settle(&root, &manifest.subject, manifest.key(), |temporary| {
            entry::create(&root, temporary)?;
            for (number, content) in contents.iter().enumerate() {
                root.create(&entry::payload(temporary, number))?.write_all(content)?;
            }
            let mut bytes = serde_json::to_vec(manifest)?;
            bytes.push(b'\n');
            root.create(&temporary.join(Utf8Path::new(MANIFEST)))?.write_all(&bytes)?;
            Ok(on_disk(manifest))
        })
    }
}
