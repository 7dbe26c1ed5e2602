//! Checks that it is certain what the commands of a step read: that no file changed while they ran.
//! It leaves to others what follows: the runner runs them again, or records what is in doubt.

use crate::diag::Result;
use crate::facts::Stat;
use crate::step::added;
use crate::step::args::Step;
use crate::step::cause::{Cause, Difference, Subject};
use crate::step::key::Basis;
use crate::step::look::{self, Seen};
use camino::{Utf8Path, Utf8PathBuf};

/// What a result depends on, looked at after the commands ran.
pub struct BasisAfter {
    /// The declared inputs as they were before the commands ran, and the inputs that were found.
    pub basis: Basis,
    /// Files whose content at the time of reading is not known.
    unknown: Vec<Utf8PathBuf>,
    /// Files that were known before and changed since.
    moved: Vec<TouchedFile>,
}

/// What to do with a result.
pub enum Verdict {
    /// Drop it: the commands must run again.
    Again,
    /// Publish it. If there are doubts, it is not kept in the store, and the step runs again next time.
    Take(Vec<Cause>),
}

/// A file that was touched while the commands ran.
struct TouchedFile {
    path: Utf8PathBuf,
    how: TouchKind,
    is_found: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TouchKind {
    /// Its name or mode changed, or it was moved away and back. Its content and its time are the same.
    Beside,
    /// It was written, but with its old content.
    Rewritten,
    /// It has another content.
    Changed,
}

impl BasisAfter {
    /// Looks at what a step depends on. Its commands began at this time of the file system; `before` is the look before
    /// that.
    pub fn look(before: &Basis, found: Vec<Utf8PathBuf>, began: i128) -> BasisAfter {
        let known = |path: &Utf8Path| before.found.iter().find(|seen| seen.path == path);
        let mut after =
            BasisAfter { basis: Basis { found: vec![], ..before.clone() }, unknown: vec![], moved: vec![] };
        for path in found {
            let seen = match known(&path) {
                Some(seen) => look_again(seen.clone(), &mut after.moved, true),
                None => first_look(path, began, &mut after.unknown),
            };
            after.basis.found.push(seen);
        }
        for seen in after.basis.inputs.iter_mut().chain(&mut after.basis.named) {
            *seen = look_again(seen.clone(), &mut after.moved, false);
        }
        after
    }

    /// What to do. If the commands `may_again` run, they run again after any file was touched: if another program wrote the
    /// file, it will not be written the next time.
    ///
    /// # Errors
    /// The commands ran again and wrote a declared input each time.
    pub fn verdict(&self, step: &Step, may_again: bool) -> Result<Verdict> {
        if may_again && !self.moved.is_empty() {
            return Ok(Verdict::Again);
        }
        let own = self.moved.iter().find(|moved| !moved.is_found && moved.how != TouchKind::Beside);
        if let Some(moved) = own.filter(|_| !step.console) {
            return Err(added::changes_its_input(step, &moved.path));
        }
        let is_doubtful = |moved: &&TouchedFile| step.console || moved.how == TouchKind::Changed;
        let moved = self.moved.iter().filter(is_doubtful).map(|moved| &moved.path);
        let doubt = |path: &Utf8PathBuf| Cause::new(Subject::Input, Difference::Changed, path.as_str());
        Ok(Verdict::Take(self.unknown.iter().chain(moved).map(doubt).collect()))
    }
}

/// Looks at a file that the step never read before. If it changed while the commands ran, it is not known what the tool
/// read.
fn first_look(path: Utf8PathBuf, began: i128, unknown: &mut Vec<Utf8PathBuf>) -> Seen {
    let seen = look::input(Utf8Path::new(""), &path, None);
    if seen.stat_then.is_some_and(|stat| stat.ctime > began || seen.digest.is_none()) {
        unknown.push(path);
    }
    seen
}

/// A file as it was before the commands ran. If only its stat changed, it gets the present stat.
fn look_again(seen: Seen, moved: &mut Vec<TouchedFile>, is_found: bool) -> Seen {
    let stat = Stat::of(&seen.path);
    if stat == seen.stat_then {
        return seen;
    }
    let now = look::input(Utf8Path::new(""), &seen.path, None);
    let is_same = now.digest == seen.digest && now.is_there() == seen.is_there();
    // The content of a directory is its names; the files in it are checked separately.
    if is_same && seen.path.is_dir() {
        return now;
    }
    let only_beside =
        stat.zip(seen.stat_then).is_some_and(|(now, then)| Stat { ctime: then.ctime, ..now } == then);
    let how = match (is_same, only_beside) {
        (false, _) => TouchKind::Changed,
        (true, false) => TouchKind::Rewritten,
        (true, true) => TouchKind::Beside,
    };
    moved.push(TouchedFile { path: seen.path.clone(), how, is_found });
    if is_same { now } else { Seen { stat: None, ..seen } }
}
