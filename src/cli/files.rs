//! Files that a user names for results of a run: their directories are made, as for `-o`.
//! It does not know what is written into them.

use crate::diag::{Error, Result};
use camino::Utf8Path;

/// Makes the directory of a file that is about to be written.
///
/// # Errors
/// It cannot be made.
pub fn make_parent(file: &Utf8Path) -> Result<()> {
    match file.parent().filter(|dir| !dir.as_str().is_empty()) {
        None => Ok(()),
        Some(dir) => std::fs::create_dir_all(dir)
            .map_err(|cause| Error::machine(format!("cannot make the directory `{dir}`")).because(cause)),
    }
}
