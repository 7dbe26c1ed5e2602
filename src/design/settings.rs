//! What resolving a design gathers: sources, and values to add to settings, each with its place.
//! It does not know where they come from.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::bounds::Bounds;
use super::source::Source;
use crate::config::{Config, Found, Origin};
use crate::describe::Describer;
use crate::diag::{Error, Place, Result};
use crate::facts::Facts;
use crate::paths::relative;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, HashSet};
use toml::Value;

/// The keys that only this room reads and what each is, for the documentation.
pub const KEYS: &[(&str, &str)] = &[
    ("fusesoc.exe", "FuseSoC, which says what a design with `fusesoc` consists of"),
    ("bender.exe", "Bender, which says what a design with `bender` consists of"),
    ("verilator.filelists", "filelists of every request; in `-F FILE`, paths are relative to the list"),
    (
        "verilator.order",
        "`given` keeps the order of the sources; by default packages come before their users",
    ),
];

/// Keys that contain paths; the others contain words.
const PATHS: [&str; 4] =
    ["verilator.include-dirs", "verilator.library-dirs", "verilator.library-files", "cxx.include-dirs"];

/// Where something stands: in words for `set by`, and the line of a file where there is one.
#[derive(Clone, Debug)]
pub struct SettingSource {
    pub shown: String,
    pub place: Option<Place>,
    /// Whether the user typed it, and so knows where it is.
    pub is_typed: bool,
}

impl SettingSource {
    /// A setting.
    pub fn named(shown: impl Into<String>) -> SettingSource {
        SettingSource { shown: shown.into(), place: None, is_typed: false }
    }

    /// A word of the command line.
    pub fn typed(shown: impl Into<String>) -> SettingSource {
        SettingSource { shown: shown.into(), place: None, is_typed: true }
    }

    /// Says where an error is.
    pub fn blame(&self, error: Box<Error>) -> Box<Error> {
        match &self.place {
            Some(place) => error.at_if_none(place),
            None if self.is_typed => error,
            None => error.detail("set by", self.shown.clone()),
        }
    }
}

/// What was gathered so far.
pub struct Gathered<'a> {
    pub facts: &'a Facts,
    pub config: &'a Config,
    /// What runs tools that describe designs.
    pub describer: &'a Describer,
    /// Where paths of an untrusted project's files may lead; `None` if the project is trusted.
    pub bounds: Option<Bounds>,
    pub sources: Vec<Source>,
    pub warnings: Vec<String>,
    /// Arguments of a simulation.
    pub run_args: Vec<String>,
    known: HashSet<Utf8PathBuf>,
    added: BTreeMap<&'static str, Vec<(String, SettingSource)>>,
    top: Option<(String, SettingSource)>,
    given: Vec<(&'static str, String, SettingSource)>,
}

