//! Unpacks a database that is one file into the user's cache. It accepts only plain files with plain names, each once.
//! It does not know whether the result is a database.

use super::archive;
use super::fault::Fault;
use super::manifest::is_plain;
use crate::digest::{Digest, KeyHasher};
use camino::{Utf8Path, Utf8PathBuf};
use ruzstd::decoding::StreamingDecoder;
use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use tar::{Archive, EntryType};

/// The largest unpacked size, in bytes: a small file can claim any size.
const LONGEST: u64 = 16 << 30;

/// The directory of unpacked databases, in the cache.
const UNPACKED: &str = "databases";

/// The directory where this file is unpacked. Unpacks it if that has not been done.
///
/// # Errors
/// It is not such a file, or it cannot be unpacked.
pub fn unpacked(file: &Utf8Path, cache: &Utf8Path) -> Result<Utf8PathBuf, Fault> {
    let cannot = |e: io::Error| Fault::new(format!("it cannot be unpacked: {e}"));
    let base = cache.join(UNPACKED);
    fs::create_dir_all(&base).map_err(cannot)?;
    let dir = base
        .join(digest(file, &base).map_err(|e| Fault::new(format!("it cannot be read: {e}")))?.to_string());
    if dir.is_dir() {
        return Ok(dir);
    }
    let temporary = Utf8PathBuf::from(format!("{dir}.{}", std::process::id()));
    fs::remove_dir_all(&temporary).unwrap_or_default();
    let done = unpack(file, &temporary).and_then(|()| match fs::rename(&temporary, &dir) {
        // Another process unpacked it first.
        Err(_) if dir.is_dir() => Ok(()),
        renamed => renamed.map_err(cannot),
    });
    fs::remove_dir_all(&temporary).unwrap_or_default();
    done.map(|()| dir)
}

/// The digest of the file; a known stat saves reading it.
fn digest(file: &Utf8Path, base: &Utf8Path) -> io::Result<Digest> {
    let meta = fs::metadata(file)?;
    let mut key = KeyHasher::new();
    key.field("path", file.as_str());
    for number in [meta.len(), meta.ino(), meta.dev()] {
        key.field("", number.to_le_bytes());
    }
    for time in [meta.mtime(), meta.mtime_nsec(), meta.ctime(), meta.ctime_nsec()] {
        key.field("", time.to_le_bytes());
    }
    let note = base.join(format!("{}.known", key.finish().short(32)));
    if let Some(known) = fs::read_to_string(&note).ok().and_then(|text| text.trim().parse().ok()) {
        return Ok(known);
    }
    let digest = Digest::of_file(file.as_std_path())?;
    // Failing to write this only means that the file is read again.
    drop(fs::write(note, digest.to_string()));
    Ok(digest)
}

