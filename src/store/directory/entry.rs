//! An entry: its manifest, and whether both are what was once written.
//! It does not know where entries are.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::beneath::{self, Beneath};
use crate::digest::{Digest, KeyHasher};
use crate::parts::{self, Part};
use crate::shelf::LONGEST_LOG;
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

/// The form of entries, and the first part of every key: another form has other keys.
pub const FORMAT: u32 = 1;

/// The name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// The directory of the payload, in which files are called by their numbers.
const FILES: &str = "files";

/// Files up to this many bytes are read and written in one go; larger ones are copied by the kernel, which shares
/// their blocks where the file system can.
const SMALL: u64 = 256 * 1024;

/// No manifest and no set of found files is longer: one of a large design has a million bytes.
pub const LONGEST_LIST: u64 = 64 << 20;

/// What an entry says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form.
    pub format: u32,
    /// What it is about.
    pub subject: String,
    /// The first level of its key.
    pub parts: Vec<Part<'static>>,
    /// The second level.
    pub completing: Vec<Part<'static>>,
    /// The names of the files that the step found to read.
    pub found: Vec<String>,
    /// The payload, in the order of its numbers.
    pub files: Vec<Payload>,
    /// The digest over all this.
    pub seal: Option<Digest>,
}

/// A file of the payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// To which output it belongs; the log belongs to none.
    pub output: Option<usize>,
    /// Its name in that output; empty unless that is a directory. That of an empty directory ends in a slash.
    pub name: Utf8PathBuf,
    /// What it holds.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
    /// Whether it may be executed.
    pub executable: bool,
}

