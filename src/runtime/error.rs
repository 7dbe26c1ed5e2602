//! What a model can complain about.
//! It does not know who asked.

use std::fmt;

/// Why an evaluation ended, or a call was refused.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// What it came from.
    pub kind: Kind,
    /// The source that said so, when the design did.
    pub file: Option<String>,
    /// The line in `file`.
    pub line: Option<u32>,
    /// In words.
    pub message: String,
}

/// What an [`Error`] came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The design had reached `$finish` before: nothing runs any more.
    Finished,
    /// `$stop`: nothing runs any more.
    Stop,
    /// `$error` or a failed assertion; the evaluation went on to its end and the model is usable.
    Error,
    /// `$fatal`: the model can still be read, and not be run.
    Fatal,
    /// Combinational logic that never settles: as after `$fatal`.
    NotConverged,
    /// `$readmemh` or `$readmemb` found no file; the model is usable.
    MemoryFile,
    /// The simulator's own error: as after `$fatal`.
    Runtime,
    /// A DPI function that is missing or failed; the model ends as after `$fatal`.
    Dpi,
    /// The model met `$fatal` or the like before; the message is what it said then.
    Poisoned,
    /// No port or DPI function has this name, or no element this index.
    NoPort,
    /// The port cannot be written, or by a call for outputs not be read.
    Direction,
    /// The time is past.
    Time,
    /// The value has more bits than the port.
    Width,
    /// Bits, real numbers and texts do not convert to each other; a text cannot contain a zero byte.
    Type,
    /// The value has no name in the enum.
    UnknownValue,
    /// The model has no such thing.
    NotSupported,
    /// The library was built of other sources, or with other flags or tools.
    Stale,
    /// The model could not be built; the message is what the tool said.
    Build,
    /// No memory, a file that cannot be read or written, a model that is in use, or a library of another version.
    Machine,
}

impl Error {
    pub(super) fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error { kind, file: None, line: None, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
        }
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if self.file.is_some() || self.line.is_some() {
            write!(f, " ")?;
        }
        match self.kind {
            Kind::Finished => write!(f, "$finish was reached before: {}", self.message),
            Kind::Error if self.message.is_empty() => write!(f, "$error"),
            Kind::Error => write!(f, "$error: {}", self.message),
            Kind::Fatal => write!(f, "$fatal: {}", self.message),
            Kind::Poisoned => write!(f, "the model ended before: {}", self.message),
            _ => write!(f, "{}", self.message),
        }
    }
}

impl fmt::Debug for Error {
    /// For people too: it is what a test or a `main` prints that ends with an error.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.kind)
    }
}

impl std::error::Error for Error {}
