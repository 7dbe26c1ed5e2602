//! What a run depends on besides its arguments: the program and what it read from the world. It also makes the key.
//! It does not know where results are kept.

use super::job::Job;
use crate::digest::Digest;
use crate::parts::Part;
use crate::run::{End, Verdict};
use crate::step::{Seen, Site};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

/// Variables that make the loader find other libraries.
const LOADER: [&str; 2] = ["LD_LIBRARY_PATH", "LD_PRELOAD"];

/// What a run depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Basis {
    /// The program.
    pub program: Option<Seen>,
    /// Files that it read, under the names that it used.
    pub read: Vec<Seen>,
    /// Files that it tried to open but that did not exist.
    pub absent: Vec<Utf8PathBuf>,
    /// Files that it wrote. A pass counts only while they exist.
    pub written: Vec<Utf8PathBuf>,
    /// Variables of the environment that it asked for; `None` if a variable is not set.
    pub variables: BTreeMap<String, Option<Digest>>,
}

/// Looks at files and variables for many runs. A file that one run has looked at need not be read again for another.
pub struct Looker<'a> {
    variables: &'a BTreeMap<String, String>,
    seen: Mutex<HashMap<Utf8PathBuf, Seen>>,
}

impl<'a> Looker<'a> {
    /// A looker that has seen nothing yet.
    pub fn new(variables: &'a BTreeMap<String, String>) -> Looker<'a> {
        Looker { variables, seen: Mutex::new(HashMap::new()) }
    }

    /// Looks at a file whose name is relative to this directory.
    pub fn file(&self, cwd: &Utf8Path, path: &Utf8Path, known: Option<&Seen>) -> Seen {
        let place = cwd.join(path);
        let cached = self.seen.lock().ok().and_then(|seen| seen.get(&place).cloned());
        let site = Site { workdir: cwd.to_owned(), ..Site::default() };
        let seen = site.input(path, cached.as_ref().or(known));
        if let Ok(mut all) = self.seen.lock() {
            all.insert(place, seen.clone());
        }
        seen
    }

    /// The digest of a variable of the environment.
    pub fn variable(&self, name: &str) -> Option<Digest> {
        self.variables.get(name).map(|value| Digest::of_bytes(value.as_bytes()))
    }
}

impl Basis {
    /// What a run that ended depends on, and why that may be incomplete; `None` if it is certain. `program` is the look at
    /// the program before the run, which began at this time in nanoseconds since the epoch.
    pub fn of(job: &Job, end: &End, program: Seen, began: i128, looker: &Looker) -> (Basis, Option<String>) {
        let nothing = Verdict::default();
        let said = if let End::Verdict(verdict) = end { verdict.as_ref() } else { &nothing };
        let read: Vec<Seen> = said.read.iter().map(|path| looker.file(&job.cwd, path, None)).collect();
        let is_later =
            |seen: &&Seen| seen.digest.is_none() || seen.stat_then.is_some_and(|stat| stat.ctime > began);
        let both = |seen: &&Seen| said.written.contains(&seen.path);
        let changed = match (read.iter().find(both), read.iter().find(is_later)) {
            (Some(seen), _) => Some(format!("it writes `{}`, which it reads", seen.path)),
            (_, Some(seen)) => Some(format!("`{}` changed while it ran", seen.path)),
            _ => None,
        };
        let again = looker.file(&job.cwd, &job.program, Some(&program));
        let is_same = again.digest == program.digest;
        let changed = changed.or_else(|| (!is_same).then(|| "its program changed while it ran".to_owned()));
        let waves = job.waves_file();
        let own = |path: &&Utf8PathBuf| waves.as_ref() != Some(*path);
        let basis = Basis {
            program: Some(program),
            read,
            absent: said.absent.clone(),
            written: said.written.iter().filter(own).cloned().collect(),
            variables: said.variables.iter().map(|name| (name.clone(), looker.variable(name))).collect(),
        };
        (basis, changed)
    }

    /// The same basis with the present content of its files and variables; `None` if a file that the run wrote is gone.
    pub fn now(&self, job: &Job, looker: &Looker) -> Option<Basis> {
        let is_there = |path: &Utf8PathBuf| job.cwd.join(path).exists();
        if !self.written.iter().all(is_there) {
            return None;
        }
        Some(Basis {
            program: Some(looker.file(&job.cwd, &job.program, self.program.as_ref())),
            read: self.read.iter().map(|seen| looker.file(&job.cwd, &seen.path, Some(seen))).collect(),
            absent: self.absent.iter().filter(|path| !job.cwd.join(path).exists()).cloned().collect(),
            written: self.written.clone(),
            variables: self.variables.keys().map(|name| (name.clone(), looker.variable(name))).collect(),
        })
    }

    /// The part of the key that is known only after the run.
    pub fn found(&self) -> Vec<Part<'static>> {
        let mut parts: Vec<Part<'static>> = vec![];
        parts.extend(self.read.iter().map(|seen| Part::new("input", seen.path.to_string(), seen.digest)));
        parts.extend(self.absent.iter().map(|path| Part::new("absent file", path.to_string(), None)));
        parts.extend(self.written.iter().map(|path| Part::new("written file", path.to_string(), None)));
        parts.extend(self.variables.iter().map(|(name, value)| Part::new("variable", name.clone(), *value)));
        parts
    }
}

/// The part of the key that is known before the run.
pub fn declared(
    kind: &str,
    (arguments, settings): (&[String], &[String]),
    expected: &str,
    program: Option<Digest>,
    looker: &Looker,
) -> Vec<Part<'static>> {
    let mut parts = vec![
        Part::new("kind of run", kind.to_owned(), None),
        Part::new("program file", "", program),
        Part::new("expected end", expected.to_owned(), None),
    ];
    parts.extend(
        arguments
            .iter()
            .enumerate()
            .map(|(at, word)| Part::new("argument", format!("{}: {word}", at + 1), None)),
    );
    parts.extend(settings.iter().map(|setting| Part::new("variable set", setting.clone(), None)));
    parts.extend(LOADER.iter().map(|name| Part::new("variable", (*name).to_owned(), looker.variable(name))));
    parts
}
