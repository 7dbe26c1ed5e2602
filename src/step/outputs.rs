//! Handles the outputs of a step during one run: where the tool writes them, how they get to their places, and what is
//! undone if the step fails.
//! It does not know the commands, nor when they run.

use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::facts::Stat;
use crate::step::args::{Output, Step};
use crate::step::directory;
use crate::step::look::{self, Seen};
use crate::step::names;
use crate::step::publish::{self, Finished};
use crate::sums;
use camino::{Utf8Path, Utf8PathBuf};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io;

/// How a tool writes an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WriteMode {
    /// Under a temporary name that was put into the command.
    Temporary,
    /// Under its real name. The old file was set aside.
    InPlace,
    /// Under its real name, which stands in the command at a place that is not known.
    Literal,
}

/// One output of this run.
struct Target<'a> {
    output: &'a Output,
    way: WriteMode,
    /// `<temporary directory>/<base name>`: the new file, or the old one that was set aside.
    stand_in: Utf8PathBuf,
    /// The files that were in its place when the commands began. Names are relative to the directory, or empty for a file.
    before: BTreeMap<Utf8PathBuf, Stat>,
    /// The files that the step made in this directory earlier.
    earlier: BTreeSet<Utf8PathBuf>,
    /// Whether it is a directory: the step declares one, or the commands made one.
    is_directory: Cell<bool>,
}

/// The outputs of one run. Dropping it removes temporary files.
pub struct Attempt<'a> {
    step: &'a Step,
    targets: Vec<Target<'a>>,
    known: HashMap<&'a Utf8Path, &'a Seen>,
}

/// The temporary directories of this run.
pub fn temporary_dirs(step: &Step) -> BTreeSet<Utf8PathBuf> {
    step.outputs.iter().map(|output| names::temporary_dir(&step.name, output.parent())).collect()
}

/// Removes temporary directories.
pub fn remove_all<'a>(dirs: impl IntoIterator<Item = &'a Utf8PathBuf>) {
    dirs.into_iter().for_each(|dir| directory::remove_all(dir));
}

