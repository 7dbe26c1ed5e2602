//! cocotb: the Python in whose environment it is installed, and where its parts are, as that Python says.
//! It does not know what is linked with it, or how tests are run.

use super::find::{Program, plain};
use super::identity::Identity;
use super::known::Known;
use crate::config::{Config, Origin};
use crate::diag::{Error, Result};
use crate::facts::{Facts, Stat};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::process::{Command, Stdio};

/// The name of the tool.
pub const NAME: &str = "cocotb";

/// The key that names the Python.
pub const KEY: &str = "cocotb.python";

/// What a Python is asked.
const PROBE: &str = include_str!("cocotb.py");

/// The versions that are known to work, as pip reads them.
const VERSIONS: &str = "cocotb==2.*";

/// What a Python says of its cocotb.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cocotb {
    python: String,
    version: String,
    libs: String,
    share: String,
    libpython: String,
    entry: String,
    /// The stats of the files that tell whether this still holds.
    files: Vec<(Utf8PathBuf, Option<Stat>)>,
}

/// The Python that runs cocotb: what `cocotb.python` names, that of the active environment, that of the project's
/// `.venv`, the one on PATH. Also whether the project brings it.
pub fn python(facts: &Facts, config: &Config) -> Result<(Program, bool)> {
    let own = |binary: Utf8PathBuf| Program { words: vec![binary.to_string()], binary, on_path: false };
    let in_environment = |dir: Utf8PathBuf| {
        let binary = facts.place_tool(&dir.join("bin/python3"));
        facts.tool_exists(&binary).then_some(binary)
    };
    let here = config.project_dir().unwrap_or(&facts.env().cwd);
    if let Some(found) = config.get(KEY) {
        let text = found.value.as_str().filter(|text| !text.is_empty());
        let text =
            text.ok_or_else(|| Error::request(format!("`{KEY}` is {}, not a program", found.value)))?;
        let base = match found.origin {
            Origin::File(file) => file.parent().unwrap_or(here),
            _ => &facts.env().cwd,
        };
        let binary = match text.contains('/') {
            true => Some(facts.place_tool(&base.join(text))).filter(|binary| facts.tool_exists(binary)),
            false => facts.which(text),
        };
        let missing = || {
            Error::machine(format!("`{KEY}` names `{text}`, which does not exist"))
                .detail("set by", found.origin.to_string())
        };
        return Ok((own(binary.ok_or_else(missing)?), config.is_of_project(found.origin)));
    }
    let active = facts.var("VIRTUAL_ENV").filter(|dir| !dir.is_empty()).map(Utf8PathBuf::from);
    if let Some(binary) = active.and_then(in_environment) {
        return Ok((own(binary), false));
    }
    if let Some(binary) = in_environment(here.join(".venv")) {
        return Ok((own(binary), true));
    }
    let found = plain(facts, "python3").or_else(|| plain(facts, "python"));
    let missing = || {
        Error::machine("cocotb needs Python, which is not installed")
            .detail("looked for", "`$VIRTUAL_ENV`, `.venv` beside fud.toml, `python3` and `python` on PATH")
            .hint(format!("`apt install python3-venv` installs it; `{KEY}` in fud.toml names another path"))
    };
    found.map(|program| (program, false)).ok_or_else(missing)
}

/// What this Python says of its cocotb; it is asked once while the files that it names stay as they are. One that must not
/// run is known if it was asked before.
pub fn ask(facts: &Facts, known: &mut Known, python: &Program, may_run: bool) -> Result<Cocotb> {
    let kept = known.answer(&python.binary, NAME);
    let kept = kept.and_then(|text| serde_json::from_str::<Cocotb>(&text).ok());
    let holds =
        |told: &Cocotb| told.files.iter().all(|(file, stat)| stat.is_some() && Stat::of(file) == *stat);
    let told = match kept.filter(holds) {
        Some(told) => told,
        None if !may_run => {
            let message = format!(
                "`{}` is a program of the project, and nobody asked it for cocotb so far",
                python.binary
            );
            return Err(
                Error::machine(message).hint(format!("a build asks it; `{KEY}` names another Python"))
            );
        }
        None => {
            let mut told = told(python)?;
            told.files = told.marks().into_iter().map(|file| (file.clone(), Stat::of(&file))).collect();
            if let Ok(text) = serde_json::to_string(&told) {
                known.keep(&python.binary, NAME, text);
            }
            told
        }
    };
    // What is installed in its place is a change.
    for file in told.marks() {
        facts.tool_digest(&file, |path, stat| known.digest(path, stat));
    }
    told.check(python)?;
    Ok(told)
}

fn told(python: &Program) -> Result<Cocotb> {
    let cannot = |why: String| {
        Error::machine(format!("cannot ask `{}` for cocotb", python.binary)).detail("it said", why)
    };
    let mut command = Command::new(&python.binary);
    command.args(["-c", PROBE]).stdin(Stdio::null());
    let output = command.output().map_err(|e| cannot(e.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str(last).map_err(|_| {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        cannot(error.trim().lines().last().unwrap_or("nothing").to_owned())
            .hint(format!("`{} -m pip install '{VERSIONS}'` installs it anew", python.binary))
    })
}

impl Cocotb {
    /// The files that another version of it changes.
    fn marks(&self) -> Vec<Utf8PathBuf> {
        let entry = self.entry.split(',').next().unwrap_or_default();
        [self.libs.as_str(), &self.share, entry, &self.libpython, &self.python]
            .iter()
            .zip(["/libgpi.so", "/lib/verilator/verilator.cpp", "", "", ""])
            .filter(|(place, _)| !place.is_empty())
            .map(|(place, name)| Utf8PathBuf::from(format!("{place}{name}")))
            .collect()
    }

    fn check(&self, python: &Program) -> Result<()> {
        let Cocotb { version, libpython, .. } = self;
        let install = format!(
            "`{} -m pip install '{VERSIONS}'` installs it; `VIRTUAL_ENV`, a `.venv` beside fud.toml or `{KEY}` names another Python",
            python.binary
        );
        if version.is_empty() {
            let message = format!("cocotb is not installed for `{}`", python.binary);
            return Err(Error::machine(message).hint(install));
        }
        let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok()).unwrap_or(0);
        if major != 2 {
            let is = if major < 2 { "too old" } else { "too new" };
            return Err(Error::machine(format!("cocotb {version} is {is}: 2.0 to 2.x is needed"))
                .detail("installed for", python.binary.to_string())
                .hint(install));
        }
        if libpython.is_empty() {
            return Err(Error::machine(format!("`{}` has no shared library", python.binary))
                .hint("cocotb needs `libpython3.*.so`: `apt install libpython3-dev`, or a Python built with `--enable-shared`"));
        }
        Ok(())
    }

    /// Its identity is what programs are linked with; the Python code is what runs read.
    pub fn identify(&self, facts: &Facts, known: &mut Known) -> Identity {
        let text = format!("version {}\n", self.version);
        let mut identity = Identity { text, ..Identity::default() };
        for name in ["libgpi.so", "libcocotbvpi_verilator.so", "libcocotbvpi_icarus.so"] {
            identity.add(facts, known, &Utf8Path::new(&self.libs).join(name));
        }
        identity.add(facts, known, &Utf8Path::new(&self.share).join("lib/verilator/verilator.cpp"));
        let properties = [
            ("version", &self.version),
            ("libs", &self.libs),
            ("share", &self.share),
            ("libpython", &self.libpython),
            ("entry", &self.entry),
            ("python", &self.python),
        ];
        properties.iter().for_each(|(name, value)| identity.set(name, value.as_str()));
        identity
    }
}
