//! The mark by which a directory is known as a store: what is something else is neither filled nor swept.
//! It does not know what a store holds.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::places::Directory;
use crate::beneath::Beneath;
use crate::diag::{Error, Result};
use camino::Utf8Path;
use std::io::{self, Write};

/// The file that holds the mark; backup programs know its first line.
const TAG: &str = "CACHEDIR.TAG";

/// What stands in it. Earlier versions wrote the first line alone.
const MARK: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# A store of fudsv, which removes from it what it \
                    no longer needs.\n";

/// What can be at the top of a store.
const NAMES: [&str; 6] = [TAG, "e", "m", "n", "size", "tmp"];

/// No mark is longer.
const LONGEST: u64 = 4096;

impl Directory {
    /// Its directory, to be read.
    pub(super) fn open(&self) -> io::Result<Beneath> {
        Beneath::open(self.path())
    }

    /// Its directory, to be written; made and marked when nothing is there yet.
    pub(super) fn prepare(&self) -> io::Result<Beneath> {
        let root = match self.open() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                std::fs::create_dir_all(self.path())?;
                self.open()?
            }
            opened => opened?,
        };
        match standing(&root) {
            DirectoryKind::Store => {}
            DirectoryKind::Unmarked => mark(&root)?,
            DirectoryKind::Foreign => return Err(io::Error::other(NO_STORE)),
        }
        root.make_dir(Utf8Path::new(super::places::TEMPORARY))?;
        Ok(root)
    }

    /// Its directory, where something is to be taken from it or removed; none when there is no such directory.
    ///
    /// # Errors
    /// It is a directory of something else.
    pub(super) fn existing(&self) -> Result<Option<Beneath>> {
        let Ok(root) = self.open() else { return Ok(None) };
        if let DirectoryKind::Foreign = standing(&root) {
            return Err(Error::request(format!("`{}` is not a store: {NO_STORE}", self.path()))
                .hint("`store.dir` is the directory of a store that fudsv made, or an empty one"));
        }
        Ok(Some(root))
    }
}

/// Why a directory is left alone.
const NO_STORE: &str = "it holds files that are not a store's, and nothing was written or removed there";

/// What a directory is.
enum DirectoryKind {
    /// A store.
    Store,
    /// An empty directory, one whose mark is being written, or a store of a version that had no mark.
    Unmarked,
    /// Something else.
    Foreign,
}

fn standing(root: &Beneath) -> DirectoryKind {
    let read = || root.read(Utf8Path::new(TAG), LONGEST);
    let is_mark = |tag: &io::Result<Vec<u8>>| tag.as_ref().is_ok_and(|tag| tag == MARK.as_bytes());
    let tag = read();
    if is_mark(&tag) {
        return DirectoryKind::Store;
    }
    let names = root.list(Utf8Path::new(""));
    let is_begun = || tag.as_ref().is_ok_and(|tag| MARK.as_bytes().starts_with(tag));
    let is_older = || {
        let first_line = MARK.split_inclusive('\n').next().unwrap_or_default();
        let is_known = |name: &String| NAMES.contains(&name.as_str());
        tag.as_ref().is_ok_and(|tag| tag == first_line.as_bytes())
            && names.iter().all(is_known)
            && root.is_dir(Utf8Path::new("e"))
    };
    match names.as_slice() {
        [] => DirectoryKind::Unmarked,
        [only] if only == TAG && is_begun() => DirectoryKind::Unmarked,
        _ if is_older() => DirectoryKind::Unmarked,
        // Somebody else may have made the store between the two looks.
        _ if is_mark(&read()) => DirectoryKind::Store,
        _ => DirectoryKind::Foreign,
    }
}

/// Writes the mark from its beginning: whoever does the same at the same time writes the same bytes.
fn mark(root: &Beneath) -> io::Result<()> {
    root.write(Utf8Path::new(TAG))?.write_all(MARK.as_bytes())
}
