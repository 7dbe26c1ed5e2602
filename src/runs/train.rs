//! Trains a program that counts how often its parts run: runs it once and keeps the counts for the compiler.
//! It does not know how the program was compiled, nor what the compiler makes of the counts.

use super::outcome::Outcome;
use crate::diag::{Error, Kind, Result};
use crate::run::{End, Interrupt, Says, Simulation};
use crate::workdir::names::temporary_name;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs;
use std::process::{Command, Stdio};

/// The longest log of a training run, in bytes. It is shown if the run fails.
const MAX_LOG: u64 = 64 << 10;

/// The counts in the form that clang++ reads.
const MERGED: &str = "model.profdata";

/// What the step runs.
pub struct TrainStep {
    /// The program that counts, relative to `cwd`.
    pub program: Utf8PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Whether its main program is the user's own, whose exit code is the verdict.
    pub is_own: bool,
    /// The program that merges the counts of clang++, and its first arguments; empty for g++.
    pub merge: Vec<String>,
    /// Where it runs: absolute.
    pub cwd: Utf8PathBuf,
    /// The directory for the counts.
    pub output: Utf8PathBuf,
    /// The file for the list of files that were read, one name in each line.
    pub depfile: Utf8PathBuf,
}

/// Runs the program and writes its counts.
///
/// # Errors
/// The run fails or leaves no counts, the user interrupted, or the counts cannot be written.
pub fn write_counts(step: &TrainStep) -> Result<()> {
    let dir = step.cwd.join(&step.output);
    fs::create_dir_all(&dir).map_err(|e| cannot_write(&step.output, e))?;
    let log = dir.join(temporary_name("log"));
    let captured = step.simulation(&dir).capture(
        (&log, MAX_LOG),
        &dir.join(temporary_name("verdict")),
        &Interrupt::watch(),
    )?;
    let printed = fs::read(&log).unwrap_or_default();
    fs::remove_file(&log).map_err(|e| cannot_write(&log, e))?;
    step.check(&captured.end).inspect_err(|_| note!("{}", String::from_utf8_lossy(&printed).trim_end()))?;
    step.keep(&dir)?;
    let list: String = match &captured.end {
        End::Verdict(said) => said.read.iter().chain(&said.absent).map(|path| format!("{path}\n")).collect(),
        _ => String::new(),
    };
    fs::write(step.cwd.join(&step.depfile), list).map_err(|e| cannot_write(&step.depfile, e))
}

impl TrainStep {
    /// What runs. Its counts go to the directory, whatever path the compiler wrote into it.
    fn simulation(&self, dir: &Utf8Path) -> Simulation {
        let variables = [
            ("GCOV_PREFIX", dir.to_string()),
            ("GCOV_PREFIX_STRIP", "99".to_owned()),
            ("LLVM_PROFILE_FILE", dir.join("%p.profraw").into_string()),
        ];
        Simulation {
            program: self.cwd.join(&self.program),
            args: self.args.clone(),
            cwd: self.cwd.clone(),
            workdir: dir.to_owned(),
            timeout: None,
            says: if self.is_own { Says::ExitCode } else { Says::Verdict },
            variables: variables.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        }
    }

    /// The name of what is trained.
    fn name(&self) -> &str {
        self.program.file_stem().and_then(|stem| stem.rsplit('.').next()).unwrap_or(self.program.as_str())
    }

    /// Fine if the run passed.
    fn check(&self, end: &End) -> Result<()> {
        let outcome = Outcome::of(end, None);
        let name = self.name();
        match outcome.ended.as_str() {
            "passed" => Ok(()),
            "interrupted" => Err(Error::new(Kind::Interrupted, "interrupted")),
            _ if outcome.kind == "idle" && outcome.time.as_deref() == Some("0s") => {
                let message =
                    format!("`{name}` does nothing by itself, so no run of it can train the profile `pgo`");
                Err(Error::step(message).hint(
                    "build a testbench with its own clock, or your own main program (`--to program`); \
                     `--release` needs no training",
                ))
            }
            ended => {
                let message = format!("the training run of `{name}` {ended}{}", about(&outcome));
                Err(Error::step(message).hint(
                    "its arguments are the `run-args` of the design and `run.args`; `fudsv run --release` shows \
                     the run alone",
                ))
            }
        }
    }

    /// Keeps the counts in the form that the compiler reads.
    fn keep(&self, dir: &Utf8Path) -> Result<()> {
        let extension = if self.merge.is_empty() { "gcda" } else { "profraw" };
        let entries = dir.read_dir_utf8().map_err(|e| cannot_write(&self.output, e))?;
        let files = entries.filter_map(|entry| Some(entry.ok()?.into_path()));
        let mut counts: Vec<Utf8PathBuf> = files.filter(|path| path.extension() == Some(extension)).collect();
        counts.sort();
        if counts.is_empty() {
            return Err(Error::step(format!("the training run of `{}` left no counts", self.name())).hint(
                "a program writes them when it returns from `main` or calls `exit`, not with `_exit`",
            ));
        }
        let Some((merge, first)) = self.merge.split_first() else { return Ok(()) };
        let mut command = Command::new(merge);
        command.args(first).args(["merge", "-o"]).arg(dir.join(MERGED)).args(&counts).stdin(Stdio::null());
        let status =
            command.status().map_err(|e| Error::machine(format!("cannot run `{merge}`")).because(e))?;
        if !status.success() {
            return Err(Error::step(format!("`{merge}` cannot merge the counts"))
                .hint("it must be as new as clang++; `llvm-profdata.exe` in fud.toml names another"));
        }
        counts.iter().try_for_each(|path| fs::remove_file(path).map_err(|e| cannot_write(path, e)))
    }
}

/// `: $fatal at tb.sv:12: broken`, as far as it is known.
fn about(outcome: &Outcome) -> String {
    let line = outcome.line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = outcome.file.as_ref().map(|file| format!(" at {file}{line}")).unwrap_or_default();
    let message = if outcome.message.is_empty() { "" } else { ": " };
    format!("{place}{message}{}", outcome.message)
}

fn cannot_write(path: &Utf8Path, cause: std::io::Error) -> Box<Error> {
    Error::machine(format!("cannot write `{path}`")).because(cause)
}
