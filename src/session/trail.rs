//! The trail of a build directory: what its steps rested on and made, as their records say; and what of another build's
//! trail would be made here, too.
//! It does not know how trails are kept.

use super::open::Session;
use super::step_texts::StepTexts;
use crate::digest::{Digest, KeyHasher};
use crate::paths::{normal, relative};
use crate::step::{Record, Site};
use crate::store::remote::{Carried, Remote, Trail, TrailResult};
use crate::workdir::names;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, HashMap};

/// What names of files in the build directory begin with.
const BUILD: &str = "{build}/";

/// What names of variables begin with.
const VARIABLE: char = '$';

/// By what the builds of one kind are known: the same steps with the same commands.
pub fn name(texts: &StepTexts) -> Digest {
    let mut key = KeyHasher::new();
    key.field("what", "trail");
    for (name, text) in texts.iter() {
        key.field("step", name).field("in", &text.run_in);
        for command in &text.commands {
            key.field("command", command);
        }
    }
    key.finish()
}

/// Brings the results of an earlier build that rest on what is here, all at once.
pub fn follow(session: &Session, texts: &StepTexts, remote: &Remote) -> Carried {
    let site = Site { workdir: session.places.workdir.clone(), ..Site::default() };
    let variables = &session.facts.env().vars;
    let look = |name: &str| match name.strip_prefix(VARIABLE) {
        Some(variable) => variables.get(variable).map(|value| Digest::of_bytes(value.as_bytes())),
        None => site.input(&place(session, name), None).digest,
    };
    let mut looked: HashMap<String, Option<Digest>> = HashMap::new();
    let mut is_same = |name: &str, digest: Option<Digest>| {
        *looked.entry(name.to_owned()).or_insert_with(|| look(name)) == digest
    };
    let trails = remote.trails(name(texts));
    let same = trails.iter().map(|trail| trail.same(&mut is_same));
    // Of several that fit as well, the last one counts, which comes first.
    let best = same.reduce(|best, other| if other.len() > best.len() { other } else { best });
    remote.pull_all(&best.unwrap_or_default())
}

/// The trail of a build directory in which all is made; none where no result has a key. `entries` has keys of results
/// whose records have none, by step.
pub fn of(session: &Session, texts: &StepTexts, entries: &BTreeMap<String, Digest>) -> Option<Trail> {
    let workdir = &session.places.workdir;
    let record = |step: &String| {
        let record = Record::load(workdir, step)?;
        Some(Record { entry: record.entry.or_else(|| entries.get(step).copied()), ..record })
    };
    let wanted: Vec<&String> =
        texts.iter().filter(|(_, text)| !text.on_demand).map(|(name, _)| name).collect();
    let records: Vec<Record> = wanted.iter().copied().filter_map(record).collect();
    if records.len() < wanted.len() || records.iter().all(|record| record.entry.is_none()) {
        return None;
    }
    let mut makers: HashMap<&Utf8Path, usize> = HashMap::new();
    for (number, record) in records.iter().enumerate() {
        let made = record.made.iter().chain(&record.added).flat_map(|seen| seen.path.ancestors());
        makers.extend(made.filter(|path| !path.as_str().is_empty()).map(|path| (path, number)));
    }
    let mut draft = Draft::default();
    for record in &records {
        let mut result = TrailResult { key: record.entry, ..TrailResult::default() };
        for seen in record.basis.seen() {
            match makers.get(seen.path.as_path()) {
                Some(maker) => result.rests_on.push(*maker),
                None => {
                    let called = called(session, &seen.path);
                    result.sources.extend(called.map(|name| draft.number(name, seen.digest)));
                }
            }
        }
        let variables = record.basis.reads.iter();
        result
            .sources
            .extend(variables.map(|(name, value)| draft.number(format!("{VARIABLE}{name}"), *value)));
        for numbers in [&mut result.rests_on, &mut result.sources] {
            numbers.sort_unstable();
            numbers.dedup();
        }
        draft.trail.results.push(result);
    }
    Some(draft.trail)
}

/// A trail that grows.
#[derive(Default)]
struct Draft {
    trail: Trail,
    numbers: HashMap<String, usize>,
}

impl Draft {
    /// The number of a source.
    fn number(&mut self, name: String, digest: Option<Digest>) -> usize {
        let sources = &mut self.trail.sources;
        *self.numbers.entry(name).or_insert_with_key(|name| {
            sources.push((name.clone(), digest));
            sources.len() - 1
        })
    }
}

/// What a file is called in every checkout; `path` is seen from the build directory. fudsv's own files are no sources,
/// except for what tools are.
fn called(session: &Session, path: &Utf8Path) -> Option<String> {
    let places = &session.places;
    if path.starts_with(names::INTERNAL) && !path.starts_with(names::TOOLS) {
        return None;
    }
    if path.is_relative() && !path.starts_with("..") {
        return Some(format!("{BUILD}{path}"));
    }
    let path = normal(&places.workdir.join(path));
    Some(path.strip_prefix(&places.root).unwrap_or(&path).to_string())
}

/// The file of that name, seen from the build directory.
fn place(session: &Session, name: &str) -> Utf8PathBuf {
    let places = &session.places;
    match name.strip_prefix(BUILD) {
        Some(inside) => inside.into(),
        None => relative(&places.workdir, &places.root.join(name)),
    }
}
