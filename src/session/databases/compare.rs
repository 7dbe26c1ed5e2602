//! The sources of a database beside those of this machine.
//! It does not know what follows from a difference.

use crate::database::{Manifest, Source};
use crate::digest::SourceSum;
use crate::shelf::Renames;
use camino::{Utf8Path, Utf8PathBuf};

/// What is known of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It holds what it held.
    Same,
    /// It holds something else.
    Changed,
    /// It is not there.
    Absent,
    /// Nobody looked: the database counts.
    Frozen,
}

/// A source of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Where it is here, absolute.
    pub path: Utf8PathBuf,
    /// What is known of it.
    pub state: State,
}

/// Where a path of a database is here.
pub fn here(path: &Utf8Path, root: &Utf8Path, renames: &Renames) -> Utf8PathBuf {
    if path.is_absolute() { renames.here(path.as_str()).into() } else { root.join(path) }
}

/// The sources of a database, in its order.
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
