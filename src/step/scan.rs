//! Finds changes that Ninja cannot see: inputs that changed but have an older time, variables, and generated files that are
//! not outputs of the graph. It forces the steps that depend on them by removing their dependency files.
//! It does not know the graph, and runs nothing.

use crate::diag::{Error, Result};
use crate::digest::{Digest, KeyHasher};
use crate::facts::Stat;
use crate::step::hiding;
use crate::step::index::{self, Index, Kind};
use crate::step::key;
use crate::step::look::{self, Seen, Site};
use crate::step::names;
use crate::step::standing::DatabaseFiles;
use camino::Utf8Path;
use rustix::fs::{AtFlags, Mode, OFlags};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::num::NonZero;
use std::os::fd::{AsFd, BorrowedFd};
use std::panic::resume_unwind;
use std::thread;

/// With fewer files than this, a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 1000;

/// A step that Ninja will run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forced {
    /// Its name.
    pub step: String,
    /// Why, in words: `input changed: ../../a.sv`.
    pub why: String,
}

/// The result of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// The steps that will run, sorted by name.
    pub forced: Vec<Forced>,
    /// The digest [`of_steps`] of the recorded steps.
    recorded: Digest,
}

impl Scanned {
    /// Whether the results of these steps, given by their digest [`of_steps`], are all unchanged. Then Ninja would run
    /// nothing, or only steps that find nothing to do.
    pub fn is_all_of(&self, steps: Digest) -> bool {
        self.forced.is_empty() && self.recorded == steps
    }
}

/// One digest for steps and the [`digest`](crate::step::args::digest) of each step's words; sorted by name.
pub fn of_steps<'n>(steps: impl IntoIterator<Item = (&'n str, Option<Digest>)>) -> Digest {
    let mut hasher = KeyHasher::new();
    for (name, stated) in steps {
        hasher.field(name, stated.as_ref().map_or(&[][..], |stated| stated.as_bytes()));
    }
    hasher.finish()
}

/// Looks at every file that any step read or made and at the variables that it read, and forces the steps for which one of
/// them changed. A file for which a database stands has the content in the database. Steps that run on demand are not
/// looked at: their own runners do that, when they are wanted.
///
/// # Errors
/// The build directory cannot be read or written.
pub fn force_changed(
    workdir: &Utf8Path,
    variables: &BTreeMap<String, String>,
    standing: DatabaseFiles,
    on_demand: &[String],
) -> Result<Scanned> {
    let site = Site { workdir: workdir.to_owned(), standing, ..Site::default() };
    let bytes = index::read(workdir);
    let (mut index, mut is_stale) = Index::load(workdir, &bytes)?;
    let mut forced: BTreeMap<usize, String> = BTreeMap::new();
    let mut searched = vec![];
    for number in differing(&site, &index.files, variables) {
        if index.files[number].kind == Kind::Searched {
            searched.push(number);
            continue;
        }
        let file = &mut index.files[number];
        match judge(&site, file, variables) {
            Verdict::Same(stat) => {
                is_stale |= stat.is_some();
                file.stat = stat.or(file.stat);
            }
            Verdict::Differs(why) => {
                file.steps().for_each(|step| {
                    forced.entry(step).or_insert_with(|| why.clone());
                });
            }
        }
    }
    let seen = hiding::look(workdir, &index, &searched, &mut forced);
    is_stale |= !seen.is_empty();
    seen.into_iter().for_each(|(number, stat)| index.files[number].stat = Some(stat));
    if is_stale {
        // This saves looking again. If the directory cannot be written, the scan is still right.
        drop(index.save(workdir));
    }
    let is_wanted = |step: &&index::Step| on_demand.iter().all(|name| *name != step.name);
    let wanted = || index.steps.iter().filter(is_wanted);
    let recorded = of_steps(wanted().map(|step| (step.name.as_ref(), step.stated)));
    let unrecorded = wanted().filter(|step| !step.is_recorded);
    let unrecorded = unrecorded.map(|step| Forced { step: step.name.to_string(), why: "no record".into() });
    let named = |(step, why): (usize, String)| {
        Some(Forced { step: index.steps.get(step).filter(is_wanted)?.name.to_string(), why })
    };
    let mut forced: Vec<Forced> = forced.into_iter().filter_map(named).chain(unrecorded).collect();
    forced.sort_by(|one, other| one.step.cmp(&other.step));
    forced.iter().try_for_each(|forced| force(workdir, &forced.step))?;
    Ok(Scanned { forced, recorded })
}

