//! What the step runners report while Ninja works: lines of JSON in one file, read as they come.
//! It does not know who shows them.

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// Its commands ran and succeeded.
    Ran,
    /// Nothing had changed, or the result was taken from the store.
    Hit,
    /// Its commands failed.
    Failed,
}

/// The beginning of a step that really runs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StepStart {
    /// Its name.
    pub step: String,
    /// What its tools print, relative to the build directory; none when they have the terminal.
    #[serde(default)]
    pub log: Option<Utf8PathBuf>,
}

/// The end of a step.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
    #[serde(default)]
    pub log: Option<Utf8PathBuf>,
    /// Whether the result was taken from the store.
    #[serde(default)]
    pub from_store: bool,
    /// Why it was not, where the store was asked.
    #[serde(default)]
    pub missed: Option<String>,
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
