//! Every file that any step read or made, merged from the records into one file that is read in one go.
//! It does not know whether the files are still what they were: `scan` looks.

use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::facts::Stat;
use crate::step::look::{self, Seen};
use crate::step::names;
use crate::step::record::{self, Record};
use camino::{Utf8Path, Utf8PathBuf};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::fs;

/// The first line of the file; another one is no index.
const FORMAT: &str = "fudsv scan 1";

/// The last field; without it the file is not whole.
const END: &str = "end";

/// What the records say, by file. Most of it is never looked at, so it stays the text that was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Index<'t> {
    /// The modification time of the directory of records when it was listed; absent when it may have changed since.
    listed: Option<i128>,
    /// The steps; an entry's number stands for it in [`File::steps`].
    pub steps: Vec<Step>,
    /// The files.
    pub files: Vec<File<'t>>,
}

/// A step and its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Whether it has a readable record.
    pub is_recorded: bool,
    /// The digest of the words that stated it when it last ran.
    pub stated: Option<Digest>,
    /// The stat of the record, when that tells the next change.
    stat: Option<Stat>,
}

/// A file with the content that some steps remember of it. Another content is another entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File<'t> {
    /// Relative to the build directory, or absolute.
    pub path: Cow<'t, str>,
    /// Whether the steps made it; otherwise they read it.
    pub is_made: bool,
    /// The stat under which it surely holds what they remember.
    pub stat: Option<Stat>,
    /// What it held, in hexadecimal digits.
    digest: Cow<'t, str>,
    /// The numbers of the steps, separated by commas.
    steps: Cow<'t, str>,
}

impl File<'_> {
    /// What it held; absent when nothing was there.
    pub fn digest(&self) -> Option<Digest> {
        self.digest.parse().ok()
    }

    /// The numbers of the steps that read or made it.
    pub fn steps(&self) -> impl Iterator<Item = usize> {
        self.steps.split(',').filter_map(|step| step.parse().ok())
    }
}

/// The text of the index; empty when there is none.
pub fn read(workdir: &Utf8Path) -> String {
    fs::read_to_string(file(workdir)).unwrap_or_default()
}

impl<'t> Index<'t> {
    /// The index as it now has to be, and whether it differs from its text.
    ///
    /// # Errors
    /// The directory of records cannot be listed.
    pub fn load(workdir: &Utf8Path, text: &'t str) -> Result<(Index<'t>, bool)> {
        let index = parse(text).unwrap_or_default();
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
    fn updated(self, workdir: &Utf8Path, dir: &Utf8Path, listed: Option<i128>) -> Result<Index<'t>> {
        let old: HashMap<&str, (usize, &Step)> = self
            .steps
            .iter()
            .enumerate()
            .map(|(number, step)| (step.name.as_str(), (number, step)))
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
            let (is_recorded, stated) = (record.is_some(), record.as_ref().and_then(|record| record.stated));
            fresh.extend(record.map(|record| (steps.len(), record)));
            steps.push(Step { name, is_recorded, stated, stat });
        }
        let mut merge = Merge::of(self.files, &kept);
        fresh.into_iter().for_each(|(step, record)| merge.add(step, record));
        Ok(Index { listed, steps, files: merge.files })
    }

    fn text(&self) -> String {
        let mut text = format!("{FORMAT}\n{} {}\0", self.listed.unwrap_or_default(), self.steps.len());
        for Step { name, is_recorded, stated, stat } in &self.steps {
            let (is_recorded, stat, stated) = (u8::from(*is_recorded), Numbers(*stat), hexadecimal(*stated));
            write!(text, "{is_recorded} {stat} {stated}\0{name}\0").unwrap_or_default();
        }
        for File { path, is_made, stat, digest, steps } in &self.files {
            let (is_made, stat) = (u8::from(*is_made), Numbers(*stat));
            write!(text, "{is_made} {stat} {digest}\0{path}\0{steps}\0").unwrap_or_default();
        }
        text + END
    }
}

/// Merges files with the same path and the same remembered content.
struct Merge<'t> {
    files: Vec<File<'t>>,
    places: HashMap<(Cow<'t, str>, bool, Cow<'t, str>), usize>,
}

