//! Tracks files that a step adds to a directory that an earlier step made, as a simulator does that writes memories beside
//! its data. They belong to the step that adds them: they are in its record, not in the directory's own list. Steps that
//! read an output of that step depend on these files too, so a list beside each output holds their digests.
//! It leaves to others when steps run.

use crate::diag::{Error, Result};
use crate::facts::Stat;
use crate::step::args::Step;
use crate::step::directory;
use crate::step::look::{self, Seen};
use crate::step::names;
use crate::sums;
use crate::workdir::replace;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The directories that a step reads and that earlier steps made, with their content when the commands began.
pub struct WatchedDirs(BTreeMap<Utf8PathBuf, BTreeMap<Utf8PathBuf, Stat>>);

impl WatchedDirs {
    /// Looks at the directories among the inputs. What the step added last time is removed: it adds it again.
    ///
    /// # Errors
    /// A directory cannot be listed.
    pub fn begin(step: &Step, added: &[Seen]) -> Result<WatchedDirs> {
        let dirs: BTreeSet<Utf8PathBuf> =
            step.inputs.iter().filter_map(|input| made_directory(input)).collect();
        let own = |path: &Utf8Path| step.outputs.iter().any(|output| path.starts_with(&output.path));
        let is_watched = |seen: &&Seen| !own(&seen.path) && dirs.iter().any(|dir| seen.path.starts_with(dir));
        for seen in added.iter().filter(is_watched) {
            fs::remove_file(&seen.path).unwrap_or_default();
        }
        let listed = dirs.iter().filter(|dir| !own(dir));
        let listed = listed.map(|dir| Ok((dir.clone(), directory::files(dir)?)));
        Ok(WatchedDirs(listed.collect::<Result<_>>()?))
    }

    /// The files that are new in the directories, in order.
    ///
    /// # Errors
    /// A directory cannot be listed, or the commands changed what another step made in it.
    pub fn added(&self, step: &Step) -> Result<Vec<Seen>> {
        let mut added = vec![];
        for (dir, before) in &self.0 {
            for (name, stat) in directory::files(dir)? {
                match before.get(&name) {
                    None => added.push(look::output(&dir.join(&name), None)),
                    Some(then)
                        if (then.mtime, then.size, then.inode) == (stat.mtime, stat.size, stat.inode) => {}
                    Some(_) => return Err(changes_its_input(step, &dir.join(&name))),
                }
            }
        }
        Ok(added)
    }
}

/// The error for a step that writes to its own input: it would never be up to date.
pub fn changes_its_input(step: &Step, path: &Utf8Path) -> Box<Error> {
    Error::step(format!("step `{}` changes its own input `{path}`", step.name))
        .hint("a step only reads its inputs; let it write a copy, as one of its targets")
}

/// The directory that an input is, or whose list it is, if a step made that directory.
fn made_directory(input: &Utf8Path) -> Option<Utf8PathBuf> {
    let dir = if input.file_name() == Some(names::SUMS) { input.parent()? } else { input };
    (look::is_made(dir, dir) && dir.is_dir()).then(|| dir.to_owned())
}

/// Writes the lists beside the outputs of a step. Returns whether a list changed. A step that adds nothing has no lists.
///
/// # Errors
/// The build directory cannot be written, or another step added one of these files, too.
pub fn tell(step: &Step, added: &[Seen]) -> Result<bool> {
    let entries = added.iter().filter_map(|seen| Some((seen.path.as_path(), seen.digest?)));
    let text = sums::write(entries);
    let mut is_new = false;
    let own: Vec<Utf8PathBuf> =
        step.outputs.iter().filter_map(|output| names::added_by_maker(&output.for_ninja())).collect();
    for list in &own {
        if added.is_empty() {
            is_new |= fs::remove_file(list).is_ok();
        } else if fs::read(list).ok().as_deref() != Some(text.as_bytes()) {
            let dir = list.parent().unwrap_or(list);
            fs::create_dir_all(dir).map_err(|e| Error::machine(format!("cannot make `{dir}`")).because(e))?;
            replace(list, text.as_bytes())?;
            is_new = true;
        }
    }
    check_alone(step, added).map(|()| is_new)
}

/// Checks that no other step adds one of these files. Call it also when the outputs are in their places: if two steps run
/// at once, one of them then sees the list and the outputs of the other.
///
/// # Errors
/// Another step adds one of them. Then the outputs of this step are removed, so that they do not pass for whole.
pub fn check_alone(step: &Step, added: &[Seen]) -> Result<()> {
    let own: Vec<Utf8PathBuf> =
        step.outputs.iter().filter_map(|output| names::added_by_maker(&output.for_ninja())).collect();
    match added_twice(&own, added) {
        Some((path, output)) => {
            let files = step.outputs.iter().map(|output| &output.path);
            own.iter().chain(files).for_each(|file| fs::remove_file(file).unwrap_or_default());
            let message =
                format!("step `{}` adds `{path}`, and so does the step that makes `{output}`", step.name);
            Err(Error::step(message).hint(
                "the order of the two writes is random: give each step a copy of the directory, as one of its targets",
            ))
        }
        None => Ok(()),
    }
}

/// A file that another step's list also contains, with an output of that step.
fn added_twice(own: &[Utf8PathBuf], added: &[Seen]) -> Option<(Utf8PathBuf, Utf8PathBuf)> {
    let root = Utf8Path::new(names::ADDED);
    if added.is_empty() {
        return None;
    }
    directory::files(root).ok()?.into_keys().find_map(|name| {
        let output = Utf8Path::new(name.as_str().strip_suffix(".sums")?);
        let list = root.join(&name);
        if own.contains(&list) || !output.exists() {
            return None;
        }
        let theirs = sums::names(&fs::read_to_string(&list).ok()?);
        let twice = added.iter().find(|seen| theirs.contains(&seen.path))?;
        Some((twice.path.clone(), output.to_owned()))
    })
}
