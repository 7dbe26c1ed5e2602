//! Steps that only the runners of other steps start: what they make saves time, and changes no result.
//! It leaves to the runner how a step runs, and to the shelves what earlier builds wanted.

use crate::diag::{Error, Result};
use crate::shelf::Shelves;
use crate::step::args::Step;
use crate::step::parent::Parent;
use camino::Utf8PathBuf;
use std::fs;
use std::io::ErrorKind;

/// The steps that must run before the commands of this one. What the first build on a machine wants is left out: in a
/// single build it costs more than it saves. A step with an empty input, such as a unit without code, wants nothing.
///
/// # Errors
/// A file with the words of a step cannot be read, or breaks the protocol.
pub fn due(step: &Step, parent: &Parent, shelves: &dyn Shelves) -> Result<Vec<Step>> {
    let mut due = vec![];
    let is_empty = |path: &Utf8PathBuf| path.metadata().is_ok_and(|meta| meta.is_file() && meta.len() == 0);
    if !step.on_demand.is_empty() && step.inputs.iter().any(is_empty) {
        return Ok(due);
    }
    for words in &step.on_demand {
        let wanted = Step::parse(&[format!("@{words}")])?;
        let is_there = wanted.outputs.iter().all(|output| output.path.exists());
        if is_there || wanted.stated.is_none_or(|stated| shelves.was_wanted(stated, &parent.name())) {
            due.push(wanted);
        }
    }
    Ok(due)
}

/// Removes what a step made, so that nothing uses it.
///
/// # Errors
/// The build directory cannot be written.
pub fn remove(step: &Step) -> Result<()> {
    for output in &step.outputs {
        let path = &output.path;
        match if output.directory { fs::remove_dir_all(path) } else { fs::remove_file(path) } {
            Err(e) if e.kind() != ErrorKind::NotFound => {
                return Err(Error::machine(format!("cannot remove `{path}`, which may be old")).because(e));
            }
            _ => {}
        }
    }
    Ok(())
}
