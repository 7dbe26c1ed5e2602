//! What precompiled databases know about files and directories that do not exist here.
//! It does not know databases. It only answers: what is remembered of the world is that nothing is there.

use super::entry::{DIRECTORY, Entry, FILE};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;

/// What stands for a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandIn {
    /// Its outline, which planning reads.
    pub outline: Option<String>,
    /// Its whole text.
    pub text: Option<String>,
    /// Whether this counts even if the file exists.
    pub is_frozen: bool,
}

/// Files and directories, by their absolute paths.
#[derive(Clone, Debug, Default)]
pub struct StandIns {
    files: BTreeMap<Utf8PathBuf, StandIn>,
    /// A directory whose content is not known has no names.
    dirs: BTreeMap<Utf8PathBuf, Vec<Entry>>,
}

impl StandIns {
    /// Adds a file, unless the path already has one.
    pub fn add_file(&mut self, path: Utf8PathBuf, stands: StandIn) {
        for above in path.ancestors().skip(1) {
            if self.dirs.contains_key(above) {
                break;
            }
            self.dirs.insert(above.to_owned(), vec![]);
        }
        self.files.entry(path).or_insert(stands);
    }

    /// Adds a directory. If the path already has names, they stay.
    pub fn add_dir(&mut self, path: Utf8PathBuf, names: Vec<Entry>) {
        let known = self.dirs.entry(path).or_default();
        if known.is_empty() {
            *known = names;
        }
    }

    /// Whether it knows no file and no directory.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.dirs.is_empty()
    }

    /// What stands for a file that does not exist.
    pub(super) fn file(&self, path: &Utf8Path) -> Option<&StandIn> {
        self.files.get(path)
    }

    /// What stands for a file even if it exists.
    pub(super) fn frozen(&self, path: &Utf8Path) -> Option<&StandIn> {
        self.file(path).filter(|stands| stands.is_frozen)
    }

    /// What a path that does not exist would lead to.
    pub(super) fn kind(&self, path: &Utf8Path) -> Option<&'static str> {
        let file = self.files.contains_key(path).then_some(FILE);
        file.or_else(|| self.dirs.contains_key(path).then_some(DIRECTORY))
    }

    /// The names in a directory that does not exist.
    pub(super) fn names(&self, path: &Utf8Path) -> Vec<Entry> {
        self.dirs.get(path).cloned().unwrap_or_default()
    }
}
