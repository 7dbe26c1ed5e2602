//! One run of a step from beginning to end; the order of what happens here is what makes it safe to kill.
//! It does not know how any of it is done.

use crate::diag::{Error, Result};
use crate::facts::Stat;
use crate::shelf::Shelf;
use crate::step::args::Step;
use crate::step::cause::Cause;
use crate::step::events::{Events, OnShelf};
use crate::step::key::Basis;
use crate::step::lock::Lock;
use crate::step::look::{self, Seen, Site};
use crate::step::now::Now;
use crate::step::outputs::Attempt;
use crate::step::parent::Parent;
use crate::step::publish::Finished;
use crate::step::record::Record;
use crate::step::shadow::Shadows;
use crate::step::shelved::Shelved;
use crate::step::{commands, depfile, found, names, outputs, splice};
use crate::workdir::{StepOutcome, replace};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, HashSet};
use std::fs;

/// `fudsv tool run`: runs the step that the words state, in the build directory, when anything changed. Returns the
/// exit code: that of the command that failed, or that of our own error. Results come from and go to the shelf where
/// the step says that they may.
pub fn main(words: &[String], variables: &BTreeMap<String, String>, shelf: &dyn Shelf) -> u8 {
    let done = Step::parse(words).and_then(|step| run(&step, variables, shelf));
    done.unwrap_or_else(|error| {
        eprintln!("{error}");
        error.kind.exit_code()
    })
}

fn run(step: &Step, variables: &BTreeMap<String, String>, shelf: &dyn Shelf) -> Result<u8> {
    let events = Events::new(step, variables);
    let parent = Parent::now();
    let lock = Lock::wait(&step.name)?;
    parent.check(step)?;
    let leftovers = lock.leftovers(&step.name);
    outputs::remove_all(&leftovers);
    let old = Record::load(Utf8Path::new(""), &step.name);
    let site = Site::here();
    let now = Now::look(step, old.as_ref(), variables, &site);
    match old {
        Some(old) if now.why.is_empty() => {
            hit(step, old, now)?;
            events.end(StepOutcome::Hit, &[], 0, &OnShelf::default());
            Ok(0)
        }
        old => {
            let Now { basis, shadows: _, made: _, why } = now;
            let shelved = Shelved::new(step, &basis, variables, shelf);
            let mut run =
                Run { step, basis, old, lock, leftovers, parent, variables, shelved, warnings: vec![] };
            run.finish(&events, &why)
        }
    }
}

/// Nothing changed: the dependency file is written again, as some other program may have removed it, and stats that
/// became reliable are kept.
fn hit(step: &Step, old: Record, now: Now) -> Result<()> {
    let found = now.basis.found.clone();
    if old.stated != step.stated || now.is_fresher_than(&old) {
        let Now { basis, shadows, made, why: _ } = now;
        Record { basis, shadows, made, stated: step.stated, ..old }.save(&step.name)?;
    }
    write_depfile(step, &found)
}

/// Writes what Ninja reads, unless it is there.
fn write_depfile(step: &Step, found: &[Seen]) -> Result<()> {
    let paths: Vec<&Utf8PathBuf> = found.iter().map(|seen| &seen.path).collect();
    let text = depfile::for_ninja(&step.outputs[0].for_ninja(), &paths);
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
    old: Option<Record>,
    lock: Lock,
    /// Temporary directories that were left and are noted once more: a tool that outlived its runner may make them again.
    leftovers: Vec<Utf8PathBuf>,
    parent: Parent,
    variables: &'a BTreeMap<String, String>,
    shelved: Option<Shelved<'a>>,
    /// What went wrong with the shelf; shown beside what the commands say.
    warnings: Vec<String>,
}

