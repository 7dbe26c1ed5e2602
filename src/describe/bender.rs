//! Bender: a package with its dependencies becomes a filelist.
//! It does not know how a filelist is read.

use super::description::Description;
use crate::diag::{Error, Result};
use crate::facts::Facts;
use crate::paths::relative;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;
use std::fs;

/// The file that makes a directory a package.
pub const MANIFEST: &str = "Bender.yml";

/// What is written; it is read as with `-F`.
const LIST: &str = "bender.f";

/// A package and how it is set up.
#[derive(Clone, Debug)]
pub struct Bender {
    /// The directory of its `Bender.yml`, absolute.
    pub dir: Utf8PathBuf,
    /// Targets.
    pub targets: Vec<String>,
    /// `NAME` or `NAME=VALUE`.
    pub defines: Vec<String>,
}

impl Description for Bender {
    const TOOL: &'static str = "bender";
    const VERSION: &'static str = "Bender 0.32 or newer";

    fn identity(&self, base: &Utf8Path) -> Vec<String> {
        let targets = self.targets.iter().map(|target| format!("target {target}"));
        let defines = self.defines.iter().map(|define| format!("define {define}"));
        std::iter::once(relative(base, &self.dir).into_string()).chain(targets).chain(defines).collect()
    }

    fn inputs(&self, _: &Facts) -> Vec<Utf8PathBuf> {
        [MANIFEST, "Bender.lock", "Bender.local", ".bender.yml"].map(|name| self.dir.join(name)).to_vec()
    }

    fn command(&self, _: &Utf8Path) -> (Utf8PathBuf, Vec<String>) {
        let mut words: Vec<String> = ["--local", "script", "flist-plus"].map(str::to_owned).to_vec();
        words.extend(self.targets.iter().flat_map(|target| ["-t".to_owned(), target.clone()]));
        words.extend(self.defines.iter().flat_map(|define| ["-D".to_owned(), define.clone()]));
        (self.dir.clone(), words)
    }

    fn finish(&self, dir: &Utf8Path, said: &str) -> Result<(String, Vec<Utf8PathBuf>)> {
        let mut found = BTreeSet::new();
        let mut list = String::new();
        for line in said.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (option, path) = match line.strip_prefix("+incdir+") {
                Some(path) => ("+incdir+", path),
                None if line.starts_with('+') => {
                    list.push_str(&format!("{line}\n"));
                    continue;
                }
                None => ("", line),
            };
            let path = self.dir.join(path);
            if option.is_empty() {
                found.extend(read_for(&path));
            }
            let shown = relative(dir, &path).into_string();
            let escaped: String = shown.chars().flat_map(escaped).collect();
            list.push_str(&format!("{option}{escaped}\n"));
        }
        let file = dir.join(LIST);
        fs::write(&file, list).map_err(|e| Error::machine(format!("cannot write `{file}`")).because(e))?;
        Ok((LIST.to_owned(), found.into_iter().collect()))
    }
}

/// The directory of a source, whose entries a pattern of its package may match, and the `Bender.yml` of the package.
fn read_for(source: &Utf8Path) -> Vec<Utf8PathBuf> {
    let dirs = source.ancestors().skip(1);
    let manifest = dirs.map(|dir| dir.join(MANIFEST)).find(|file| file.is_file());
    source.parent().map(Utf8Path::to_owned).into_iter().chain(manifest).collect()
}

/// A character of a path in a filelist.
fn escaped(c: char) -> Vec<char> {
    if c.is_whitespace() || "\\\"'".contains(c) { vec!['\\', c] } else { vec![c] }
}
