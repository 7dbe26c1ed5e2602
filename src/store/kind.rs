//! What every store can do beside giving and taking results: say what it holds, whether that is whole, and stay small.
//! It does not know which kinds of stores there are.

use crate::diag::Result;
use crate::shelf::Shelf;
use camino::Utf8Path;
use std::time::{Duration, SystemTime};

/// Where a store is.
#[derive(Clone, Copy, Debug)]
pub struct Address<'a> {
    /// An absolute path, or `scheme://…`.
    pub text: &'a str,
    /// Whether results are only taken from there.
    pub read_only: bool,
}

impl Address<'_> {
    /// Whether it is no path.
    pub fn is_url(&self) -> bool {
        self.text.contains("://")
    }
}

/// A place that keeps results, and those who look after it.
pub trait Store: Shelf {
    /// Where it is, for people.
    fn place(&self) -> String;

    /// The directory that it is in, when it is in one.
    fn dir(&self) -> Option<&Utf8Path>;

    /// What it holds.
    fn status(&self) -> Status;

    /// Reads everything and puts aside what is not as it was written.
    ///
    /// # Errors
    /// What is there is not a store.
    fn verify(&self) -> Result<Verified>;

    /// Whether it has grown over the limit, as far as its writers counted; asked after each build.
    fn is_over(&self, limits: Limits) -> bool;

    /// Removes what is too old, then what was used longest ago until the rest fits. With `dry_run` only counts.
    ///
    /// # Errors
    /// The store cannot be written, or what is there is not a store.
    fn clean(&self, limits: Limits, dry_run: bool) -> Result<Cleaned>;

    /// Removes what killed writers of this machine left.
    fn tidy(&self);
}

/// When a store is to be made smaller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Bytes; none for any size.
    pub size: Option<u64>,
    /// Since the last use; none for any age.
    pub age: Option<Duration>,
}

/// What a store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// How many results.
    pub entries: usize,
    /// About what they take on disk, in bytes.
    pub size: u64,
    /// The last use that is longest ago.
    pub oldest: Option<SystemTime>,
}

/// What a look at every byte says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many results are whole.
    pub whole: usize,
    /// What was wrong with the others, in words.
    pub damaged: Vec<String>,
}

/// What was removed, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// How many results.
    pub entries: usize,
    /// About what they took on disk, in bytes.
    pub size: u64,
}
