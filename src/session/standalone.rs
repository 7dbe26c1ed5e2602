//! `fudsv gen --standalone`: a directory that builds the same on a machine without fudsv. It contains the sources, the
//! files that only fudsv can make, and a Ninja file of plain shell.
//! It does not know how anything is built; it is written after a build.

use super::emit::Emitted;
use super::open::Session;
use super::typed::typed;
use crate::diag::{Error, Result};
use crate::ninja::{self, Build, Name, PathText, Statement, Text};
use crate::paths::{WorkPath, normal, relative};
use crate::shell::ShellWord;
use crate::step::Record;
use crate::step::args::Step;
use crate::step::shell_script::shell_script;
use crate::workdir::{names, sweep};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;

/// Longer commands go through a response file.
const LONGEST: usize = 100_000;

/// Makes the directory from an up-to-date build; it contains the project as seen from its root.
///
/// # Errors
/// The directory cannot be written, or an output is not inside of the project.
pub fn write(session: &Session, emitted: &Emitted, to: &Utf8Path) -> Result<()> {
    let mut copy = Copy { session, emitted, steps: BTreeMap::new(), files: BTreeSet::new() };
    copy.fill()?;
    let file = ninja::File { statements: copy.statements()? };
    ninja::check(&file)?;
    let cannot =
        |e: std::io::Error| Error::machine(format!("cannot write `{}`", session.shown(to))).because(e);
    // Whole or not at all: half a directory looks like one.
    let (above, name) = (to.parent().unwrap_or(to), to.file_name().unwrap_or_default());
    sweep(above, Some(name));
    let temporary = above.join(names::temporary_name(name));
    let filled = fill_in(session, &copy.files, &file.to_string(), &temporary);
    let done = filled.and_then(|()| publish(&temporary, to).map_err(cannot));
    fs::remove_dir_all(&temporary).unwrap_or_default();
    done
}

/// Moves the directory to its place. An existing directory is empty, and may be a link or the current directory.
fn publish(temporary: &Utf8Path, to: &Utf8Path) -> std::io::Result<()> {
    if !to.exists() {
        return fs::rename(temporary, to);
    }
    let entries = temporary.read_dir_utf8()?.collect::<std::io::Result<Vec<_>>>()?;
    let is_ninja_file = |entry: &&camino::Utf8DirEntry| entry.file_name() == names::NINJA_FILE;
    let (last, first): (Vec<_>, Vec<_>) = entries.iter().partition(is_ninja_file);
    first.iter().chain(&last).try_for_each(|entry| fs::rename(entry.path(), to.join(entry.file_name())))
}

/// Fills the directory.
fn fill_in(session: &Session, files: &BTreeSet<Utf8PathBuf>, ninja_file: &str, to: &Utf8Path) -> Result<()> {
    let cannot = |e: std::io::Error| Error::machine(format!("cannot write `{to}`")).because(e);
    fs::create_dir_all(to).map_err(cannot)?;
    for name in files {
        let (from, into) = (session.places.root.join(name), to.join(name));
        let dir = if from.is_dir() { Some(into.as_path()) } else { into.parent() };
        dir.map_or(Ok(()), fs::create_dir_all).map_err(cannot)?;
        if !from.is_dir() {
            fs::copy(&from, &into).map_err(|e| Error::machine(format!("cannot copy `{from}`")).because(e))?;
        }
    }
    fs::write(to.join(names::NINJA_FILE), ninja_file).map_err(cannot)
}

/// Checks what can be known before anything is built.
///
/// # Errors
/// As [`write`].
pub fn check(session: &Session, to: &Utf8Path) -> Result<()> {
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::request(format!("`{}` is not empty", session.shown(to)))
            .hint("remove it, or name a directory that does not exist"));
    }
    if let Some(loaded) = session.databases.loaded.iter().find(|loaded| loaded.stands()) {
        let message =
            format!("a standalone directory holds its sources, and `{}` stands for some", loaded.name);
        return Err(Error::request(message).hint("bring the sources back, or leave out `--load`"));
    }
    if session.places.workdir.starts_with(&session.places.root) {
        return Ok(());
    }
    Err(Error::request(
        "a standalone directory is a copy of the project, but the build directory is outside of it",
    )
    .detail("build directory", session.places.workdir.as_str())
    .detail("project", session.places.root.as_str())
    .hint("leave out `--dir` and `build-dir`"))
}

/// The content of the directory; paths are as seen from the root.
struct Copy<'a> {
    session: &'a Session,
    emitted: &'a Emitted,
    /// The steps that remain, by position.
    steps: BTreeMap<usize, KeptStep>,
    files: BTreeSet<Utf8PathBuf>,
}

/// A step that remains.
struct KeptStep {
    step: Step,
    /// All that it reads, declared or found.
    reads: BTreeSet<Utf8PathBuf>,
}

