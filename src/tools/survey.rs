//! What is known of a tool when somebody asks for all of them: where it is, which version, what it can do.
//! It does not know what the tool is for.

use super::missing::how_to_install;
use super::toolbox::{Toolbox, key_of};
use super::{cocotb, find, identity};
use camino::Utf8PathBuf;
use std::process::Command;

/// Options of Verilator that some versions lack.
const OPTIONS: [&str; 4] = ["json-only", "timing", "trace-fst", "trace-saif"];

/// A tool, found or not.
#[derive(Clone, Debug)]
pub struct ToolReport {
    /// Its name.
    pub name: String,
    /// Its binary; `None` if it was not found.
    pub path: Option<Utf8PathBuf>,
    /// What it says of its version.
    pub version: Option<String>,
    /// Whether the project's own files name it, so that it was not run.
    pub not_run: bool,
    /// Options of Verilator, and whether it has them.
    pub options: Vec<(String, bool)>,
    /// Why it was not found.
    pub problem: Option<String>,
    /// What to install.
    pub install: String,
}

impl Toolbox {
    /// Looks for the tool and asks for its version, unless that would run what the project names.
    pub fn survey(&self, name: &str) -> ToolReport {
        let key = key_of(name, None);
        let not_run = !self.may_run(&key);
        let (path, version, options) = (None, None, vec![]);
        let (problem, install) = (None, how_to_install(name));
        let mut surveyed =
            ToolReport { name: name.to_owned(), path, version, not_run, options, problem, install };
        let program = match self.program(name, &key) {
            Ok(program) => program,
            Err(error) => return ToolReport { problem: Some(error.message), ..surveyed },
        };
        if name == "verilator" {
            let known = |option: &&str| ((*option).to_owned(), identity::has_option(&program.binary, option));
            surveyed.options = OPTIONS.iter().map(known).collect();
        }
        match self.find(name, None) {
            Ok(tool) => surveyed.version = tool.properties.get("version").cloned(),
            Err(error) => surveyed.problem = Some(error.message),
        }
        // The program is a Python, which the project may bring, and has a version of its own.
        if surveyed.version.is_none() && !not_run && name != cocotb::NAME {
            surveyed.version = version_of(&program);
        }
        surveyed.path = Some(program.binary);
        surveyed
    }
}

/// The first line that `--version` prints.
fn version_of(program: &find::Program) -> Option<String> {
    let (first, rest) = program.words.split_first()?;
    let output = Command::new(first).args(rest).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())
}
