//! How a simulation is run and what is said about its end; the same for one and for several.
//! It does not know how one is built.

use super::build::BuildArgs;
use crate::config::Config;
use crate::design::Choice;
use crate::diag::{Error, Kind, Result};
use crate::options::RequestOptions;
use crate::options::built::{COCOTB, PROGRAM, SIMULATION};
use crate::run::cocotb::{Cocotb, NO_TEST};
use crate::run::{Says, Simulation};
use crate::runs::{Outcome, seed_for_verilator};
use crate::session::{Built, Session, builtin_name};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use std::fmt;
use std::time::Duration;

/// A command that builds simulations and runs them.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestOptions,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
    /// How it is run
    #[command(flatten)]
    pub simulation: SimulationArgs,
}

/// How a simulation is run.
#[derive(Clone, Debug, Args)]
pub struct SimulationArgs {
    /// End a simulation that takes longer, such as 30s or 5m
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration, help_heading = "Simulation")]
    pub timeout: Option<Duration>,
    /// End at this simulated time, such as 10us
    #[arg(long, value_name = "TIME", help_heading = "Simulation", hide_short_help = true)]
    pub max_time: Option<String>,
    /// Seed `$random` and `$urandom` with any 64-bit number
    #[arg(long, value_name = "N", value_parser = seed, allow_hyphen_values = true, help_heading = "Simulation")]
    pub seed: Option<u64>,
    /// Run the cocotb tests of a Python module; repeat it for several
    #[arg(long, value_name = "MODULE", help_heading = "Simulation", hide_short_help = true)]
    pub cocotb: Vec<String>,
    /// Run the cocotb tests whose names match; repeat it for several
    #[arg(long, value_name = "PATTERN", help_heading = "Simulation", hide_short_help = true)]
    pub testcase: Vec<String>,
    /// Arguments of the simulation: `+plusargs`
    #[arg(last = true, value_name = "ARG")]
    pub plusargs: Vec<String>,
}

/// A seed as it is typed.
fn seed(text: &str) -> std::result::Result<u64, String> {
    text.parse().map_err(|_| format!("`{text}` is not a seed: a whole number from 0 to {}", u64::MAX))
}

impl SimulationArgs {
    /// The arguments of the program with another limit and another seed.
    pub fn words_with(&self, max_time: Option<String>, seed: Option<u64>) -> Vec<String> {
        let seed = seed.map(|seed| seed.to_string());
        let mut words = options([("--max-time", max_time), ("--seed", seed)]);
        words.extend(self.plusargs.iter().cloned());
        words
    }
}

impl SimulationArgs {
    /// The arguments of a program that Verilator's own runtime reads, with another seed.
    pub fn words_of_program(&self, seed: Option<u64>) -> Vec<String> {
        let seed = seed.map(|seed| format!("+verilator+seed+{}", seed_for_verilator(seed)));
        self.plusargs.iter().cloned().chain(seed).collect()
    }
}

/// The options that were given, with their values.
pub fn options<const N: usize>(options: [(&str, Option<String>); N]) -> Vec<String> {
    let given = options.into_iter().filter_map(|(option, value)| Some([option.to_owned(), value?]));
    given.flatten().collect()
}

/// Whether a design of `fud.toml` asks for this state.
fn asks_for(config: &Config, design: &str, state: &str) -> bool {
    let is_it = |value: &toml::Value| value.as_str().is_some_and(|to| builtin_name(to) == state);
    let to = config.get(&format!("design.{design}.to")).map(|found| found.value);
    // Test modules say enough.
    if to.is_none() && state == COCOTB {
        return config.get(&format!("design.{design}.cocotb")).is_some();
    }
    to.is_some_and(|to| is_it(to) || to.as_array().is_some_and(|to| to.iter().any(is_it)))
}

/// Whether a design of `fud.toml` is one that is run.
pub fn is_simulated(config: &Config, design: &str) -> bool {
    [SIMULATION, PROGRAM, COCOTB].iter().any(|state| asks_for(config, design, state))
}

/// The state that is built to be run: the user's own program, or one for cocotb, where a design or `--to` asks for it,
/// else a simulation.
pub fn runnable(config: &Config, request: &RequestOptions) -> &'static str {
    let asked = |state: &str| {
        request.to.iter().any(|to| builtin_name(to) == state)
            || request.to.is_empty() && request.words().any(|word| asks_for(config, word, state))
    };
    let other = [COCOTB, PROGRAM].into_iter().find(|state| asked(state));
    other.filter(|_| !asked(SIMULATION)).unwrap_or(SIMULATION)
}

/// The request with the state that `--cocotb` asks for.
pub fn of_cocotb(request: &RequestOptions, simulation: &SimulationArgs) -> RequestOptions {
    let mut request = request.clone();
    if !simulation.cocotb.is_empty() && request.to.is_empty() {
        request.to = vec![COCOTB.to_owned()];
    }
    request
}

/// Whether what is built is the user's own program.
pub fn is_program(request: &RequestOptions) -> bool {
    request.to.iter().any(|to| builtin_name(to) == PROGRAM)
}

/// Whether cocotb drives what is built.
pub fn is_of_cocotb(request: &RequestOptions) -> bool {
    request.to.iter().any(|to| builtin_name(to) == COCOTB)
}

/// Where a simulation runs: that of a design where its `fud.toml` is, as its arguments mean that, others where the user
/// stands.
pub fn run_dir(session: &Session) -> &Utf8Path {
    session.design.run_dir.as_deref().unwrap_or(&session.places.cwd)
}

