//! The commands that run simulations, and how a simulation is run.
//! It does not know how one is built.

use super::build::BuildArgs;
use super::request::RequestArgs;
use crate::diag::{Error, Result};
use camino::Utf8PathBuf;
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

impl RunArgs {
    /// The request for a simulation that can do what is asked of it.
    ///
    /// # Errors
    /// A name for waves that tells no format.
    pub fn instrumented(&self, mut request: RequestArgs) -> Result<RequestArgs> {
        if let Some(path) = &self.trace {
            let format = path.extension().filter(|extension| ["vcd", "fst"].contains(extension));
            let no_format = || Error::request(format!("`--trace {path}` tells no format"));
            let format = format.ok_or_else(|| no_format().hint("its name ends in `.vcd` or `.fst`"))?;
            request.set.push(format!("verilator.trace={format}"));
        }
        if self.coverage.is_some() {
            request.set.push("verilator.coverage=true".to_owned());
        }
        Ok(request)
    }

    /// The arguments of the program.
    pub fn words(&self) -> Vec<String> {
        let text = |path: &Option<Utf8PathBuf>| path.as_ref().map(ToString::to_string);
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
