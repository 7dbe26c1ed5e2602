//! The sources below a directory: which modules are tops, which are testbenches, where headers are.
//! It does not know what is written about them.

use super::outline::{Unit, units};
use crate::describe::MANIFEST;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeSet, HashMap, HashSet};

/// How deep to look.
const DEPTH: usize = 12;

/// At how many files to look.
pub const FILES: usize = 20_000;

/// A source and what it declares.
#[derive(Clone, Debug)]
pub struct Source {
    /// Relative to the directory.
    pub path: Utf8PathBuf,
    /// What it declares.
    pub units: Vec<Unit>,
    /// Whether it calls C or C++.
    pub imports_c: bool,
}

/// The content of a directory.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// `*.sv` and `*.v`, sorted.
    pub sources: Vec<Source>,
    /// `*.f`, sorted.
    pub filelists: Vec<Utf8PathBuf>,
    /// `Bender.yml` and `*.core`, those of the upper directories first.
    pub descriptions: Vec<Utf8PathBuf>,
    /// `*.vlt`, sorted.
    pub controls: Vec<Utf8PathBuf>,
    /// C and C++ without a main program, sorted.
    pub cxx: Vec<Utf8PathBuf>,
    /// Directories of `*.svh` and `*.vh`, sorted.
    pub include_dirs: Vec<Utf8PathBuf>,
    /// Whether there were more files than were looked at.
    pub is_cut: bool,
    /// Where each module and package is declared, best in a file of its name: a place in `sources`.
    declared: HashMap<String, usize>,
    /// The names of the modules to simulate, and of those to build.
    roles: Roles,
}

/// Which modules are what.
#[derive(Clone, Debug, Default)]
struct Roles {
    benches: HashSet<String>,
    designs: HashSet<String>,
}

/// Looks at everything below a directory, except what is hidden, linked, or in a directory that is marked as a cache.
pub fn look(root: &Utf8Path) -> Folder {
    let mut files = vec![];
    let is_cut = !walk(root, Utf8Path::new(""), 0, &mut files);
    files.sort();
    let mut folder = Folder { is_cut, ..Folder::default() };
    let mut dirs = HashSet::new();
    for path in files {
        match path.extension() {
            Some("sv" | "v") => {
                let text = read(&root.join(&path));
                let imports_c = text.contains("\"DPI-C\"");
                folder.sources.push(Source { path, units: units(&text), imports_c });
            }
            Some("vlt") => folder.controls.push(path),
            Some("cpp" | "cc" | "cxx" | "c") if !read(&root.join(&path)).contains(" main(") => {
                folder.cxx.push(path);
            }
            Some("f") => folder.filelists.push(path),
            Some("core" | "yml") => folder.descriptions.push(path),
            Some("svh" | "vh") => {
                let dir = path.parent().filter(|dir| !dir.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
                if dirs.insert(dir.to_owned()) {
                    folder.include_dirs.push(dir.to_owned());
                }
            }
            _ => {}
        }
    }
    for (at, source) in folder.sources.iter().enumerate() {
        for unit in &source.units {
            let place = folder.declared.entry(unit.name.clone()).or_insert(at);
            let is_named_so = |at: usize| folder.sources[at].path.file_stem() == Some(&unit.name);
            if is_named_so(at) && !is_named_so(*place) {
                *place = at;
            }
        }
    }
    folder.descriptions.sort_by_key(|path| path.components().count());
    folder.roles = roles(&folder.modules().collect::<Vec<_>>());
    folder
}

/// Modules to simulate: no other module uses them, and they have no ports or the name of a testbench. Modules to build: only
/// testbenches use them, or no module.
fn roles(modules: &[&Unit]) -> Roles {
    let names: HashSet<&str> = modules.iter().map(|unit| unit.name.as_str()).collect();
    let used_by = |is_user: &dyn Fn(&str) -> bool| {
        let users = modules.iter().filter(|user| is_user(&user.name));
        let uses = users.flat_map(|user| user.names.iter().filter(|name| **name != user.name));
        uses.filter(|name| names.contains(name.as_str())).cloned().collect::<HashSet<String>>()
    };
    let used = used_by(&|_| true);
    let is_bench = |unit: &&&Unit| !used.contains(&unit.name) && is_testbench(unit);
    let benches: HashSet<String> = modules.iter().filter(is_bench).map(|unit| unit.name.clone()).collect();
    let used = used_by(&|user| !benches.contains(user));
    let is_design = |unit: &&&Unit| !benches.contains(&unit.name) && !used.contains(&unit.name);
    let designs = modules.iter().filter(is_design).map(|unit| unit.name.clone()).collect();
    Roles { benches, designs }
}

fn read(path: &Utf8Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}

/// Adds the files below a directory; returns whether those are all.
fn walk(root: &Utf8Path, below: &Utf8Path, depth: usize, found: &mut Vec<Utf8PathBuf>) -> bool {
    let dir = root.join(below);
    let Ok(entries) = dir.read_dir_utf8() else { return true };
    if depth > 0 && dir.join("CACHEDIR.TAG").exists() {
        return true;
    }
    let mut is_whole = true;
    for entry in entries.flatten().filter(|entry| !entry.file_name().starts_with('.')) {
        let path = below.join(entry.file_name());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < DEPTH => is_whole &= walk(root, &path, depth + 1, found),
            Ok(kind) if kind.is_file() && is_read(&path) => {
                is_whole &= found.len() < FILES;
                found.extend((found.len() < FILES).then_some(path));
            }
            _ => {}
        }
    }
    is_whole
}

/// Whether a file can matter to a design.
fn is_read(path: &Utf8Path) -> bool {
    const KINDS: [&str; 11] = ["sv", "v", "svh", "vh", "vlt", "f", "c", "cc", "cpp", "cxx", "core"];
    path.file_name() == Some(MANIFEST) || path.extension().is_some_and(|extension| KINDS.contains(&extension))
}

impl Folder {
    /// Modules to simulate.
    pub fn testbenches(&self) -> Vec<&Unit> {
        self.modules().filter(|unit| self.roles.benches.contains(&unit.name)).collect()
    }

    /// Modules to build.
    pub fn designs(&self) -> Vec<&Unit> {
        self.modules().filter(|unit| self.roles.designs.contains(&unit.name)).collect()
    }

    /// Whether a source contains a testbench.
    pub fn is_bench(&self, source: &Source) -> bool {
        source.units.iter().any(|unit| self.roles.benches.contains(&unit.name))
    }

    /// The source that declares a module or package.
    pub fn source_of(&self, name: &str) -> Option<&Source> {
        self.declared.get(name).and_then(|at| self.sources.get(*at))
    }

    /// The modules; of those with one name the first.
    fn modules(&self) -> impl Iterator<Item = &Unit> {
        let mut seen = BTreeSet::new();
        let all = self.sources.iter().flat_map(|source| &source.units).filter(|unit| !unit.is_package);
        all.filter(move |unit| seen.insert(unit.name.as_str()))
    }
}

fn is_testbench(unit: &Unit) -> bool {
    let name = unit.name.to_lowercase();
    let ends = ["_tb", "_test", "_testbench"].iter().any(|end| name.ends_with(end));
    !unit.has_ports || ends || name == "tb" || ["tb_", "test_"].iter().any(|start| name.starts_with(start))
}
