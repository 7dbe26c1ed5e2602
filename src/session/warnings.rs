//! The warnings of a build directory: how many each step gave in its last run, so that a build with nothing to do can
//! still report them.
//! It does not know how steps run, or how the number is shown.

use super::open::Session;
use super::step_texts::{StepText, StepTexts, in_user_paths};
use crate::beneath;
use crate::excerpt;
use crate::workdir::{StepEnd, StepOutcome, Workdir, names};
use camino::Utf8Path;
use std::collections::BTreeMap;

/// How many warnings each step gave; steps without any are left out.
type Counts = BTreeMap<String, usize>;

/// Records the warnings of these steps. An error while writing does not fail a build.
pub fn keep(workdir: &Workdir, ends: &[StepEnd], texts: &StepTexts) {
    let ran = |end: &&StepEnd| end.outcome != StepOutcome::Hit;
    if !ends.iter().any(|end| ran(&end)) {
        return;
    }
    let before = read(workdir.path());
    let mut now: Counts = before.clone();
    now.retain(|step, _| texts.contains_key(step));
    for end in ends.iter().filter(ran) {
        let is_report = texts.get(&end.step).is_some_and(|text| text.is_report);
        match end.log.as_deref().filter(|_| !is_report).map(|log| count(&workdir.file(log))) {
            Some(count) if count > 0 => now.insert(end.step.clone(), count),
            _ => now.remove(&end.step),
        };
    }
    if now != before {
        let bytes = serde_json::to_vec(&now).unwrap_or_default();
        drop(workdir.write(names::WARNINGS, &bytes));
    }
}

/// How many warnings the steps of a build directory gave.
pub fn number(workdir: &Utf8Path) -> usize {
    read(workdir).values().sum()
}

/// What the steps that gave warnings printed, in the user's paths and in the order of the Ninja file.
pub fn printed(session: &Session, texts: &StepTexts) -> Vec<String> {
    let workdir = &session.places.workdir;
    let counts = read(workdir);
    let mut steps: Vec<&String> = counts.keys().collect();
    steps.sort_by_key(|step| texts.get(*step).map(|text| text.position));
    let print = |step: &String| {
        let log = workdir.join(names::step_file(step, "log"));
        let bytes = excerpt::of_file(&log, 0, excerpt::SHOWN).unwrap_or_default().0;
        let text: Option<&StepText> = texts.get(step);
        in_user_paths(session, text, &String::from_utf8_lossy(&bytes))
    };
    steps.into_iter().map(print).collect()
}

fn read(workdir: &Utf8Path) -> Counts {
    let bytes = beneath::read(&workdir.join(names::WARNINGS), beneath::LONGEST).ok();
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// The warnings of Verilator and of compilers in a log.
fn count(log: &Utf8Path) -> usize {
    let bytes = excerpt::of_file(log, 0, excerpt::SEARCHED).unwrap_or_default().0;
    let is_warning = |line: &&str| line.starts_with("%Warning") || line.contains(": warning: ");
    String::from_utf8_lossy(&bytes).lines().filter(is_warning).count()
}
