//! How a simulation is run and what is said about its end; the same for one and for several.
//! It does not know how one is built.

use crate::diag::{Error, Kind, Result};
use crate::run::{End, Ended, Simulation, Verdict};
use crate::session::{Built, Session};
use camino::Utf8Path;
use clap::Args;
use std::fmt;
use std::time::Duration;

/// How a simulation is run.
#[derive(Clone, Debug, Args)]
pub struct SimulationArgs {
    /// End a simulation that takes longer, such as 30s or 5m
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration, help_heading = "Simulation")]
    pub timeout: Option<Duration>,
    /// End at this simulated time, such as 10us
    #[arg(long, value_name = "TIME", help_heading = "Simulation")]
    pub max_time: Option<String>,
    /// Seed of `$random` and `$urandom`
    #[arg(long, value_name = "N", help_heading = "Simulation")]
    pub seed: Option<u32>,
    /// Arguments of the simulation: `+plusargs`
    #[arg(last = true, value_name = "ARG")]
    pub plusargs: Vec<String>,
}

impl SimulationArgs {
    /// The arguments of the program.
    pub fn words(&self) -> Vec<String> {
        let seed = self.seed.map(|seed| seed.to_string());
        let mut words = options([("--max-time", self.max_time.clone()), ("--seed", seed)]);
        words.extend(self.plusargs.iter().cloned());
        words
    }
}

/// The options that were given, with their values.
pub fn options<const N: usize>(options: [(&str, Option<String>); N]) -> Vec<String> {
    let given = options.into_iter().filter_map(|(option, value)| Some([option.to_owned(), value?]));
    given.flatten().collect()
}

/// The run of the simulation that was built, with the arguments that its design gives and these.
///
/// # Errors
/// The build made no program.
pub fn simulation(
    session: &Session,
    built: &Built,
    (args, timeout): (Vec<String>, Option<Duration>),
    live: bool,
) -> Result<Simulation> {
    let program = built.generated.results.first().map(|result| &result.path);
    let program = program.ok_or_else(|| Error::machine("the build made no simulation"))?;
    // Of two plusargs with one name a design sees the first, of two options the last counts: the user's.
    let (plusargs, options): (Vec<String>, Vec<String>) =
        args.into_iter().partition(|word| word.starts_with('+'));
    Ok(Simulation {
        program: session.places.absolute(program),
        args: plusargs.into_iter().chain(session.design.run_args.iter().cloned()).chain(options).collect(),
        cwd: session.places.cwd.clone(),
        workdir: session.places.workdir.clone(),
        timeout,
        live,
    })
}

/// The verdict of a run that a limit ended.
const TIMED_OUT: &str = "timed out";

/// What is said about a run that ended: `passed: $finish at tb.sv:12 after 35ns`.
pub struct Told {
    /// Whether it went well.
    pub passed: bool,
    /// `passed`, `failed`, `timed out`, …
    pub word: String,
    /// What more is known; empty when nothing is.
    pub about: String,
    /// Whether the user interrupted.
    pub interrupted: bool,
}

impl Told {
    /// Puts it into words.
    pub fn of(session: &Session, ended: &Ended, timeout: Option<Duration>) -> Told {
        let (word, about) = match &ended.end {
            End::Interrupted => ("interrupted", String::new()),
            End::TimedOut => {
                (TIMED_OUT, format!("after {}", humantime::format_duration(timeout.unwrap_or_default())))
            }
            End::Silent(code @ 129..) => ("crashed", format!("by signal {}", code - 128)),
            End::Silent(code) => ("failed", format!("exited with {code} and left no verdict")),
            End::Verdict(verdict) if verdict.status == "timeout" => (TIMED_OUT, about(session, verdict)),
            End::Verdict(verdict) => (verdict.status.as_str(), about(session, verdict)),
        };
        let (passed, interrupted) = (word == "passed", ended.end == End::Interrupted);
        Told { passed, word: word.to_owned(), about, interrupted }
    }

    /// Fine, or the error of a run that did not pass.
    ///
    /// # Errors
    /// It did not pass.
    pub fn check(&self) -> Result<()> {
        match (self.passed, self.interrupted) {
            (true, _) => Ok(()),
            (_, true) => Err(Error::new(Kind::Interrupted, self.to_string())),
            _ => Err(Error::step(self.to_string())),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.word, if self.about.is_empty() { "" } else { ": " }, self.about)
    }
}

/// `$fatal at tb.sv:12 after 35ns: broken`, as far as it is known.
fn about(session: &Session, verdict: &Verdict) -> String {
    let Verdict { kind, message, file, line, time, .. } = verdict;
    let mut text = kind.as_deref().map(task).unwrap_or_default();
    if let Some(file) = file.as_deref().filter(|file| !file.is_empty()) {
        // The design reads memory files where it runs; its sources are named as the build saw them.
        let places = &session.places;
        let base = if text == READMEM { &places.cwd } else { &places.root };
        let line = line.filter(|line| *line > 0).map(|line| format!(":{line}")).unwrap_or_default();
        text.push_str(&format!(" at {}{line}", session.shown(&base.join(Utf8Path::new(file)))));
    }
    if let Some(time) = time {
        let known = time.as_str().map(|time| format!(" after {time}"));
        text.push_str(&known.unwrap_or_else(|| format!(" at time {time}")));
    }
    let message = message.as_deref().unwrap_or_default().trim();
    let message = message.strip_prefix(READMEM).unwrap_or(message).trim_start();
    if !message.is_empty() && !text.starts_with(message) {
        text.push_str(&format!(": {message}"));
    }
    text.trim_start_matches([' ', ':']).to_owned()
}

/// What a missing memory file is said of.
const READMEM: &str = "$readmem";

/// The system task that a kind of end stands for, where there is one; nothing where the message says it all.
fn task(kind: &str) -> String {
    match kind {
        "finish" | "stop" | "error" | "fatal" => format!("${kind}"),
        "memory-file" => READMEM.to_owned(),
        "max-time" | "idle" => String::new(),
        _ => kind.to_owned(),
    }
}
