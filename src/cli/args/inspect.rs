//! The commands that look and change nothing.
//! It does not know what they find.

use super::ListFormat;
use super::request::RequestArgs;
use clap::{Args, ValueEnum};

/// `fudsv doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Also run programs that the project's own files name, to learn their versions
    #[arg(long)]
    pub probe: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
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

/// `fudsv explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// `fudsv plan`.
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
    /// For programs, and for `--plan`
    Json,
    /// For Graphviz
    Dot,
    /// A picture
    Svg,
}

/// `fudsv list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only these
    #[arg(value_enum)]
    pub what: Option<Listed>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
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

/// `fudsv graph`.
#[derive(Debug, Args)]
pub struct GraphArgs {
    /// How to draw it
    #[arg(long, value_enum, default_value_t = GraphFormat::Dot)]
    pub format: GraphFormat,
    /// Load a plugin: a name on the search path, or a path
    #[arg(short, long, value_name = "NAME|PATH")]
    pub plugin: Vec<String>,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}

/// How the graph is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// For Graphviz
    Dot,
    /// A picture
    Svg,
    /// A page with the picture and the descriptions
    Html,
}

/// `fudsv check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Plugins to check beside those that are loaded anyway: names on the search path, or paths
    #[arg(value_name = "NAME|PATH")]
    pub plugin: Vec<String>,
    /// Set a configuration key
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}
