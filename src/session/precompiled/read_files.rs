//! Separates the files that steps read: sources of the project, and files that come with tools and the system.
//! It does not know how either kind is saved.

use crate::digest::Digest;
use crate::session::open::Session;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, BTreeSet};

/// Files that were read, with the digests of their contents, by absolute path.
#[derive(Debug, Default)]
pub struct ReadFiles {
    all: BTreeMap<Utf8PathBuf, Digest>,
    declared: BTreeSet<Utf8PathBuf>,
}

impl ReadFiles {
    /// Adds a file.
    pub fn add(&mut self, path: Utf8PathBuf, digest: Digest, is_declared: bool) {
        if is_declared {
            self.declared.insert(path.clone());
        }
        self.all.insert(path, digest);
    }

    /// The sources, then the other files. A file outside of the project is a source if a step declares it, or if it is
    /// beside such a file or in a directory that the configuration names.
    pub fn parted(self, session: &Session) -> (BTreeMap<Utf8PathBuf, Digest>, BTreeMap<Utf8PathBuf, Digest>) {
        let (root, cwd) = (&session.places.root, &session.places.cwd);
        let is_near = |path: &Utf8Path| path.starts_with(root) || path.starts_with(cwd);
        let beside = self.declared.iter().filter(|path| !is_near(path)).filter_map(|path| path.parent());
        let mut dirs: BTreeSet<Utf8PathBuf> = beside.map(Utf8Path::to_owned).collect();
        for key in ["verilator.include-dirs", "verilator.library-dirs", "cxx.include-dirs"] {
            let found = session.config.get(key);
            let items = found.iter().flat_map(|found| found.value.as_array().into_iter().flatten());
            let one = found.iter().filter_map(|found| found.value.as_str());
            dirs.extend(items.filter_map(toml::Value::as_str).chain(one).map(|dir| session.facts.place(dir)));
        }
        let is_source = |path: &Utf8Path| {
            is_near(path) || self.declared.contains(path) || dirs.iter().any(|dir| path.starts_with(dir))
        };
        self.all.into_iter().partition(|(path, _)| is_source(path))
    }
}