/// The first level of a key.
pub fn first_level(parts: &[Part<'static>]) -> Digest {
    let format = Part::new("format", FORMAT.to_string(), None);
    parts::key(&[&[format], parts].concat())
}

/// The key.
pub fn key(first: Digest, completing: &[Part<'static>]) -> Digest {
    let first = Part::new("first level", "", Some(first));
    parts::key(&[&[first], completing].concat())
}

/// Why an entry cannot be used.
#[derive(Debug)]
pub enum Fault {
    /// It is not there, or no longer.
    Absent,
    /// It is not what was written; in words.
    Damaged(String),
    /// It cannot be put where it is wanted; in words. Nothing is said of the entry itself.
    NoRoom(String),
}

impl Manifest {
    /// The manifest with its seal, as bytes of a file.
    pub fn sealed(mut self) -> io::Result<Vec<u8>> {
        self.seal = Some(self.sum()?);
        let mut bytes = serde_json::to_vec(&self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads the manifest of an entry and checks that it is the one of this key.
    pub fn read(root: &Beneath, entry: &Utf8Path, wanted: Digest) -> Result<Manifest, Fault> {
        let bytes = match root.read(&entry.join(MANIFEST), LONGEST_LIST) {
            Ok(bytes) => bytes,
            Err(_) if !root.exists(entry) => return Err(Fault::Absent),
            Err(e) => return Err(Fault::Damaged(format!("its manifest cannot be read: {e}"))),
        };
        Manifest::parse(&bytes, wanted)
    }

    /// Reads a manifest and checks that it is the one of this key.
    ///
    /// # Errors
    /// It is not.
    pub fn parse(bytes: &[u8], wanted: Digest) -> Result<Manifest, Fault> {
        let damaged = |what: &str| Err(Fault::Damaged(what.to_owned()));
        let Ok(form) = serde_json::from_slice::<Form>(bytes) else {
            return damaged("its manifest is damaged");
        };
        if form.format != FORMAT {
            return damaged("it has the form of another version of fudsv");
        }
        let Ok(manifest) = serde_json::from_slice::<Manifest>(bytes) else {
            return damaged("its manifest is damaged");
        };
        if manifest.seal.is_none() || manifest.sum().ok() != manifest.seal {
            return damaged("its manifest was changed");
        }
        if manifest.key() != wanted {
            return damaged("it belongs to another key");
        }
        if !manifest.files.iter().all(|file| stays_inside(&file.name)) {
            return damaged("it names a file outside of its output");
        }
        Ok(manifest)
    }

    /// The key to which it belongs.
    pub fn key(&self) -> Digest {
        key(first_level(&self.parts), &self.completing)
    }

    fn sum(&self) -> io::Result<Digest> {
        let unsealed = Manifest { seal: None, ..self.clone() };
        Ok(KeyHasher::new().field("manifest", serde_json::to_vec(&unsealed)?).finish())
    }
}

/// The one field that every form has.
#[derive(Deserialize)]
struct Form {
    format: u32,
}

/// Whether a name leads nowhere but below the directory to which it is joined.
fn stays_inside(name: &Utf8Path) -> bool {
    let is_plain = |part| matches!(part, Utf8Component::Normal(_));
    name.components().all(is_plain) && !name.as_str().contains('\0')
}

/// Where a file of the payload is.
pub fn payload(entry: &Utf8Path, number: usize) -> Utf8PathBuf {
    entry.join(FILES).join(number.to_string())
}

/// Copies a file into the payload of an entry that is being written; its size, and whether it is executable. An empty
/// directory is an empty file there.
pub fn add(root: &Beneath, entry: &Utf8Path, number: usize, from: &Utf8Path) -> io::Result<(u64, bool)> {
    if from.is_dir() {
        root.create(&payload(entry, number))?;
        return Ok((0, false));
    }
    let no_follow = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    let mut source = OpenOptions::new().read(true).custom_flags(no_follow).open(from)?;
    let meta = source.metadata()?;
    let mut copy = root.create(&payload(entry, number))?;
    let size = io::copy(&mut source, &mut copy)?;
    copy.sync_data()?;
    Ok((size, meta.permissions().mode() & 0o111 != 0))
}

/// Makes the directory of an entry that is to be written.
pub fn create(root: &Beneath, entry: &Utf8Path) -> io::Result<()> {
    root.make_dir(&entry.join(FILES))
}

/// Writes a file of the payload to its place, and checks that it holds what the manifest says.
pub fn lay(
    root: &Beneath,
    entry: &Utf8Path,
    number: usize,
    file: &Payload,
    to: &Utf8Path,
) -> Result<(), Fault> {
    let source = source(root, entry, number, file)?;
    if file.name.as_str().ends_with('/') {
        return std::fs::create_dir_all(to)
            .map_err(|e| not_laid(format!("directory {number} cannot be made: {e}"), &e));
    }
    let digest =
        copy(&source, file, to).map_err(|e| not_laid(format!("file {number} cannot be copied: {e}"), &e))?;
    compare(number, file, digest)
}

/// Whose fault it is that a file did not arrive.
fn not_laid(what: String, error: &io::Error) -> Fault {
    use io::ErrorKind::{
        FileTooLarge, OutOfMemory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };
    match error.kind() {
        StorageFull | QuotaExceeded | FileTooLarge | ReadOnlyFilesystem | PermissionDenied | OutOfMemory => {
            Fault::NoRoom(what)
        }
        _ => Fault::Damaged(what),
    }
}

/// Checks that a file of the payload holds what the manifest says.
pub fn check(root: &Beneath, entry: &Utf8Path, number: usize, file: &Payload) -> Result<(), Fault> {
    let source = source(root, entry, number, file)?;
    let digest = Digest::of_reader(source.take(file.size))
        .map_err(|e| Fault::Damaged(format!("file {number} cannot be read: {e}")))?;
    compare(number, file, digest)
}

/// A file of the payload, opened; it is a plain file of the size that the manifest says.
fn source(root: &Beneath, entry: &Utf8Path, number: usize, file: &Payload) -> Result<File, Fault> {
    let source = match root.read_from(&payload(entry, number)) {
        Ok(source) => source,
        Err(_) if !root.exists(entry) => return Err(Fault::Absent),
        Err(e) => return Err(Fault::Damaged(format!("file {number} cannot be read: {e}"))),
    };
    match source.metadata() {
        Ok(meta) if meta.len() == file.size => Ok(source),
        _ => Err(Fault::Damaged(format!("file {number} is not of the size that was kept"))),
    }
}

fn compare(number: usize, file: &Payload, digest: Digest) -> Result<(), Fault> {
    let differs = || Fault::Damaged(format!("file {number} does not hold what was kept"));
    (digest == file.digest).then_some(()).ok_or_else(differs)
}

/// Copies and returns the digest of what arrived.
fn copy(source: &File, file: &Payload, to: &Utf8Path) -> io::Result<Digest> {
    let mode = if file.executable { 0o777 } else { 0o666 };
    let mut target = OpenOptions::new().write(true).create_new(true).mode(mode).open(to)?;
    // A file that grows meanwhile is not followed.
    let mut source = source.take(file.size);
    if file.size > SMALL {
        io::copy(&mut source, &mut target)?;
        return Digest::of_file(to.as_std_path());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(file.size).unwrap_or_default());
    source.read_to_end(&mut bytes)?;
    target.write_all(&bytes)?;
    Ok(Digest::of_bytes(&bytes))
}

/// The whole of a small file of the payload, checked.
pub fn content(root: &Beneath, entry: &Utf8Path, number: usize, file: &Payload) -> Result<Vec<u8>, Fault> {
    let source = source(root, entry, number, file)?;
    let bytes = beneath::read_at_most(&source, LONGEST_LOG)
        .map_err(|e| Fault::Damaged(format!("file {number} cannot be read: {e}")))?;
    compare(number, file, Digest::of_bytes(&bytes)).map(|()| bytes)
}

/// The whole of a file of the payload, of any size, checked.
pub fn whole(root: &Beneath, entry: &Utf8Path, number: usize, file: &Payload) -> Result<Vec<u8>, Fault> {
    let source = source(root, entry, number, file)?;
    let bytes = beneath::read_at_most(&source, file.size)
        .map_err(|e| Fault::Damaged(format!("file {number} cannot be read: {e}")))?;
    compare(number, file, Digest::of_bytes(&bytes)).map(|()| bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What reading an entry says whose only file has this name.
    fn read_named(name: &str) -> Option<String> {
        let digest = Digest::of_bytes(b"");
        let file = Payload { output: Some(0), name: name.into(), digest, size: 0, executable: false };
        let (parts, completing, found) = (vec![], vec![], vec![]);
        let subject = "s".to_owned();
        let manifest =
            Manifest { format: FORMAT, subject, parts, completing, found, files: vec![file], seal: None };
        let key = manifest.key();
        match Manifest::parse(&manifest.sealed().unwrap(), key) {
            Ok(_) => None,
            Err(Fault::Damaged(what) | Fault::NoRoom(what)) => Some(what),
            Err(Fault::Absent) => Some("absent".to_owned()),
        }
    }

    #[test]
    fn a_name_that_leads_out_of_the_output_is_refused() {
        for name in ["../a", "/etc/passwd", "a/../../b", "a/./../..", ".", "a\0b"] {
            let expected = "it names a file outside of its output";
            assert_eq!(read_named(name).as_deref(), Some(expected), "{name}");
        }
        for name in ["", "a", "a/b c", "..a/b", "a\\..\\b"] {
            assert_eq!(read_named(name), None, "{name}");
        }
    }
}
