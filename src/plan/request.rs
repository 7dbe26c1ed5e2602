//! The request to the planner.
//! It does not know how the user typed it: names are resolved, and extensions are states.

use crate::graph::{OpId, StateId};
use crate::paths::WorkPath;

/// A file that the user gave.
#[derive(Clone, Debug)]
pub struct Given {
    /// The file.
    pub path: WorkPath,
    /// As the user typed it, for messages.
    pub shown: String,
    /// The possible states, the preferred one first: the state of `--from`, else the states of its extension, in order of
    /// declaration. Never empty.
    pub states: Vec<StateId>,
    /// Whether the user named the state with `--from`.
    pub stated: bool,
    /// Whether a plan must use it. That holds for a file on the command line; a file of a design or a filelist is only for the
    /// states that need it.
    pub required: bool,
}

/// `--bind OP.PARAM=FILE`.
#[derive(Clone, Debug)]
pub struct Bind {
    /// The op.
    pub op: OpId,
    /// The name of one of its input parameters.
    pub param: String,
    /// Position in [`Request::given`].
    pub file: usize,
}

/// What is asked: given files, wanted states, ops on the way.
#[derive(Clone, Debug)]
pub struct Request {
    /// Stem of the files that the plan makes.
    pub name: String,
    /// The given files, in the order of the user.
    pub given: Vec<Given>,
    /// The wanted states, in the order of the user; at least one.
    pub wanted: Vec<StateId>,
    /// Ops that the plan must use, in this order along a path to a wanted file.
    pub through: Vec<OpId>,
    /// Which given file goes into which parameter.
    pub bind: Vec<Bind>,
    /// Ops that the plan must not use.
    pub without: Vec<OpId>,
    /// Whether two plans of equal cost are an error.
    pub strict: bool,
}
