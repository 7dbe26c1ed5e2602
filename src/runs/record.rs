//! The record of a run, `result.json`: its outcome, what it depends on, and the verdicts of earlier runs.
//! It does not know whether a record still holds.

use super::basis::Basis;
use super::outcome::Outcome;
use crate::beneath;
use crate::diag::{Error, Result};
use crate::digest::{Digest, KeyHasher};
use crate::facts::Stat;
use crate::run::Test;
use crate::workdir::replace;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

/// The version of the format. A file of another version is not a record.
const FORMAT: u32 = 1;

/// The longest record that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// How many earlier runs are remembered.
const REMEMBERED: usize = 20;

/// What is remembered of an earlier run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// Its verdict.
    pub verdict: String,
    /// How long it took.
    pub seconds: f64,
    /// When, in seconds since the epoch.
    pub at: u64,
}

/// The record of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Record {
    /// The version of the format.
    pub format: u32,
    /// The name of the run.
    pub name: String,
    /// `passed`, `failed`, `flaky`, `timed out` or `crashed`: the outcome compared with the expectation.
    pub verdict: String,
    /// What was expected, unless the run should pass.
    pub expected: Option<String>,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The seed, as the user gave it.
    pub seed: Option<u64>,
    /// The arguments of the program.
    pub arguments: Vec<String>,
    /// The variables that control it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<String>,
    /// The result of each test function.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<Test>,
    /// How long it took.
    pub seconds: f64,
    /// How much processor time it took.
    pub cpu_seconds: f64,
    /// Its peak memory, in KiB.
    pub peak_memory: u64,
    /// How often it ran until it passed or no retries were left.
    pub attempts: u32,
    /// What the user types to run just this.
    pub repeat: String,
    /// Why a pass is not kept; `None` if it is kept.
    pub not_kept: Option<String>,
    /// Whether it drew random numbers that follow the seed.
    pub drew_numbers: bool,
    /// The file of waveforms beside this file.
    pub waves: Option<String>,
    /// What it depends on.
    pub basis: Basis,
    /// The digest of the log beside this file.
    pub log: Option<Digest>,
    /// The stat with which the log had this digest.
    pub log_stat: Option<Stat>,
    /// Earlier runs, the latest last.
    pub history: Vec<Past>,
    /// The digest of all other fields.
    pub seal: Option<Digest>,
}

impl Record {
    /// An empty record.
    pub fn new() -> Record {
        Record { format: FORMAT, attempts: 1, ..Record::default() }
    }

    /// Whether the run went as it should.
    pub fn is_good(&self) -> bool {
        self.verdict == "passed" || self.verdict == "flaky"
    }

    /// Reads a record; `None` if it does not exist or was edited.
    pub fn load(path: &Utf8Path) -> Option<Record> {
        Record::parse(&beneath::read(path, LONGEST).ok()?)
    }

    /// Parses a record; `None` if it has another format or was edited.
    pub fn parse(bytes: &[u8]) -> Option<Record> {
        let record: Record = serde_json::from_slice(bytes).ok()?;
        let is_whole = record.format == FORMAT && record.seal.is_some() && record.seal == record.sum();
        is_whole.then_some(record)
    }

    /// The content of the file for this record.
    ///
    /// # Errors
    /// The record cannot be written as JSON.
    pub fn text(&self) -> Result<Vec<u8>> {
        let sealed = Record { seal: self.sum(), ..self.clone() };
        let mut bytes = serde_json::to_vec_pretty(&sealed)
            .map_err(|e| Error::machine(format!("cannot record `{}`", self.name)).because(e))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Writes the file as a whole.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: &Utf8Path) -> Result<()> {
        replace(path, &self.text()?)
    }

    fn sum(&self) -> Option<Digest> {
        let bytes = serde_json::to_vec(&Record { seal: None, ..self.clone() }).ok()?;
        Some(KeyHasher::new().field("record", bytes).finish())
    }

    /// The history for the next record: it includes this run.
    pub fn past(&self, at: u64) -> Vec<Past> {
        let mut history = self.history.clone();
        history.push(Past { verdict: self.verdict.clone(), seconds: self.seconds, at });
        let over = history.len().saturating_sub(REMEMBERED);
        history.drain(..over);
        history
    }

    /// Whether the log beside the record still has the recorded content.
    pub fn has_log(&self, log: &Utf8Path) -> bool {
        let stat = Stat::of(log);
        stat.is_some()
            && (stat == self.log_stat
                || Digest::of_file(log.as_std_path()).ok() == self.log && self.log.is_some())
    }

    /// The records of all runs in a directory, each with its own directory.
    pub fn all(dir: &Utf8Path) -> Vec<(Utf8PathBuf, Record)> {
        let entries = dir.read_dir_utf8().into_iter().flatten().flatten();
        let record = |entry: camino::Utf8DirEntry| {
            let record = Record::load(&entry.path().join("result.json"))?;
            Some((entry.path().to_owned(), record))
        };
        entries.filter_map(record).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_somebody_changed_is_none() {
        let record = Record { name: "tb#7".to_owned(), verdict: "failed".to_owned(), ..Record::new() };
        let text = String::from_utf8(record.text().unwrap()).unwrap();
        assert_eq!(Record::parse(text.as_bytes()).unwrap().name, "tb#7");
        assert!(Record::parse(text.replace("\"failed\"", "\"passed\"").as_bytes()).is_none());
        assert!(Record::parse(text.replace("\"format\": 1", "\"format\": 2").as_bytes()).is_none());
        assert!(Record::parse(b"{}").is_none());
    }

    #[test]
    fn as_many_earlier_runs_are_remembered_as_are_read() {
        let mut record = Record { verdict: "passed".to_owned(), ..Record::new() };
        for at in 0..30 {
            record.history = record.past(at);
        }
        assert_eq!((record.history.len(), record.history[0].at), (REMEMBERED, 10));
    }
}
