//! The commands that write a build directory, and how a build runs.
//! It does not know what is built.

use super::request::RequestArgs;
use clap::{Args, ValueEnum};

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
