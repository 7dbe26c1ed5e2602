//! The designs that a first `fud.toml` proposes: few, the largest first, each with its sources.
//! It does not know whether they lint, nor how they are written down.

use super::folder::{Folder, Source};
use crate::describe::{FuseSoc, MANIFEST};
use crate::options::built::{LIBRARY, SIMULATION};
use camino::{Utf8Path, Utf8PathBuf};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

/// As many designs are proposed, and as many testbenches; as many of each are tried.
const MOST: usize = 6;
const TRIES: usize = 16;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Those that another tool names; the key of the design with its value, and the file that the tool reads.
    Described(String, Utf8PathBuf),
    /// All of the directory but testbenches, as patterns.
    Whole,
    /// The files whose modules and packages it names, by name.
    Used,
}

/// The designs that files of other tools describe: packages of Bender, and cores of FuseSoC that can be simulated.
pub fn described(folder: &Folder, root: &Utf8Path) -> Vec<Proposal> {
    let mut found = vec![];
    for path in &folder.descriptions {
        let name = path.file_stem().unwrap_or_default();
        let dir = path.parent().filter(|dir| !dir.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
        let (name, key) = if path.file_name() == Some(MANIFEST) {
            let own = if dir == "." { root } else { dir };
            (own.file_name().unwrap_or("package"), format!("bender = \"{dir}\""))
        } else {
            let text = std::fs::read_to_string(root.join(path)).unwrap_or_default();
            let Ok(core) = FuseSoc::of_file(path.as_str(), &text, root) else { continue };
            if !core.is_simulated() {
                continue;
            }
            let FuseSoc { core, target, .. } = core;
            (name, format!("fusesoc = {{ core = \"{core}\", target = \"{target}\" }}"))
        };
        let extent = Extent::Described(key, path.clone());
        found.push(Proposal { name: name.to_owned(), to: LIBRARY, extent, problem: None });
    }
    found.truncate(MOST);
    found
}

/// The modules to try one by one, until enough of them lint.
pub struct Candidates<'a> {
    folder: &'a Folder,
    to: &'static str,
    /// The largest first.
    left: Vec<&'a str>,
    tried: usize,
    good: usize,
    known: HashSet<&'a str>,
}

/// The designs, and the testbenches.
pub fn candidates(folder: &Folder) -> [Candidates<'_>; 2] {
    [(folder.designs(), LIBRARY), (folder.testbenches(), SIMULATION)].map(|(units, to)| {
        let mut left: Vec<&str> = units.into_iter().map(|unit| unit.name.as_str()).collect();
        left.sort_by_cached_key(|name| Reverse(folder.used_by(name).len()));
        let known = left.iter().copied().collect();
        Candidates { folder, to, left, tried: 0, good: 0, known }
    })
}

impl Candidates<'_> {
    /// The next to try.
    pub fn take(&mut self) -> Option<Proposal> {
        if self.tried == TRIES || self.good == MOST || self.left.is_empty() {
            return None;
        }
        self.tried += 1;
        let name = self.left.remove(0).to_owned();
        Some(Proposal { name, to: self.to, extent: Extent::Whole, problem: None })
    }

    /// Takes note of how the last one came out. A design that does not lint, such as the top for a board, may contain one
    /// that does: its parts are tried next.
    pub fn tried(&mut self, proposal: &Proposal) {
        if proposal.problem.is_none() {
            self.good += 1;
        } else if !proposal.is_bench() {
            let mut parts = self.folder.parts(&proposal.name);
            parts.retain(|name| self.known.insert(name));
            parts.sort_by_cached_key(|name| Reverse(self.folder.used_by(name).len()));
            self.left.splice(0..0, parts);
        }
    }

    /// How many modules were not tried.
    pub fn left(&self) -> usize {
        self.left.len()
    }
}

impl Proposal {
    /// Whether it is simulated.
    pub fn is_bench(&self) -> bool {
        self.to == SIMULATION
    }

    /// Whether another tool says what it consists of.
    pub fn is_described(&self) -> bool {
        matches!(self.extent, Extent::Described(..))
    }

    /// What `fudsv lint` is told to look at it; C++ is nothing to lint.
    pub fn lint_words(&self, folder: &Folder) -> Vec<String> {
        if let Extent::Described(_, file) = &self.extent {
            return vec![file.to_string()];
        }
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
        let is_wanted = |source: &&Source| match &self.extent {
            Extent::Described(..) => false,
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
    /// The modules with ports that a module names.
    fn parts(&self, name: &str) -> Vec<&str> {
        let units = self.source_of(name).into_iter().flat_map(|source| &source.units);
        let names = units.filter(|unit| unit.name == name).flat_map(|unit| &unit.names);
        let is_module = |name: &&str| {
            let mut units = self.source_of(name).into_iter().flat_map(|source| &source.units);
            units.any(|unit| unit.name == *name && !unit.is_package && unit.has_ports)
        };
        names.map(String::as_str).filter(is_module).collect()
    }

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
