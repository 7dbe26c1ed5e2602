//! Looks for a result, lays it where it is wanted, and says what differs from the nearest one when there is none.
//! It does not know how entries are written.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::entry::{self, Fault, Manifest};
use super::places::{Directory, Kind, place};
use crate::beneath::Beneath;
use crate::digest::Digest;
use crate::parts;
use crate::shelf::{Fetched, Replay, Wanted};
use camino::Utf8Path;
use rustix::fs::{Timespec, Timestamps, UTIME_NOW, futimens};
use std::time::Duration;

/// A use is noted when the last note is older than this.
const NOTED_AGAIN_AFTER: Duration = Duration::from_secs(3600);

/// A note of a key is shorter.
const LONGEST_NOTE: u64 = 128;

impl Directory {
    /// As [`Shelf::fetch`](crate::shelf::Shelf::fetch).
    pub(super) fn find(&self, wanted: &Wanted<'_>) -> Fetched {
        let Ok(root) = self.open() else {
            return Fetched { missed: NOTHING_LIKE_IT.to_owned(), ..Fetched::default() };
        };
        let first = entry::first_level(wanted.parts);
        let sets = if wanted.finds { sets(&root, first) } else { vec![vec![]] };
        let mut warnings = vec![];
        for completing in sets.iter().filter_map(|set| (wanted.complete)(set)) {
            let key = entry::key(first, &completing);
            match self.lay(&root, key, wanted) {
                Ok(replay) => return Fetched { result: Some(replay), warnings, ..Fetched::default() },
                Err(Fault::Absent) => {}
                Err(Fault::Damaged(what)) => warnings.push(self.drop_damaged(&root, key, &what)),
                Err(Fault::NoRoom(what)) => {
                    let named = format!("entry {} of the store `{}`", key.short(12), self.path());
                    warnings.push(format!("{named} is not used: {what}"));
                }
            }
        }
        let missed = if warnings.is_empty() { why_miss(&root, wanted) } else { "not usable".to_owned() };
        Fetched { result: None, missed, warnings }
    }

    /// Lays the result of a key where it is wanted.
    pub(super) fn lay(&self, root: &Beneath, key: Digest, wanted: &Wanted<'_>) -> Result<Replay, Fault> {
        let place = place(Kind::Entries, key);
        let manifest = Manifest::read(root, &place, key)?;
        let mut replay = Replay { found: manifest.found, files: vec![], log: vec![], key: Some(key) };
        for (number, file) in manifest.files.iter().enumerate() {
            let Some(output) = file.output else {
                replay.log = entry::content(root, &place, number, file)?;
                continue;
            };
            let foreign = || Fault::Damaged("it has an output that the step does not make".to_owned());
            let to = (wanted.place)(output, &file.name).ok_or_else(foreign)?;
            entry::lay(root, &place, number, file, &to)?;
            replay.files.push((to, file.digest));
        }
        self.note_use(root, &place);
        Ok(replay)
    }

    /// The time of an entry's manifest is that of its last use, where that can be written.
    fn note_use(&self, root: &Beneath, entry: &Utf8Path) {
        let manifest = entry.join(entry::MANIFEST);
        let noted = root.read_from(&manifest).and_then(|file| file.metadata()?.modified());
        let is_old = noted.is_ok_and(|noted| noted.elapsed().is_ok_and(|since| since > NOTED_AGAIN_AFTER));
        if is_old && !self.is_read_only {
            let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
            // "Now" for both may be said by whoever can write the file, every other time by its owner only.
            let times = Timestamps { last_access: now, last_modification: now };
            root.append(&manifest).and_then(|file| Ok(futimens(&file, &times)?)).unwrap_or_default();
        }
    }

    /// Puts a damaged entry aside, so that the next result takes its place; says so.
    pub(super) fn drop_damaged(&self, root: &Beneath, key: Digest, what: &str) -> String {
        let aside = self.put_aside(root, &place(Kind::Entries, key), "damaged");
        let done = if aside.is_some() { "it was put aside" } else { "it is left alone" };
        format!("entry {} of the store `{}` is not used: {what}; {done}", key.short(12), self.path())
    }
}

/// What is said when no result was kept about a subject.
const NOTHING_LIKE_IT: &str = "nothing like it is kept";

/// The sets of files that steps of this first level were found to read.
fn sets(root: &Beneath, first: Digest) -> Vec<Vec<String>> {
    let dir = place(Kind::Sets, first);
    let read =
        |name: String| serde_json::from_slice(&root.read(&dir.join(name), entry::LONGEST_LIST).ok()?).ok();
    root.list(&dir).into_iter().filter_map(read).collect()
}

/// What differs between what is wanted and the last result that was kept about the same subject.
fn why_miss(root: &Beneath, wanted: &Wanted<'_>) -> String {
    let Some(key) = latest(root, &place(Kind::Latest, Digest::of_bytes(wanted.subject.as_bytes()))) else {
        return NOTHING_LIKE_IT.to_owned();
    };
    let Ok(known) = Manifest::read(root, &place(Kind::Entries, key), key) else {
        return "what was kept is gone".to_owned();
    };
    parts::difference(wanted.parts, &known.parts).unwrap_or_else(|| {
        let completing = (wanted.complete)(&known.found);
        let differs = completing.map(|completing| parts::difference(&completing, &known.completing));
        differs.map_or_else(
            || "a file that it found to read is missing".to_owned(),
            |differs| differs.unwrap_or_else(|| "nothing differs".to_owned()),
        )
    })
}

/// The key that the note at this place holds.
pub(super) fn latest(root: &Beneath, place: &Utf8Path) -> Option<Digest> {
    let text = String::from_utf8(root.read(place, LONGEST_NOTE).ok()?).ok()?;
    text.trim().parse().ok()
}
