//! Runs a step from beginning to end. The order of what happens here makes it safe to kill.
//! It does not know how each part works.

use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::shelf::{Replay, Shelves};
use crate::step::added;
use crate::step::added::WatchedDirs;
use crate::step::args::Step;
use crate::step::cause::Cause;
use crate::step::commands;
use crate::step::depfile;
use crate::step::events::{Events, OnShelf};
use crate::step::found;
use crate::step::key::Basis;
use crate::step::lock::Lock;
use crate::step::look::{Seen, Site};
use crate::step::names;
use crate::step::now::StepState;
use crate::step::on_demand;
use crate::step::outputs;
use crate::step::outputs::Attempt;
use crate::step::parent::Parent;
use crate::step::programs;
use crate::step::publish::Finished;
use crate::step::record::Record;
use crate::step::room;
use crate::step::shadow::Shadows;
use crate::step::shelved::Shelved;
use crate::step::splice;
use crate::step::standing::DatabaseFiles;
use crate::step::sure::{BasisAfter, Verdict};
use crate::step::watched;
use crate::workdir::{StepOutcome, replace};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, HashSet};
use std::fs;

/// `fudsv tool run`: runs the step that the words state, in the build directory, if anything changed. Returns the exit code
/// of the command that failed, or of fudsv's own error. If the step allows it, results are taken from and kept on the
/// shelves.
pub fn main(words: &[String], variables: &BTreeMap<String, String>, shelves: &dyn Shelves) -> u8 {
    let done = Step::parse(words).and_then(|step| run(&step, variables, shelves));
    done.unwrap_or_else(|error| {
        note!("{error}");
        error.kind.exit_code()
    })
}

fn run(step: &Step, variables: &BTreeMap<String, String>, shelves: &dyn Shelves) -> Result<u8> {
    let events = Events::new(step, variables);
    let parent = Parent::now();
    let lock = Lock::wait(&step.name)?;
    parent.check(step)?;
    let own = outputs::temporary_dirs(step);
    let is_near =
        |dir: &Utf8PathBuf| names::is_inside(dir) || own.iter().any(|own| own.parent() == dir.parent());
    let leftovers: Vec<Utf8PathBuf> = lock.leftovers(&step.name).into_iter().filter(is_near).collect();
    outputs::remove_all(&leftovers);
    let old = Record::load(Utf8Path::new(""), &step.name);
    let site = Site::with(DatabaseFiles::of(shelves.places()));
    let now = StepState::look(step, old.as_ref(), variables, &site);
    match old {
        Some(old) if now.why.is_empty() => {
            hit(step, old, now)?;
            events.end(StepOutcome::Hit, &[], 0, &OnShelf::default());
            Ok(0)
        }
        old => {
            let StepState { basis, shadows: _, made: _, why } = now;
            let standing = site.standing;
            let warnings = vec![];
            let mut run =
                Run { step, basis, standing, old, lock, leftovers, parent, variables, shelves, warnings };
            run.finish(&events, &why)
        }
    }
}

/// Nothing changed. Writes the dependency file again, since another program may have removed it, and keeps stats that
/// became reliable.
fn hit(step: &Step, old: Record, now: StepState) -> Result<()> {
    let text = depfile(step, &now.basis);
    if old.stated != step.stated || now.is_fresher_than(&old) {
        let StepState { basis, shadows, mut made, why: _ } = now;
        let added = made.split_off(old.made.len().min(made.len()));
        Record { basis, shadows, made, added, stated: step.stated, ..old }.save(&step.name)?;
    }
    write_depfile(step, &text)
}

/// The dependency file for Ninja.
fn depfile(step: &Step, basis: &Basis) -> String {
    let watched = watched::for_ninja(basis.not_stated(), Utf8Path::new(""));
    depfile::for_ninja(&step.outputs[0].for_ninja(), &watched)
}

/// Writes the dependency file for Ninja, unless it is up to date.
fn write_depfile(step: &Step, text: &str) -> Result<()> {
    let path = names::step_file(&step.name, "d");
    if fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    replace(&path, text.as_bytes())
}

/// A step that is about to run.
struct Run<'a> {
    step: &'a Step,
    basis: Basis,
    /// The files for which databases stand in the basis.
    standing: DatabaseFiles,
    old: Option<Record>,
    lock: Lock,
    /// Temporary directories that were left behind. They are noted once more, because a tool that outlived its runner may
    /// make them again.
    leftovers: Vec<Utf8PathBuf>,
    parent: Parent,
    variables: &'a BTreeMap<String, String>,
    shelves: &'a dyn Shelves,
    /// Problems with the shelves, shown with the output of the commands.
    warnings: Vec<String>,
}

