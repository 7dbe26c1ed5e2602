//! The arguments of `fudsv test`.
//! It does not know how they are used.

use crate::cli::simulation::SimulateArgs;
use camino::Utf8PathBuf;
use clap::Args;

/// `fudsv test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// What is built and run
    #[command(flatten)]
    pub simulate: SimulateArgs,
    /// Which of the runs
    #[command(flatten)]
    pub choose: ChooseArgs,
    /// Run also tests that passed before
    #[arg(long, help_heading = "Simulation")]
    pub fresh: bool,
    /// Run a failed test up to K more times; one that passes then is flaky
    #[arg(
        long,
        value_name = "K",
        default_value_t = 0,
        hide_default_value = true,
        help_heading = "Simulation",
        hide_short_help = true
    )]
    pub retries: u32,
    /// Start no more runs after N failures
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Simulation", hide_short_help = true)]
    pub max_failures: Option<u32>,
    /// Write waves of every run
    #[arg(long, conflicts_with = "waves_on_failure", help_heading = "Simulation", hide_short_help = true)]
    pub waves: bool,
    /// Run failed tests once more and write waves of the last TIME before the failure, or of all
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "all", help_heading = "Simulation")]
    pub waves_on_failure: Option<String>,
    /// Write the verdicts as JUnit XML
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub junit: Option<Utf8PathBuf>,
}

/// The arguments that select runs.
#[derive(Debug, Args)]
pub struct ChooseArgs {
    /// Print the names of the tests instead of running them
    #[arg(id = "list-tests", long = "list", help_heading = "Selection")]
    pub list: bool,
    /// Run the tests of designs that have this tag; repeat it for several
    #[arg(long, value_name = "TAG", help_heading = "Selection")]
    pub tag: Vec<String>,
    /// Run each test with these seeds: 20, 1-20 or 1,7
    #[arg(
        long,
        value_name = "SEEDS",
        conflicts_with = "seed",
        allow_hyphen_values = true,
        help_heading = "Selection"
    )]
    pub seeds: Option<String>,
    /// Count seeds from N on, or from a random number [default: 1]
    #[arg(
        long,
        value_name = "N|random",
        allow_hyphen_values = true,
        help_heading = "Selection",
        hide_short_help = true
    )]
    pub seed_base: Option<String>,
    /// Run only tests that failed last time
    #[arg(long, help_heading = "Selection")]
    pub failed: bool,
    /// Run part I of N; all parts take about the same time
    #[arg(long, value_name = "I/N", help_heading = "Selection", hide_short_help = true)]
    pub shard: Option<String>,
}
