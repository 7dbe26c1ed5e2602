//! Every file that any step read or made, merged from the records into one file that is read in one go.
//! It does not know whether the files are still what they were: `scan` looks.

use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::facts::Stat;
use crate::step::look::{self, Seen};
use crate::step::names;
use crate::step::record::{self, Record};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::fs;

/// The first line of the file; another one is no index.
const FORMAT: &str = "fudsv scan 1";

/// What the records say, by file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// The modification time of the directory of records when it was listed; absent when it may have changed since.
    listed: Option<i128>,
    /// The steps; an entry's number stands for it in [`File::steps`].
    pub steps: Vec<Step>,
    /// The files.
    pub files: Vec<File>,
}

/// A step and its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Whether it has a readable record.
    pub is_recorded: bool,
    /// The stat of the record, when that tells the next change.
    stat: Option<Stat>,
}

/// A file with the content that some steps remember of it. Another content is another entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Relative to the build directory, or absolute.
    pub path: Utf8PathBuf,
    /// Whether the steps made it; otherwise they read it.
    pub is_made: bool,
    /// What it held.
    pub digest: Option<Digest>,
    /// The stat under which it surely holds this.
    pub stat: Option<Stat>,
    /// The steps.
    pub steps: Vec<u32>,
}

impl Index {
    /// The index as it now has to be, and whether it differs from the file.
    ///
    /// # Errors
    /// The directory of records cannot be listed.
    pub fn load(workdir: &Utf8Path) -> Result<(Index, bool)> {
        let text = fs::read_to_string(file(workdir)).unwrap_or_default();
        let index = parse(&text).unwrap_or_default();
        let dir = workdir.join(names::STEPS);
        let stat = Stat::of(&dir);
        if stat.is_none() || index.listed.is_some() && index.listed == stat.map(|stat| stat.mtime) {
            return Ok((index, false));
        }
        let listed = stat.filter(look::is_settled).map(|stat| stat.mtime);
        Ok((index.updated(workdir, &dir, listed)?, true))
    }

    /// Writes the file, in one go.
    ///
    /// # Errors
    /// The build directory cannot be written.
    pub fn save(&self, workdir: &Utf8Path) -> Result<()> {
        record::replace(&file(workdir), self.text().as_bytes())
    }

    /// Reads the records that are new or changed, forgets those that are gone.
    fn updated(mut self, workdir: &Utf8Path, dir: &Utf8Path, listed: Option<i128>) -> Result<Index> {
        let present = steps_in(dir)?;
        let old: HashMap<String, (usize, Step)> = self
            .steps
            .drain(..)
            .enumerate()
            .map(|(number, step)| (step.name.clone(), (number, step)))
            .collect();
        let mut steps = vec![];
        let mut renumbered: HashMap<u32, u32> = HashMap::new();
        let mut fresh = vec![];
        for (name, stat) in present {
            let number = u32::try_from(steps.len()).unwrap_or(u32::MAX);
            match old.get(&name).filter(|(_, step)| step.is_recorded && stat.is_some() && step.stat == stat) {
                Some((before, step)) => {
                    renumbered.insert(u32::try_from(*before).unwrap_or(u32::MAX), number);
                    steps.push(step.clone());
                }
                None => {
                    let record = Record::load(workdir, &name);
                    let stat = stat.filter(look::is_settled);
                    steps.push(Step { name, is_recorded: record.is_some(), stat });
                    fresh.extend(record.map(|record| (number, record)));
                }
            }
        }
        for file in &mut self.files {
            file.steps = file.steps.iter().filter_map(|step| renumbered.get(step).copied()).collect();
        }
        self.files.retain(|file| !file.steps.is_empty());
        let mut merge = Merge::of(self.files);
        fresh.into_iter().for_each(|(step, record)| merge.add(step, record));
        Ok(Index { listed, steps, files: merge.files })
    }

    fn text(&self) -> String {
        let mut text = format!("{FORMAT}\n");
        let counts = (self.steps.len(), self.files.len());
        let listed = self.listed.unwrap_or_default();
        let line = |text: &mut String, numbers: std::fmt::Arguments, name: &str| {
            text.write_fmt(numbers).unwrap_or_default();
            text.push(' ');
            text.push_str(name);
            text.push('\0');
        };
        line(&mut text, format_args!("{listed} {} {}", counts.0, counts.1), "");
        for step in &self.steps {
            line(
                &mut text,
                format_args!("{} {}", u8::from(step.is_recorded), Numbers(step.stat)),
                &step.name,
            );
        }
        for File { path, is_made, digest, stat, steps } in &self.files {
            let digest = digest.map_or_else(|| "-".to_owned(), |digest| digest.to_string());
            let steps = steps.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            line(
                &mut text,
                format_args!("{} {} {digest} {steps}", u8::from(*is_made), Numbers(*stat)),
                path.as_str(),
            );
        }
        text
    }
}

