//! What a body gets and what it emits: the contract between scripts and lowering.
//! It does not know Ninja, and no quoting has happened yet.

use crate::diag::{Place, Result};
use crate::graph::{BodyId, Op};
use crate::paths::WorkPath;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Runs the bodies of ops.
pub trait Bodies {
    /// Forgets what the bodies of an earlier plan said to each other, for a plan of these ops.
    fn start(&self, _ops: &[&Op]) {}

    /// Runs one body and returns what it emitted, in order.
    ///
    /// # Errors
    /// Whatever is wrong in the script or in what it asked for, with its place.
    fn run(&self, body: BodyId, call: &Call) -> Result<Vec<Emission>>;
}

/// One use of an op, as its body sees it.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The op.
    pub op: &'a Op,
    /// A name for this use, unique in the plan and fit for a file name; prefix of what the body names itself.
    pub name: String,
    /// For each input parameter its files.
    pub inputs: Vec<Vec<WorkPath>>,
    /// For each output parameter its file.
    pub outputs: Vec<WorkPath>,
}

/// A part of a command or of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Shell text of the script's author, taken as it is.
    Text(String),
    /// A file or a directory: written as seen from where the step runs, and quoted for where it stands.
    File(WorkPath),
    /// Data: each is quoted and they stand side by side, separated by blanks.
    Words(Vec<String>),
}

/// Something a step waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dep {
    /// A file; a change of its content runs the step again.
    Explicit(WorkPath),
    /// The same, but not among the files that the command lists.
    Implicit(WorkPath),
    /// It must be there first, but its change alone runs nothing.
    OrderOnly(WorkPath),
    /// The same for a directory. Another input stands for what the step reads below it.
    Covered(WorkPath),
    /// The commands use it if it is there, for speed only. It is made when they run, and not before.
    OnDemand(WorkPath),
}

impl Dep {
    /// The file.
    pub fn path(&self) -> &WorkPath {
        match self {
            Dep::Explicit(path)
            | Dep::Implicit(path)
            | Dep::OrderOnly(path)
            | Dep::Covered(path)
            | Dep::OnDemand(path) => path,
        }
    }
}

/// Something a step makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The file or directory.
    pub path: WorkPath,
    /// Whether it is a directory.
    pub directory: bool,
}

/// A file that is part of the program and is laid into the build directory for steps to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Where it is laid.
    pub path: WorkPath,
    /// What is in it.
    pub content: Cow<'static, [u8]>,
    /// Whether it may be executed.
    pub is_executable: bool,
}

/// Where a step's commands run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunIn {
    /// In the build directory, as in fud2.
    #[default]
    Workdir,
    /// Where the project's `fud.toml` is, else where the user stands.
    Root,
}

/// The environment of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvUse {
    /// Variables that the step reads: their values belong to its key.
    pub reads: Vec<String>,
    /// Variables that the step sets.
    pub sets: BTreeMap<String, String>,
}

/// A file in which a tool says what it read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depfile {
    /// Seen from the build directory.
    pub path: Vec<Piece>,
    /// `make`, `list` or `verilator`; if absent, the runner derives it from the name.
    pub form: Option<&'static str>,
}

/// The options of `shell_deps`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepOptions {
    /// The dependency files that the tools write.
    pub depfiles: Vec<Depfile>,
    /// One line of progress; the op's name and first output when absent.
    pub description: Option<String>,
    /// The class of step: `compile`, `verilate`, `link`, `simulate`, or a pool of the user's.
    pub pool: Option<String>,
    /// Where the commands run.
    pub run_in: RunIn,
    /// Its environment.
    pub env: EnvUse,
    /// Whether its results may come from the store and go to it.
    pub cached: bool,
    /// Whether the tool must write to the real name of its output.
    pub in_place: bool,
    /// Whether it needs the terminal.
    pub console: bool,
    /// Whether it runs though nobody waits for what it makes.
    pub for_itself: bool,
}

/// One step that a body asks for.
#[derive(Clone, Debug)]
pub struct Emission {
    /// Shell commands, each run by `sh -c`, in turn, until one fails.
    pub commands: Vec<Vec<Piece>>,
    /// What it waits for.
    pub deps: Vec<Dep>,
    /// What it makes; at least one.
    pub targets: Vec<Target>,
    /// How it runs.
    pub options: StepOptions,
    /// Tools that it uses: the name, and the file in the build directory that contains the identity.
    pub tools: Vec<(String, WorkPath)>,
    /// Built-in files that must be in the build directory first.
    pub resources: Vec<Resource>,
    /// Where in the script it was asked for.
    pub place: Place,
}

impl Emission {
    /// Whether it asks for the same step, wherever it was asked for.
    pub fn is_same_step(&self, other: &Emission) -> bool {
        self.commands == other.commands
            && self.deps == other.deps
            && self.targets == other.targets
            && self.options == other.options
            && self.tools == other.tools
    }
}
