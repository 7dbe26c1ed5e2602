//! The tools of a request: each is found once, and its identity is kept.
//! It does not know where fudsv searches for a tool, or what its identity is.

use super::find::{self, Program};
use super::identity::Identity;
use super::{cocotb, identity, known, probe};
use crate::config::Config;
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::facts::Facts;
use crate::paths::WorkPath;
use crate::workdir::names;
use camino::Utf8Path;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A tool that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// The words that start it in a command; a bare name when it was found under that name on PATH.
    pub words: Vec<String>,
    /// The file in the build directory that contains its identity.
    pub stamp: WorkPath,
    /// What else is known of it: `kind`, `root`, `version`, `ports`.
    pub properties: BTreeMap<String, String>,
}

/// What a tool is, without the place where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolIdentity {
    /// Its name.
    pub name: String,
    /// The key that names it.
    pub key: String,
    /// What it calls itself, where that is known.
    pub version: Option<String>,
    /// The digest of its identity.
    pub digest: Digest,
}

/// Finds tools, each once, and keeps their identities.
#[derive(Debug)]
pub struct Toolbox {
    facts: Rc<Facts>,
    config: Rc<Config>,
    /// Read when the first tool is needed: most commands need none.
    known: RefCell<Option<known::Known>>,
    runs_tools: bool,
    found: RefCell<BTreeMap<String, (Tool, String)>>,
}

impl Toolbox {
    /// A box that looks through this door and asks this configuration. Without `runs_tools` it runs no program that
    /// the project's own files name; the identity of a compiler is then incomplete.
    pub fn new(facts: Rc<Facts>, config: Rc<Config>, runs_tools: bool) -> Toolbox {
        Toolbox { facts, config, known: RefCell::default(), runs_tools, found: RefCell::default() }
    }

    /// The tool of this name: `verilator`, `cxx`, or any program. `key` is the configuration key that names the command; by
    /// default `<name>.exe`.
    ///
    /// # Errors
    /// It was not found; the error says where fudsv searched and what to install. Or its configuration is wrong.
    pub fn find(&self, name: &str, key: Option<&str>) -> Result<Tool> {
        let key = key_of(name, key);
        let id = format!("{name} {key}");
        if let Some((tool, _)) = self.found.borrow().get(&id) {
            return Ok(tool.clone());
        }
        let (program, identity) = match name {
            cocotb::NAME => self.cocotb()?,
            _ => self.identified(name, &key)?,
        };
        let stamp = WorkPath::new(names::tool_file(&file_name(name)))?;
        let tool = Tool { words: program.words, stamp, properties: identity.properties };
        self.found.borrow_mut().insert(id, (tool.clone(), identity.text));
        Ok(tool)
    }

    /// A tool and its identity.
    fn identified(&self, name: &str, key: &str) -> Result<(Program, Identity)> {
        let program = match name {
            "linker" => self.linker(key)?,
            "fst-libraries" => self.fst_libraries(key)?,
            "llvm-profdata" => self.merger_of_counts(name, key)?,
            _ => self.program(name, key)?,
        };
        let may_run = self.may_run(key);
        let identity = self.knowing(|known| identity::identify(&self.facts, known, name, &program, may_run));
        if name == "verilator" && !identity.properties.contains_key("root") {
            return Err(without_headers(&program));
        }
        Ok((program, identity))
    }

    /// cocotb, with the Python that has it.
    fn cocotb(&self) -> Result<(Program, Identity)> {
        let (program, is_of_project) = cocotb::python(&self.facts, &self.config)?;
        let may_run = self.runs_tools || !is_of_project;
        let told = self.knowing(|known| cocotb::ask(&self.facts, known, &program, may_run))?;
        let identity = self.knowing(|known| told.identify(&self.facts, known));
        Ok((program, identity))
    }

    /// Finds the program of this name again.
    pub(super) fn program(&self, name: &str, key: &str) -> Result<Program> {
        if name == cocotb::NAME {
            return cocotb::python(&self.facts, &self.config).map(|(python, _)| python);
        }
        let is_usable = |program: &Program| self.knowing(|known| probe::compiles(known, program));
        find::find(&self.facts, &self.config, (name, key), is_usable)
    }

    /// The linker for the compiler of C++.
    fn linker(&self, key: &str) -> Result<Program> {
        let compiler = self.program("cxx", "cxx.exe")?;
        find::linker(&self.facts, &self.config, key, |flag, linker| {
            self.may_run("cxx.exe") && self.knowing(|known| probe::links_with(known, &compiler, flag, linker))
        })
    }

    /// What merges the counts of programs by clang++, which must have the library that counts.
    fn merger_of_counts(&self, name: &str, key: &str) -> Result<Program> {
        let compiler = self.program("cxx", "cxx.exe")?;
        if self.may_run("cxx.exe") && !self.knowing(|known| probe::counts(known, &compiler)) {
            let compiler = compiler.words.join(" ");
            let message = format!("`{compiler}` has no library for programs that count, which `pgo` needs");
            return Err(Error::machine(message)
                .hint("`apt install libclang-rt-dev` installs it; `--set cxx.exe=g++` does without"));
        }
        self.program(name, key)
    }

