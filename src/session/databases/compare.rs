//! Compares the sources of a database with the files on this machine.
//! It does not know what follows from a difference.

use crate::database::{Manifest, Source};
use crate::digest::SourceSum;
use crate::shelf::Renames;
use camino::{Utf8Path, Utf8PathBuf};

/// What is known of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has the saved content.
    Same,
    /// It has another content.
    Changed,
    /// It does not exist here.
    Absent,
    /// It was not compared, because the database is frozen.
    Frozen,
}

/// A source of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Its absolute path on this machine.
    pub path: Utf8PathBuf,
    /// The result of the comparison.
    pub state: State,
}

/// The path on this machine for a path in a database.
pub fn here(path: &Utf8Path, root: &Utf8Path, renames: &Renames) -> Utf8PathBuf {
    if path.is_absolute() { renames.here(path.as_str()).into() } else { root.join(path) }
}

/// Compares the sources of a database, in the database's order.
pub fn compare(manifest: &Manifest, root: &Utf8Path, renames: &Renames, is_frozen: bool) -> Vec<Compared> {
    let compared = |source: &Source| {
        let path = here(&source.path, root, renames);
        let state = if is_frozen { State::Frozen } else { state(source, &path) };
        Compared { path, state }
    };
    manifest.sources.iter().map(compared).collect()
}

fn state(source: &Source, path: &Utf8Path) -> State {
    let Ok(meta) = std::fs::metadata(path) else { return State::Absent };
    let same = || SourceSum::of_file(path.as_std_path()).is_ok_and(|sum| sum.to_string() == source.md5);
    if meta.len() == source.size && same() { State::Same } else { State::Changed }
}
