//! The body of a low-level op, kept until a plan uses it.
//! It does not know how it runs.

use super::setups::Listed;
use crate::script::closure::Closure;

/// What a low-level op does.
pub struct LowBody {
    /// What it shares with other ops.
    pub setups: Vec<Listed>,
    /// What it says itself.
    pub says: Says,
}

/// How the op's own statements come about.
pub enum Says {
    /// `|e, input, output|`.
    One(Closure),
    /// `|e, inputs, outputs|`.
    Many(Closure),
    /// One `build` of this rule.
    Rule(String),
}
