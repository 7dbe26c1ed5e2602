//! The files below a directory that belong to a step's result.
//! It does not know which of them a step made: it lists files, and removes the files that the caller names.

use crate::beneath::Beneath;
use crate::diag::{Error, Result};
use crate::facts::Stat;
use crate::step::names;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::fs;
use std::io;

/// Every file, link and empty directory below `dir` with its own stat; names are relative to `dir` and sorted. The list of
/// the directory itself and fudsv's temporary directories are left out. A directory that does not exist is empty.
///
/// # Errors
/// A directory that cannot be read, or a name that is not UTF-8.
pub fn files(dir: &Utf8Path) -> Result<BTreeMap<Utf8PathBuf, Stat>> {
    let mut found = BTreeMap::new();
    match walk(dir, Utf8Path::new(""), &mut found) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            Err(Error::machine(format!("cannot list `{dir}`")).because(e))
        }
        _ => Ok(found),
    }
}

fn walk(dir: &Utf8Path, below: &Utf8Path, found: &mut BTreeMap<Utf8PathBuf, Stat>) -> io::Result<()> {
    for entry in dir.join(below).read_dir_utf8()? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if !names::is_temporary(entry.file_name()) {
                let before = found.len();
                walk(dir, &name, found)?;
                if found.len() == before {
                    found.insert(name, Stat::from_metadata(&entry.metadata()?));
                }
            }
        } else if name != names::SUMS {
            found.insert(name, Stat::from_metadata(&entry.metadata()?));
        }
    }
    Ok(())
}

/// Removes a file or an empty directory below `dir`, and the directories that this leaves empty. A missing file is not an
/// error. It removes nothing through a link or a `..`: a record may list anything.
pub fn remove(dir: &Utf8Path, file: &Utf8Path) {
    let (root, within) = if names::is_inside(dir) { (HERE.into(), dir) } else { (dir, Utf8Path::new("")) };
    if let Ok(root) = Beneath::open(root) {
        root.remove_file(within, file);
    }
}

/// Removes a directory with all that is in it, and no link on the way to it is followed inside of the build directory.
pub fn remove_all(dir: &Utf8Path) {
    match names::is_inside(dir) {
        true => drop(Beneath::open(HERE.into()).and_then(|here| here.remove(dir))),
        false => fs::remove_dir_all(dir).unwrap_or_default(),
    }
}

/// The build directory, in which the runner runs.
const HERE: &str = ".";
