//! The content of the index: steps, and files and variables with the content that steps remember.
//! It does not know how records are gathered, or how the index becomes bytes.

use crate::digest::Digest;
use crate::facts::Stat;
use std::borrow::Cow;

/// The content of the records, by file. Texts borrow from the bytes that were read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Index<'t> {
    /// The modification time of the directory of records when it was listed; absent when it may have changed since.
    pub(super) listed: Option<i128>,
    /// The steps; [`File::steps`] refers to an entry by its number.
    pub steps: Vec<Step<'t>>,
    /// The files.
    pub files: Vec<File<'t>>,
}

/// A step and its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'t> {
    /// Its name.
    pub name: Cow<'t, str>,
    /// Whether it has a readable record of a result whose inputs are known for certain.
    pub is_recorded: bool,
    /// The digest of its words when it last ran.
    pub stated: Option<Digest>,
    /// The stat of the record, if it reveals the next change.
    pub(super) stat: Option<Stat>,
}

/// The kind of thing whose content is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file that steps read.
    Input,
    /// A file that steps made. Other steps may read it.
    Output,
    /// A variable that steps read.
    Variable,
    /// A directory in which a new file would hide a file that steps read. Its content is not remembered, only a stat with
    /// which no new file hid anything.
    Searched,
}

/// A file or a variable with the content that some steps remember. Each content has its own entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File<'t> {
    /// Relative to the build directory, or absolute; the name of a variable.
    pub path: Cow<'t, str>,
    /// What it is.
    pub kind: Kind,
    /// A stat with which it certainly has the remembered content.
    pub stat: Option<Stat>,
    /// The digest of its content; `None` if it did not exist.
    pub digest: Option<Digest>,
    /// The steps that read or made it: their numbers in four bytes each, lowest first.
    pub(super) steps: Cow<'t, [u8]>,
}

impl File<'_> {
    /// The numbers of the steps that read or made it.
    pub fn steps(&self) -> impl Iterator<Item = usize> {
        self.steps.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number) as usize)
    }
}
