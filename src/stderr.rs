//! Standard error, which may be full, closed or gone: a message that cannot be written does not end the program.
//! It does not know what is said.

use std::fmt;
use std::io::Write;

/// Prints a line on standard error, without colours unless it is a terminal.
macro_rules! note {
    ($($text:tt)*) => { $crate::stderr::print(format_args!("{}\n", format_args!($($text)*))) };
}

/// Prints a text on standard error, in one go where the system takes it so.
pub fn print(text: fmt::Arguments<'_>) {
    // Nobody can be told that this failed.
    anstream::stderr().write_all(text.to_string().as_bytes()).unwrap_or_default();
}
