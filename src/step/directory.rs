//! The files below a directory that belong to a step's result.
//! It does not know which of them a step made: it lists, and removes what it is told to.

use crate::diag::{Error, Result};
use crate::facts::Stat;
use crate::step::names;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::fs;
use std::io;

/// Every file, link and empty directory below `dir` with its own stat; names are relative to `dir` and sorted. Left out are the list
/// of the directory itself and temporary directories of ours. A directory that is not there is empty.
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

/// Removes a file or an empty directory below `dir` and the directories that this leaves empty; what is gone already is no error.
pub fn remove(dir: &Utf8Path, file: &Utf8Path) {
    let path = dir.join(file);
    fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)).unwrap_or_default();
    let above = file.ancestors().skip(1).take_while(|above| !above.as_str().is_empty());
    for above in above {
        if fs::remove_dir(dir.join(above)).is_err() {
            break;
        }
    }
}
