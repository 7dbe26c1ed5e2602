//! Keeps a result: written under a temporary name, synced, renamed. Whoever comes second leaves what is there.
//! It does not know how results are found again.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::entry::{self, FORMAT, MANIFEST, Manifest, Payload};
use super::places::{Directory, Kind, fresh_name, place, publish, write};
use crate::beneath::Beneath;
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::shelf::{Fetched, Shelf, StoredResult, Wanted};
use camino::Utf8Path;
use std::io::{self, Write};

/// The unit of the size of a store: what a small file takes on most disks.
pub const BLOCK: u64 = 4096;

impl Shelf for Directory {
    fn fetch(&self, wanted: &Wanted<'_>) -> Option<Fetched> {
        Some(self.find(wanted))
    }

    fn keep(&self, kept: &StoredResult<'_>) -> Result<Option<Digest>> {
        if self.is_read_only {
            return Ok(None);
        }
        let done = self.prepare().and_then(|root| put(&root, kept));
        done.map_err(|e| Error::machine(format!("cannot write the store `{}`", self.path())).because(e))
    }
}

/// The file whose length tells the size of the store.
pub const SIZE: &str = "size";

fn put(root: &Beneath, kept: &StoredResult<'_>) -> io::Result<Option<Digest>> {
    let first = entry::first_level(kept.parts);
    let key = entry::key(first, kept.completing);
    put_set(root, first, kept.found)?;
    settle(root, kept.subject, key, |temporary| write_entry(root, temporary, kept)).map(|()| Some(key))
}

/// Puts an entry in its place, which `write` writes under a temporary name; it says what that takes on disk.
pub fn settle(
    root: &Beneath,
    subject: &str,
    key: Digest,
    write_to: impl FnOnce(&Utf8Path) -> io::Result<u64>,
) -> io::Result<()> {
    let place_of_entry = place(Kind::Entries, key);
    if root.is_dir(&place_of_entry) {
        return Ok(());
    }
    let temporary = fresh_name("entry");
    let written = write_to(&temporary)
        .and_then(|size| if publish(root, &temporary, &place_of_entry)? { grow(root, size) } else { Ok(()) });
    // What is still there was not needed, or is not whole.
    root.remove(&temporary).unwrap_or_default();
    written?;
    let latest = place(Kind::Latest, Digest::of_bytes(subject.as_bytes()));
    write(root, &latest, format!("{key}\n").as_bytes())
}

/// Keeps which files were found, so that their contents can be asked before the step runs.
pub fn put_set(root: &Beneath, first: Digest, found: &[String]) -> io::Result<()> {
    let names = serde_json::to_vec(found)?;
    let place = place(Kind::Sets, first).join(Digest::of_bytes(&names).to_string());
    if root.exists(&place) { Ok(()) } else { write(root, &place, &names) }
}

/// Adds to the length of a file, which needs no lock.
fn grow(root: &Beneath, bytes: u64) -> io::Result<()> {
    let blocks = usize::try_from(bytes / BLOCK).unwrap_or_default();
    root.append(Utf8Path::new(SIZE))?.write_all(&vec![b'.'; blocks])
}

/// Writes an entry and returns what it takes on disk, in bytes.
fn write_entry(root: &Beneath, entry: &Utf8Path, kept: &StoredResult<'_>) -> io::Result<u64> {
    entry::create(root, entry)?;
    let mut files = vec![];
    for (number, file) in kept.files.iter().enumerate() {
        let (size, executable) = entry::add(root, entry, number, &file.path)?;
        let (name, digest) = (file.name.clone(), file.digest);
        files.push(Payload { output: Some(file.output), name, digest, size, executable });
    }
    if !kept.log.is_empty() {
        write_synced(root, &entry::payload(entry, files.len()), kept.log)?;
        let (digest, size) = (Digest::of_bytes(kept.log), kept.log.len() as u64);
        files.push(Payload { output: None, name: "".into(), digest, size, executable: false });
    }
    let manifest = Manifest {
        format: FORMAT,
        subject: kept.subject.to_owned(),
        parts: kept.parts.to_vec(),
        completing: kept.completing.to_vec(),
        found: kept.found.to_vec(),
        files,
        seal: None,
    };
    let size = on_disk(&manifest);
    write_synced(root, &entry.join(MANIFEST), &manifest.sealed()?)?;
    root.sync_dir(entry)?;
    Ok(size)
}

/// About what an entry takes on disk: whole blocks, with its manifest and directories.
pub fn on_disk(manifest: &Manifest) -> u64 {
    let blocks = |file: &Payload| file.size.div_ceil(BLOCK).saturating_mul(BLOCK);
    manifest.files.iter().fold(3 * BLOCK, |sum, file| sum.saturating_add(blocks(file)))
}

fn write_synced(root: &Beneath, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = root.create(path)?;
    file.write_all(bytes)?;
    file.sync_data()
}