impl<'a> Attempt<'a> {
    /// Makes room for the outputs. `made` is what the step made last time, as far as that is known.
    ///
    /// # Errors
    /// A directory cannot be written or listed.
    pub fn begin(step: &'a Step, made: &'a [Seen]) -> Result<Attempt<'a>> {
        Attempt::of(step, made, |number| {
            let is_spliced = step.spans.iter().any(|span| span.output == number);
            match (step.in_place, is_spliced) {
                (true, _) => WriteMode::InPlace,
                (false, true) => WriteMode::Temporary,
                (false, false) => WriteMode::Literal,
            }
        })
    }

    /// Makes room for outputs that the caller writes to [`Attempt::place`], instead of commands.
    ///
    /// # Errors
    /// As [`Attempt::begin`].
    pub fn replay(step: &'a Step, made: &'a [Seen]) -> Result<Attempt<'a>> {
        Attempt::of(step, made, |_| WriteMode::Temporary)
    }

    fn of(step: &'a Step, made: &'a [Seen], way: impl Fn(usize) -> WriteMode) -> Result<Attempt<'a>> {
        remove_all(&temporary_dirs(step));
        let known = made.iter().map(|seen| (seen.path.as_path(), seen)).collect();
        let mut attempt = Attempt { step, targets: vec![], known };
        for (number, output) in step.outputs.iter().enumerate() {
            attempt.targets.push(Target::begin(step, output, way(number), made)?);
        }
        Ok(attempt)
    }

    /// Where the caller writes a file of this output. The name is empty if the output is not a directory.
    pub fn place(&self, output: usize, name: &Utf8Path) -> Option<Utf8PathBuf> {
        let target = self.targets.get(output)?;
        let is_whole = name.as_str().is_empty();
        if is_whole {
            return (!target.output.directory).then(|| target.stand_in.clone());
        }
        let path = target.stand_in.join(name);
        fs::create_dir_all(path.parent()?).ok()?;
        Some(path)
    }

    /// Where the tool wrote a file whose name begins with that of an output, such as a dependency file.
    pub fn beside(&self, path: &Utf8Path) -> Utf8PathBuf {
        let named_after = self.targets.iter().filter(|t| t.way == WriteMode::Temporary).filter_map(|t| {
            let rest = path.as_str().strip_prefix(t.output.path.as_str())?;
            Some(Utf8PathBuf::from(format!("{}{rest}", t.stand_in)))
        });
        named_after.into_iter().find(|path| path.exists()).unwrap_or_else(|| path.to_owned())
    }

    /// The files that are ready to be published.
    ///
    /// # Errors
    /// A declared output was not made.
    pub fn finished(&self) -> Result<Vec<Vec<Finished>>> {
        self.targets.iter().map(|target| target.finished(self.step)).collect()
    }

    /// The files that the caller wrote to [`Attempt::place`], with their digests; `None` if an output is missing.
    pub fn laid(&self, files: &[(Utf8PathBuf, Digest)]) -> Option<Vec<Vec<Finished>>> {
        let digests: HashMap<&Utf8Path, Digest> =
            files.iter().map(|(path, digest)| (path.as_path(), *digest)).collect();
        let mut finished = self.finished().ok()?;
        for file in finished.iter_mut().flatten() {
            let temporary = file.temporary.as_deref().unwrap_or(&file.real);
            let digest = if temporary.is_dir() { look::output(temporary, None).digest } else { None };
            file.digest = digest.or_else(|| digests.get(temporary).copied());
        }
        finished.iter().flatten().all(|file| file.digest.is_some()).then_some(finished)
    }

    /// Puts everything in its place and removes what the step no longer makes. The lists of directories come last. With
    /// `anew`, unchanged outputs get a new time, too.
    ///
    /// # Errors
    /// A directory cannot be written.
    pub fn publish(&self, finished: &[Vec<Finished>], anew: bool) -> Result<Vec<Seen>> {
        let mut made = vec![];
        let mut lists = vec![];
        for (target, files) in self.targets.iter().zip(finished) {
            target.remove_vanished(files);
            let published: Result<Vec<Seen>> =
                files.iter().map(|file| publish::publish(file, self.known(&file.real))).collect();
            let published = published?;
            if target.is_directory.get() {
                lists.push(target.list(&published)?);
            }
            made.extend(published);
        }
        for list in lists {
            made.push(publish::publish(&list, self.known(&list.real))?);
        }
        if anew {
            made.iter_mut().filter(|seen| self.is_for_ninja(&seen.path)).for_each(publish::renew);
        }
        Ok(made)
    }

    /// After a failure: removes outputs that the commands touched, and puts back what was set aside.
    pub fn undo(&self) {
        self.targets.iter().for_each(Target::undo);
    }

    fn is_for_ninja(&self, path: &Utf8Path) -> bool {
        self.step.outputs.iter().any(|output| output.for_ninja() == path)
    }

    fn known(&self, path: &Utf8Path) -> Option<&Seen> {
        self.known.get(path).copied()
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        remove_all(&temporary_dirs(self.step));
    }
}

