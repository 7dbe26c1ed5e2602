//! FuseSoC: a core with a target becomes EDAM.
//! It does not know EDAM.

use super::description::Description;
use crate::diag::{Error, Result};
use crate::facts::Facts;
use crate::paths::relative;
use crate::patterns::matching;
use crate::tools::how_to_install;
use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;

/// A core and how it is set up.
#[derive(Clone, Debug)]
pub struct FuseSoc {
    /// `VENDOR:LIBRARY:NAME:VERSION`, or a part of it.
    pub core: String,
    /// One of its targets.
    pub target: String,
    /// `NAME`, or `-NAME` to unset it.
    pub flags: Vec<String>,
    /// Where `*.core` files are; absolute.
    pub roots: Vec<Utf8PathBuf>,
    /// Where FuseSoC looks for `fusesoc.conf`, absolute.
    pub base: Utf8PathBuf,
}

impl Description for FuseSoc {
    const TOOL: &'static str = "fusesoc";
    const VERSION: &'static str = "FuseSoC 2.4 or newer";

    fn identity(&self, base: &Utf8Path) -> Vec<String> {
        let roots = self.roots.iter().map(|root| format!("root {}", relative(base, root)));
        let flags = self.flags.iter().map(|flag| format!("flag {flag}"));
        [self.core.clone(), self.target.clone()].into_iter().chain(flags).chain(roots).collect()
    }

    fn inputs(&self, facts: &Facts) -> Vec<Utf8PathBuf> {
        let cores = self.roots.iter().flat_map(|root| {
            let found = matching(facts, root, "**/*.core").unwrap_or_default();
            found.into_iter().map(|path| root.join(path))
        });
        let mut inputs: Vec<Utf8PathBuf> = cores.collect();
        inputs.push(self.base.join("fusesoc.conf"));
        let home = facts.var("HOME").map(|home| Utf8PathBuf::from(home).join(".config"));
        let user = facts.var("XDG_CONFIG_HOME").map(Utf8PathBuf::from).or(home);
        inputs.extend(user.map(|dir| dir.join("fusesoc/fusesoc.conf")));
        inputs
    }

    fn command(&self, dir: &Utf8Path) -> (Utf8PathBuf, Vec<String>) {
        let mut words: Vec<String> =
            self.roots.iter().flat_map(|root| ["--cores-root".to_owned(), root.to_string()]).collect();
        // Files may depend on the tool.
        words.extend(["run", "--setup", "--no-export", "--tool", "verilator", "--target"].map(str::to_owned));
        words.extend([self.target.clone(), "--work-root".to_owned(), dir.to_string()]);
        words.extend(self.flags.iter().map(|flag| format!("--flag={flag}")));
        words.push(self.core.clone());
        (self.base.clone(), words)
    }

    fn finish(&self, dir: &Utf8Path, _: &str) -> Result<(String, Vec<Utf8PathBuf>)> {
        let entries = dir.read_dir_utf8().into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_owned()).collect();
        names.retain(|name| name.ends_with(".eda.yml"));
        let [name] = names.as_slice() else {
            return Err(Error::request(format!("`fusesoc` wrote no EDAM; fudsv needs {}", Self::VERSION))
                .hint(how_to_install(Self::TOOL)));
        };
        let file = dir.join(name);
        let text = fs::read_to_string(&file)
            .map_err(|e| Error::machine(format!("cannot read `{file}`")).because(e))?;
        let cores = serde_norway::from_str::<Written>(&text).unwrap_or_default().cores;
        let found =
            cores.into_values().filter_map(|core| Some(crate::paths::normal(&dir.join(core.core_file?))));
        Ok((name.clone(), found.collect()))
    }
}

/// What FuseSoC writes of the cores that it read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Written {
    cores: BTreeMap<String, WrittenCore>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WrittenCore {
    core_file: Option<Utf8PathBuf>,
}

/// A `*.core` file, as far as it is read here.
#[derive(Debug, Deserialize)]
struct CoreFile {
    name: String,
    #[serde(default)]
    targets: BTreeMap<String, serde_norway::Value>,
}

/// What the targets begin with that are taken when none is named, the best first.
const TARGETS: [&str; 4] = ["verilator", "sim", "lint", "default"];

impl FuseSoc {
    /// Whether its target is one of those that simulate.
    pub fn is_simulated(&self) -> bool {
        TARGETS.iter().take(2).any(|front| self.target.starts_with(front))
    }

    /// What a `*.core` file is about, with the cores below `root`.
    ///
    /// # Errors
    /// It is not a core, or has none of the usual targets.
    pub fn of_file(shown: &str, text: &str, root: &Utf8Path) -> Result<FuseSoc> {
        let is_core = text.lines().next().is_some_and(|line| line.starts_with("CAPI=2"));
        let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
        let core: CoreFile = match is_core {
            true => serde_norway::from_str(rest)
                .map_err(|e| Error::request(format!("`{shown}` is not a core of FuseSoC: {e}")))?,
            false => {
                return Err(Error::request(format!("`{shown}` is not a core of FuseSoC"))
                    .hint("its first line is `CAPI=2:`"));
            }
        };
        let named = |front: &&str| core.targets.keys().find(|name| name.starts_with(*front));
        let target = TARGETS.iter().find_map(named).ok_or_else(|| {
            let known = core.targets.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            Error::request(format!("`{shown}` has none of the targets {}", TARGETS.map(|name| format!("`{name}`")).join(", ")))
                .hint(format!("name one of its own in `[design.NAME]`: `fusesoc = {{ core = \"{}\", target = \"…\" }}` ({known})", core.name))
        })?;
        Ok(FuseSoc {
            core: core.name,
            target: target.clone(),
            flags: vec![],
            roots: vec![root.to_owned()],
            base: root.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_file_names_its_core_and_the_target_that_simulates_it() {
        let target = |targets: &str| {
            let text = format!("CAPI=2:\nname: a:b:c:1.0\ntargets: {{{targets}}}\n");
            let core = FuseSoc::of_file("x.core", &text, Utf8Path::new("/r"))?;
            Ok::<_, Box<Error>>((core.core, core.target))
        };
        let is = |target: &str| ("a:b:c:1.0".to_owned(), target.to_owned());
        assert_eq!(target("default: {}, sim: {}, verilator_tb: {}").unwrap(), is("verilator_tb"));
        assert_eq!(target("default: {}, simple: {}, lint: {}").unwrap(), is("simple"));
        assert_eq!(target("default: {}, synth: {}").unwrap(), is("default"));
        assert!(target("synth: {}").unwrap_err().message.contains("has none of the targets `verilator`"));
        assert!(FuseSoc::of_file("x.core", "name: a\n", Utf8Path::new("/r")).is_err());
        assert!(FuseSoc::of_file("x.core", "CAPI=2:\n- 7\n", Utf8Path::new("/r")).is_err());
    }
}
