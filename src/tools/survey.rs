//! What is known of a tool when somebody asks for all of them: where it is, which version, what it can do.
//! It does not know what the tool is for.

use super::missing::how_to_install;
use super::toolbox::{Toolbox, key_of};
use super::{cocotb, find, identity, probe};
use camino::Utf8PathBuf;
use std::process::{Command, Stdio};

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
    /// The number in that, such as `5.006`.
    pub number: Option<String>,
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
        let mut surveyed = ToolReport {
            name: name.to_owned(),
            path: None,
            version: None,
            number: None,
            not_run,
            options: vec![],
            problem: None,
            install: how_to_install(name),
        };
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
        let number =
            |version: &String| Some(probe::first_version(version).to_owned()).filter(|text| !text.is_empty());
        surveyed.number = surveyed.version.as_ref().and_then(number);
        surveyed.path = Some(program.binary);
        surveyed
    }
}

/// The first line that `--version` prints, or `-V` if the program does not know that, as Icarus does.
fn version_of(program: &find::Program) -> Option<String> {
    let (first, rest) = program.words.split_first()?;
    ["--version", "-V"].iter().find_map(|option| {
        let output = Command::new(first).args(rest).arg(option).stdin(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let line = text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned);
        line.filter(|_| output.status.success())
    })
}
