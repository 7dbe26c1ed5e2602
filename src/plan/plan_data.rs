//! A plan: op uses in an order that can run, each with its files.
//! It does not know commands; lowering runs the bodies.

use crate::graph::{OpId, StateId};
use crate::paths::WorkPath;

/// A file of one plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

/// Where a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileSource {
    /// The user gave it: position in `Request::given`.
    Given(usize),
    /// A step makes it: position in [`Plan::uses`] and among the op's outputs.
    Made {
        /// Position in [`Plan::uses`].
        op_use: usize,
        /// Position among the op's outputs.
        output: usize,
    },
}

/// A file of the plan.
#[derive(Clone, Debug)]
pub struct PlannedFile {
    /// Its path; unique in the plan.
    pub path: WorkPath,
    /// Its state.
    pub state: StateId,
    /// Who makes it.
    pub source: FileSource,
}

/// One use of an op.
#[derive(Clone, Debug)]
pub struct OpUse {
    /// The op.
    pub op: OpId,
    /// The files of each input parameter, in order; their number is what the parameter takes.
    pub inputs: Vec<Vec<FileId>>,
    /// For each output parameter its file.
    pub outputs: Vec<FileId>,
}

/// Another plan of the same cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The names of the ops that it uses instead, in order.
    pub instead: Vec<String>,
    /// The op that `--through` must name to get the other plan.
    pub through: String,
}

/// What runs, on what.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The uses, each after the makers of its inputs.
    pub uses: Vec<OpUse>,
    /// All files.
    pub files: Vec<PlannedFile>,
    /// For each wanted state its file.
    pub results: Vec<FileId>,
    /// One other plan of equal cost, when there is one.
    pub tie: Option<Tie>,
    /// Whether the cost is proved to be minimal.
    pub proved: bool,
    /// What the user should know: a state or a file chosen among several, one file taken twice.
    pub notes: Vec<String>,
}

impl Plan {
    /// The file of an id of this plan.
    pub fn file(&self, id: FileId) -> &PlannedFile {
        &self.files[id.0]
    }
}
