//! What was typed: clap's view of the command line, validated and nothing more.
//! It does not know what the words mean; each command has its own arguments beside it.

use super::check::CheckArgs;
use super::clean::CleanArgs;
use super::config::ConfigCommand;
use super::doctor::DoctorArgs;
use super::emit::EmitArgs;
use super::exec::ExecArgs;
use super::explain::ExplainArgs;
use super::export::ExportArgs;
use super::generate::GenArgs;
use super::graph::GraphArgs;
use super::init::InitArgs;
use super::lint::LintArgs;
use super::list::ListArgs;
use super::plan::PlanArgs;
use super::plugin::PluginCommand;
use super::precompile::PrecompileCommand;
use super::run::RunArgs;
use super::store::StoreCommand;
use super::test::args::TestArgs;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Build hardware designs: scripts declare states and ops, fudsv plans, Ninja runs
#[derive(Debug, Parser)]
#[command(name = "fudsv", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// How it is shown
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = "Output", hide_short_help = true)]
    pub color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Only on a terminal
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
    /// Show Verilator's warnings and errors about a design
    Lint(LintArgs),
    /// Print the plan and build nothing
    Plan(PlanArgs),
    /// Show which steps would run and why
    Explain(ExplainArgs),
    /// Print a design as a filelist or as EDAM, for other tools
    Export(ExportArgs),
    /// Print the Ninja file and build nothing
    Emit(EmitArgs),
    /// Write the build directory, print its path, and run nothing
    Gen(GenArgs),
    /// List states, ops and designs
    List(ListArgs),
    /// Show, verify or shrink the store
    Store(StoreCommand),
    /// Save, load, show and verify precompiled databases
    Precompile(PrecompileCommand),
    /// Draw all states and ops
    Graph(GraphArgs),
    /// Check plugins: load them and run each op on stand-in files
    Check(CheckArgs),
    /// List, create and register plugins
    #[command(subcommand)]
    Plugin(PluginCommand),
    /// Show which tools are installed, what they enable, and how to install the rest
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

impl Cli {
    /// The command line of one command, without the others. To describe all of them takes ten times as long, which is more
    /// than a plan does. `None` for a command that nobody waits for.
    pub fn with_only(name: &str) -> Option<clap::Command> {
        let (name, describe): (&str, fn(clap::Command) -> clap::Command) = match name {
            "exec" | "build" => ("exec", ExecArgs::augment_args),
            "run" => ("run", RunArgs::augment_args),
            "test" => ("test", TestArgs::augment_args),
            "lint" => ("lint", LintArgs::augment_args),
            "plan" => ("plan", PlanArgs::augment_args),
            "explain" => ("explain", ExplainArgs::augment_args),
            "export" => ("export", ExportArgs::augment_args),
            "emit" => ("emit", EmitArgs::augment_args),
            "gen" => ("gen", GenArgs::augment_args),
            "list" => ("list", ListArgs::augment_args),
            _ => return None,
        };
        let command = describe(clap::Command::new(name)).visible_aliases((name == "exec").then_some("build"));
        Some(OutputArgs::augment_args(clap::Command::new("fudsv")).subcommand(command))
    }
}