/// Merges files with the same path and the same remembered content.
struct Merge {
    files: Vec<File>,
    places: HashMap<(Utf8PathBuf, bool, Option<Digest>), usize>,
}

impl Merge {
    fn of(files: Vec<File>) -> Merge {
        let key = |file: &File| (file.path.clone(), file.is_made, file.digest);
        let places = files.iter().enumerate().map(|(place, file)| (key(file), place)).collect();
        Merge { files, places }
    }

    fn add(&mut self, step: u32, record: Record) {
        let Record { basis, made, .. } = record;
        let read = basis.inputs.into_iter().chain(basis.found);
        read.for_each(|seen| self.add_file(step, seen, false));
        made.into_iter().for_each(|seen| self.add_file(step, seen, true));
    }

    fn add_file(&mut self, step: u32, seen: Seen, is_made: bool) {
        let Seen { path, digest, stat, .. } = seen;
        let key = (path, is_made, digest);
        if let Some(place) = self.places.get(&key) {
            let file = &mut self.files[*place];
            file.steps.push(step);
            file.stat = stat.or(file.stat);
        } else {
            let file = File { path: key.0.clone(), is_made, digest, stat, steps: vec![step] };
            self.places.insert(key, self.files.len());
            self.files.push(file);
        }
    }
}

fn file(workdir: &Utf8Path) -> Utf8PathBuf {
    workdir.join(".fudsv/scan")
}

/// The steps of which there is a record or a dependency file, with the stats of the records.
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

/// A stat as four numbers, all zero when there is none.
struct Numbers(Option<Stat>);

impl std::fmt::Display for Numbers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(Stat { size, mtime, ctime, inode }) = self.0 else { return f.write_str("0 0 0 0") };
        write!(f, "{size} {mtime} {ctime} {inode}")
    }
}

fn parse(text: &str) -> Option<Index> {
    let mut lines = text.strip_prefix(FORMAT)?.strip_prefix('\n')?.split_terminator('\0');
    let mut head = lines.next()?.split(' ');
    let listed = head.next()?.parse::<i128>().ok().filter(|listed| *listed != 0);
    let mut count = || head.next()?.parse::<usize>().ok();
    let (steps, files) = (count()?, count()?);
    let steps = lines.by_ref().take(steps).map(parse_step).collect::<Option<Vec<Step>>>()?;
    let found = lines.map(parse_file).collect::<Option<Vec<File>>>()?;
    (found.len() == files).then_some(Index { listed, steps, files: found })
}

fn parse_step(line: &str) -> Option<Step> {
    let mut words = line.splitn(6, ' ');
    let is_recorded = words.next()? == "1";
    let stat = parse_stat(&mut words)?;
    Some(Step { name: words.next()?.to_owned(), is_recorded, stat })
}

fn parse_file(line: &str) -> Option<File> {
    let mut words = line.splitn(8, ' ');
    let is_made = words.next()? == "1";
    let stat = parse_stat(&mut words)?;
    let digest = words.next()?.parse::<Digest>().ok();
    let steps = words.next()?.split(',').map(|step| step.parse().ok()).collect::<Option<Vec<u32>>>()?;
    Some(File { path: words.next()?.into(), is_made, digest, stat, steps })
}

/// `Some(None)` for a stat that is not there.
fn parse_stat<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<Option<Stat>> {
    let size = words.next()?.parse().ok()?;
    let mtime = words.next()?.parse().ok()?;
    let ctime = words.next()?.parse().ok()?;
    let inode = words.next()?.parse().ok()?;
    Some((inode != 0).then_some(Stat { size, mtime, ctime, inode }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_reads_back_as_it_was() {
        let stat = Stat::of(Utf8Path::new("Cargo.toml"));
        let step = |name: &str, stat| Step { name: name.into(), is_recorded: true, stat };
        let file = |path: &str, digest, stat| File {
            path: path.into(),
            is_made: true,
            digest,
            stat,
            steps: vec![0, 1],
        };
        let digest = Some(Digest::of_bytes(b"1"));
        let index = Index {
            listed: Some(12),
            steps: vec![step("a b", stat), step("c", None)],
            files: vec![file("a b\n c", digest, stat), file("c", None, None)],
        };
        assert_eq!(parse(&index.text()), Some(index));
        assert_eq!(parse(&Index::default().text()), Some(Index::default()));
    }

    #[test]
    fn a_damaged_index_is_none() {
        let whole = Index { steps: vec![], ..Index::default() }.text();
        assert_eq!(parse(&whole.replace(" 0 ", " 1 ")), None);
        assert_eq!(parse(""), None);
        assert_eq!(parse("fudsv scan 0\n"), None);
    }
}
