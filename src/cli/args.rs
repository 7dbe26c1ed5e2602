//! What was typed: clap's view of the command line, validated and nothing more.
//! It does not know what the words mean; `session` and `request` do.

use crate::diag::{Error, Result};
use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Build hardware designs: scripts declare states and ops, fudsv plans a way, Ninja runs it
#[derive(Debug, Parser)]
#[command(name = "fudsv", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = "Output")]
    pub color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plan, write the Ninja file, run it, and print the paths of the results
    #[command(visible_alias = "build")]
    Exec(ExecArgs),
    /// Build a simulation and run it; its verdict is the exit code
    Run(RunArgs),
    /// Say what is wrong with a design, by Verilator, and build nothing
    Lint(VerbArgs),
    /// Print the plan and build nothing
    Plan(PlanArgs),
    /// Say which steps would run and why, and run nothing
    Explain(PlanArgs),
    /// Print the Ninja file and build nothing
    Emit(RequestArgs),
    /// Write the build directory, print its path, and run nothing
    Gen(GenArgs),
    /// List what can be made from what
    List(ListArgs),
    /// Look after the store, which keeps results of steps for every build directory
    Precompile(PrecompileArgs),
}

/// What is asked for; the same for every command that plans.
#[derive(Clone, Debug, Default, Args, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestArgs {
    /// Input files; `-` is standard input (with --from)
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    /// State of the input files, in their order; else their extensions tell
    #[arg(long, value_name = "STATE")]
    pub from: Vec<String>,
    /// State to build; repeat it for several
    #[arg(long, value_name = "STATE")]
    pub to: Vec<String>,
    /// Copy the result here; `-` is standard output; repeat it in the order of --to
    #[arg(short, long, value_name = "PATH")]
    pub output: Vec<String>,
    /// An op that must be used; repeat it in the order of use
    #[arg(long, value_name = "OP")]
    pub through: Vec<String>,
    /// Which file goes into which parameter of an op
    #[arg(long, value_name = "OP.PARAM=FILE")]
    pub bind: Vec<String>,
    /// Two plans of equal cost are an error
    #[arg(long)]
    pub strict: bool,
    /// Set a configuration key
    #[arg(short, long, value_name = "KEY=VALUE", help_heading = "Configuration")]
    pub set: Vec<String>,
    /// Use the `[profile.NAME]` sections of the configuration [default: dev]
    #[arg(long, value_name = "NAME", help_heading = "Configuration", conflicts_with = "release")]
    pub profile: Option<String>,
    /// The same as --profile release
    #[arg(long, help_heading = "Configuration")]
    pub release: bool,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub config: Option<String>,
    /// Load a plugin: a name on the search path, or a path
    #[arg(short, long, value_name = "NAME|PATH", help_heading = "Configuration")]
    pub plugin: Vec<String>,
    /// The build directory [default: .fudsv/<NAME>-<STATE>]
    #[arg(long, value_name = "PATH", help_heading = "Configuration")]
    pub dir: Option<String>,
}

impl RequestArgs {
    /// The chosen profile, when one was chosen.
    pub fn profile(&self) -> Option<String> {
        if self.release { Some("release".into()) } else { self.profile.clone() }
    }

    /// The request for the state that a command stands for.
    ///
    /// # Errors
    /// Another state was asked for.
    pub fn wanting(mut self, command: &str, state: &str) -> Result<RequestArgs> {
        if let Some(other) = self.to.iter().find(|to| *to != state) {
            return Err(Error::request(format!("`fudsv {command}` makes `{state}`, not `{other}`"))
                .hint(format!("`fudsv exec --to {other}` makes that")));
        }
        self.to = vec![state.to_owned()];
        Ok(self)
    }
}

/// `fudsv exec`.
#[derive(Debug, Args)]
pub struct ExecArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
    /// Print the commands and run nothing
    #[arg(short = 'n', long, help_heading = "Running")]
    pub dry_run: bool,
}

/// A command that builds one thing of its own.
#[derive(Debug, Args)]
pub struct VerbArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
}

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
    /// Arguments of the simulation: `+plusargs`
    #[arg(last = true, value_name = "ARG")]
    pub plusargs: Vec<String>,
}

/// How a simulation is run.
#[derive(Clone, Debug, Args)]
pub struct SimulationArgs {
    /// Write waves: to FILE.vcd or FILE.fst
    #[arg(long, value_name = "FILE", help_heading = "Simulation")]
    pub trace: Option<Utf8PathBuf>,
    /// Measure coverage and write it
    #[arg(long, value_name = "FILE", help_heading = "Simulation")]
    pub coverage: Option<Utf8PathBuf>,
    /// End a simulation that takes longer, such as 30s or 5m
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration, help_heading = "Simulation")]
    pub timeout: Option<Duration>,
    /// End at this simulated time, such as 10us
    #[arg(long, value_name = "TIME", help_heading = "Simulation")]
    pub max_time: Option<String>,
    /// Seed of `$random` and `$urandom`
    #[arg(long, value_name = "N", help_heading = "Simulation")]
    pub seed: Option<u32>,
}