fn unpack(file: &Utf8Path, to: &Utf8Path) -> Result<(), Fault> {
    let damaged = || Fault::new("it is damaged or cut off");
    let cannot = |e: io::Error| Fault::new(format!("it cannot be unpacked: {e}"));
    let packed = File::open(file).map_err(cannot)?;
    let bytes = StreamingDecoder::new(io::BufReader::new(packed)).map_err(|_| damaged())?;
    let mut archive = Archive::new(bytes.take(LONGEST));
    fs::create_dir_all(to).map_err(cannot)?;
    let mut names = HashSet::new();
    for entry in archive.entries().map_err(|_| damaged())? {
        let mut entry = entry.map_err(|_| damaged())?;
        let name = entry.path().ok().and_then(|path| Utf8PathBuf::from_path_buf(path.into_owned()).ok());
        let name = name.ok_or_else(|| Fault::new("it names a file that is not UTF-8"))?;
        let shown = name.as_str().escape_debug();
        if entry.header().entry_type() != EntryType::Regular {
            return Err(Fault::new(format!("`{shown}` in it is not a plain file")));
        }
        if name.is_absolute() || !is_plain(&name) || name.as_str().is_empty() || archive::is_archive(&name) {
            return Err(Fault::new(format!("it contains the unsafe file name `{shown}`")));
        }
        if !names.insert(name.clone()) {
            return Err(Fault::new(format!("it holds `{shown}` twice")));
        }
        let mode = if entry.header().mode().is_ok_and(|mode| mode & 0o111 != 0) { 0o755 } else { 0o644 };
        let place = to.join(&name);
        fs::create_dir_all(place.parent().unwrap_or(to)).map_err(cannot)?;
        let mut made =
            OpenOptions::new().write(true).create_new(true).mode(mode).open(place).map_err(cannot)?;
        let size = entry.size();
        let copied = io::copy(&mut entry, &mut made).map_err(|_| damaged())?;
        if copied != size {
            return Err(damaged());
        }
    }
    // An archive that was cut off may look complete here; the list of its files shows what is missing.
    if names.is_empty() { Err(Fault::new("it is an empty archive")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::super::manifest::tests::manifest;
    use super::super::opened::Database;
    use super::super::place::Draft;
    use super::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    fn dir() -> (tempfile::TempDir, Utf8PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        (dir, path)
    }

    /// The error of opening an archive with these entries.
    fn said(entries: &[(&str, EntryType)]) -> String {
        let (_kept, dir) = dir();
        let mut builder = tar::Builder::new(vec![]);
        for (name, kind) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            // The safe way to set a name refuses these names.
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            if kind.is_symlink() || kind.is_hard_link() {
                header.set_link_name("/etc/passwd").unwrap();
            }
            header.set_size(if kind.is_file() { 1 } else { 0 });
            header.set_cksum();
            builder.append(&header, if kind.is_file() { &b"x"[..] } else { &b""[..] }).unwrap();
        }
        let packed = compress_to_vec(builder.into_inner().unwrap().as_slice(), CompressionLevel::Fastest);
        fs::write(dir.join("evil.tar.zst"), packed).unwrap();
        let fault = Database::open(&dir.join("evil.tar.zst"), Some(&dir.join("cache"))).unwrap_err();
        let left: Vec<_> = archive::files(&dir)
            .unwrap()
            .into_iter()
            .filter(|name| !name.as_str().ends_with(".known"))
            .collect();
        assert!(left == ["evil.tar.zst"] || fault.to_string().contains("not a database"), "{left:?}");
        fault.to_string()
    }

    #[test]
    fn nothing_but_plain_files_with_plain_names_is_unpacked_and_each_once() {
        let plain = EntryType::Regular;
        assert_eq!(said(&[("../evil", plain)]), "it contains the unsafe file name `../evil`");
        assert_eq!(said(&[("a/../../evil", plain)]), "it contains the unsafe file name `a/../../evil`");
        assert_eq!(said(&[("/tmp/evil", plain)]), "it contains the unsafe file name `/tmp/evil`");
        assert_eq!(said(&[("l", EntryType::Symlink), ("l/x", plain)]), "`l` in it is not a plain file");
        assert_eq!(said(&[("h", EntryType::Link)]), "`h` in it is not a plain file");
        assert_eq!(said(&[("f", EntryType::Fifo)]), "`f` in it is not a plain file");
        assert_eq!(said(&[("a", plain), ("a", plain)]), "it holds `a` twice");
        assert_eq!(said(&[("a", plain)]), "it is not a database of fudsv");
    }

    #[test]
    fn a_packed_database_is_read_again_and_every_cut_or_changed_one_is_refused() {
        let (_kept, dir) = dir();
        let (file, cache) = (dir.join("ip.tar.zst"), dir.join("cache"));
        let draft = Draft::begin(&file).unwrap();
        fs::create_dir_all(draft.store().join("e/ab")).unwrap();
        fs::write(draft.store().join("e/ab/x"), vec![7; 5000]).unwrap();
        draft.publish(&manifest()).unwrap();
        let database = Database::open(&file, Some(&cache)).unwrap();
        assert_eq!(database.manifest, manifest());
        assert_eq!(database.verify().unwrap(), (2, vec![]));
        assert_eq!(archive::files(&dir).unwrap().iter().filter(|name| !name.starts_with("cache")).count(), 1);
        let bytes = fs::read(&file).unwrap();
        for length in (0..bytes.len()).step_by(97) {
            fs::write(&file, &bytes[..length]).unwrap();
            assert!(Database::open(&file, Some(&cache)).is_err(), "{length} of {}", bytes.len());
        }
        for at in (0..bytes.len()).step_by(61) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            fs::write(&file, &changed).unwrap();
            // Whether the content is right is checked when it is read.
            let opened = Database::open(&file, Some(&cache));
            assert!(opened.is_err() || opened.unwrap().manifest.schema == 1);
        }
    }
}
