//! Executes a run as a step of a build. The result is a directory with the record and the log. The step succeeds even if
//! the run failed, because its output is the verdict.
//! It does not know Ninja, nor which files a step may read.

use super::execute::Executor;
use super::expect::Expect;
use super::job::{Job, Kind};
use super::record::Record;
use super::spec::Cacheable;
use crate::diag::{Error, Kind as ErrorKind, Result};
use crate::step::Seen;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;

/// What the step runs.
pub struct RunStep {
    /// The program of the simulation, relative to `cwd`.
    pub program: Utf8PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Where it runs: absolute.
    pub cwd: Utf8PathBuf,
    /// The directory to write to.
    pub output: Utf8PathBuf,
    /// The file for the list of files that were read, one name in each line.
    pub depfile: Utf8PathBuf,
    /// The longest log, in bytes.
    pub max_log: u64,
}

/// Runs the simulation and writes its result.
///
/// # Errors
/// It cannot be started, the user interrupted, or the result cannot be written.
pub fn write_result(step: &RunStep, variables: &BTreeMap<String, String>) -> Result<()> {
    let job = Job {
        name: step.program.file_stem().unwrap_or(step.program.as_str()).to_owned(),
        seed: None,
        kind: Kind::Simulation,
        program: step.cwd.join(&step.program),
        args: step.args.clone(),
        cocotb: None,
        cwd: step.cwd.clone(),
        dir: step.cwd.join(&step.output),
        timeout: None,
        expect: Expect::default(),
        cacheable: Cacheable::WhenSeen,
        repeat: String::new(),
        may_be_empty: false,
        waves: None,
    };
    std::fs::create_dir_all(&job.dir)
        .map_err(|e| Error::machine(format!("cannot make `{}`", step.output)).because(e))?;
    let record = Executor::new(variables, step.max_log).once(&job)?;
    if record.outcome.ended == "interrupted" {
        return Err(Error::new(ErrorKind::Interrupted, "interrupted"));
    }
    let basis = &record.basis;
    let files = basis.read.iter().map(|seen| &seen.path).chain(&basis.absent);
    let list: String = files.map(|path| format!("{path}\n")).collect();
    std::fs::write(step.cwd.join(&step.depfile), list)
        .map_err(|e| Error::machine(format!("cannot write `{}`", step.depfile)).because(e))?;
    portable(record, &step.program).save(&job.record())
}

/// The record in a form that is the same in every build directory: without stats.
fn portable(mut record: Record, program: &Utf8Path) -> Record {
    let of = |seen: &Seen| Seen { digest: seen.digest, ..Seen::unknown(seen.path.clone()) };
    let path = program.to_owned();
    record.basis.program =
        record.basis.program.map(|seen| Seen { digest: seen.digest, ..Seen::unknown(path) });
    record.basis.read = record.basis.read.iter().map(of).collect();
    record.log_stat = None;
    record
}
