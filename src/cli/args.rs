//! What was typed: clap's view of the command line, validated and nothing more.
//! It does not know what the words mean; each command has its own arguments beside it.

use super::build::VerbArgs;
use super::check::CheckArgs;
use super::clean::CleanArgs;
use super::config::ConfigCommand;
use super::doctor::DoctorArgs;
use super::exec::ExecArgs;
use super::explain::ExplainArgs;
use super::generate::GenArgs;
use super::graph::GraphArgs;
use super::init::InitArgs;
use super::list::ListArgs;
use super::plan::PlanArgs;
use super::plugin::PluginCommand;

use super::run::RunArgs;
use super::store::StoreCommand;
use super::test::TestArgs;
use crate::options::RequestOptions;
use clap::{Parser, Subcommand, ValueEnum};

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
    /// Build and run several simulations, and print a table of their verdicts
    Test(TestArgs),
    /// Say what is wrong with a design, by Verilator, and build nothing
    Lint(VerbArgs),
    /// Print the plan and build nothing
    Plan(PlanArgs),
    /// Say which steps would run and why, and run nothing
    Explain(ExplainArgs),
    /// Print the Ninja file and build nothing
    Emit(RequestOptions),
    /// Write the build directory, print its path, and run nothing
    Gen(GenArgs),
    /// List what can be made from what
    List(ListArgs),
    /// Show, verify or shrink the store
    Store(StoreCommand),
    /// Draw all states and ops
    Graph(GraphArgs),
    /// Try plugins out: load them, and run the body of each op on made-up files
    Check(CheckArgs),
    /// Where plugins come from, and making one
    #[command(subcommand)]
    Plugin(PluginCommand),
    /// Say which tools are there, what they enable, and what to install for the rest
    Doctor(DoctorArgs),
    /// Show and change the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Write a fud.toml for the designs of this directory
    Init(InitArgs),
    /// Remove build directories of this project
    Clean(CleanArgs),
    /// Print a script that completes commands in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}