impl SimulationArgs {
    /// The request for a simulation that can do what these ask for.
    ///
    /// # Errors
    /// A name for waves that tells no format.
    pub fn apply(&self, mut request: RequestArgs) -> Result<RequestArgs> {
        if let Some(path) = &self.trace {
            let format = path.extension().filter(|extension| ["vcd", "fst"].contains(extension));
            let format = format.ok_or_else(|| {
                Error::request(format!("`--trace {path}` tells no format"))
                    .hint("its name ends in `.vcd` or `.fst`")
            })?;
            request.set.push(format!("verilator.trace={format}"));
        }
        if self.coverage.is_some() {
            request.set.push("verilator.coverage=true".to_owned());
        }
        Ok(request)
    }

    /// The arguments of the program.
    pub fn words(&self) -> Vec<String> {
        let options = [
            ("--trace", self.trace.as_ref().map(ToString::to_string)),
            ("--coverage", self.coverage.as_ref().map(ToString::to_string)),
            ("--max-time", self.max_time.clone()),
            ("--seed", self.seed.map(|seed| seed.to_string())),
        ];
        let given = options.into_iter().filter_map(|(option, value)| Some([option.to_owned(), value?]));
        given.flatten().collect()
    }
}

/// How a build runs and what is said about it; the same for every command that builds.
#[derive(Clone, Debug, Default, Args)]
pub struct BuildArgs {
    /// How many steps run at once [default: as Ninja decides]
    #[arg(short, long, value_name = "N", help_heading = "Running")]
    pub jobs: Option<u32>,
    /// Stop after N failed steps, 0 for never [default: 1]
    #[arg(short, long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "0", help_heading = "Running")]
    pub keep_going: Option<u32>,
    /// Say how long each step took: as text, or as a file in the build directory
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text", help_heading = "Output", hide_possible_values = true)]
    pub timings: Option<TimingsFormat>,
    /// What standard output gets: paths, or one JSON object per line
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = MessageFormat::Human, help_heading = "Output", hide_possible_values = true)]
    pub message_format: MessageFormat,
    /// Show the commands that run, and why they do
    #[arg(short, long, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
    /// Show errors only
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
}

/// Who reads standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// People
    #[default]
    Human,
    /// Programs
    Json,
}

/// How `--timings` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TimingsFormat {
    /// A table on standard error
    Text,
    /// `timings.json` in the build directory
    Json,
    /// `timings.csv` in the build directory
    Csv,
}

/// `fudsv gen`.
#[derive(Debug, Args)]
pub struct GenArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// Build, and write a directory that builds the same on machines without fudsv
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub standalone: Option<String>,
}

/// `fudsv plan` and `fudsv explain`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub format: PlanFormat,
}

/// How a plan is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// `fudsv list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only these
    #[arg(value_enum)]
    pub what: Option<Listed>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub format: PlanFormat,
    /// Set a configuration key
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Load a plugin: a name on the search path, or a path
    #[arg(short, long, value_name = "NAME|PATH")]
    pub plugin: Vec<String>,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}

/// What `fudsv list` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    /// Kinds of files
    States,
    /// Transformations of files
    Ops,
}

/// `fudsv precompile`.
#[derive(Debug, Args)]
pub struct PrecompileArgs {
    /// What to do with the store
    #[command(subcommand)]
    pub verb: PrecompileVerb,
}

/// The verbs of `fudsv precompile`.
#[derive(Debug, Subcommand)]
pub enum PrecompileVerb {
    /// Say where the store is and what it holds
    Status(StoreArgs),
    /// Read every result that is kept, and put aside those that are damaged
    Verify(StoreArgs),
    /// Remove what was not used for long, until the rest fits
    Gc(GcArgs),
}

/// Which store is meant.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// The directory of the store [default: that of the configuration]
    #[arg(long, value_name = "DIR")]
    pub store: Option<String>,
    /// Set a configuration key
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}

/// `fudsv precompile gc`.
#[derive(Debug, Args)]
pub struct GcArgs {
    /// Which store
    #[command(flatten)]
    pub store: StoreArgs,
    /// The size that it may have, such as 10G [default: store.max-size]
    #[arg(long, value_name = "SIZE")]
    pub max_size: Option<String>,
    /// How long ago a result may have been used last, such as 30d [default: store.max-age]
    #[arg(long, value_name = "AGE")]
    pub max_age: Option<String>,
    /// Say what would be removed and remove nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}
