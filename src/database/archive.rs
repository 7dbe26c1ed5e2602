//! Packs a database into one file: a compressed tar archive. The same database gives the same bytes.
//! It does not know how such a file is read.

use super::names::{MANIFEST, SUMS};
use camino::{Utf8Path, Utf8PathBuf};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;

/// The suffix of a database that is one file.
pub const ENDING: &str = ".tar.zst";

/// Whether a path names a database that is one file, by its suffix.
pub fn is_archive(path: &Utf8Path) -> bool {
    path.as_str().ends_with(ENDING)
}

/// Packs the files of a database into one.
pub fn pack(dir: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    let mut names = files(dir)?;
    // The manifest comes first, so that a reader knows early what this is.
    names.sort_by_key(|name| (name != MANIFEST, name != SUMS, name.clone()));
    let mut archive = tar::Builder::new(vec![]);
    for name in names.iter().filter(|name| !is_archive(name)) {
        let mut file = File::open(dir.join(name))?;
        let meta = file.metadata()?;
        let mut header = tar::Header::new_gnu();
        header.set_size(meta.len());
        header.set_mode(if meta.permissions().mode() & 0o111 == 0 { 0o644 } else { 0o755 });
        archive.append_data(&mut header, name, &mut file)?;
    }
    // The compressor cannot report a write error, so it writes to memory.
    let packed = compress_to_vec(archive.into_inner()?.as_slice(), CompressionLevel::Fastest);
    let mut file = File::create(to)?;
    file.write_all(&packed)?;
    file.sync_data()
}

/// The plain files below a directory, sorted.
pub fn files(dir: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
    let (mut found, mut open) = (vec![], vec![Utf8PathBuf::new()]);
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(dir.join(&below))? {
            let entry = entry?;
            let name = below.join(entry.file_name().to_string_lossy().as_ref());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(name);
            } else if kind.is_file() {
                found.push(name);
            }
        }
    }
    found.sort();
    Ok(found)
}
