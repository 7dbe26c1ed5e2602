//! The operands of a request: files, designs and filelists, as they were typed.
//! It does not know what they hold.

#[cfg(feature = "program")]
use serde::{Deserialize, Serialize};

/// What is built, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "program", derive(Serialize, Deserialize))]
pub enum Operand {
    /// A file, `-` for standard input, the name of a design, or `+incdir+…` and the like.
    Word(String),
    /// A filelist.
    List {
        /// As typed.
        path: String,
        /// Whether the paths in it are relative to itself (`-F`).
        own_paths: bool,
    },
}

impl Operand {
    /// How it is typed.
    pub fn command_line(&self) -> Vec<String> {
        match self {
            Operand::Word(word) => vec![as_file(word)],
            Operand::List { path, own_paths } => vec![Operand::flag(*own_paths).to_owned(), as_file(path)],
        }
    }

    /// The option of a filelist.
    pub fn flag(own_paths: bool) -> &'static str {
        if own_paths { "-F" } else { "-f" }
    }
}

/// A file whose name would be read as an option.
fn as_file(path: &str) -> String {
    if path.starts_with('-') && path != "-" { format!("./{path}") } else { path.to_owned() }
}
