//! What a running body has recorded so far.
//! It does not know how a body runs, or what becomes of the record.

use super::step::Step;
use crate::diag::Place;
use crate::lower::Target;
use crate::paths::WorkPath;

/// What a running body said so far.
pub struct Recording {
    /// The op's name.
    pub op: String,
    /// The name of this use of it, fit for a file name.
    pub call_name: String,
    /// Where the op was declared.
    pub declared: Place,
    /// Its inputs: parameter and files.
    pub inputs: Vec<(String, Vec<WorkPath>)>,
    /// Its outputs: parameter and file.
    pub outputs: Vec<(String, Target)>,
    /// Whether it says Ninja statements.
    pub statements: bool,
    /// The step that all calls of `shell` make together.
    pub shell: Option<Step>,
    /// The steps of `shell_deps`, in order.
    pub steps: Vec<Step>,
}