/// What `run.require-finish` asks of a simulation.
fn requirement(config: &Config) -> Option<String> {
    let requires = config.get("run.require-finish").and_then(|found| found.value.as_bool());
    requires.filter(|requires| *requires).map(|_| "--require-finish".to_owned())
}

/// After how many errors a simulation ends, where that is not the first.
///
/// # Errors
/// It is not a number.
fn max_errors(config: &Config) -> Result<Option<[String; 2]>> {
    let Some(found) = config.get("run.max-errors") else { return Ok(None) };
    let most = found.value.as_integer().and_then(|most| u64::try_from(most).ok());
    let wrong = || {
        Error::request(format!("`run.max-errors` is {}, not a whole number", found.value))
            .detail("set by", found.origin.to_string())
            .hint("0 stands for any number of errors")
    };
    most.map(|most| Some(["--max-errors".to_owned(), most.to_string()])).ok_or_else(wrong)
}

/// The arguments of a program: those that its design gives, for this choice of its matrix, and these.
///
/// # Errors
/// A setting that has no such value.
pub fn arguments(session: &Session, choice: &Choice, args: Vec<String>) -> Result<Vec<String>> {
    // Of two plusargs with one name a design sees the first, of two options the last counts: the user's.
    let (plusargs, options): (Vec<String>, Vec<String>) =
        args.into_iter().partition(|word| word.starts_with('+'));
    let of_design = session.design.run_args.iter().map(|word| choice.fill(word));
    let mut all: Vec<String> = plusargs.into_iter().chain(of_design).collect();
    if !is_program(&session.options) && !is_of_cocotb(&session.options) {
        all.extend(max_errors(&session.config)?.into_iter().flatten());
        all.extend(requirement(&session.config));
    }
    all.extend(options);
    Ok(all)
}

/// The program that was built: absolute.
///
/// # Errors
/// The build made none.
pub fn program(session: &Session, built: &Built) -> Result<Utf8PathBuf> {
    let program = built.generated.results.first().map(|result| &result.path);
    let program = program.ok_or_else(|| Error::machine("the build made no simulation"))?;
    Ok(session.places.absolute(program))
}

/// The run of the simulation that was built, with these arguments.
///
/// # Errors
/// The build made no program.
pub fn simulation(
    session: &Session,
    built: &Built,
    (args, timeout, cocotb): (Vec<String>, Option<Duration>, Option<Box<Cocotb>>),
) -> Result<Simulation> {
    let says = match cocotb {
        Some(cocotb) => Says::Cocotb(cocotb),
        None if is_program(&session.options) => Says::ExitCode,
        None => Says::Verdict,
    };
    Ok(Simulation {
        program: program(session, built)?,
        args,
        cwd: run_dir(session).to_owned(),
        workdir: session.places.workdir.clone(),
        timeout,
        says,
        variables: vec![],
    })
}

/// What is said about a run that ended: `passed: $finish at tb.sv:12 after 35ns`.
pub struct RunReport {
    /// Whether it went well.
    pub passed: bool,
    /// `passed`, `failed`, `timed out`, …
    pub word: String,
    /// What more is known; empty when nothing is.
    pub about: String,
    /// Whether the user interrupted.
    pub interrupted: bool,
}

impl RunReport {
    /// Puts it into words; a seed is shown as the user said it.
    pub fn of(session: &Session, outcome: &Outcome, seed: Option<u64>) -> RunReport {
        let word = outcome.ended.clone();
        let about = about(session, outcome, seed);
        RunReport { passed: word == "passed", interrupted: word == "interrupted", word, about }
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

impl fmt::Display for RunReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.word, if self.about.is_empty() { "" } else { ": " }, self.about)
    }
}

/// `$fatal at tb.sv:12 after 35ns: broken`, as far as it is known.
fn about(session: &Session, outcome: &Outcome, seed: Option<u64>) -> String {
    let Outcome { kind, message, line, time, .. } = outcome;
    if kind.is_empty() {
        return message.clone();
    }
    let mut text = task(kind);
    if let Some(file) = place(session, outcome) {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        text.push_str(&format!(" at {file}{line}"));
    }
    if let Some(time) = time {
        // A number alone is in units of the model.
        let is_plain = time.parse::<u64>().is_ok();
        text.push_str(&format!(" {} {time}", if is_plain { "at time" } else { "after" }));
    }
    if let Some(seed) = seed {
        text.push_str(&format!(" with seed {seed}"));
    }
    let message = message.strip_prefix(READMEM).unwrap_or(message).trim_start();
    if !message.is_empty() && !text.starts_with(message) {
        text.push_str(&format!(": {message}"));
    }
    text.trim_start_matches([' ', ':']).to_owned()
}

/// The file in which a run ended, as the user would type it.
pub fn place(session: &Session, outcome: &Outcome) -> Option<Utf8PathBuf> {
    // The design reads memory files where it runs; its sources are named as the build saw them.
    let base = if outcome.kind == "memory-file" { run_dir(session) } else { &session.places.root };
    Some(session.shown(&base.join(outcome.file.as_ref()?)))
}

/// What a missing memory file is said of.
const READMEM: &str = "$readmem";

/// The system task that a kind of end stands for, where there is one; nothing where the message says it all.
fn task(kind: &str) -> String {
    match kind {
        "finish" | "stop" | "error" | "fatal" => format!("${kind}"),
        "memory-file" => READMEM.to_owned(),
        "max-time" | "idle" | NO_TEST => String::new(),
        _ => kind.to_owned(),
    }
}
