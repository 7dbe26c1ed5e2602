//! How a script's `tool("verilator")` becomes words and an identity: the trait that `tools` implements.
//! It does not know `PATH`, versions or configuration.

use crate::diag::{Place, Result};
use crate::lower::Piece;
use crate::paths::WorkPath;
use std::collections::BTreeMap;

/// What a script asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ToolAsked {
    /// The tool's name, such as `verilator`.
    pub name: String,
    /// The configuration key that names the command, when it is not `<name>.exe`.
    pub key: Option<String>,
    /// The oldest version that will do, such as `5.006`.
    pub at_least: Option<String>,
}

/// A tool that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundTool {
    /// How a command starts it: a wrapper such as `ccache g++` has several words.
    pub command: Vec<Piece>,
    /// The file in the build directory that contains the tool's identity.
    pub stamp: WorkPath,
    /// What else is known of it, such as `version`, `root` or `kind`.
    pub properties: BTreeMap<String, String>,
}

/// Finds tools; asked while bodies run.
pub trait Tools {
    /// The tool that a script asks for at `place`.
    ///
    /// # Errors
    /// It is missing or too old.
    fn find(&self, asked: &ToolAsked, place: &Place) -> Result<FoundTool>;
}