impl<'t> Merge<'t> {
    /// The files of the steps that are kept, which get new numbers.
    fn of(mut files: Vec<File<'t>>, kept: &HashMap<usize, usize>) -> Merge<'t> {
        for file in &mut files {
            let steps: Vec<String> =
                file.steps().filter_map(|step| kept.get(&step)).map(usize::to_string).collect();
            file.steps = steps.join(",").into();
        }
        files.retain(|file| !file.steps.is_empty());
        let key = |file: &File<'t>| (file.path.clone(), file.is_made, file.digest.clone());
        let places = files.iter().enumerate().map(|(place, file)| (key(file), place)).collect();
        Merge { files, places }
    }

    fn add(&mut self, step: usize, record: Record) {
        let Record { basis, made, .. } = record;
        let read = basis.inputs.into_iter().chain(basis.found);
        read.for_each(|seen| self.add_file(step, seen, false));
        made.into_iter().for_each(|seen| self.add_file(step, seen, true));
    }

    fn add_file(&mut self, step: usize, seen: Seen, is_made: bool) {
        let Seen { path, digest, stat, .. } = seen;
        let digest = hexadecimal(digest);
        let key = (Cow::Owned(path.into_string()), is_made, Cow::Owned(digest));
        if let Some(place) = self.places.get(&key) {
            let file = &mut self.files[*place];
            write!(file.steps.to_mut(), ",{step}").unwrap_or_default();
            file.stat = stat.or(file.stat);
        } else {
            let (path, _, digest) = key.clone();
            self.places.insert(key, self.files.len());
            self.files.push(File { path, is_made, stat, digest, steps: step.to_string().into() });
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

/// A digest as it is written, `-` when there is none.
fn hexadecimal(digest: Option<Digest>) -> String {
    digest.map_or_else(|| "-".to_owned(), |digest| digest.to_string())
}

/// A stat as four numbers, all zero when there is none.
struct Numbers(Option<Stat>);

impl std::fmt::Display for Numbers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(Stat { size, mtime, ctime, inode }) = self.0 else { return f.write_str("0 0 0 0") };
        write!(f, "{size} {mtime} {ctime} {inode}")
    }
}

fn parse(text: &str) -> Option<Index<'_>> {
    let text = text.strip_prefix(FORMAT)?.strip_prefix('\n')?.strip_suffix(END)?;
    let mut fields = text.split_terminator('\0');
    let (listed, steps) = fields.next()?.split_once(' ')?;
    let listed = Some(listed.parse().ok()?).filter(|listed| *listed != 0);
    let mut index = Index { listed, ..Index::default() };
    for _ in 0..steps.parse::<usize>().ok()? {
        let (head, name) = (fields.next()?, fields.next()?.to_owned());
        let (is_recorded, stat, stated) = parse_head(head)?;
        index.steps.push(Step { name, is_recorded, stated: stated.parse().ok(), stat });
    }
    while let Some(head) = fields.next() {
        let (is_made, stat, digest) = parse_head(head)?;
        let (path, steps) = (fields.next()?.into(), fields.next()?.into());
        index.files.push(File { path, is_made, stat, digest: digest.into(), steps });
    }
    Some(index)
}

/// A yes or no, a stat, and what follows.
fn parse_head(head: &str) -> Option<(bool, Option<Stat>, &str)> {
    let mut words = head.splitn(6, ' ');
    let is = words.next()? == "1";
    let size = words.next()?.parse().ok()?;
    let mut time = || words.next()?.parse::<i64>().ok().map(i128::from);
    let (mtime, ctime) = (time()?, time()?);
    let inode = words.next()?.parse().ok()?;
    Some((is, (inode != 0).then_some(Stat { size, mtime, ctime, inode }), words.next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index<'static> {
        let stat = Stat::of(Utf8Path::new("Cargo.toml"));
        let step = |name: &str, stat| Step { name: name.into(), is_recorded: true, stated: None, stat };
        let file = |path: &'static str, digest: &str, stat| File {
            path: path.into(),
            is_made: true,
            stat,
            digest: digest.to_owned().into(),
            steps: "0,1".into(),
        };
        let digest = Digest::of_bytes(b"1").to_string();
        Index {
            listed: Some(12),
            steps: vec![step("a b", stat), step("c", None)],
            files: vec![file("a b\n c", &digest, stat), file("c", "-", None)],
        }
    }

    #[test]
    fn an_index_reads_back_as_it_was() {
        assert_eq!(parse(&index().text()), Some(index()));
        assert_eq!(parse(&Index::default().text()), Some(Index::default()));
        let files = index().files;
        assert_eq!((files[0].digest(), files[1].digest()), (Some(Digest::of_bytes(b"1")), None));
        assert_eq!(files[0].steps().collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn a_damaged_index_is_none() {
        let whole = index().text();
        for length in 0..whole.len() {
            assert_eq!(parse(&whole[..length]), None, "{length}");
        }
        assert_eq!(parse(&whole.replace(FORMAT, "fudsv scan 0")), None);
    }
}
