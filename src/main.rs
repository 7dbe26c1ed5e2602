//! Arguments and environment in, exit code out.
//! It does not know what the arguments mean.

use std::process::ExitCode;

fn main() -> ExitCode {
    fudsv::cli::main()
}