impl<'a> Gathered<'a> {
    /// Nothing.
    pub fn new(
        facts: &'a Facts,
        config: &'a Config,
        describer: &'a Describer,
        bounds: Option<Bounds>,
    ) -> Gathered<'a> {
        let (known, added) = (HashSet::new(), BTreeMap::new());
        let (sources, warnings, run_args) = (vec![], vec![], vec![]);
        Gathered {
            facts,
            config,
            describer,
            bounds,
            sources,
            warnings,
            run_args,
            known,
            added,
            top: None,
            given: vec![],
        }
    }

    /// Refuses a path that a file of an untrusted project names and that leads out of it.
    ///
    /// # Errors
    /// It does.
    pub fn check(&self, path: &Utf8Path) -> Result<()> {
        self.bounds.as_ref().map_or(Ok(()), |bounds| bounds.check(path))
    }

    /// Adds a source; the same file is taken once.
    pub fn source(&mut self, source: Source) {
        let path = self.facts.in_real_directory(&source.path);
        if source.path == "-" || self.known.insert(path) {
            self.sources.push(source);
        }
    }

    /// Adds a value to a setting.
    pub fn add(&mut self, key: &'static str, value: impl Into<String>, at: &SettingSource) {
        self.added.entry(key).or_default().push((value.into(), at.clone()));
    }

    /// Adds what `-CFLAGS` or `-LDFLAGS` says. The former is for C and C++, as with Verilator; only the version of the
    /// language is for one of them.
    pub fn compiler_flags(&mut self, is_compiled: bool, words: &[String], at: &SettingSource) {
        for word in words {
            let standard = word.strip_prefix("-std=");
            let (for_cxx, for_c) = match standard {
                Some(standard) => (standard.contains("++"), !standard.contains("++")),
                None => (true, true),
            };
            for (key, is_for) in [("cxx.flags", for_cxx), ("cxx.cflags", for_c)] {
                if is_compiled && is_for {
                    self.add(key, word, at);
                }
            }
            if !is_compiled {
                self.add("cxx.ldflags", word, at);
            }
        }
    }

    /// Names the top module; the last one counts.
    pub fn name_top(&mut self, top: impl Into<String>, at: &SettingSource) {
        self.top = Some((top.into(), at.clone()));
    }

    /// Gives a setting a text, in the place of another.
    pub fn give(&mut self, key: &'static str, text: String, at: &SettingSource) {
        self.given.push((key, text, at.clone()));
    }

    /// The path as seen from the user's directory; an absolute path stays absolute.
    pub fn shown(&self, base: &Utf8Path, text: &str) -> String {
        shown(self.facts, base, text)
    }

    /// The settings with the additions: `--set` overrides `--top` and the like, lists are extended.
    ///
    /// # Errors
    /// A setting that is neither a list nor a text.
    pub fn settings(&self) -> Result<Vec<(&'static str, Value, Origin)>> {
        let mut settings = vec![];
        for (key, added) in &self.added {
            let mut items = existing(self.config, self.facts, key)?;
            items.extend(added.iter().map(|(value, _)| value.clone()));
            if PATHS.contains(key) {
                let mut seen = HashSet::new();
                items.retain(|item| seen.insert(item.clone()));
            }
            let list = items.into_iter().map(Value::String).collect();
            let mut places: Vec<&str> = added.iter().map(|(_, at)| at.shown.as_str()).collect();
            places.dedup();
            settings.push((*key, Value::Array(list), Origin::Inputs(places.join(", "))));
        }
        let is_set = |key: &str| matches!(self.config.get(key), Some(Found { origin: Origin::Set, .. }));
        for (key, text, at) in self.given.iter().filter(|(key, ..)| !is_set(key)) {
            settings.push((*key, Value::String(text.clone()), Origin::Inputs(at.shown.clone())));
        }
        let is_set = is_set("verilator.top");
        if let (Some((top, at)), false) = (&self.top, is_set) {
            let origin = Origin::Inputs(at.shown.clone());
            settings.push(("verilator.top", Value::String(top.clone()), origin));
        }
        Ok(settings)
    }
}

/// A path as seen from the user's directory; an absolute path stays absolute.
fn shown(facts: &Facts, base: &Utf8Path, text: &str) -> String {
    match text.starts_with('/') {
        true => text.to_owned(),
        false => relative(&facts.env().cwd, &facts.place(base.join(text))).into_string(),
    }
}

/// The items that a setting has already; paths as they are seen from where the user stands.
fn existing(config: &Config, facts: &Facts, key: &str) -> Result<Vec<String>> {
    let Some(found) = config.get(key) else { return Ok(vec![]) };
    let base = directory(&found, &facts.env().cwd);
    match PATHS.contains(&key) {
        true => Ok(paths(key, &found)?.iter().map(|path| shown(facts, &base, path)).collect()),
        false => words(key, &found),
    }
}

/// What relative paths of a setting are relative to.
pub fn directory(found: &Found, cwd: &Utf8Path) -> Utf8PathBuf {
    match found.origin {
        Origin::File(file) => file.parent().unwrap_or(cwd).to_owned(),
        _ => cwd.to_owned(),
    }
}

/// The words of a setting: a text is split as a shell does, the items of a list are words.
///
/// # Errors
/// It is something else, or has an open quote.
pub fn words(key: &str, found: &Found) -> Result<Vec<String>> {
    match found.value {
        Value::String(text) => shlex::split(text).ok_or_else(|| {
            Error::request(format!("`{key}` has an open quote")).detail("set by", found.origin.to_string())
        }),
        _ => paths(key, found),
    }
}

/// The names of the macros that the configuration sets.
///
/// # Errors
/// The setting is not words.
pub fn defined_macros(config: &Config) -> Result<Vec<String>> {
    const KEY: &str = "verilator.defines";
    let words = config.get(KEY).map(|found| words(KEY, &found)).transpose()?.unwrap_or_default();
    let name = |word: &String| word.split(['=', '(']).next().unwrap_or_default().to_owned();
    Ok(words.iter().map(name).collect())
}

/// A text, or the texts of a list.
///
/// # Errors
/// It is something else.
pub fn paths(key: &str, found: &Found) -> Result<Vec<String>> {
    let one = |item: &Value| match item {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        _ => None,
    };
    let items = match found.value {
        Value::Array(list) => list.iter().map(one).collect(),
        single => one(single).map(|text| vec![text]),
    };
    items.ok_or_else(|| {
        Error::request(format!("`{key}` must be a text or a list of texts"))
            .detail("set by", found.origin.to_string())
    })
}
