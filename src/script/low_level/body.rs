//! The body of a low-level op, kept until a plan uses it.
//! It does not know how it runs.

use super::setups::ListedSetup;
use crate::script::closure::Closure;

/// What a low-level op does.
pub struct LowBody {
    /// What it shares with other ops.
    pub setups: Vec<ListedSetup>,
    /// What it says itself.
    pub says: StatementSource,
}

/// How the op's own statements come about.
pub enum StatementSource {
    /// `|e, input, output|`.
    One(Closure),
    /// `|e, inputs, outputs|`.
    Many(Closure),
    /// One `build` of this rule.
    Rule(String),
}
