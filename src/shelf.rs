//! Where results of steps are kept beyond one build directory: the interface of such a place. The step runner asks, and the
//! store answers; a store on another machine would answer the same questions.
//! It does not know how results are kept, nor how a step runs.

use crate::diag::Result;
use crate::digest::Digest;
use crate::parts::Part;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A place that keeps results. What it gives is checked against the digests under which it was kept.
pub trait Shelf {
    /// Puts the wanted result where it is needed; `None` if no results are kept at all. An error counts as a miss with a
    /// warning.
    fn fetch(&self, wanted: &Wanted<'_>) -> Option<Fetched>;

    /// Keeps a result; its key, where that is worth remembering.
    ///
    /// # Errors
    /// It cannot be written. The build's own result stands.
    fn keep(&self, kept: &StoredResult<'_>) -> Result<Option<Digest>>;
}

/// The places that keep results, in the order in which they are asked: the first that has a result gives it.
pub trait Shelves {
    /// The places.
    fn places(&self) -> &[Place];

    /// Whether a build before this one, on this machine, wanted what a step makes on demand. Notes that this build does.
    fn was_wanted(&self, step: Digest, build: &str) -> bool;
}

/// A place in that order.
pub struct Place {
    /// The precompiled database that it is. Nothing is kept there; none for a place that keeps what steps make.
    pub database: Option<String>,
    /// The files for which it stands.
    pub stands: StandIns,
    /// Directories of this machine, and what they are called there.
    pub renames: Renames,
    /// The place itself.
    pub shelf: Box<dyn Shelf>,
}

impl Place {
    /// What commands said there, with the names of here.
    pub fn said_here(&self, said: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(said) {
            Ok(text) if !self.renames.is_empty() => self.renames.here(text).into_bytes(),
            _ => said.to_vec(),
        }
    }
}

/// Files of which a database says what they held, so that its results are found without them. Nothing that rests on
/// that is kept anywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandIns {
    /// The files, seen from the build directory.
    pub files: BTreeMap<Utf8PathBuf, Digest>,
    /// Whether it stands also for those that are there.
    pub is_frozen: bool,
    /// The directory of the project, seen from the build directory.
    pub root: Utf8PathBuf,
}

/// Directories that are called otherwise in another place: pairs of what they are called there and here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renames(Vec<(String, String)>);

impl Renames {
    /// These pairs; where several fit, the longest counts.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Renames {
        let plain = |dir: String| dir.trim_end_matches('/').to_owned();
        let pairs = pairs.into_iter().map(|(there, here)| (plain(there), plain(here)));
        Renames(pairs.filter(|(there, here)| !there.is_empty() && !here.is_empty()).collect())
    }

    /// Whether nothing is called otherwise.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A text of there, with the names of here.
    pub fn here(&self, text: &str) -> String {
        replaced(text, self.0.iter().map(|(there, here)| (there.as_str(), here.as_str())))
    }

    /// A text of here, with the names of there.
    pub fn there(&self, text: &str) -> String {
        replaced(text, self.0.iter().map(|(there, here)| (here.as_str(), there.as_str())))
    }
}

/// The text with each directory of `pairs` that begins a path in it replaced, the longest first.
fn replaced<'p>(text: &str, pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
    let is_part = |c: char| c.is_alphanumeric() || "._-+~/".contains(c);
    let (mut done, mut rest, mut before) = (String::with_capacity(text.len()), text, ' ');
    while let Some(next) = rest.chars().next() {
        // Behind `-I` and the like a path may begin, too; it is absolute, and nothing absolute begins inside of one.
        let begins = next == '/' && (!is_part(before) || before.is_ascii_uppercase());
        let fits = |from: &str| {
            let after = rest.strip_prefix(from)?;
            after.chars().next().is_none_or(|c| c == '/' || !is_part(c)).then_some(after)
        };
        let found = pairs.iter().filter(|_| begins).find_map(|(from, to)| Some((*to, fits(from)?)));
        (before, rest) = match found {
            Some((to, after)) => {
                done.push_str(to);
                ('x', after)
            }
            None => {
                done.push(next);
                (next, &rest[next.len_utf8()..])
            }
        };
    }
    done
}

/// A result that is asked for.
pub struct Wanted<'a> {
    /// What results that are alternatives to each other have in common, such as the name of the step.
    pub subject: &'a str,
    /// What is known before the step runs: the first level of the key.
    pub parts: &'a [Part<'static>],
    /// Whether the step finds inputs that it does not declare.
    pub finds: bool,
    /// The second level of the key for files of an earlier run; `None` if one of them does not exist.
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
    /// Why there is no result: the difference to the nearest known one.
    pub missed: String,
    /// What was wrong with the place, in words for people.
    pub warnings: Vec<String>,
}

impl Fetched {
    /// The same, with a key that is not worth remembering.
    pub fn without_key(self) -> Fetched {
        let result = self.result.map(|replay| Replay { key: None, ..replay });
        Fetched { result, ..self }
    }
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
    /// Its key, where that is worth remembering.
    pub key: Option<Digest>,
}

/// A result whose commands printed more bytes is not kept: whoever takes it would need all of it in memory.
pub const LONGEST_LOG: u64 = 16 << 20;

/// A result to keep.
pub struct StoredResult<'a> {
    /// As in [`Wanted`].
    pub subject: &'a str,
    /// The first level of the key.
    pub parts: &'a [Part<'static>],
    /// The names of the files that the step found to read.
    pub found: &'a [String],
    /// The second level of the key.
    pub completing: &'a [Part<'static>],
    /// What it made.
    pub files: &'a [StoredFile],
    /// What the commands said.
    pub log: &'a [u8],
}

/// A file of a result.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// Where it is.
    pub path: Utf8PathBuf,
    /// To which output it belongs.
    pub output: usize,
    /// Its name in that output; empty unless that is a directory.
    pub name: Utf8PathBuf,
    /// Its content.
    pub digest: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_directory_that_fits_is_renamed_and_only_where_a_path_begins() {
        let pairs = [("/save/src", "/load/src"), ("/save/src/ip/", "/vendor/ip/")];
        let renames = Renames::new(pairs.map(|(there, here)| (there.to_owned(), here.to_owned())));
        for (there, here) in [
            ("/save/src/a.sv", "/load/src/a.sv"),
            ("%Warning: /save/src/ip/b.sv:3:1: x", "%Warning: /vendor/ip/b.sv:3:1: x"),
            ("cc -I/save/src -I'/save/src/ip' x", "cc -I/load/src -I'/vendor/ip' x"),
            ("/save/src2/a.sv rtl/save/src/a.sv", "/save/src2/a.sv rtl/save/src/a.sv"),
        ] {
            assert_eq!(renames.here(there), here);
            assert_eq!(renames.there(here), there);
        }
    }
}
