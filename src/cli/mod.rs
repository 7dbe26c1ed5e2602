//! The command line: what was typed, what it means, and one file per command.
//! It knows every stage; no stage knows it.

use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    let Ok(env) = crate::env::Env::load() else { return ExitCode::from(3) };
    let words: Vec<String> = std::env::args().collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "tool", "run", ..] => ExitCode::from(crate::step::main(&words[3..], &env.vars)),
        _ => ExitCode::SUCCESS,
    }
}