/// Forces the steps whose words in the Ninja file differ from those of their last run, and forgets steps that the file no
/// longer contains. Call it before the file is rewritten. `stated` has the [`digest`](crate::step::args::digest) of each
/// step.
///
/// Ninja sees changed words by its own log, unless it was killed between the end of a step and the line in the log. Then
/// the log has older words than the result. If the Ninja file goes back to those older words, Ninja would wrongly keep the
/// result.
///
/// # Errors
/// The build directory cannot be read or written.
pub fn force_restated(workdir: &Utf8Path, stated: &BTreeMap<String, Digest>) -> Result<Vec<Forced>> {
    let bytes = index::read(workdir);
    let (index, is_stale) = Index::load(workdir, &bytes)?;
    if is_stale {
        // This saves looking again. If the directory cannot be written, the scan is still right.
        drop(index.save(workdir));
    }
    let differs = |step: &&index::Step| {
        stated.get(step.name.as_ref()).is_some_and(|stated| step.stated != Some(*stated))
    };
    let forced = index.steps.iter().filter(differs);
    let forced: Vec<Forced> =
        forced.map(|step| Forced { step: step.name.to_string(), why: "command changed".into() }).collect();
    forced.iter().try_for_each(|forced| force(workdir, &forced.step))?;
    let gone = index.steps.iter().map(|step| step.name.as_ref()).filter(|name| !stated.contains_key(*name));
    for (step, suffix) in gone.flat_map(|step| ["json", "d", "log"].map(|suffix| (step, suffix))) {
        remove(&workdir.join(names::step_file(step, suffix)))?;
    }
    Ok(forced)
}

/// The numbers of the files whose stat differs from the known one, and of the variables whose value changed.
fn differing(site: &Site, files: &[index::File], variables: &BTreeMap<String, String>) -> Vec<usize> {
    let Ok(dir) = rustix::fs::open(site.workdir.as_str(), OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
    else {
        return (0..files.len()).collect();
    };
    let wanted = files.len() / WORTH_A_THREAD + 1;
    let threads =
        if wanted > 1 { thread::available_parallelism().map_or(1, NonZero::get).min(wanted) } else { 1 };
    let size = files.len().div_ceil(threads).max(1);
    let frozen = |file: &index::File| match file.kind {
        Kind::Input => site.standing.frozen(Utf8Path::new(file.path.as_ref()), file.digest),
        _ => None,
    };
    let differs = |file: &index::File| match file.kind {
        Kind::Variable => key::value(variables, &file.path) != file.digest,
        Kind::Searched => stat(dir.as_fd(), file) != file.stat,
        Kind::Input | Kind::Output => match frozen(file) {
            Some(digest) => Some(digest) != file.digest,
            None => file.stat.is_none() || stat(dir.as_fd(), file) != file.stat,
        },
    };
    let search = |from: usize| -> Vec<usize> {
        let until = files.len().min(from + size);
        (from..until).filter(|number| differs(&files[*number])).collect()
    };
    thread::scope(|scope| {
        let search = &search;
        let others: Vec<_> = (size..files.len())
            .step_by(size)
            .map(|from| (from, thread::Builder::new().spawn_scoped(scope, move || search(from))))
            .collect();
        let mut found = search(0);
        for (from, other) in others {
            found.extend(match other {
                Ok(other) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
                // The thread may fail to start when memory is short.
                Err(_) => search(from),
            });
        }
        found
    })
}

/// The stat of a file, looked up from the build directory: absolute paths cost twice as much.
fn stat(dir: BorrowedFd<'_>, file: &index::File) -> Option<Stat> {
    let flags = if file.kind == Kind::Output { AtFlags::SYMLINK_NOFOLLOW } else { AtFlags::empty() };
    let stat = rustix::fs::statat(dir, file.path.as_ref(), flags).ok()?;
    let nanos = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    let nanos = |seconds, rest| Some(nanos(seconds, i64::try_from(rest).ok()?));
    Some(Stat {
        size: u64::try_from(stat.st_size).ok()?,
        mtime: nanos(stat.st_mtime, stat.st_mtime_nsec)?,
        ctime: nanos(stat.st_ctime, stat.st_ctime_nsec)?,
        inode: stat.st_ino,
    })
}

/// The result of a second look at a file.
enum Verdict {
    /// The content is the remembered one. This is its stat, if reliable.
    Same(Option<Stat>),
    /// The content differs. This text says how.
    Differs(String),
}

fn judge(site: &Site, file: &index::File, variables: &BTreeMap<String, String>) -> Verdict {
    let path = site.workdir.join(file.path.as_ref());
    let (what, now) = match file.kind {
        Kind::Output => ("output", look::output(&path, None)),
        Kind::Input | Kind::Searched => {
            let known = Seen { digest: file.digest, ..Seen::unknown(file.path.as_ref().into()) };
            ("input", site.input(Utf8Path::new(file.path.as_ref()), Some(&known)))
        }
        Kind::Variable => {
            let is = key::value(variables, &file.path);
            let how = if is.is_none() { "missing" } else { "changed" };
            let differs = Verdict::Differs(format!("variable {how}: {}", file.path));
            return if is == file.digest { Verdict::Same(None) } else { differs };
        }
    };
    let was_interrupted = file.kind == Kind::Output && file.digest.is_none();
    if now.digest == file.digest && !was_interrupted {
        return Verdict::Same(now.stat);
    }
    let how = if now.is_there() { "changed" } else { "missing" };
    Verdict::Differs(format!("{what} {how}: {}", file.path))
}

/// Makes Ninja treat the step as dirty by removing its dependency file.
fn force(workdir: &Utf8Path, step: &str) -> Result<()> {
    remove(&workdir.join(names::step_file(step, "d")))
}

fn remove(path: &Utf8Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => {
            Err(Error::machine(format!("cannot remove `{path}`")).because(e))
        }
        _ => Ok(()),
    }
}
