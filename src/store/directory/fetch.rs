//! Looks for a result, lays it where it is wanted, and says what differs from the nearest one when there is none.
//! It does not know how entries are written.

use super::entry::{self, Fault, Manifest};
use super::places::{Directory, Kind, entries};
use crate::digest::Digest;
use crate::parts;
use crate::shelf::{Fetched, Replay, Wanted};
use camino::Utf8Path;
use std::fs::{self, File};
use std::time::{Duration, SystemTime};

/// A use is noted when the last note is older than this.
const NOTED_AGAIN_AFTER: Duration = Duration::from_secs(3600);

impl Directory {
    /// As [`Shelf::fetch`](crate::shelf::Shelf::fetch).
    pub(super) fn find(&self, wanted: &Wanted<'_>) -> Fetched {
        let first = entry::first_level(wanted.parts);
        let sets = if wanted.finds { self.sets(first) } else { vec![vec![]] };
        let mut warnings = vec![];
        for completing in sets.iter().filter_map(|set| (wanted.complete)(set)) {
            let key = entry::key(first, &completing);
            match self.lay(key, wanted) {
                Ok(replay) => return Fetched { result: Some(replay), warnings, ..Fetched::default() },
                Err(Fault::Absent) => {}
                Err(Fault::Damaged(what)) => warnings.push(self.drop_damaged(key, &what)),
            }
        }
        let missed = if warnings.is_empty() { self.why_miss(wanted) } else { "damaged".to_owned() };
        Fetched { result: None, missed, warnings }
    }

    /// The sets of files that steps of this first level were found to read.
    fn sets(&self, first: Digest) -> Vec<Vec<String>> {
        let read = |path: &Utf8Path| serde_json::from_slice(&fs::read(path).ok()?).ok();
        let mut files = entries(&self.place(Kind::Sets, first));
        files.sort();
        files.iter().filter_map(|path| read(path)).collect()
    }

    fn lay(&self, key: Digest, wanted: &Wanted<'_>) -> Result<Replay, Fault> {
        let place = self.place(Kind::Entries, key);
        let manifest = Manifest::read(&place, key)?;
        let mut replay = Replay { found: manifest.found, files: vec![], log: vec![] };
        for (number, file) in manifest.files.iter().enumerate() {
            let Some(output) = file.output else {
                let damaged = || Fault::Damaged("its log does not hold what was kept".to_owned());
                replay.log = entry::content(&place, number, file).ok_or_else(damaged)?;
                continue;
            };
            let foreign = || Fault::Damaged("it has an output that the step does not make".to_owned());
            let to = (wanted.place)(output, &file.name).ok_or_else(foreign)?;
            entry::lay(&place, number, file, &to)?;
            replay.files.push((to, file.digest));
        }
        self.note_use(&place);
        Ok(replay)
    }

    /// The time of an entry's manifest is that of its last use, where that can be written.
    fn note_use(&self, entry: &Utf8Path) {
        let manifest = entry.join(entry::MANIFEST);
        let noted = fs::metadata(&manifest).and_then(|meta| meta.modified());
        let is_old = noted.is_ok_and(|noted| noted.elapsed().is_ok_and(|since| since > NOTED_AGAIN_AFTER));
        if is_old && !self.is_read_only {
            let file = File::options().append(true).open(manifest);
            file.and_then(|file| file.set_modified(SystemTime::now())).unwrap_or_default();
        }
    }

    /// Puts a damaged entry aside, so that the next result takes its place; says so.
    pub(super) fn drop_damaged(&self, key: Digest, what: &str) -> String {
        let aside = self.put_aside(&self.place(Kind::Entries, key), "damaged");
        let done = if aside.is_some() { "it was put aside" } else { "it is left alone" };
        format!("entry {} of the store `{}` is not used: {what}; {done}", key.short(12), self.path())
    }

    /// What differs between what is wanted and the last result that was kept about the same subject.
    fn why_miss(&self, wanted: &Wanted<'_>) -> String {
        let latest =
            fs::read_to_string(self.place(Kind::Latest, Digest::of_bytes(wanted.subject.as_bytes())));
        let Some(key) = latest.ok().and_then(|text| text.trim().parse::<Digest>().ok()) else {
            return "nothing like it is kept".to_owned();
        };
        let Ok(known) = Manifest::read(&self.place(Kind::Entries, key), key) else {
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
}
