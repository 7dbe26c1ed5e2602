//! What the index holds: the steps, and the files and variables with what some of them remember of each.
//! It leaves to others how that is gathered from records, and how it becomes bytes.

use crate::digest::Digest;
use crate::facts::Stat;
use std::borrow::Cow;

/// What the records say, by file. Texts stay those that were read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Index<'t> {
    /// The modification time of the directory of records when it was listed; absent when it may have changed since.
    pub(super) listed: Option<i128>,
    /// The steps; an entry's number stands for it in [`File::steps`].
    pub steps: Vec<Step<'t>>,
    /// The files.
    pub files: Vec<File<'t>>,
}

/// A step and its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'t> {
    /// Its name.
    pub name: Cow<'t, str>,
    /// Whether it has a readable record, of a result of which it is sure on what it rests.
    pub is_recorded: bool,
    /// The digest of the words that stated it when it last ran.
    pub stated: Option<Digest>,
    /// The stat of the record, when that tells the next change.
    pub(super) stat: Option<Stat>,
}

/// What a remembered content is that of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file that steps read.
    Input,
    /// A file that steps made, and perhaps others read.
    Output,
    /// A variable that steps read.
    Variable,
    /// A directory in which a file would hide one that steps read. Nothing is remembered of what it holds: its stat is
    /// one under which nothing new hid anything.
    Searched,
}

/// A file, or a variable, with the content that some steps remember of it. Another content is another entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File<'t> {
    /// Relative to the build directory, or absolute; the name of a variable.
    pub path: Cow<'t, str>,
    /// What it is.
    pub kind: Kind,
    /// The stat under which it surely holds what they remember.
    pub stat: Option<Stat>,
    /// What it held; absent when nothing was there.
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
