//! Every file and variable that any step read, and every file that a step made, merged from the records into one file.
//! It does not know whether the files changed: `scan` looks.

use crate::beneath;
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::facts::Stat;
use crate::step::index_bytes;
use crate::step::look::{self, Seen};
use crate::step::names;
use crate::step::record::Record;
use crate::workdir::{names::SCAN, replace};

pub use crate::step::entries::{File, Index, Kind, Step};
use camino::Utf8Path;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// The longest index that is read, in bytes.
const LONGEST: u64 = 1 << 32;

/// The bytes of the index; `None` without an index.
pub fn read(workdir: &Utf8Path) -> Vec<u8> {
    beneath::read(&workdir.join(SCAN), LONGEST).unwrap_or_default()
}

impl<'t> Index<'t> {
    /// The up-to-date index, and whether it differs from these bytes.
    ///
    /// # Errors
    /// The directory of records cannot be listed.
    pub fn load(workdir: &Utf8Path, bytes: &'t [u8]) -> Result<(Index<'t>, bool)> {
        let index = index_bytes::decode(bytes).unwrap_or_default();
        let dir = workdir.join(names::STEPS);
        let stat = Stat::of(&dir);
        if stat.is_none() || index.listed.is_some() && index.listed == stat.map(|stat| stat.mtime) {
            return Ok((index, false));
        }
        let listed = stat.filter(look::is_settled).map(|stat| stat.mtime);
        Ok((index.updated(workdir, &dir, listed)?, true))
    }

    /// Writes the file as a whole.
    ///
    /// # Errors
    /// The build directory cannot be written.
    pub fn save(&self, workdir: &Utf8Path) -> Result<()> {
        replace(&workdir.join(SCAN), &index_bytes::encode(self))
    }

    /// Reads the records that are new or changed, forgets those that are gone.
    fn updated(self, workdir: &Utf8Path, dir: &Utf8Path, listed: Option<i128>) -> Result<Index<'t>> {
        let old: HashMap<&str, (usize, &Step<'t>)> = self
            .steps
            .iter()
            .enumerate()
            .map(|(number, step)| (step.name.as_ref(), (number, step)))
            .collect();
        let mut steps = vec![];
        let mut kept: HashMap<usize, usize> = HashMap::new();
        let mut fresh = vec![];
        for (name, stat) in steps_in(dir)? {
            let known = old.get(name.as_str()).filter(|(_, step)| stat.is_some() && step.stat == stat);
            if let Some((before, step)) = known {
                kept.insert(*before, steps.len());
                steps.push((*step).clone());
                continue;
            }
            let record = Record::load(workdir, &name);
            let stat = stat.filter(look::is_settled).filter(|_| record.is_some());
            let is_recorded = record.as_ref().is_some_and(|record| record.doubts.is_empty());
            let stated = record.as_ref().and_then(|record| record.stated);
            fresh.extend(record.map(|record| (steps.len(), record)));
            steps.push(Step { name: name.into(), is_recorded, stated, stat });
        }
        let mut merge = Merge::of(self.files, &kept);
        fresh.into_iter().for_each(|(step, record)| merge.add(step, record));
        Ok(Index { listed, steps, files: merge.files })
    }
}

/// Merges files with the same path and the same remembered content.
struct Merge<'t> {
    files: Vec<File<'t>>,
    places: HashMap<Key<'t>, usize>,
}

/// Path, kind and content.
type Key<'t> = (Cow<'t, str>, Kind, Option<Digest>);

/// A file that one step made and another read is one entry, unless it is a link: a step makes the link but reads its target.
fn key<'t>(path: Cow<'t, str>, kind: Kind, digest: Option<Digest>) -> Key<'t> {
    let is_read = kind == Kind::Output && digest.is_some();
    (path, if is_read { Kind::Input } else { kind }, digest)
}

impl<'t> Merge<'t> {
    /// The files of the steps that are kept, which get new numbers.
    fn of(mut files: Vec<File<'t>>, kept: &HashMap<usize, usize>) -> Merge<'t> {
        for file in &mut files {
            let steps = file.steps().filter_map(|step| kept.get(&step)).flat_map(|step| number(*step));
            file.steps = steps.collect();
        }
        files.retain(|file| !file.steps.is_empty());
        let key = |file: &File<'t>| key(file.path.clone(), file.kind, file.digest);
        let places = files.iter().enumerate().map(|(place, file)| (key(file), place)).collect();
        Merge { files, places }
    }

    fn add(&mut self, step: usize, record: Record) {
        let Record { basis, shadows, made, added, .. } = record;
        let read = basis.inputs.into_iter().chain(basis.named).chain(basis.found);
        read.for_each(|seen| self.add_seen(step, seen, Kind::Input));
        made.into_iter().chain(added).for_each(|seen| self.add_seen(step, seen, Kind::Output));
        basis
            .reads
            .into_iter()
            .for_each(|(name, value)| self.add_one(step, name, Kind::Variable, value, None));
        let dirs = shadows.dirs.into_iter();
        dirs.for_each(|dir| self.add_one(step, dir.path.into_string(), Kind::Searched, None, dir.stat));
    }

    fn add_seen(&mut self, step: usize, seen: Seen, kind: Kind) {
        self.add_one(step, seen.path.into_string(), kind, seen.digest, seen.stat);
    }

    fn add_one(&mut self, step: usize, name: String, kind: Kind, digest: Option<Digest>, stat: Option<Stat>) {
        let key = key(Cow::Owned(name), kind, digest);
        if let Some(place) = self.places.get(&key) {
            let file = &mut self.files[*place];
            file.steps.to_mut().extend(number(step));
            if kind == Kind::Output {
                file.kind = kind;
            }
            file.stat = match kind {
                // Under another stat, the steps need not have seen the same content.
                Kind::Searched => stat.filter(|stat| file.stat == Some(*stat)),
                _ => stat.or(file.stat),
            };
        } else {
            let path = key.0.clone();
            self.places.insert(key, self.files.len());
            self.files.push(File { path, kind, stat, digest, steps: number(step).to_vec().into() });
        }
    }
}

/// The number of a step in the index. Four billion steps are enough.
fn number(step: usize) -> [u8; 4] {
    u32::try_from(step).unwrap_or(u32::MAX).to_le_bytes()
}

/// The steps that have a record or a dependency file, with the stats of the records.
fn steps_in(dir: &Utf8Path) -> Result<BTreeMap<String, Option<Stat>>> {
    let entries = dir.read_dir_utf8().and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(|e| Error::machine(format!("cannot list `{dir}`")).because(e))?;
    let mut steps = BTreeMap::new();
    for entry in entries {
        if let Some(step) = entry.file_name().strip_suffix(".json") {
            let stat = entry.metadata().ok().map(|meta| Stat::from_metadata(&meta));
            steps.insert(step.to_owned(), stat);
        } else if let Some(step) = entry.file_name().strip_suffix(".d") {
            steps.entry(step.to_owned()).or_insert(None);
        }
    }
    Ok(steps)
}
