//! How an error is shown, and its exit code.
//! It does not know what went wrong.

use crate::diag::Error;
use std::process::ExitCode;

/// Prints the error, its labels in colour on a terminal, and gives its exit code.
pub fn report(error: &Error) -> ExitCode {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    let cyan = anstyle::AnsiColor::Cyan.on_default().bold();
    for line in error.to_string().lines() {
        match (line.strip_prefix("error:"), line.strip_prefix("hint:")) {
            (Some(rest), _) => note!("{red}error{red:#}:{rest}"),
            (_, Some(rest)) => note!("{cyan}hint{cyan:#}:{rest}"),
            _ => note!("{line}"),
        }
    }
    ExitCode::from(error.kind.exit_code())
}