    /// What is linked with models that write FST, as options of the compiler: what `key` says, else what Verilator
    /// needs; the compiler must find the headers of that.
    fn fst_libraries(&self, key: &str) -> Result<Program> {
        let Program { binary, on_path, words: compiler } = self.program("cxx", "cxx.exe")?;
        if self.config.get(key).is_some() {
            return Ok(Program { binary, on_path, words: words(&self.config, key) });
        }
        let libraries = self.find("verilator", None)?.properties.get("fst-libraries").cloned();
        let needed: Vec<String> =
            libraries.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        let program = Program { binary, on_path, words: compiler };
        let flags = words(&self.config, "cxx.flags");
        let here = self.config.project_dir().unwrap_or(&self.facts.env().cwd);
        for (library, header, package) in [("-lz", "zlib.h", "zlib1g-dev"), ("-llz4", "lz4.h", "liblz4-dev")]
        {
            let is_there = || self.knowing(|known| probe::includes(known, &program, (&flags, here), header));
            if needed.iter().any(|word| word == library) && self.may_run("cxx.exe") && !is_there() {
                let compiler = program.words.join(" ");
                let message = format!("waveforms as FST need `{header}`, which `{compiler}` does not find");
                return Err(Error::machine(message)
                    .hint(format!("`apt install {package}` installs it; VCD does not need it")));
            }
        }
        Ok(Program { words: needed, ..program })
    }

    /// The version of a program, as it tells it itself; empty when it tells none, `None` when it may not be run.
    ///
    /// # Errors
    /// As [`Toolbox::find`].
    pub fn told_version(&self, name: &str, key: Option<&str>) -> Result<Option<String>> {
        let key = key.map_or_else(|| format!("{name}.exe"), str::to_owned);
        let program = self.program(name, &key)?;
        Ok(self.may_run(&key).then(|| self.knowing(|known| probe::version(known, &program))))
    }

    /// Whether the program that this key may name can be run.
    pub(super) fn may_run(&self, key: &str) -> bool {
        self.runs_tools || !is_named_by_project(&self.config, key)
    }

    /// Asks what is known of large binaries.
    fn knowing<T>(&self, ask: impl FnOnce(&mut known::Known) -> T) -> T {
        let mut known = self.known.borrow_mut();
        ask(known.get_or_insert_with(|| known::Known::load(self.facts.env())))
    }

    /// The identity of a tool, as its stamp says it.
    ///
    /// # Errors
    /// As [`Toolbox::find`].
    pub fn identity(&self, name: &str, key: &str) -> Result<ToolIdentity> {
        let tool = self.find(name, Some(key))?;
        let found = self.found.borrow();
        let text = found.get(&format!("{name} {key}")).map_or("", |(_, text)| text);
        let (name, key) = (name.to_owned(), key.to_owned());
        let version = tool.properties.get("version").cloned();
        Ok(ToolIdentity { name, key, version, digest: Digest::of_bytes(text.as_bytes()) })
    }

    /// The identities of the tools found so far.
    pub fn identities(&self) -> Vec<ToolIdentity> {
        let found = self.found.borrow();
        let identity = |(id, (tool, text)): (&String, &(Tool, String))| {
            let (name, key) = id.split_once(' ')?;
            let (name, key) = (name.to_owned(), key.to_owned());
            let version = tool.properties.get("version").cloned();
            Some(ToolIdentity { name, key, version, digest: Digest::of_bytes(text.as_bytes()) })
        };
        found.iter().filter_map(identity).collect()
    }

    /// The digest of a file that comes with a tool or the system.
    pub fn digest(&self, path: &Utf8Path) -> Option<Digest> {
        let digest =
            self.knowing(|known| self.facts.tool_digest(path, |path, stat| known.digest(path, stat)))?;
        self.knowing(|known| known.remember(path, digest));
        Some(digest)
    }

    /// Keeps what was learned about large binaries for the next run.
    pub fn save(&self) {
        self.known.borrow_mut().iter_mut().for_each(known::Known::save);
    }

    /// The stamps of the tools found so far and their text, to be written into the build directory.
    pub fn stamps(&self) -> Vec<(WorkPath, String)> {
        self.found.borrow().values().map(|(tool, text)| (tool.stamp.clone(), text.clone())).collect()
    }
}

/// The key that names the command of a tool.
pub(super) fn key_of(name: &str, key: Option<&str>) -> String {
    match (name, key) {
        (cocotb::NAME, _) => cocotb::KEY.to_owned(),
        (_, Some(key)) => key.to_owned(),
        (name, None) => format!("{name}.exe"),
    }
}

/// The words of a key: a list, or a text that is split as a shell does.
fn words(config: &Config, key: &str) -> Vec<String> {
    let Some(found) = config.get(key) else { return vec![] };
    match (found.value.as_array(), found.value.as_str()) {
        (Some(words), _) => words.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect(),
        (_, Some(text)) => shlex::split(text).unwrap_or_default(),
        _ => vec![],
    }
}

/// Whether the project's own configuration names the program of this key.
fn is_named_by_project(config: &Config, key: &str) -> bool {
    config.get(key).is_some_and(|found| config.is_of_project(found.origin))
}

fn file_name(tool: &str) -> String {
    tool.chars().map(|c| if c.is_ascii_alphanumeric() || "+-._".contains(c) { c } else { '_' }).collect()
}

/// A Verilator that cannot work: it needs its own headers to run, and models need them to be compiled.
fn without_headers(program: &Program) -> Box<Error> {
    Error::machine("`verilator` has no `include/verilated.h` that belongs to it")
        .detail("looked for", format!("`include` and `share/verilator/include` beside `{}`", program.binary))
        .hint("install a complete Verilator, or name its program as `verilator.exe` in fud.toml")
}
