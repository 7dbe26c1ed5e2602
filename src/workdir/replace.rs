//! The one way in which a file is written whole: under a temporary name of this process, then renamed.
//! It does not know what the file is for.

use crate::diag::{Error, Result};
use camino::{Utf8Path, Utf8PathBuf};
use std::fs::{self, Permissions};
use std::io;

/// Puts a file with this content in its place, in one go; a directory that is missing is made.
///
/// # Errors
/// It cannot be written; a file that is there stays as it was.
pub fn replace(path: &Utf8Path, content: &[u8]) -> Result<()> {
    replace_with_mode(path, content, None)
}

/// The same with these permissions.
///
/// # Errors
/// As [`replace`].
pub fn replace_with_mode(path: &Utf8Path, content: &[u8], mode: Option<Permissions>) -> Result<()> {
    let temporary = Utf8PathBuf::from(format!("{path}.tmp{}", std::process::id()));
    let written = fs::write(&temporary, content).or_else(|e| match path.parent() {
        Some(dir) if e.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(dir).and_then(|()| fs::write(&temporary, content))
        }
        _ => Err(e),
    });
    let placed = written
        .and_then(|()| mode.map_or(Ok(()), |mode| fs::set_permissions(&temporary, mode)))
        .and_then(|()| fs::rename(&temporary, path));
    if placed.is_err() {
        fs::remove_file(&temporary).unwrap_or_default();
    }
    placed.map_err(|e| Error::machine(format!("cannot write `{path}`")).because(e))
}
