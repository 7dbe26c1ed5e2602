//! A state: a kind of file, such as `sv` or `shared-lib`; and where a declaration stands.
//! It does not know which files are in it.

use super::properties::StateProperties;
use crate::diag::Place;

/// Where a state or an op was declared, and its order among equals.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Position of the script's source on the search path; smaller is nearer to the user.
    pub rank: u32,
    /// The script's name, without directory and `.rhai`.
    pub script: String,
    /// Whether the script is part of the program.
    pub builtin: bool,
    /// The declaration itself.
    pub place: Place,
}

impl Origin {
    /// What breaks ties: search-path rank, script name, position in the script; never the order of loading.
    pub fn order(&self) -> (u32, &str, usize, usize) {
        (self.rank, &self.script, self.place.line, self.place.column)
    }
}

/// A kind of file.
#[derive(Clone, Debug)]
pub struct State {
    /// Its name; two states may share one, see `OpGraph::state_name`.
    pub name: String,
    /// Extensions without the dot, the usual one first; empty for a pseudo-state (an action).
    pub extensions: Vec<String>,
    /// Whether its "files" are directories.
    pub directory: bool,
    /// How its files are named, with `{}` for the stem (`lib{}.so`); else stem, dot, first extension.
    pub pattern: Option<String>,
    /// One line for `list`.
    pub description: Option<String>,
    /// What else it declares.
    pub properties: StateProperties,
    /// Where it was declared.
    pub origin: Origin,
}

impl State {
    /// The name of this state's file with the given stem: `lib{}.so` and `alu` give `libalu.so`.
    pub fn file_name(&self, stem: &str) -> String {
        match (&self.pattern, self.extensions.first()) {
            (Some(pattern), _) => pattern.replace("{}", stem),
            (None, Some(extension)) => format!("{stem}.{extension}"),
            (None, None) => stem.to_owned(),
        }
    }
}