impl Copy<'_> {
    /// Follows the results back to files that nobody makes, or that only this program can make.
    fn fill(&mut self) -> Result<()> {
        let mut makers = HashMap::new();
        for (position, step) in self.emitted.steps.iter().enumerate() {
            makers.extend(
                step.targets.iter().map(|target| (self.seen_from_root(target.path.as_path()), position)),
            );
        }
        let mut wanted: Vec<Utf8PathBuf> =
            self.emitted.results.iter().map(|result| self.seen_from_root(result.path.as_path())).collect();
        let mut known = BTreeSet::new();
        while let Some(path) = wanted.pop() {
            match path.ancestors().find_map(|above| makers.get(above).copied()) {
                None => self.add_file(&path),
                Some(position) if known.insert(position) => wanted.extend(self.add_step(position)?),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Adds a step, or what it made when only this program can run it; returns the files that it reads.
    fn add_step(&mut self, position: usize) -> Result<BTreeSet<Utf8PathBuf>> {
        let emitted = &self.emitted.steps[position];
        let step = Step::parse(&emitted.words)?;
        let record = Record::load(&self.session.places.workdir, &step.name)
            .ok_or_else(|| Error::machine(format!("step `{}` has no record", step.name)))?;
        let is_ours = |path: &WorkPath| path.as_path() == names::tool_file("fudsv");
        if emitted.waits_for.iter().any(is_ours) {
            record.made.iter().for_each(|made| self.add_file(&self.seen_from_root(&made.path)));
            return Ok(BTreeSet::new());
        }
        if let Some(outside) =
            step.outputs.iter().find(|output| !self.is_inside(&self.seen_from_root(&output.path)))
        {
            return Err(Error::request(format!("the result `{}` is outside of the project", outside.path))
                .hint("a standalone directory is a copy of the project"));
        }
        let waits_for = emitted.waits_for.iter().map(WorkPath::as_path);
        // A place that was searched without success has nothing to copy.
        let found = record.basis.seen().map(|seen| seen.path.as_path());
        let found = found.filter(|path| self.session.places.workdir.join(path).exists());
        let reads: BTreeSet<Utf8PathBuf> =
            waits_for.chain(found).map(|path| self.seen_from_root(path)).collect();
        self.steps.insert(position, KeptStep { step, reads: reads.clone() });
        Ok(reads)
    }

    /// Adds a file of the project. Others are the machine's: there they must be in the same places.
    fn add_file(&mut self, path: &Utf8Path) {
        if self.is_inside(path) && !path.starts_with(self.seen_from_root(Utf8Path::new(names::TOOLS))) {
            self.files.insert(path.to_owned());
        }
    }

    fn workdir(&self) -> Utf8PathBuf {
        relative(&self.session.places.root, &self.session.places.workdir)
    }

    fn is_inside(&self, path: &Utf8Path) -> bool {
        path.is_relative() && !path.starts_with("..")
    }

    /// What the build directory calls `path`, seen from the root.
    fn seen_from_root(&self, path: &Utf8Path) -> Utf8PathBuf {
        let full = normal(&self.session.places.workdir.join(path));
        if full.starts_with(&self.session.places.root) || path.is_relative() {
            relative(&self.session.places.root, &full)
        } else {
            full
        }
    }

    /// The Ninja file.
    fn statements(&self) -> Result<Vec<Statement>> {
        let comment = |text: String| Statement::Comment(text);
        let mut statements = vec![
            comment(format!("Written by fudsv {}, for machines without it.", env!("CARGO_PKG_VERSION"))),
            comment(format!("Made by: {}", typed(self.session, "gen"))),
            comment("The directory is a copy of the project with all that the build read there; run `ninja` in it.".into()),
            Statement::Blank,
            Statement::Variable(Name::new("ninja_required_version")?, Text::literal("1.5")),
            Statement::Blank,
        ];
        for (name, extra) in [("step", None), ("step_rsp", Some(()))] {
            statements.push(Statement::Rule(Name::new(name)?, rule(extra.is_some())?));
            statements.push(Statement::Blank);
        }
        let made = self.steps.values().flat_map(|kept| &kept.step.outputs);
        let made: BTreeSet<Utf8PathBuf> =
            made.map(|output| self.seen_from_root(&output.for_ninja())).collect();
        for (position, kept) in &self.steps {
            statements.push(Statement::Build(self.edge(*position, kept, &made)?));
        }
        let results = self.emitted.results.iter().map(|result| {
            let path = self.seen_from_root(result.path.as_path());
            path_text(&if result.directory { path.join(names::SUMS) } else { path })
        });
        statements.extend([Statement::Blank, Statement::Default(results.collect::<Result<_>>()?)]);
        Ok(statements)
    }

    fn edge(&self, position: usize, kept: &KeptStep, made: &BTreeSet<Utf8PathBuf>) -> Result<Build> {
        let KeptStep { step, reads } = kept;
        let command = format!("cd {} && {}", ShellWord::quote(self.workdir().as_str()), shell_script(step)?);
        let is_long = command.len() > LONGEST;
        let mut bindings = vec![("cmd", command), ("desc", self.emitted.steps[position].description.clone())];
        if is_long {
            bindings.push(("rsp", format!("{}/{}/{}.sh", self.workdir(), names::INTERNAL, step.name)));
        }
        let bindings = bindings.into_iter().map(|(name, value)| Ok((Name::new(name)?, Text::literal(value))));
        let is_here = |path: &&Utf8PathBuf| made.contains(*path) || self.files.contains(*path);
        let outputs = step.outputs.iter().map(|output| path_text(&self.seen_from_root(&output.for_ninja())));
        Ok(Build {
            outputs: outputs.collect::<Result<_>>()?,
            rule: Name::new(if is_long { "step_rsp" } else { "step" })?,
            inputs: reads.iter().filter(is_here).map(|path| path_text(path)).collect::<Result<_>>()?,
            implicit: vec![],
            order_only: vec![],
            bindings: bindings.collect::<Result<_>>()?,
        })
    }
}

/// The one rule, and the same for commands that are too long for one argument.
fn rule(is_long: bool) -> Result<Vec<(Name, Text)>> {
    let long = [("command", "sh $rsp"), ("rspfile", "$rsp"), ("rspfile_content", "$cmd")];
    let plain = [("command", "$cmd")];
    let first: &[(&str, &str)] = if is_long { &long } else { &plain };
    let all = first.iter().chain(&[("description", "$desc"), ("restat", "1")]);
    all.map(|(name, value)| Ok((Name::new(name)?, Text::parse(value)?))).collect()
}

fn path_text(path: &Utf8Path) -> Result<PathText> {
    Ok(PathText::new(&WorkPath::new(path)?))
}
