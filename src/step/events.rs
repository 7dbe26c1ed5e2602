//! One event per start and end of a step, in the file that `FUDSV_EVENTS` names.
//! It does not know who reads them.

use crate::step::args::Step;
use crate::step::cause::Cause;
use crate::step::commands;
use crate::workdir::{Event, StepEnd, StepOutcome, StepStart, append};
use camino::Utf8Path;
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// Reports the start and the end of one step.
pub struct Events<'a> {
    path: Option<&'a String>,
    step: &'a Step,
    start: u64,
}

/// The answer of the shelves to a step.
#[derive(Clone, Debug, Default)]
pub struct OnShelf {
    /// Whether the result came from the store.
    pub from_store: bool,
    /// The database from which it came.
    pub precompiled: Option<String>,
    /// Why there was no result: the difference to the nearest one.
    pub missed: Option<String>,
}

impl OnShelf {
    /// Whether the result came from a shelf.
    pub fn is_taken(&self) -> bool {
        self.from_store || self.precompiled.is_some()
    }
}

impl<'a> Events<'a> {
    /// Reports about this step, which starts now.
    pub fn new(step: &'a Step, variables: &'a BTreeMap<String, String>) -> Events<'a> {
        let path = variables.get("FUDSV_EVENTS").filter(|path| !path.is_empty());
        Events { path, step, start: now() }
    }

    /// The commands are about to run. A step in which nothing changed has no such line.
    pub fn start(&self, why: &[Cause]) {
        let (step, log) = (self.step.name.clone(), commands::log(self.step));
        self.append(&Event::Start(StepStart { step, why: texts(why), start: self.start, log }));
    }

    /// The step is over.
    pub fn end(&self, outcome: StepOutcome, why: &[Cause], exit: u8, shelf: &OnShelf) {
        let OnShelf { from_store, precompiled, missed } = shelf.clone();
        let log = commands::log(self.step).filter(|_| shelf.is_taken() || outcome != StepOutcome::Hit);
        let (step, why, start) = (self.step.name.clone(), texts(why), self.start);
        let end =
            StepEnd { step, outcome, why, exit, start, end: now(), log, from_store, precompiled, missed };
        self.append(&Event::End(end));
    }

    fn append(&self, event: &Event) {
        if let Some(path) = self.path {
            append(Utf8Path::new(path), event);
        }
    }
}

fn texts(why: &[Cause]) -> Vec<String> {
    why.iter().map(Cause::to_string).collect()
}

/// Milliseconds since the epoch.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
