//! Writes a build directory: the Ninja file, the files that it needs beside it, and the record by which it stays valid.
//! It does not know how Ninja runs.

use super::emit::emit;
use super::freshness::{Generated, as_written, fresh};
use super::open::Session;
use super::saved_request::SavedRequest;
use super::step_texts::StepText;
use super::tell::Tell;
use super::{compile_commands, request};
use crate::beneath;
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::facts::{Answer, Query};
use crate::lower::Step;
use crate::step::{self, scan};
use crate::workdir::{Workdir, names};
use serde::Serialize;
use std::collections::BTreeMap;

/// Emits and writes everything, the Ninja file last but one, the record of it last.
///
/// # Errors
/// As [`emit`], or the directory cannot be written.
pub fn generate(session: &Session, workdir: &Workdir, tell: &mut dyn Tell) -> Result<Generated> {
    if let Some(bytes) = read_stdin(session)? {
        workdir.write(names::STDIN, &bytes)?;
    }
    let emitted = emit(session, tell)?;
    emitted.notes.iter().for_each(|note| tell.notes(note));
    for (path, content) in emitted.written() {
        workdir.write(path.as_path(), content)?;
    }
    for (path, is_executable) in emitted.modes() {
        workdir.set_executable(path.as_path(), is_executable)?;
    }
    let steps = emitted.steps.iter().enumerate();
    let steps: BTreeMap<&str, StepText> =
        steps.map(|(at, step)| (step.name.as_str(), StepText::of(at, step, &session.places))).collect();
    workdir.write(names::STEP_TEXTS, &json(&steps)?)?;
    let compile_commands = compile_commands::text(&emitted.steps, workdir.path())?;
    let mut outputs = outputs(&emitted.steps);
    outputs.extend(compile_commands.as_ref().map(|_| names::COMPILE_COMMANDS.to_owned()));
    let before = beneath::read(&workdir.file(names::OUTPUTS), beneath::LONGEST).ok();
    let before: Vec<String> =
        before.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    // This must come before the file changes: Ninja's own log may not show that a step ran with the old words.
    let stated: BTreeMap<String, Digest> =
        emitted.steps.iter().map(|step| (step.name.clone(), step::args::digest(&step.words))).collect();
    scan::force_restated(workdir.path(), &stated)?;
    workdir.write(names::NINJA_FILE, emitted.text.as_bytes())?;
    if let Some(text) = &compile_commands {
        workdir.note(names::COMPILE_COMMANDS, text)?;
    }
    workdir.remove_stale(&before, &outputs);
    workdir.note(names::OUTPUTS, &json(&outputs)?)?;
    workdir.note(names::REQUEST, &json(&SavedRequest::of(session))?)?;
    let mut seen: Vec<(Query, Answer)> = session.facts.seen().into_iter().collect();
    seen.push(as_written(workdir, names::NINJA_FILE, emitted.text.as_bytes()));
    seen.push(as_written(workdir, names::STEP_TEXTS, &json(&steps)?));
    if let Some(text) = compile_commands.filter(|_| workdir.file(names::COMPILE_COMMANDS).is_file()) {
        seen.push(as_written(workdir, names::COMPILE_COMMANDS, &text));
    }
    seen.extend(
        emitted.written().map(|(path, content)| as_written(workdir, path.as_path().as_str(), content)),
    );
    let (results, to_stdout) = (emitted.results, emitted.to_stdout);
    let on_demand = emitted.steps.iter().filter(|step| step.on_demand);
    let on_demand: Vec<String> = on_demand.map(|step| step.name.clone()).collect();
    let always = stated.iter().filter(|(name, _)| !on_demand.contains(name));
    let steps = scan::of_steps(always.map(|(name, stated)| (name.as_str(), Some(*stated))));
    let generated = Generated { request: session.digest()?, seen, results, to_stdout, steps, on_demand };
    workdir.note(names::GENERATED, &json(&generated)?)?;
    Ok(generated)
}

/// The valid generation: the saved one if nothing changed, else a new one.
///
/// # Errors
/// As [`generate`].
pub fn current(session: &Session, workdir: &Workdir, tell: &mut dyn Tell) -> Result<Generated> {
    let takes_stdin = request::takes_stdin(session)?;
    match fresh(session, workdir).filter(|_| !takes_stdin) {
        Some(generated) => Ok(generated),
        None => generate(session, workdir, tell),
    }
}

/// Files inside the build directory that steps make.
fn outputs(steps: &[Step]) -> Vec<String> {
    let targets = steps.iter().flat_map(|step| &step.targets).filter(|target| target.path.is_inside());
    targets.map(|target| target.path.to_string()).collect()
}

/// Standard input, when the request names it.
///
/// # Errors
/// It cannot be read.
pub fn read_stdin(session: &Session) -> Result<Option<Vec<u8>>> {
    if !request::takes_stdin(session)? {
        return Ok(None);
    }
    let mut bytes = vec![];
    std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)
        .map_err(|e| Error::machine("cannot read standard input").because(e))?;
    Ok(Some(bytes))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(value).map_err(|e| Error::machine("cannot write JSON").because(e))?;
    bytes.push(b'\n');
    Ok(bytes)
}
