//! Keeps a result: written under a temporary name, synced, renamed. Whoever comes second leaves what is there.
//! It does not know how results are found again.

use super::entry::{self, FORMAT, MANIFEST, Manifest, Payload};
use super::places::{Directory, Kind};
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::shelf::{Fetched, KeptResult, Shelf, Wanted};
use camino::Utf8Path;
use std::fs::{self, File};
use std::io::{self, Write};

/// The unit of the size of a store: what a small file takes on most disks.
pub const BLOCK: u64 = 4096;

impl Shelf for Directory {
    fn fetch(&self, wanted: &Wanted<'_>) -> Option<Fetched> {
        Some(self.find(wanted))
    }

    fn keep(&self, kept: &KeptResult<'_>) -> Result<()> {
        if self.is_read_only {
            return Ok(());
        }
        let done = self.prepare().and_then(|()| self.put(kept));
        done.map_err(|e| Error::machine(format!("cannot write the store `{}`", self.path())).because(e))
    }
}

impl Directory {
    /// Makes the directory, and marks it as one that backups may leave out.
    fn prepare(&self) -> io::Result<()> {
        if self.temporary().is_dir() {
            return Ok(());
        }
        fs::create_dir_all(self.temporary())?;
        fs::write(self.path().join("CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n")
    }

    fn put(&self, kept: &KeptResult<'_>) -> io::Result<()> {
        let first = entry::first_level(kept.parts);
        let key = entry::key(first, kept.completing);
        self.put_set(first, kept.found)?;
        let place = self.place(Kind::Entries, key);
        if place.is_dir() {
            return Ok(());
        }
        let temporary = self.fresh_name("entry");
        let written = write_entry(&temporary, kept)
            .and_then(|size| if self.publish(&temporary, &place)? { self.grow(size) } else { Ok(()) });
        // What is still there was not needed, or is not whole.
        fs::remove_dir_all(&temporary).unwrap_or_default();
        written?;
        let latest = self.place(Kind::Latest, Digest::of_bytes(kept.subject.as_bytes()));
        self.write(&latest, format!("{key}\n").as_bytes())
    }

    /// Keeps which files were found, so that their contents can be asked before the step runs.
    fn put_set(&self, first: Digest, found: &[String]) -> io::Result<()> {
        let names = serde_json::to_vec(found)?;
        let place = self.place(Kind::Sets, first).join(Digest::of_bytes(&names).to_string());
        if place.exists() { Ok(()) } else { self.write(&place, &names) }
    }

    /// Adds to the length of a file, which needs no lock.
    fn grow(&self, bytes: u64) -> io::Result<()> {
        let blocks = usize::try_from(bytes / BLOCK).unwrap_or_default();
        let mut file = File::options().append(true).create(true).open(self.size_file())?;
        file.write_all(&vec![b'.'; blocks])
    }

    /// The file whose length tells the size of the store.
    pub(super) fn size_file(&self) -> camino::Utf8PathBuf {
        self.path().join("size")
    }
}

/// Writes an entry and returns what it takes on disk, in bytes.
fn write_entry(entry: &Utf8Path, kept: &KeptResult<'_>) -> io::Result<u64> {
    entry::create(entry)?;
    let mut files = vec![];
    for (number, file) in kept.files.iter().enumerate() {
        let (size, executable) = entry::add(entry, number, &file.path)?;
        let (name, digest) = (file.name.clone(), file.digest);
        files.push(Payload { output: Some(file.output), name, digest, size, executable });
    }
    if !kept.log.is_empty() {
        write_synced(&entry::payload(entry, files.len()), kept.log)?;
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
    write_synced(&entry.join(MANIFEST), &manifest.sealed()?)?;
    File::open(entry)?.sync_all()?;
    Ok(size)
}

/// About what an entry takes on disk: whole blocks, with its manifest and directories.
pub fn on_disk(manifest: &Manifest) -> u64 {
    let payload: u64 = manifest.files.iter().map(|file| file.size.div_ceil(BLOCK) * BLOCK).sum();
    payload + 3 * BLOCK
}

fn write_synced(path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_data()
}
