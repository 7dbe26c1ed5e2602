//! The Ninja file as data: typed text and paths, ordered statements, and the writer; all escaping lives here.
//! It does not know what the commands do, nor shells: a command arrives quoted.

mod check;
mod file;
mod text;
mod write;

pub use check::check;
pub use file::{Build, File, Statement};
pub use text::{Name, PathText, Text};
