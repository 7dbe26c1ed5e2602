//! Executes a run, or takes the result of an earlier one.
//! It does not know which runs there are, nor how they are shown.

use super::basis::{Basis, Looker};
use super::job::{Job, Kind};
use super::kept;
use super::known;
use super::outcome::Outcome;
use super::record::Record;
use super::spec::Cacheable;
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::facts::Stat;
use crate::run::cocotb::Cocotb;
use crate::run::{Captured, End, Interrupt, Says, Simulation, Verdict};
use crate::shelf::Shelf;
use crate::step::Seen;
use crate::workdir::{names::temporary_name, sweep};
use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file that changes during a run may get a time up to this much before the run, because the clock for file times ticks
/// slowly.
const TICK: Duration = Duration::from_millis(20);

/// Where a result comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The run was executed.
    Ran,
    /// An earlier result of this build directory still holds.
    Kept,
    /// It was in the store.
    FromStore,
}

/// A run with its result.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Its record.
    pub record: Record,
    /// Where the record comes from.
    pub how: How,
    /// Why it ran, if there was an earlier result that no longer holds.
    pub why: Option<String>,
    /// Warnings to show.
    pub warnings: Vec<String>,
}

/// Executes runs with these settings.
pub struct Executor<'a> {
    /// Looks at files.
    pub looker: Looker<'a>,
    /// Whether the user interrupted.
    pub interrupt: Interrupt,
    /// How long a log may be.
    pub max_log: u64,
    /// Whether every run is executed, even if an earlier result holds.
    pub fresh: bool,
    /// How often a failed run is repeated.
    pub retries: u32,
}

