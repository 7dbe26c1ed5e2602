//! The kinds of names in directories and of what a path leads to.
//! It does not know how they were found.

/// What a name in a directory is. Links are not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// Anything else.
    File,
}

/// A name in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// The answer for a directory.
pub const DIRECTORY: &str = "directory";

/// The answer for anything else.
pub const FILE: &str = "file";
