//! The built program for cocotb's tests: a directory with the program, how to run it, and the module that Python imports
//! first.
//! It does not know the tests.

use crate::diag::{Error, Result};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::fs;

/// The file in the directory that says how to run the program.
const FILE: &str = "cocotb.json";

/// The directory in it that Python searches first.
const HOOK_DIR: &str = "python";

/// The version of the format.
const FORMAT: u32 = 1;

/// How to run the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Program {
    /// The version of the format.
    pub format: u32,
    /// The file in the directory that runs.
    pub program: String,
    /// The words that start Icarus' `vvp`; empty if the program runs by itself.
    pub vvp: Vec<String>,
    /// cocotb's library that `vvp` loads.
    pub library: String,
    /// The top module. Without it cocotb takes the first one.
    pub top: Option<String>,
    /// The Python for the tests.
    pub python: String,
    /// Its library.
    pub libpython: String,
    /// cocotb's library for it, and the function that starts it.
    pub entry: String,
    /// The version of cocotb.
    pub version: String,
    /// The format of its waveforms.
    pub trace: Option<String>,
    /// Whether it contains code that may read what fudsv does not see.
    pub unseen: bool,
}

impl Program {
    /// The program in a directory; `None` if the directory is something else.
    ///
    /// # Errors
    /// It cannot be read, or another version wrote it.
    pub fn load(dir: &Utf8Path) -> Result<Option<Program>> {
        let path = dir.join(FILE);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::machine(format!("cannot read `{path}`")).because(e)),
        };
        let program: Option<Program> = serde_json::from_slice(&text).ok();
        let program = program.filter(|program| program.format == FORMAT);
        let wrong = || Error::machine(format!("`{path}` does not say how a program is run"));
        program.map(Some).ok_or_else(|| wrong().hint("build it anew"))
    }

    /// Writes a directory with this program, a copy of `binary`, and the module that Python imports first.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn write(self, binary: &Utf8Path, hook: &Utf8Path, dir: &Utf8Path) -> Result<()> {
        let cannot = |what: &Utf8Path| {
            let message = format!("cannot write `{what}`");
            move |e: std::io::Error| Error::machine(message.clone()).because(e)
        };
        let python = dir.join(HOOK_DIR);
        fs::create_dir_all(&python).map_err(cannot(&python))?;
        let hook_copy = python.join("sitecustomize.py");
        for (from, to) in [(binary, &dir.join(&self.program)), (hook, &hook_copy)] {
            fs::copy(from, to).map_err(cannot(to))?;
        }
        let mut text = serde_json::to_vec_pretty(&Program { format: FORMAT, ..self })
            .map_err(|e| Error::machine("cannot describe the program").because(e))?;
        text.push(b'\n');
        fs::write(dir.join(FILE), text).map_err(cannot(&dir.join(FILE)))
    }

    /// The directory that Python searches first.
    pub fn hook_dir(dir: &Utf8Path) -> Utf8PathBuf {
        dir.join(HOOK_DIR)
    }

    /// Whether Icarus Verilog runs it.
    pub fn is_of_icarus(&self) -> bool {
        !self.vvp.is_empty()
    }
}
