//! What was learned about large binaries, by their stat, kept for the user between runs; a cache that may be lost.
//! It does not know what the answers mean.

use crate::digest::Digest;
use crate::env::Env;
use crate::facts::Stat;
use crate::workdir::replace;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of one file.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    stat: Stat,
    digest: Option<Digest>,
    #[serde(default)]
    answers: BTreeMap<String, String>,
}

/// The cache.
#[derive(Debug, Default)]
pub struct Known {
    file: Option<Utf8PathBuf>,
    entries: BTreeMap<String, Entry>,
    changed: bool,
}

impl Known {
    /// Reads the cache of the user; an unreadable one is empty.
    pub fn load(env: &Env) -> Known {
        let file = env.xdg("XDG_CACHE_HOME", ".cache").map(|dir| dir.join("tools.json"));
        let text = file.as_ref().and_then(|file| std::fs::read(file).ok());
        let entries = text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        Known { file, entries, changed: false }
    }

    /// The digest of a file that still has this stat.
    pub fn digest(&self, path: &Utf8Path, stat: &Stat) -> Option<Digest> {
        self.entries.get(path.as_str()).filter(|entry| entry.stat == *stat)?.digest
    }

    /// Keeps a digest.
    pub fn remember(&mut self, path: &Utf8Path, digest: Digest) {
        if let Some(entry) = self.entry(path)
            && entry.digest != Some(digest)
        {
            entry.digest = Some(digest);
            self.changed = true;
        }
    }

    /// The kept answer to a question about this binary.
    pub fn answer(&mut self, path: &Utf8Path, question: &str) -> Option<String> {
        self.entry(path)?.answers.get(question).cloned()
    }

    /// The kept answer to a question about this binary, else the fresh one.
    pub fn asked(&mut self, path: &Utf8Path, question: &str, ask: impl FnOnce() -> String) -> String {
        let Some(entry) = self.entry(path) else { return ask() };
        if let Some(answer) = entry.answers.get(question) {
            return answer.clone();
        }
        let answer = ask();
        entry.answers.insert(question.to_owned(), answer.clone());
        self.changed = true;
        answer
    }

    /// Keeps an answer in the place of an earlier one.
    pub fn keep(&mut self, path: &Utf8Path, question: &str, answer: String) {
        let Some(entry) = self.entry(path) else { return };
        if entry.answers.get(question) != Some(&answer) {
            entry.answers.insert(question.to_owned(), answer);
            self.changed = true;
        }
    }

    /// The entry of the file as it is now.
    fn entry(&mut self, path: &Utf8Path) -> Option<&mut Entry> {
        let stat = Stat::of(path)?;
        let fresh = || Entry { stat, digest: None, answers: BTreeMap::new() };
        let entry = self.entries.entry(path.to_string()).or_insert_with(fresh);
        if entry.stat != stat {
            *entry = fresh();
        }
        Some(entry)
    }

    /// Writes the cache if there is something new, without files that were removed or changed; an error while writing the cache
    /// is ignored.
    pub fn save(&mut self) {
        let Some(file) = self.file.as_ref().filter(|_| std::mem::take(&mut self.changed)) else { return };
        self.entries.retain(|path, entry| Stat::of(Utf8Path::new(path)).as_ref() == Some(&entry.stat));
        let Ok(text) = serde_json::to_vec(&self.entries) else { return };
        drop(replace(file, &text));
    }
}
