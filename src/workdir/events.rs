//! What step runners report while Ninja works: lines of JSON in one file, written and read as they come.
//! It does not know why a step ran, nor who shows it.

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Write};

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// Its commands ran and succeeded.
    Ran,
    /// Nothing had changed, or the result was taken from the store or a database.
    Hit,
    /// Its commands failed.
    Failed,
}

/// The beginning of a step that really runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStart {
    /// Its name.
    pub step: String,
    /// Why it runs.
    pub why: Vec<String>,
    /// When it began: milliseconds since the epoch.
    pub start: u64,
    /// What its tools print, relative to the build directory; none when they have the terminal.
    pub log: Option<Utf8PathBuf>,
}

/// The end of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepEnd {
    /// Its name.
    pub step: String,
    /// How it ended.
    pub outcome: StepOutcome,
    /// Why it ran; nothing for a hit.
    pub why: Vec<String>,
    /// Exit code of its last command.
    pub exit: u8,
    /// When it began: milliseconds since the epoch.
    pub start: u64,
    /// When it ended: milliseconds since the epoch.
    pub end: u64,
    /// What its tools printed, relative to the build directory; none where nothing had changed.
    pub log: Option<Utf8PathBuf>,
    /// Whether the result was taken from the store.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_store: bool,
    /// The precompiled database from which it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precompiled: Option<String>,
    /// Why it was not, where the store was asked: what differs from the nearest result that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<String>,
}

impl StepEnd {
    /// Whether somebody had made the result before.
    pub fn is_taken(&self) -> bool {
        self.from_store || self.precompiled.is_some()
    }
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A step runs.
    Start(StepStart),
    /// A step is over.
    End(StepEnd),
    /// What this version does not know.
    #[serde(other)]
    Other,
}

/// Adds a line, by one write, so that lines of steps that run side by side do not mix. A report that cannot be made is
/// no reason to fail a build.
pub fn append(path: &Utf8Path, event: &Event) {
    let Ok(mut bytes) = serde_json::to_vec(event) else { return };
    bytes.push(b'\n');
    let file = File::options().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(&bytes)).unwrap_or_default();
}

/// Reads the file as it grows.
#[derive(Debug)]
pub struct Events {
    file: Option<BufReader<File>>,
    pending: String,
}

impl Events {
    /// Leaves an empty file, as of a run without steps; one that is empty is not touched.
    pub fn clear(path: &Utf8Path) {
        if !path.metadata().is_ok_and(|meta| meta.len() == 0) {
            drop(File::create(path));
        }
    }

    /// Starts with an empty file.
    pub fn start(path: &Utf8Path) -> Events {
        let made = File::create(path).or_else(|e| match e.kind() {
            ErrorKind::IsADirectory => std::fs::remove_dir_all(path).and_then(|()| File::create(path)),
            _ => Err(e),
        });
        let made = made.and_then(|_| File::open(path));
        Events { file: made.ok().map(BufReader::new), pending: String::new() }
    }

    /// What was reported since the last call.
    pub fn news(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.line()).filter_map(|line| serde_json::from_str(&line).ok()).collect()
    }

    /// The next whole line; a line that is still being written stays for later.
    fn line(&mut self) -> Option<String> {
        let read = self.file.as_mut()?.read_line(&mut self.pending).ok()?;
        if read == 0 || !self.pending.ends_with('\n') {
            return None;
        }
        Some(std::mem::take(&mut self.pending))
    }
}
