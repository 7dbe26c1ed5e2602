//! Where results of steps are kept beyond one build directory: what is asked of such a place, and what it gives. The
//! step runner asks, the store answers; a store on another machine would answer the same questions.
//! It does not know how results are kept, nor how a step runs.

use crate::diag::Result;
use crate::digest::Digest;
use crate::parts::Part;
use camino::{Utf8Path, Utf8PathBuf};

/// A place that keeps results. What it gives is checked against the digests under which it was kept.
pub trait Shelf {
    /// Lays the wanted result where it is asked for; none when no results are kept at all. Whatever goes wrong is a
    /// miss with a warning.
    fn fetch(&self, wanted: &Wanted<'_>) -> Option<Fetched>;

    /// Keeps a result.
    ///
    /// # Errors
    /// It cannot be written. The build's own result stands.
    fn keep(&self, kept: &KeptResult<'_>) -> Result<()>;
}

/// A result that is asked for.
pub struct Wanted<'a> {
    /// What results that are alternatives to each other have in common, such as the name of the step.
    pub subject: &'a str,
    /// What is known before the step runs: the first level of the key.
    pub parts: &'a [Part<'static>],
    /// Whether the step finds inputs that it does not declare.
    pub finds: bool,
    /// The second level of the key for files that it found at some other time; none when one is not there.
    pub complete: &'a dyn Fn(&[String]) -> Option<Vec<Part<'static>>>,
    /// Where a file goes that belongs to the output of this number; its name is empty unless that is a directory.
    /// None when the step has no such output.
    pub place: &'a dyn Fn(usize, &Utf8Path) -> Option<Utf8PathBuf>,
}

/// What the shelf has.
#[derive(Debug, Default)]
pub struct Fetched {
    /// The result, when there is one.
    pub result: Option<Replay>,
    /// Why there is none: what differs from the nearest that is known.
    pub missed: String,
    /// What was wrong with the place, in words for people.
    pub warnings: Vec<String>,
}

/// A result that was laid in its place.
#[derive(Debug)]
pub struct Replay {
    /// The names of the files that the step found to read.
    pub found: Vec<String>,
    /// The files that were laid down.
    pub files: Vec<(Utf8PathBuf, Digest)>,
    /// What the commands said.
    pub log: Vec<u8>,
}

/// A result whose commands said more bytes than this is not kept: whoever takes it would have to hold all of it.
pub const LONGEST_LOG: u64 = 16 << 20;

/// A result to keep.
pub struct KeptResult<'a> {
    /// As in [`Wanted`].
    pub subject: &'a str,
    /// The first level of the key.
    pub parts: &'a [Part<'static>],
    /// The names of the files that the step found to read.
    pub found: &'a [String],
    /// The second level of the key.
    pub completing: &'a [Part<'static>],
    /// What it made.
    pub files: &'a [KeptFile],
    /// What the commands said.
    pub log: &'a [u8],
}

/// A file of a result.
#[derive(Clone, Debug)]
pub struct KeptFile {
    /// Where it is.
    pub path: Utf8PathBuf,
    /// To which output it belongs.
    pub output: usize,
    /// Its name in that output; empty unless that is a directory.
    pub name: Utf8PathBuf,
    /// What it holds.
    pub digest: Digest,
}
