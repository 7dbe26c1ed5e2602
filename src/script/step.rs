//! One step as a body recorded it: its commands, its dependencies, its targets.
//! It does not know the functions that record it, or what names of dependencies mean.

use super::marks::FileUse;
use crate::diag::Place;
use crate::lower::{Piece, StepOptions};
use crate::paths::WorkPath;

/// One step as the body said it.
#[derive(Default)]
pub struct Step {
    /// Its commands.
    pub commands: Vec<Vec<Piece>>,
    /// What it waits for.
    pub waits: Vec<Waiting>,
    /// What it makes.
    pub targets: Vec<MadeFile>,
    /// How it runs.
    pub options: StepOptions,
    /// Tools it uses, with their identity files.
    pub tools: Vec<(String, WorkPath)>,
    /// Files that its commands name and must wait for.
    pub named: Vec<FileUse>,
    /// The first of what it makes: what belongs to the step is named after it.
    pub first_output: Option<WorkPath>,
    /// Where it was asked for.
    pub place: Option<Place>,
    /// The script that asked for it, as its places show it.
    pub script: String,
}

/// Something that a step waits for.
pub struct Waiting {
    /// What.
    pub what: FileOrName,
    /// How.
    pub how: WaitKind,
}

/// How a step waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitKind {
    /// It is listed.
    Explicit,
    /// It is not listed.
    Implicit,
    /// Its change alone runs nothing.
    OrderOnly,
    /// Its change alone runs nothing, and neither does a change of what is read below it.
    Covered,
    /// It is made only if the commands run.
    OnDemand,
}

/// A dependency as the script gave it.
#[derive(Clone, Debug)]
pub enum FileOrName {
    /// A file.
    File(FileUse),
    /// A name whose meaning is settled when the body is done.
    Name(String),
}

/// A target as the script gave it.
#[derive(Clone, Debug)]
pub struct MadeFile {
    /// The file, or its name.
    pub what: FileOrName,
    /// Whether its name ends in a slash.
    pub directory: bool,
}
