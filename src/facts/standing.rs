//! What precompiled databases say of files and directories that are not there.
//! It does not know databases. It only answers: that nothing is there is what is remembered of the world.

use super::entry::{DIRECTORY, Entry, FILE};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;

/// What stands for a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandIn {
    /// What planning takes out of it.
    pub outline: Option<String>,
    /// The whole of it.
    pub text: Option<String>,
    /// Whether this counts though the file is there.
    pub is_frozen: bool,
}

/// Files and directories, by their absolute paths.
#[derive(Clone, Debug, Default)]
pub struct StandIns {
    files: BTreeMap<Utf8PathBuf, StandIn>,
    /// Those of which nobody says what is in them have no names.
    dirs: BTreeMap<Utf8PathBuf, Vec<Entry>>,
}

impl StandIns {
    /// Adds a file, unless an earlier one stands there.
    pub fn add_file(&mut self, path: Utf8PathBuf, stands: StandIn) {
        for above in path.ancestors().skip(1) {
            if self.dirs.contains_key(above) {
                break;
            }
            self.dirs.insert(above.to_owned(), vec![]);
        }
        self.files.entry(path).or_insert(stands);
    }

    /// Adds a directory; names of an earlier one stay.
    pub fn add_dir(&mut self, path: Utf8PathBuf, names: Vec<Entry>) {
        let known = self.dirs.entry(path).or_default();
        if known.is_empty() {
            *known = names;
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.dirs.is_empty()
    }

    /// What stands for a file that is not there.
    pub(super) fn file(&self, path: &Utf8Path) -> Option<&StandIn> {
        self.files.get(path)
    }

    /// What stands for a file whether it is there or not.
    pub(super) fn frozen(&self, path: &Utf8Path) -> Option<&StandIn> {
        self.file(path).filter(|stands| stands.is_frozen)
    }

    /// What a path would lead to that leads to nothing.
    pub(super) fn kind(&self, path: &Utf8Path) -> Option<&'static str> {
        let file = self.files.contains_key(path).then_some(FILE);
        file.or_else(|| self.dirs.contains_key(path).then_some(DIRECTORY))
    }

    /// What is in a directory that is not there.
    pub(super) fn names(&self, path: &Utf8Path) -> Vec<Entry> {
        self.dirs.get(path).cloned().unwrap_or_default()
    }
}