impl<'a> Target<'a> {
    fn begin(step: &Step, output: &'a Output, way: WriteMode, made: &[Seen]) -> Result<Target<'a>> {
        let stand_in = names::temporary_dir(&step.name, output.parent()).join(output.base_name());
        let earlier = earlier(output, made);
        let is_directory = Cell::new(output.directory);
        let mut target = Target { output, way, stand_in, before: BTreeMap::new(), earlier, is_directory };
        target.make_room().map_err(|e| {
            Error::machine(format!("cannot make room for the output `{}`", output.path)).because(e)
        })?;
        target.before = target.in_place()?;
        Ok(target)
    }

    fn make_room(&self) -> io::Result<()> {
        let Output { path, directory, .. } = self.output;
        let dir_of_tool = if *directory { path } else { self.output.parent() };
        match self.way {
            WriteMode::Literal if dir_of_tool.as_str().is_empty() => Ok(()),
            WriteMode::Literal => fs::create_dir_all(dir_of_tool),
            WriteMode::Temporary if *directory => fs::create_dir_all(&self.stand_in),
            WriteMode::Temporary => fs::create_dir_all(self.stand_in.parent().unwrap_or(&self.stand_in)),
            WriteMode::InPlace if *directory => {
                fs::create_dir_all(&self.stand_in)?;
                fs::create_dir_all(path)?;
                self.earlier
                    .iter()
                    .try_for_each(|name| move_file(&path.join(name), &self.stand_in.join(name)))
            }
            WriteMode::InPlace => move_file(path, &self.stand_in),
        }
    }

    /// The files in the place of the output. If the tool writes a directory under a temporary name, nothing in its real
    /// place is the tool's.
    fn in_place(&self) -> Result<BTreeMap<Utf8PathBuf, Stat>> {
        match (self.output.directory || is_directory(&self.output.path), self.way) {
            (true, WriteMode::Temporary) => Ok(BTreeMap::new()),
            (true, _) => directory::files(&self.output.path),
            (false, _) => {
                let meta = fs::symlink_metadata(&self.output.path).ok();
                Ok(meta.map(|meta| ("".into(), Stat::from_metadata(&meta))).into_iter().collect())
            }
        }
    }

    /// The files in its place that the commands made or touched.
    fn touched(&self) -> Result<Vec<Utf8PathBuf>> {
        let now = self.in_place()?.into_iter();
        Ok(now.filter(|(name, stat)| self.before.get(name) != Some(stat)).map(|(name, _)| name).collect())
    }

    fn finished(&self, step: &Step) -> Result<Vec<Finished>> {
        let Output { path, directory } = self.output;
        let written = if self.way == WriteMode::Temporary { &self.stand_in } else { path };
        self.is_directory.set(*directory || is_directory(written));
        let files = if self.is_directory.get() { self.finished_files(step)? } else { self.finished_file() };
        if files.is_empty() && (*directory || !self.is_directory.get()) {
            let how =
                if *directory { "made nothing in its output directory" } else { "did not make its output" };
            return Err(Error::step(format!("step `{}` succeeded but {how} `{path}`", step.name))
                .hint("the command must write the file that the op declares as its target"));
        }
        Ok(files)
    }

    fn finished_file(&self) -> Vec<Finished> {
        let Output { path, .. } = self.output;
        let is_there = |path: &Utf8PathBuf| fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_dir());
        let stand_in = Some(self.stand_in.clone()).filter(is_there);
        let in_place = || is_there(path) && (self.way != WriteMode::Temporary || self.was_touched());
        match (self.way, stand_in) {
            (WriteMode::Temporary, Some(temporary)) => {
                vec![Finished { real: path.clone(), temporary: Some(temporary), aside: None, digest: None }]
            }
            (_, aside) if in_place() => {
                vec![Finished { real: path.clone(), temporary: None, aside, digest: None }]
            }
            _ => vec![],
        }
    }

    fn was_touched(&self) -> bool {
        self.touched().is_ok_and(|touched| !touched.is_empty())
    }

    fn finished_files(&self, step: &Step) -> Result<Vec<Finished>> {
        let Output { path, .. } = self.output;
        let made: BTreeSet<Utf8PathBuf> = match self.way {
            WriteMode::Temporary => directory::files(&self.stand_in)?.into_keys().collect(),
            WriteMode::InPlace => self.touched()?.into_iter().collect(),
            WriteMode::Literal => {
                let kept = self.earlier.iter().filter(|name| fs::symlink_metadata(path.join(name)).is_ok());
                self.touched()?.into_iter().chain(kept.cloned()).collect()
            }
        };
        let is_depfile = |file: &Utf8PathBuf| step.depfiles.iter().any(|depfile| depfile.path == *file);
        let is_result = |name: &Utf8PathBuf| !names::is_volatile(name) && !is_depfile(&path.join(name));
        let finished = |name: &Utf8PathBuf| {
            let stand_in = Some(self.stand_in.join(name));
            let (temporary, aside) = match self.way {
                WriteMode::Temporary => (stand_in, None),
                _ => (None, stand_in.filter(|aside| aside.exists())),
            };
            Finished { real: path.join(name), temporary, aside, digest: None }
        };
        Ok(made.iter().filter(|name| is_result(name)).map(finished).collect())
    }

