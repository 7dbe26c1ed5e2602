//! One JSON line per start and end of a step, in the file that `FUDSV_EVENTS` names.
//! It does not know who reads them.

use crate::step::args::Step;
use crate::step::commands;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// What happened to a step.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Its commands ran and succeeded.
    Ran,
    /// Nothing had changed, or the result was taken from the store.
    Hit,
    /// Its commands failed or did not make what they declare.
    Failed,
}

/// Where to report, and about what.
pub struct Events<'a> {
    path: Option<&'a String>,
    step: &'a Step,
    start: u64,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Line<'a> {
    Start {
        step: &'a str,
        why: &'a str,
        start: u64,
        log: Option<&'a str>,
    },
    End {
        step: &'a str,
        outcome: Outcome,
        why: &'a str,
        exit: u8,
        start: u64,
        end: u64,
        log: Option<&'a str>,
        #[serde(flatten)]
        shelf: &'a OnShelf,
    },
}

/// What the shelf said to a step that asked it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OnShelf {
    /// Whether the result came from there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub from_store: bool,
    /// Why not: what differs from the nearest result that is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed: Option<String>,
}

impl<'a> Events<'a> {
    /// Reports about this step, which starts now.
    pub fn new(step: &'a Step, variables: &'a BTreeMap<String, String>) -> Events<'a> {
        let path = variables.get("FUDSV_EVENTS").filter(|path| !path.is_empty());
        Events { path, step, start: now() }
    }

    /// The commands are about to run. A step in which nothing changed has no such line.
    pub fn start(&self, why: &str) {
        let log = commands::log(self.step);
        let log = log.as_ref().map(|path| path.as_str());
        self.append(&Line::Start { step: &self.step.name, why, start: self.start, log });
    }

    /// The step is over.
    pub fn end(&self, outcome: Outcome, why: &str, exit: u8, shelf: &OnShelf) {
        let has_log = shelf.from_store || !matches!(outcome, Outcome::Hit);
        let log = commands::log(self.step).filter(|_| has_log);
        let (step, log) = (self.step.name.as_str(), log.as_ref().map(|path| path.as_str()));
        self.append(&Line::End { step, outcome, why, exit, start: self.start, end: now(), log, shelf });
    }

    /// One write, so that lines of steps that run side by side do not mix. A report that cannot be made is no reason
    /// to fail a build.
    fn append(&self, line: &Line) {
        let Some(path) = self.path else { return };
        let Ok(mut bytes) = serde_json::to_vec(line) else { return };
        bytes.push(b'\n');
        let file = File::options().append(true).create(true).open(path);
        file.and_then(|mut file| file.write_all(&bytes)).unwrap_or_default();
    }
}

/// Milliseconds since the epoch.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
