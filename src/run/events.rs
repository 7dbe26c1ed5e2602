//! What the step runners report while Ninja works: lines of JSON in one file, read as they come.
//! It does not know who shows them.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead, BufReader};

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// Its commands ran and succeeded.
    Ran,
    /// Nothing had changed.
    Hit,
    /// Its commands failed.
    Failed,
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
    /// What its tools printed, relative to the build directory; none for a hit.
    #[serde(default)]
    pub log: Option<Utf8PathBuf>,
}

/// A line of the file; other lines are left alone.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Line {
    End(StepEnd),
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
    /// Starts with an empty file.
    pub fn start(path: &Utf8Path) -> Events {
        let made = File::create(path).and_then(|_| File::open(path));
        Events { file: made.ok().map(BufReader::new), pending: String::new() }
    }

    /// The ends that were reported since the last call.
    pub fn ends(&mut self) -> Vec<StepEnd> {
        let mut ends = vec![];
        while let Some(line) = self.line() {
            if let Ok(Line::End(end)) = serde_json::from_str(&line) {
                ends.push(end);
            }
        }
        ends
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