    /// Removes the files that the step made in this directory earlier but no longer makes.
    fn remove_vanished(&self, files: &[Finished]) {
        let Output { path, .. } = self.output;
        let now: BTreeSet<&Utf8Path> = files.iter().map(|file| file.real.as_path()).collect();
        let vanished = self.earlier.iter().filter(|name| !now.contains(path.join(name).as_path()));
        vanished.for_each(|name| directory::remove(path, name));
    }

    /// Writes the list of a directory's files under a temporary name. A link has the digest of its target.
    fn list(&self, published: &[Seen]) -> Result<Finished> {
        let Output { path, .. } = self.output;
        let name = |seen: &Seen| seen.path.strip_prefix(path).ok().map(Utf8Path::to_owned);
        let (empty, files): (Vec<&Seen>, Vec<&Seen>) =
            published.iter().partition(|seen| is_directory(&seen.path));
        let entries: Vec<(Utf8PathBuf, Digest)> =
            files.iter().filter_map(|seen| Some((name(seen)?, content(seen)?))).collect();
        let empty: Vec<Utf8PathBuf> = empty.iter().filter_map(|seen| name(seen)).collect();
        let entries = entries.iter().map(|(name, digest)| (name.as_path(), *digest));
        let text = [sums::write(entries), sums::empty(&empty)].concat();
        let temporary = self.stand_in.with_file_name(format!("{}.{}", self.output.base_name(), names::SUMS));
        let dir = temporary.parent().unwrap_or(&temporary);
        let written = fs::create_dir_all(dir).and_then(|()| fs::write(&temporary, text));
        written.map_err(|e| Error::machine(format!("cannot write `{temporary}`")).because(e))?;
        Ok(Finished { real: path.join(names::SUMS), temporary: Some(temporary), aside: None, digest: None })
    }

    fn undo(&self) {
        let Output { path, directory, .. } = self.output;
        let touched = self.touched().unwrap_or_default();
        if !directory && !is_directory(path) {
            touched.iter().for_each(|_| fs::remove_file(path).unwrap_or_default());
        } else if !touched.is_empty() {
            touched.iter().for_each(|name| directory::remove(path, name));
            if self.way == WriteMode::Literal {
                fs::remove_file(path.join(names::SUMS)).unwrap_or_default();
            }
        }
        if self.way == WriteMode::InPlace {
            let back =
                |name: &Utf8Path| move_file(&self.stand_in.join(name), &path.join(name)).unwrap_or_default();
            match directory {
                true => self.earlier.iter().for_each(|name| back(name)),
                false => {
                    // Remove what is left of a directory that the commands began.
                    fs::remove_dir_all(path).unwrap_or_default();
                    move_file(&self.stand_in, path).unwrap_or_default();
                }
            }
        }
    }
}

/// Whether this is a directory, not a link to one.
fn is_directory(path: &Utf8Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}

/// The digest of a file's content; for a link, of its target's content.
fn content(seen: &Seen) -> Option<Digest> {
    if seen.path.is_symlink() { Digest::of_file(seen.path.as_std_path()).ok() } else { seen.digest }
}

/// The files that a step made in a directory, from the record. Without a record they come from the directory's own list, if
/// the directory is in the build directory.
fn earlier(output: &Output, made: &[Seen]) -> BTreeSet<Utf8PathBuf> {
    let below = |seen: &Seen| seen.path.strip_prefix(&output.path).ok().map(Utf8Path::to_owned);
    let recorded: BTreeSet<Utf8PathBuf> = made
        .iter()
        .filter_map(below)
        .filter(|name| name != names::SUMS && !name.as_str().is_empty())
        .collect();
    let is_ours = output.path.is_relative() && !output.path.starts_with("..");
    if !recorded.is_empty() || !is_ours {
        return recorded;
    }
    let text = fs::read_to_string(output.path.join(names::SUMS)).unwrap_or_default();
    let is_below = |name: &Utf8PathBuf| name.is_relative() && !name.iter().any(|part| part == "..");
    sums::names(&text).into_iter().filter(is_below).collect()
}

/// Moves a file, if it exists.
fn move_file(from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    if let Some(dir) = to.parent().filter(|dir| !dir.as_str().is_empty()) {
        fs::create_dir_all(dir)?;
    }
    match fs::rename(from, to) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        moved => moved,
    }
}
