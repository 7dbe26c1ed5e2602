//! What was typed: clap's view of the command line, validated and nothing more.
//! It does not know what the words mean; `session` and `request` do.

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

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
}

/// `fudsv exec`.
#[derive(Debug, Args)]
pub struct ExecArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How many steps run at once [default: as Ninja decides]
    #[arg(short, long, value_name = "N", help_heading = "Running")]
    pub jobs: Option<u32>,
    /// Stop after N failed steps, 0 for never [default: 1]
    #[arg(short, long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "0", help_heading = "Running")]
    pub keep_going: Option<u32>,
    /// Print the commands and run nothing
    #[arg(short = 'n', long, help_heading = "Running")]
    pub dry_run: bool,
    /// Show the commands that run, and why they do
    #[arg(short, long, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
    /// Show errors only
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
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