impl<'a> Executor<'a> {
    /// An executor for runs with these variables in the environment.
    pub fn new(variables: &'a BTreeMap<String, String>, max_log: u64) -> Executor<'a> {
        let (looker, interrupt) = (Looker::new(variables), Interrupt::watch());
        Executor { looker, interrupt, max_log, fresh: false, retries: 0 }
    }

    /// Executes a run unless its result is known.
    ///
    /// # Errors
    /// The program cannot be started, or results cannot be written.
    pub fn obtain(&self, job: &Job, shelf: Option<&dyn Shelf>) -> Result<Ran> {
        let before = Record::load(&job.record());
        let mut ran = Ran { record: Record::new(), how: How::Kept, why: None, warnings: vec![] };
        if let Some(record) = before.as_ref().filter(|_| !self.fresh) {
            ran.why = known::why(job, record, &self.looker);
            if ran.why.is_none() {
                ran.record = record.clone();
                return Ok(ran);
            }
        }
        fs::create_dir_all(&job.dir)
            .map_err(|e| Error::machine(format!("cannot make `{}`", job.dir)).because(e))?;
        let known = before.as_ref().and_then(|record| record.basis.program.as_ref());
        let program = self.looker.file(&job.cwd, &job.program, known);
        let history = before.as_ref().map(|record| record.past(now())).unwrap_or_default();
        let may_be_kept = job.cacheable != Cacheable::Never && job.waves.is_none() && !self.fresh;
        if let Some(shelf) = shelf.filter(|_| may_be_kept) {
            let warnings = std::cell::RefCell::new(vec![]);
            let warn = |warning: &str| warnings.borrow_mut().push(warning.to_owned());
            let fetched = kept::fetch(job, &program, &self.looker, shelf, &warn);
            ran.warnings = warnings.into_inner();
            if let Some(record) = fetched {
                ran.record = Record { history, ..record };
                ran.record.save(&job.record())?;
                return Ok(Ran { how: How::FromStore, ..ran });
            }
        }
        ran.record = Record { history, ..self.attempts(job, program)? };
        ran.how = How::Ran;
        if ran.record.outcome.ended != "interrupted" {
            ran.record.save(&job.record())?;
        }
        let is_kept = ran.record.verdict == "passed" && ran.record.not_kept.is_none() && job.waves.is_none();
        if let Some(shelf) = shelf.filter(|_| is_kept) {
            let kept = kept::keep(job, &ran.record, &self.looker, shelf);
            ran.warnings.extend(kept.err().map(|error| error.message.clone()));
        }
        Ok(ran)
    }

    /// Executes a run once more and records nothing.
    ///
    /// # Errors
    /// As [`Executor::obtain`].
    pub fn repeat(&self, job: &Job) -> Result<Outcome> {
        fs::create_dir_all(&job.dir)
            .map_err(|e| Error::machine(format!("cannot make `{}`", job.dir)).because(e))?;
        Ok(Outcome::of(&self.capture(job)?.end, job.timeout))
    }

    /// Executes the run, and repeats it while it fails and retries are left.
    fn attempts(&self, job: &Job, program: Seen) -> Result<Record> {
        for attempt in 1.. {
            let record = Record { attempts: attempt, ..self.run(job, program.clone())? };
            let is_last = attempt > self.retries || record.outcome.ended == "interrupted";
            match (record.is_good(), attempt) {
                (true, 1) => return Ok(record),
                (true, _) => {
                    let not_kept = Some("it passed only when retried".to_owned());
                    return Ok(Record { verdict: "flaky".to_owned(), not_kept, ..record });
                }
                (false, _) if is_last => return Ok(record),
                _ => {}
            }
        }
        Ok(Record::new())
    }

    /// Executes a run even if its result is known, and records nothing.
    ///
    /// # Errors
    /// As [`Executor::obtain`].
    pub fn once(&self, job: &Job) -> Result<Record> {
        self.run(job, self.looker.file(&job.cwd, &job.program, None))
    }

    fn run(&self, job: &Job, program: Seen) -> Result<Record> {
        let began = now_of_files();
        let Captured { end, took, cpu, memory } = self.capture(job)?;
        let outcome = Outcome::of(&end, job.timeout);
        let (basis, doubt) = Basis::of(job, &end, program, began, &self.looker);
        let is_met = job.expect.is_met(&outcome.ended, &outcome.kind, &outcome.message);
        let verdict = match (is_met, outcome.ended.as_str()) {
            (true, _) => "passed",
            (_, "passed") => "failed",
            (_, ended) => ended,
        };
        let log = job.log();
        Ok(Record {
            name: job.name.clone(),
            verdict: verdict.to_owned(),
            expected: (!job.expect.is_plain()).then(|| job.expect.to_string()),
            seed: job.seed,
            arguments: job.args.clone(),
            settings: job.settings(),
            tests: if let End::Verdict(verdict) = &end { verdict.tests.clone() } else { vec![] },
            seconds: seconds(took),
            cpu_seconds: seconds(cpu),
            peak_memory: memory,
            repeat: job.repeat.clone(),
            not_kept: not_kept(job, &end).or(doubt),
            drew_numbers: matches!(&end, End::Verdict(verdict) if verdict.drew_numbers),
            waves: job.waves_file().and_then(|path| path.file_name().map(str::to_owned)),
            log: Digest::of_file(log.as_std_path()).ok(),
            log_stat: Stat::of(&log),
            outcome,
            basis,
            ..Record::new()
        })
    }

    /// Runs the program. Its log gets its name only when the run has ended, so that two runs at once do not mix their logs.
    fn capture(&self, job: &Job) -> Result<Captured> {
        // Remove what killed runs left behind.
        sweep(&job.dir, None);
        let own = |name: &str| job.dir.join(temporary_name(name));
        let (log, verdict) = (own("log"), own("verdict"));
        let mut args = job.args.clone();
        let says = match (&job.cocotb, job.kind) {
            (Some(cocotb), _) => {
                Says::Cocotb(Box::new(Cocotb { waves: job.waves_file(), ..cocotb.as_ref().clone() }))
            }
            (None, Kind::Program) => Says::ExitCode,
            (None, _) => Says::Verdict,
        };
        if let Some(waves) = job.waves_file().filter(|_| says == Says::Verdict) {
            args.extend(["--trace".to_owned(), waves.to_string()]);
        }
        let simulation = Simulation {
            program: job.program.clone(),
            args,
            cwd: job.cwd.clone(),
            workdir: job.dir.clone(),
            timeout: job.timeout,
            says,
            variables: vec![],
        };
        let captured = simulation.capture((&log, self.max_log), &verdict, &self.interrupt);
        if captured.is_err() {
            fs::remove_file(&log).unwrap_or_default();
        }
        let captured = captured?;
        fs::rename(&log, job.log())
            .map_err(|e| Error::machine(format!("cannot write `{}`", job.log())).because(e))?;
        Ok(captured)
    }
}

/// Why a pass of this run is not kept; `None` if fudsv sees everything that the run can depend on.
fn not_kept(job: &Job, end: &End) -> Option<String> {
    let nothing = Verdict::default();
    let said = if let End::Verdict(verdict) = end { verdict.as_ref() } else { &nothing };
    let why = match (job.cacheable, job.kind) {
        (Cacheable::Always, _) => return None,
        (Cacheable::Never, _) => "`cacheable` is false",
        (_, Kind::Program) => "it is a program of your own, and fudsv does not see what it reads",
        (_, Kind::Cocotb) => return said.not_seen.clone(),
        _ if !said.sees_all => "its DPI functions may read what fudsv does not see",
        _ if said.ran_commands => "`$system` ran commands, and fudsv does not see what they read",
        _ => return None,
    };
    Some(why.to_owned())
}

/// A time in seconds that a record reads back exactly. A sum of seconds and a fraction may have more digits than are read
/// exactly, and then the seal would not match.
fn seconds(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e9
}

/// Seconds since the epoch.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The present time in nanoseconds since the epoch, less a tick. A file with a later time may change during the run.
fn now_of_files() -> i128 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.saturating_sub(TICK).as_nanos().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back_the_times_that_it_wrote() {
        for nanos in (0..2_000_u64).map(|step| step * 123_457_891 + 1_000_000_007) {
            let record = Record {
                seconds: seconds(Duration::from_nanos(nanos)),
                verdict: "passed".to_owned(),
                ..Record::new()
            };
            assert_eq!(Record::parse(&record.text().unwrap()).map(|read| read.seconds), Some(record.seconds));
        }
    }
}