impl Run<'_> {
    /// Takes the result from the shelf, else executes the commands; reports which.
    fn finish(&mut self, events: &Events, why: &[Cause]) -> Result<u8> {
        let mut shelf = OnShelf::default();
        let done = self.obtain(events, why, &mut shelf);
        let exit = done.as_ref().map_or_else(|error| error.kind.exit_code(), |exit| *exit);
        let outcome = match exit {
            0 if shelf.from_store => StepOutcome::Hit,
            0 => StepOutcome::Ran,
            _ => StepOutcome::Failed,
        };
        events.end(outcome, why, exit, &shelf);
        done
    }

    fn obtain(&mut self, events: &Events, why: &[Cause], shelf: &mut OnShelf) -> Result<u8> {
        // From here on Ninja holds the step for dirty, whatever its log says, until the file is written again.
        fs::remove_file(names::step_file(&self.step.name, "d")).unwrap_or_default();
        let temporary = outputs::temporary_dirs(self.step);
        let began = self.lock.stamp(temporary.iter().chain(&self.leftovers))?;
        match self.replay(began)? {
            Fetch::Done => {
                shelf.from_store = true;
                Ok(0)
            }
            Fetch::Missed(missed) => {
                shelf.missed = missed;
                self.execute(began, events, why)
            }
        }
    }

    /// Takes the result from the shelf.
    fn replay(&mut self, began: i128) -> Result<Fetch> {
        let Some(shelved) = &self.shelved else { return Ok(Fetch::Missed(None)) };
        let made = self.made_before();
        let attempt = Attempt::replay(self.step, &made)?;
        let Some(fetched) = shelved.fetch(&attempt) else { return Ok(Fetch::Missed(None)) };
        let result = fetched.result.and_then(|replay| Some((attempt.laid(&replay.files)?, replay)));
        self.warnings.extend(fetched.warnings);
        let Some((laid, replay)) = result else { return Ok(Fetch::Missed(Some(fetched.missed))) };
        let basis = Basis { found: shelved.found(&replay.found), ..self.basis.clone() };
        commands::repeat(self.step, &replay.log)?;
        self.publish(&attempt, &laid, basis.clone(), began)?;
        write_depfile(self.step, &basis.found)?;
        self.warn();
        commands::show(self.step);
        Ok(Fetch::Done)
    }

    fn execute(&mut self, began: i128, events: &Events, why: &[Cause]) -> Result<u8> {
        let step = self.step;
        let spliced = splice::commands(step, &names::temporary_name(&step.name))?;
        let made = self.made_before();
        let attempt = Attempt::begin(step, &made)?;
        if let Some(depfile) = &step.depfile {
            fs::remove_file(depfile).unwrap_or_default();
        }
        events.start(why);
        let done = commands::run(step, &spliced, self.variables).and_then(|exit| {
            if exit == 0 { self.complete(&attempt, began) } else { self.explain_silence(exit) }.map(|()| exit)
        });
        if !matches!(done, Ok(0)) {
            attempt.undo();
        }
        if let Err(error) = &done {
            commands::say(step, &error.to_string());
        }
        self.warn();
        commands::show(step);
        // An error is shown by now, with the log.
        done.or_else(|error| Ok(error.kind.exit_code()))
    }

    fn made_before(&self) -> Vec<Seen> {
        self.old.as_ref().map_or_else(Vec::new, |old| old.made.clone())
    }

    fn warn(&self) {
        self.warnings.iter().for_each(|warning| commands::say(self.step, &format!("warning: {warning}")));
    }

    /// A command that failed without a word gets one of ours.
    fn explain_silence(&self, exit: u8) -> Result<()> {
        if commands::is_silent(self.step) {
            let how = if exit > 128 {
                format!("was ended by signal {}", exit - 128)
            } else {
                format!("exited with {exit}")
            };
            commands::say(
                self.step,
                &Error::step(format!("step `{}` {how} and said nothing", self.step.name)).to_string(),
            );
        }
        Ok(())
    }

    /// The commands succeeded: publishes, records, shelves, and tells Ninja, in this order.
    fn complete(&mut self, attempt: &Attempt, began: i128) -> Result<()> {
        let step = self.step;
        let finished = attempt.finished()?;
        let real = real_files(&finished);
        let named =
            step.depfile.as_ref().map(|path| found::read(step, &attempt.beside(path), &real)).transpose()?;
        self.parent.check(step)?;
        let (basis, is_sure) = self.after(named.unwrap_or_default(), began);
        let made = self.publish(attempt, &finished, basis.clone(), began)?;
        if !is_sure {
            return Ok(());
        }
        if let Some(Err(error)) = self.shelved.as_ref().map(|shelved| shelved.keep(&basis, &made)) {
            self.warnings.push(error.to_string().trim_start_matches("error: ").to_owned());
        }
        write_depfile(step, &basis.found)
    }

    /// Puts the files in their places and records them.
    fn publish(
        &self,
        attempt: &Attempt,
        finished: &[Vec<Finished>],
        basis: Basis,
        began: i128,
    ) -> Result<Vec<Seen>> {
        self.parent.check(self.step)?;
        self.announce(real_files(finished))?;
        let found: Vec<Utf8PathBuf> = basis.found.iter().map(|seen| seen.path.clone()).collect();
        let here = Utf8Path::new("");
        let shadows = Shadows::look(self.step, &found, here).since(began, here);
        let made = attempt.publish(finished)?;
        Record::new(self.step, basis, shadows, made.clone()).save(&self.step.name)?;
        Ok(made)
    }

    /// Before files with new names appear in a directory, they are recorded as made, so that they are known when the
    /// runner is killed now and the next run makes others.
    fn announce(&self, real: Vec<Seen>) -> Result<()> {
        let made: &[Seen] = self.old.as_ref().map_or(&[], |old| &old.made);
        let known: HashSet<&Utf8Path> = made.iter().map(|seen| seen.path.as_path()).collect();
        let new: Vec<Seen> = real.into_iter().filter(|seen| !known.contains(seen.path.as_path())).collect();
        if new.is_empty() || !self.step.outputs.iter().any(|output| output.directory) {
            return Ok(());
        }
        let old = self.old.as_ref().map(|old| (old.basis.clone(), old.shadows.clone()));
        let (basis, shadows) = old.unwrap_or_else(|| (self.basis.clone(), Shadows::default()));
        Record::new(self.step, basis, shadows, made.iter().cloned().chain(new).collect())
            .save(&self.step.name)
    }

    /// The basis of the result: declared inputs as they were before the commands ran, and the inputs that were found.
    /// Also whether it is sure that the commands read just this; if not, the step is to run again.
    fn after(&self, found: Vec<Utf8PathBuf>, began: i128) -> (Basis, bool) {
        let before = |path: &Utf8Path| self.basis.found.iter().find(|seen| seen.path == path);
        let found: Vec<Seen> = found
            .into_iter()
            .map(|path| match before(&path) {
                Some(seen) => seen.clone(),
                None => first_look(&path, began),
            })
            .collect();
        let inputs = self.basis.inputs.clone();
        let mut basis = Basis { found, inputs, ..self.basis.clone() };
        let mut is_sure = true;
        for seen in basis.inputs.iter_mut().chain(&mut basis.found) {
            is_sure &= look_again(seen);
        }
        (basis, is_sure)
    }
}

/// What became of the question to the shelf.
enum Fetch {
    /// The result is in its place.
    Done,
    /// There is none; why, when the shelf was asked.
    Missed(Option<String>),
}

/// The places of the files, before anything is known of them.
fn real_files(finished: &[Vec<Finished>]) -> Vec<Seen> {
    finished.iter().flatten().map(|file| Seen::unknown(file.real.clone())).collect()
}

/// A file that the step never read before: nobody knows what the tool read when it changed meanwhile.
fn first_look(path: &Utf8Path, began: i128) -> Seen {
    let seen = look::input(path, None);
    let changed = seen.stat_then.is_none_or(|stat| stat.ctime > began);
    if changed { Seen { stat_then: None, ..Seen::unknown(path.to_owned()) } } else { seen }
}

/// Whether the file is as it was before the commands ran. When only its stat changed, that is updated.
fn look_again(seen: &mut Seen) -> bool {
    let stat = Stat::of(&seen.path);
    if stat == seen.stat_then {
        return seen.digest.is_some() || stat.is_none();
    }
    let now = look::input(&seen.path, None);
    let same = now.digest.is_some() && now.digest == seen.digest;
    if same {
        *seen = now;
    } else {
        seen.stat = None;
    }
    same
}
