//! The command line: what was typed, what it means, and one file per command.
//! It knows every stage; no stage knows it. The work itself is done in [`session`](crate::session) and below.

mod args;
mod build;
mod check;
mod clean;
mod cocotb;
mod config;
mod designs;
mod doctor;
mod emit;
mod examples;
mod exec;
mod explain;
mod export;
mod files;
mod generate;
mod graph;
mod help;
mod init;
mod junit;
mod lint;
mod list;
mod output;
mod packaging;
mod plan;
mod plugin;
mod precompile;
mod report;
mod request;
mod run;
mod run_names;
mod simulation;
mod store;
mod test;
mod timings;
mod tool;
mod verilator_words;

use crate::diag::Result;
use crate::env::Env;
use args::{Color, Command};
use report::report;
use std::process::ExitCode;
use verilator_words::Refused;

/// Runs the program.
pub fn main() -> ExitCode {
    crate::run::survive_limits();
    let env = match Env::load() {
        Ok(env) => env,
        Err(error) => return report(&error),
    };
    // What Ninja calls once per step goes past the command line proper: it costs nothing there.
    if let [_, first, words @ ..] = env.args.as_slice()
        && first == "tool"
    {
        let words = words.to_vec();
        return tool::main(env, &words);
    }
    if let [_, word] = env.args.as_slice()
        && ["--version", "-V"].contains(&word.as_str())
    {
        return version();
    }
    let (cli, notes) = match verilator_words::parse(&env.args) {
        Ok(parsed) => parsed,
        Err(Refused::Said(error)) => return report(&error),
        Err(Refused::Typed(error)) => {
            drop(error.print());
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    choose_color(cli.output.color);
    notes.iter().for_each(|text| note!("note: {text}"));
    match dispatch(env, cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&error),
    }
}

/// Prints the version, as clap would after it had described all commands.
fn version() -> ExitCode {
    match output::to_stdout(concat!("fudsv ", env!("CARGO_PKG_VERSION"), "\n").as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&error),
    }
}

fn dispatch(env: Env, command: Command) -> Result<()> {
    match command {
        Command::Exec(args) => exec::exec(env, args),
        Command::Run(args) => run::run(env, args),
        Command::Test(args) => test::test(env, args),
        Command::Lint(args) => lint::lint(env, args),
        Command::Gen(args) => generate::generate(env, args),
        Command::Plan(args) => plan::plan(env, args),
        Command::Explain(args) => explain::explain(env, args),
        Command::Export(args) => export::export(env, args),
        Command::Emit(args) => emit::emit(env, args),
        Command::List(args) => list::list(env, args),
        Command::Store(args) => store::store(env, args),
        Command::Precompile(args) => precompile::precompile(env, args),
        Command::Graph(args) => graph::graph(env, args),
        Command::Check(args) => check::check(env, args),
        Command::Plugin(command) => plugin::plugin(env, command),
        Command::Doctor(args) => doctor::doctor(env, args),
        Command::Init(args) => init::init(env, &args),
        Command::Config(command) => config::config(env, command),
        Command::Clean(args) => clean::clean(env, &args),
        Command::Completions { shell } => packaging::completions(shell),
        Command::Man => packaging::man(),
    }
}

fn choose_color(color: Color) {
    match color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
}
