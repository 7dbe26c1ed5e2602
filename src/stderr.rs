//! Standard error, which may be full, closed or gone: that something cannot be said is no reason to die of it.
//! It does not know what is said.

use std::fmt;
use std::io::Write;

/// Prints a line on standard error; colours are left out where it is no terminal.
macro_rules! note {
    ($($text:tt)*) => { $crate::stderr::print(format_args!("{}\n", format_args!($($text)*))) };
}

/// Prints a text on standard error, in one go where the system takes it so.
pub fn print(text: fmt::Arguments<'_>) {
    // Nobody can be told that this failed.
    anstream::stderr().write_all(text.to_string().as_bytes()).unwrap_or_default();
}