impl Run<'_> {
    /// Takes the result from a shelf or executes the commands, and reports which.
    fn finish(&mut self, events: &Events, why: &[Cause]) -> Result<u8> {
        let mut shelf = OnShelf::default();
        let done = self.obtain(events, why, &mut shelf);
        let exit = done.as_ref().map_or_else(|error| error.kind.exit_code(), |exit| *exit);
        let outcome = match exit {
            0 if shelf.is_taken() => StepOutcome::Hit,
            0 => StepOutcome::Ran,
            _ => StepOutcome::Failed,
        };
        events.end(outcome, why, exit, &shelf);
        done
    }

    fn obtain(&mut self, events: &Events, why: &[Cause], shelf: &mut OnShelf) -> Result<u8> {
        // From here on Ninja treats the step as dirty, whatever Ninja's log says, until the file is written again.
        fs::remove_file(names::step_file(&self.step.name, "d")).unwrap_or_default();
        let temporary = outputs::temporary_dirs(self.step);
        let began = self.lock.stamp(temporary.iter().chain(&self.leftovers))?;
        match self.replay(began)? {
            Fetch::Done(database) => {
                (shelf.from_store, shelf.precompiled) = (database.is_none(), database);
                Ok(0)
            }
            Fetch::Missed(missed) => {
                shelf.missed = missed;
                self.execute(began, events, why)
            }
        }
    }

    /// Takes the result from the first shelf that has it.
    fn replay(&mut self, began: i128) -> Result<Fetch> {
        let (made, mut missed) = (self.made_before(), None);
        for place in self.shelves.places().iter().filter(|_| self.step.cached) {
            let site = Site::with(DatabaseFiles::of([place]));
            let basis = self.basis_at(&site);
            let Some(shelved) = Shelved::new(self.step, &basis, self.variables, (place, site)) else {
                continue;
            };
            let attempt = Attempt::replay(self.step, &made)?;
            let Some(fetched) = shelved.fetch(&attempt) else { continue };
            self.warnings.extend(fetched.warnings);
            let result = fetched.result.and_then(|replay| Some((attempt.laid(&replay.files)?, replay)));
            let Some((laid, Replay { found, log, key, .. })) = result else {
                missed = Some(fetched.missed);
                continue;
            };
            let basis = Basis { found: shelved.found(&found), ..basis };
            commands::repeat(self.step, &place.said_here(&log))?;
            let text = depfile(self.step, &basis);
            self.publish(
                &attempt,
                &laid,
                Done { basis, entry: key.filter(|_| place.database.is_none()), ..Done::default() },
                began,
            )?;
            write_depfile(self.step, &text)?;
            self.warn();
            commands::show(self.step);
            return Ok(Fetch::Done(place.database.clone()));
        }
        Ok(Fetch::Missed(missed))
    }

    /// What the step depends on, looked at from another site.
    fn basis_at(&self, site: &Site) -> Basis {
        if self.standing.is_empty() {
            return self.basis.clone();
        }
        Basis::look(self.step, Some(&self.basis), self.variables, site)
    }

    /// Looks at the real files instead of those for which databases stood, because the commands read the real ones.
    ///
    /// # Errors
    /// A file does not exist.
    fn need_files(&mut self) -> Result<()> {
        if self.standing.is_empty() {
            return Ok(());
        }
        self.basis = self.basis_at(&Site::here());
        let lacks = |seen: &&Seen| !seen.is_there();
        let database = |seen: &Seen| self.standing.database(&seen.path);
        let lacking: Vec<_> = self.basis.inputs.iter().filter(lacks).filter_map(database).collect();
        let Some(((database, path), others)) = lacking.split_first() else { return Ok(()) };
        let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        let message = format!("this step needs `{path}`{more}, which database `{database}` stands for");
        Err(Error::step(message).hint(
            "the database has no result for this step in its present form: bring the sources back, or save the database again",
        ))
    }

    fn execute(&mut self, began: i128, events: &Events, why: &[Cause]) -> Result<u8> {
        let step = self.step;
        let spliced = splice::commands(step, &names::temporary_name(&step.name))?;
        events.start(why);
        let mut done = self
            .run_on_demand()
            .and_then(|()| self.need_files())
            .and_then(|()| self.execute_once(&spliced, began, true));
        // An editor may write a file twice. If the file changes a third time, the step itself writes it.
        for may_again in [true, false] {
            if let Ok(Ended::Again) = done {
                done = self.look_anew().and_then(|began| self.execute_once(&spliced, began, may_again));
            }
        }
        if let Err(error) = &done {
            commands::say(step, &error.to_string());
        }
        self.warn();
        commands::show(step);
        // The error has been shown, with the log.
        Ok(match done {
            Ok(Ended::With(exit)) => exit,
            Ok(Ended::Again) => 0,
            Err(error) => error.kind.exit_code(),
        })
    }

    /// Runs the steps whose results save time. If one fails, the commands do without its results: these must go, since they
    /// may be old.
    ///
    /// # Errors
    /// It is not known which steps these are, or an old result cannot be removed.
    fn run_on_demand(&mut self) -> Result<()> {
        for step in on_demand::due(self.step, &self.parent, self.shelves)? {
            let why = match run(&step, self.variables, self.shelves) {
                Ok(0) => continue,
                Ok(exit) => format!("exited with {exit}; see {}", names::step_file(&step.name, "log")),
                Err(error) => error.to_string().trim_start_matches("error: ").to_owned(),
            };
            on_demand::remove(&step)?;
            self.warnings.push(format!("step `{}`, which only saves time, failed: {why}", step.name));
        }
        Ok(())
    }

    /// Runs the commands and takes their results. If an input changed meanwhile, it is not known what they read: then they
    /// must run again, if they `may_again`.
    fn execute_once(&mut self, spliced: &[String], began: i128, may_again: bool) -> Result<Ended> {
        let step = self.step;
        let made = self.made_before();
        let attempt = Attempt::begin(step, &made)?;
        let watched = WatchedDirs::begin(step, self.old.as_ref().map_or(&[], |old| &old.added))?;
        for depfile in &step.depfiles {
            fs::remove_file(&depfile.path).unwrap_or_default();
        }
        let done = commands::run(step, spliced, self.variables).and_then(|exit| match exit {
            0 => self.complete(&attempt, &watched, began, may_again && !step.console),
            _ => self.explain_silence(exit).map(|()| Ended::With(exit)),
        });
        if !matches!(done, Ok(Ended::With(0) | Ended::Again)) {
            attempt.undo();
        }
        done
    }

    /// Looks at the inputs once more, before the commands run again.
    fn look_anew(&mut self) -> Result<i128> {
        self.parent.check(self.step)?;
        let temporary = outputs::temporary_dirs(self.step);
        let began = self.lock.stamp(temporary.iter().chain(&self.leftovers))?;
        self.basis = Basis::look(self.step, Some(&self.basis), self.variables, &Site::here());
        Ok(began)
    }

    fn made_before(&self) -> Vec<Seen> {
        self.old.as_ref().map_or_else(Vec::new, |old| old.made.clone())
    }

    fn warn(&self) {
        self.warnings.iter().for_each(|warning| commands::say(self.step, &format!("warning: {warning}")));
    }

    /// Adds a message if a command failed and printed nothing.
    fn explain_silence(&self, exit: u8) -> Result<()> {
        if commands::is_silent(self.step) {
            let how = if exit > 128 {
                format!("was ended by signal {}", exit - 128)
            } else {
                format!("exited with {exit}")
            };
            let error = Error::step(format!("step `{}` {how} and printed nothing", self.step.name));
            let error = match room::full_disk(&self.step.outputs) {
                Some(dir) => error.detail("disk", format!("the disk of `{dir}` is full")),
                None => error,
            };
            commands::say(self.step, &error.to_string());
        }
        Ok(())
    }

    /// After the commands succeeded: publishes and records the result, keeps it on shelves, and writes Ninja's dependency
    /// file, in this order.
    fn complete(
        &mut self,
        attempt: &Attempt,
        watched: &WatchedDirs,
        began: i128,
        may_again: bool,
    ) -> Result<Ended> {
        let step = self.step;
        let finished = attempt.finished()?;
        let added = watched.added(step)?;
        let real = real_files(&finished);
        let declared = [self.basis.inputs.as_slice(), &self.basis.named].concat();
        let named = found::read(step, |path| attempt.beside(path), &declared, &real, self.variables)?;
        self.parent.check(step)?;
        let after = BasisAfter::look(&self.basis, named, began);
        let mut doubts = match after.verdict(step, may_again)? {
            Verdict::Again => return Ok(Ended::Again),
            Verdict::Take(doubts) => doubts,
        };
        let others = programs::differing(step, self.variables);
        self.warnings.extend(others.iter().map(not_kept));
        doubts.extend(others);
        let (is_sure, basis, text) = (doubts.is_empty(), after.basis.clone(), depfile(step, &after.basis));
        let adds = !added.is_empty();
        let done = Done { basis: after.basis, added, doubts, entry: None };
        let record = self.publish(attempt, &finished, done, began)?;
        if !is_sure {
            return Ok(Ended::With(0));
        }
        let kept_at = self.shelves.places().iter().filter(|place| place.database.is_none() && !adds);
        for place in kept_at {
            let shelved = Shelved::new(step, &self.basis, self.variables, (place, Site::here()));
            match shelved.map_or(Ok(None), |shelved| shelved.keep(&basis, &record.made)) {
                Ok(None) => {}
                Ok(entry) => Record { entry, ..record.clone() }.save(&step.name)?,
                Err(error) => {
                    self.warnings.push(error.to_string().trim_start_matches("error: ").to_owned());
                }
            }
        }
        write_depfile(step, &text)?;
        Ok(Ended::With(0))
    }

    /// Puts the files in their places and records them.
    fn publish(
        &self,
        attempt: &Attempt,
        finished: &[Vec<Finished>],
        done: Done,
        began: i128,
    ) -> Result<Record> {
        let Done { basis, added, doubts, entry } = done;
        self.parent.check(self.step)?;
        self.announce(real_files(finished))?;
        let found: Vec<Utf8PathBuf> = basis.found.iter().map(|seen| seen.path.clone()).collect();
        let here = Utf8Path::new("");
        let shadows = Shadows::look(self.step, &found, here, self.variables).since(began, here);
        // Ninja does not know added files. It checks the steps that read them only if the outputs are new.
        let made = attempt.publish(finished, added::tell(self.step, &added)?)?;
        added::check_alone(self.step, &added)?;
        let record = Record { added, doubts, entry, ..Record::new(self.step, basis, shadows, made) };
        record.save(&self.step.name)?;
        Ok(record)
    }

    /// Records files with new names as made before they appear in a directory. If the runner is then killed and the next
    /// run makes other files, these are still known.
    fn announce(&self, real: Vec<Seen>) -> Result<()> {
        let made: &[Seen] = self.old.as_ref().map_or(&[], |old| &old.made);
        let known: HashSet<&Utf8Path> = made.iter().map(|seen| seen.path.as_path()).collect();
        let new: Vec<Seen> = real.into_iter().filter(|seen| !known.contains(seen.path.as_path())).collect();
        let is_whole = |seen: &Seen| self.step.outputs.iter().any(|output| output.path == seen.path);
        if new.iter().all(is_whole) {
            return Ok(());
        }
        let old = self.old.as_ref().map(|old| (old.basis.clone(), old.shadows.clone()));
        let (basis, shadows) = old.unwrap_or_else(|| (self.basis.clone(), Shadows::default()));
        Record::new(self.step, basis, shadows, made.iter().cloned().chain(new).collect())
            .save(&self.step.name)
    }
}

/// What is recorded in addition to the files that were made.
#[derive(Default)]
struct Done {
    basis: Basis,
    added: Vec<Seen>,
    doubts: Vec<Cause>,
    entry: Option<Digest>,
}

/// How a run of the commands ended.
enum Ended {
    /// It ended with this exit code, and everything that follows is done.
    With(u8),
    /// An input changed meanwhile, so the commands must run again.
    Again,
}

/// The warning that a tool differs from the one that the step declares.
fn not_kept(cause: &Cause) -> String {
    let program = cause.after.as_deref().unwrap_or_default();
    let tool = &cause.name;
    format!(
        "`{program}` is not the `{tool}` that this build was planned with: the result is not kept; run `fudsv exec` to plan again"
    )
}

/// The answer of the shelves.
enum Fetch {
    /// The result is in its place. It comes from this database, or from the store.
    Done(Option<String>),
    /// There is no result; why, if a shelf was asked.
    Missed(Option<String>),
}

/// The places of the files; their contents are not known yet.
fn real_files(finished: &[Vec<Finished>]) -> Vec<Seen> {
    finished.iter().flatten().map(|file| Seen::unknown(file.real.clone())).collect()
}
