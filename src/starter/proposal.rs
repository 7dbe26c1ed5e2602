//! The designs that a first `fud.toml` proposes: few, the largest first, each with its sources.
//! It does not know whether they lint, nor how they are written down.

use super::folder::{Folder, Source};
use crate::options::built::{LIBRARY, SIMULATION};
use camino::{Utf8Path, Utf8PathBuf};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

/// As many designs are proposed, and as many testbenches.
const MOST: usize = 8;

/// A module that becomes a section.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The module.
    pub name: String,
    /// The state that it is built to.
    pub to: &'static str,
    /// Which sources it has.
    pub extent: Extent,
    /// Why it does not lint.
    pub problem: Option<String>,
}

/// Which sources a design has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of the directory but testbenches, as patterns.
    Whole,
    /// The files whose modules and packages it names, by name.
    Used,
}

/// What is proposed, the largest first, and how many modules are not.
pub fn proposals(folder: &Folder) -> (Vec<Proposal>, usize) {
    let mut found = vec![];
    let mut left_out = 0;
    for (names, to) in [(folder.designs(), LIBRARY), (folder.testbenches(), SIMULATION)] {
        let mut names: Vec<&str> = names.into_iter().map(|unit| unit.name.as_str()).collect();
        names.sort_by_cached_key(|name| Reverse(folder.used_by(name).len()));
        left_out += names.len().saturating_sub(MOST);
        let proposal =
            |name: &str| Proposal { name: name.to_owned(), to, extent: Extent::Whole, problem: None };
        found.extend(names.into_iter().take(MOST).map(proposal));
    }
    (found, left_out)
}

impl Proposal {
    /// Whether it is simulated.
    pub fn is_bench(&self) -> bool {
        self.to == SIMULATION
    }

    /// What `fudsv lint` is told to look at it; C++ is nothing to lint.
    pub fn lint_words(&self, folder: &Folder) -> Vec<String> {
        let files = self.files(folder).into_iter().filter(|path| !folder.cxx.contains(path));
        let mut words: Vec<String> = files.map(Utf8PathBuf::into_string).collect();
        words.extend(folder.include_dirs.iter().map(|dir| format!("+incdir+{dir}")));
        words.extend(["--top".to_owned(), self.name.clone()]);
        words
    }

    /// The entries of `sources`: patterns for whole directories, but names in a directory that has testbenches.
    pub fn entries(&self, folder: &Folder) -> Vec<String> {
        let beside = |path: &Utf8Path| {
            let dir = path.parent().unwrap_or(Utf8Path::new(""));
            dir.join(format!("*.{}", path.extension().unwrap_or_default())).into_string()
        };
        let benches = folder.sources.iter().filter(|source| folder.is_bench(source));
        let mixed: HashSet<String> = benches.map(|source| beside(&source.path)).collect();
        let is_source = |path: &Utf8Path| matches!(path.extension(), Some("sv" | "v"));
        let mut known = HashSet::new();
        let mut entries = vec![];
        for path in self.files(folder) {
            let pattern = beside(&path);
            let is_named = self.extent == Extent::Used || mixed.contains(&pattern) || !is_source(&path);
            let entry = if is_named { path.into_string() } else { pattern };
            if known.insert(entry.clone()) {
                entries.push(entry);
            }
        }
        entries
    }

    /// Its files: sources, its own last, then controls of Verilator, then C++ if it calls any.
    fn files(&self, folder: &Folder) -> Vec<Utf8PathBuf> {
        let own = folder.source_of(&self.name).map(|source| &source.path);
        let used = folder.used_by(&self.name);
        let is_wanted = |source: &&Source| match self.extent {
            Extent::Used => used.contains(&source.path),
            Extent::Whole => !folder.is_bench(source) || self.is_bench() && Some(&source.path) == own,
        };
        let (last, others): (Vec<&Source>, Vec<&Source>) = folder
            .sources
            .iter()
            .filter(is_wanted)
            .partition(|source| self.is_bench() && Some(&source.path) == own);
        let sources: Vec<&Source> = others.into_iter().chain(last).collect();
        let mut files: Vec<Utf8PathBuf> = sources.iter().map(|source| source.path.clone()).collect();
        files.extend(folder.controls.iter().cloned());
        if sources.iter().any(|source| source.imports_c) {
            files.extend(folder.cxx.iter().cloned());
        }
        files
    }
}

impl Folder {
    /// The files of a module and of whatever it names, and so on.
    fn used_by(&self, name: &str) -> BTreeSet<Utf8PathBuf> {
        let (mut files, mut left) = (BTreeSet::new(), vec![name]);
        while let Some(name) = left.pop() {
            let Some(source) = self.source_of(name) else { continue };
            if files.insert(source.path.clone()) {
                left.extend(source.units.iter().flat_map(|unit| &unit.names).map(String::as_str));
            }
        }
        files
    }
}
