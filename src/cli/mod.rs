//! The command line: what was typed, what it means, and one file per command.
//! It knows every stage; no stage knows it.

use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
