//! The statements of a Ninja file, in order.
//! It does not know how they are spelt; `write` does.

use super::text::{Name, PathText, Text};

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// An empty line.
    Blank,
    /// `# …`, one line or several.
    Comment(String),
    /// `name = value` at file scope.
    Variable(Name, Text),
    /// A pool of at least 1.
    Pool(Name, u32),
    /// A rule and its bindings.
    Rule(Name, Vec<(Name, Text)>),
    /// A build edge.
    Build(Build),
    /// What is built when nothing is named.
    Default(Vec<PathText>),
}

/// An edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// What it makes; at least one.
    pub outputs: Vec<PathText>,
    /// The rule, or `phony`.
    pub rule: Name,
    /// What it is made from.
    pub inputs: Vec<PathText>,
    /// The same, not in `$in`.
    pub implicit: Vec<PathText>,
    /// What must be there first.
    pub order_only: Vec<PathText>,
    /// Its own variables.
    pub bindings: Vec<(Name, Text)>,
}
