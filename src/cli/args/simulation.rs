//! The commands that run simulations, and how a simulation is run.
//! It does not know how one is built.

use super::build::BuildArgs;
use super::request::RequestArgs;
use crate::diag::{Error, Result};
use crate::config::Config;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use std::time::Duration;

/// `fudsv run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
    /// How it is run
    #[command(flatten)]
    pub simulation: SimulationArgs,
    /// Write waves: to FILE.vcd or FILE.fst
    #[arg(long, value_name = "FILE", help_heading = "Simulation")]
    pub trace: Option<Utf8PathBuf>,
    /// Measure coverage and write it
    #[arg(long, value_name = "FILE", help_heading = "Simulation")]
    pub coverage: Option<Utf8PathBuf>,
}

/// How a simulation is run.
#[derive(Clone, Debug, Args)]
pub struct SimulationArgs {
    /// End a simulation that takes longer, such as 30s or 5m
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration, help_heading = "Simulation")]
    pub timeout: Option<Duration>,
    /// End at this simulated time, such as 10us
    #[arg(long, value_name = "TIME", help_heading = "Simulation")]
    pub max_time: Option<String>,
    /// Seed of `$random` and `$urandom`: any number of 64 bits
    #[arg(long, value_name = "N", value_parser = seed, allow_hyphen_values = true, help_heading = "Simulation")]
    pub seed: Option<u64>,
    /// Arguments of the simulation: `+plusargs`
    #[arg(last = true, value_name = "ARG")]
    pub plusargs: Vec<String>,
}

/// A seed as it is typed.
fn seed(text: &str) -> std::result::Result<u64, String> {
    text.parse().map_err(|_| format!("`{text}` is not a seed: a whole number from 0 to {}", u64::MAX))
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

impl RunArgs {
    /// Nothing is asked of a program of the user's own that only a simulation can do.
    ///
    /// # Errors
    /// Something is.
    pub fn check_for(&self, state: &str) -> Result<()> {
        let Some(option) = self.words(Utf8Path::to_owned).into_iter().find(|word| word.starts_with("--")) else {
            return Ok(());
        };
        if state == "sim" || self.simulation.plusargs.contains(&option) {
            return Ok(());
        }
        Err(Error::request(format!("`{option}` is for simulations, and `{state}` makes a program of your own"))
            .hint("arguments of the program stand behind `--`"))
    }

    /// The request for a simulation that can do what is asked of it.
    ///
    /// # Errors
    /// A name for waves that tells no format.
    pub fn instrumented(&self, mut request: RequestArgs, config: &Config) -> Result<RequestArgs> {
        if let Some(path) = &self.trace {
            let format = path.extension().filter(|extension| ["vcd", "fst"].contains(extension));
            let no_format = || Error::request(format!("`--trace {path}` tells no format"));
            let format = format.ok_or_else(|| no_format().hint("its name ends in `.vcd` or `.fst`"))?;
            request.set.push(format!("verilator.trace={format}"));
        }
        let is_off = |value: &toml::Value| {
            value.as_bool() == Some(false) || value.as_array().is_some_and(Vec::is_empty)
        };
        let kinds = config.get("verilator.coverage").filter(|found| !is_off(&found.value));
        if self.coverage.is_some() && kinds.is_none() {
            request.set.push("verilator.coverage=true".to_owned());
        }
        Ok(request)
    }

    /// The arguments of the program; files are named as `seen` by it.
    pub fn words(&self, seen: impl Fn(&Utf8Path) -> Utf8PathBuf) -> Vec<String> {
        let text = |path: &Option<Utf8PathBuf>| path.as_deref().map(|path| seen(path).to_string());
        let mut words = options([("--trace", text(&self.trace)), ("--coverage", text(&self.coverage))]);
        words.extend(self.simulation.words());
        words
    }
}

/// The options that were given, with their values.
fn options<const N: usize>(options: [(&str, Option<String>); N]) -> Vec<String> {
    let given = options.into_iter().filter_map(|(option, value)| Some([option.to_owned(), value?]));
    given.flatten().collect()
}

/// `fudsv test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
    /// How it is run
    #[command(flatten)]
    pub simulation: SimulationArgs,
    /// Write the verdicts as JUnit's XML
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub junit: Option<Utf8PathBuf>,
}
