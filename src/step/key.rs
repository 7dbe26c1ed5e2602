//! What the result of a step rests on, the key over it, and what differs between two of them.
//! It does not know files of the runner's own, nor outputs' contents.

use crate::digest::{Digest, KeyHasher};
use crate::step::args::Step;
use crate::step::cause::{Cause, How, What};
use crate::step::look::{Seen, Site};
use crate::step::names;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// All that decides the result of a step. Values of variables are kept as digests only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The commands, with the real names of the outputs.
    pub commands: Vec<String>,
    /// Where they run.
    pub cwd: Utf8PathBuf,
    /// The declared outputs; directories end in a slash.
    pub outputs: Vec<String>,
    /// The dependency file that the tool writes: without it, another set of files is found.
    pub depfile: Option<Utf8PathBuf>,
    /// The files that the step declares to read.
    pub inputs: Vec<Seen>,
    /// The files that the tool said it read.
    pub found: Vec<Seen>,
    /// Variables that the step reads; absent when not set.
    pub reads: BTreeMap<String, Option<Digest>>,
    /// Variables that the step sets.
    pub sets: BTreeMap<String, Digest>,
    /// What tools among the inputs call themselves; for people, no part of the key.
    #[serde(default)]
    pub versions: BTreeMap<Utf8PathBuf, String>,
}

/// What a part of a basis is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text that may be shown.
    Text(String),
    /// The digest of a content; absent when there is none.
    Content(Option<Digest>),
    /// The same of a value that nobody may see.
    Hidden(Option<Digest>),
}

/// Whoever is told a basis, part by part: a key hashes it, an explanation keeps it. Nothing enters the one and not the
/// other.
pub trait Account {
    /// One part: what it is, which one, and what it is worth.
    fn part(&mut self, what: What, name: &str, value: Value);
}

impl Account for KeyHasher {
    fn part(&mut self, what: What, name: &str, value: Value) {
        let digits = |digest: Option<Digest>| digest.map(|digest| digest.to_string()).unwrap_or_default();
        let value = match value {
            Value::Text(text) => text,
            Value::Content(digest) | Value::Hidden(digest) => digits(digest),
        };
        self.field(&format!("{what:?}"), name).field("is", value);
    }
}

impl Basis {
    /// Looks at everything the step rests on; `before` says what it found last time and saves reading files again.
    pub fn look(
        step: &Step,
        before: Option<&Basis>,
        variables: &BTreeMap<String, String>,
        site: &Site,
    ) -> Basis {
        let known: HashMap<&Utf8Path, &Seen> =
            before.iter().flat_map(|b| b.seen()).map(|seen| (seen.path.as_path(), seen)).collect();
        let see = |path: &Utf8PathBuf| site.input(path, known.get(path.as_path()).copied());
        let inputs: Vec<Seen> = step.inputs.iter().map(see).collect();
        let tools = inputs.iter().filter(|seen| seen.path.starts_with(names::TOOLS)).filter_map(|seen| {
            let same =
                before.filter(|_| known.get(seen.path.as_path()).is_some_and(|k| k.digest == seen.digest));
            let version =
                same.map_or_else(|| site.version(&seen.path), |b| b.versions.get(&seen.path).cloned());
            Some((seen.path.clone(), version?))
        });
        Basis {
            commands: step.commands.clone(),
            cwd: step.cwd.clone(),
            outputs: step
                .outputs
                .iter()
                .map(|o| format!("{}{}", o.path, if o.directory { "/" } else { "" }))
                .collect(),
            depfile: step.depfile.clone(),
            versions: tools.collect(),
            found: before.iter().flat_map(|b| &b.found).map(|seen| see(&seen.path)).collect(),
            inputs,
            reads: step.reads.iter().map(|name| (name.clone(), value(variables, name))).collect(),
            sets: step
                .sets
                .iter()
                .map(|(name, value)| (name.clone(), Digest::of_bytes(value.as_bytes())))
                .collect(),
        }
    }

    /// All files that the step reads.
    pub fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.inputs.iter().chain(&self.found)
    }

    /// The key: equal when nothing that matters differs.
    pub fn key(&self) -> Digest {
        let mut hasher = KeyHasher::new();
        self.tell(&mut hasher);
        hasher.finish()
    }

    /// Everything in which this basis differs from an older one; nothing exactly when their keys agree.
    pub fn differences(&self, old: &Basis) -> Vec<Cause> {
        let (mut now, mut then) = (Kept::default(), Kept::default());
        self.tell(&mut now);
        old.tell(&mut then);
        let mut causes = now.differences(&then);
        for cause in causes.iter_mut().filter(|cause| cause.what == What::Tool) {
            let path = Utf8Path::new(names::TOOLS).join(&cause.name);
            cause.before = old.versions.get(&path).cloned();
            cause.after = self.versions.get(&path).cloned();
        }
        causes
    }

    /// Tells every part that decides the result.
    fn tell(&self, account: &mut dyn Account) {
        for (number, command) in self.commands.iter().enumerate() {
            // The first one has no number, as most steps have no other.
            let name = if number == 0 { String::new() } else { (number + 1).to_string() };
            account.part(What::Command, &name, Value::Text(command.clone()));
        }
        account.part(What::WorkingDirectory, "", Value::Text(self.cwd.to_string()));
        account.part(What::Outputs, "", Value::Text(self.outputs.join("\0")));
        if let Some(path) = &self.depfile {
            account.part(What::DependencyFile, "", Value::Text(path.to_string()));
        }
        self.sets
            .iter()
            .for_each(|(name, value)| account.part(What::Setting, name, Value::Hidden(Some(*value))));
        self.reads.iter().for_each(|(name, value)| account.part(What::Variable, name, Value::Hidden(*value)));
        for seen in self.seen() {
            let tool = seen.path.strip_prefix(names::TOOLS).ok();
            let what = if tool.is_some() { What::Tool } else { What::Input };
            account.part(what, tool.unwrap_or(&seen.path).as_str(), Value::Content(seen.digest));
        }
    }
}

/// The value of a variable, as it is kept.
pub fn value(variables: &BTreeMap<String, String>, name: &str) -> Option<Digest> {
    variables.get(name).map(|value| Digest::of_bytes(value.as_bytes()))
}

/// The parts of a basis, kept to be compared.
#[derive(Default)]
struct Kept(Vec<(What, String, Value)>);

impl Account for Kept {
    fn part(&mut self, what: What, name: &str, value: Value) {
        self.0.push((what, name.to_owned(), value));
    }
}

impl Kept {
    fn differences(&self, old: &Kept) -> Vec<Cause> {
        if self.0 == old.0 {
            return vec![];
        }
        let (now, then) = (self.by_name(), old.by_name());
        let changed =
            self.0.iter().filter_map(|(what, name, value)| match then.get(&(*what, name.as_str())) {
                Some(before) if *before == value => None,
                before => Some(cause(*what, name, before.copied(), Some(value))),
            });
        let gone = old.0.iter().filter(|(what, name, _)| !now.contains_key(&(*what, name.as_str())));
        let removed = gone.map(|(what, name, value)| cause(*what, name, Some(value), None));
        let causes: Vec<Cause> = changed.chain(removed).collect();
        if causes.is_empty() { vec![Cause::new(What::OrderOfInputs, How::Changed, "")] } else { causes }
    }

    fn by_name(&self) -> HashMap<(What, &str), &Value> {
        self.0.iter().map(|(what, name, value)| ((*what, name.as_str()), value)).collect()
    }
}

fn cause(what: What, name: &str, before: Option<&Value>, after: Option<&Value>) -> Cause {
    let is_absent = |value: &Value| matches!(value, Value::Content(None) | Value::Hidden(None));
    let how = match (before, after) {
        (_, None) => How::Removed,
        (None, _) => How::Added,
        (_, Some(after)) if is_absent(after) => How::Missing,
        _ => How::Changed,
    };
    let shown = |value: Option<&Value>| match value? {
        Value::Text(text) => Some(text.replace('\0', " ")),
        Value::Content(digest) => digest.map(|digest| digest.to_string()),
        Value::Hidden(_) => None,
    };
    Cause { before: shown(before), after: shown(after), ..Cause::new(what, how, name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(path: &str, content: Option<&str>) -> Seen {
        Seen { digest: content.map(|c| Digest::of_bytes(c.as_bytes())), ..Seen::unknown(path.into()) }
    }

    fn basis() -> Basis {
        Basis {
            commands: vec!["cc a.c".into()],
            cwd: ".".into(),
            outputs: vec!["a".into()],
            depfile: None,
            inputs: vec![seen("a.c", Some("1"))],
            found: vec![seen("a.h", Some("2"))],
            reads: BTreeMap::from([("HOME".to_owned(), None)]),
            sets: BTreeMap::new(),
            versions: BTreeMap::new(),
        }
    }

    /// The words for a change, checked against the key.
    fn said(change: impl Fn(&mut Basis)) -> String {
        let mut new = basis();
        change(&mut new);
        assert_ne!(new.key(), basis().key());
        let causes = new.differences(&basis());
        causes.iter().map(|cause| format!("{cause:#}")).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_differs_is_named() {
        assert_eq!(said(|b| b.commands[0].push_str(" -g")), "command changed: added -g");
        assert_eq!(said(|b| b.commands.push("true".into())), "command added: 2");
        assert_eq!(said(|b| b.cwd = "..".into()), "working directory changed (. → ..)");
        assert_eq!(said(|b| b.outputs = vec!["b".into()]), "list of outputs changed");
        assert_eq!(said(|b| b.depfile = Some("a.d".into())), "dependency file added");
        assert_eq!(
            said(|b| b.inputs = vec![seen("a.c", Some("2"))]),
            "input changed: a.c (was 6b86b273, is d4735e3a)"
        );
        assert_eq!(said(|b| b.inputs.push(seen("b.c", Some("1")))), "input added: b.c (is 6b86b273)");
        assert_eq!(said(|b| b.inputs.clear()), "input removed: a.c (was 6b86b273)");
        assert_eq!(said(|b| b.found = vec![seen("a.h", None)]), "input missing: a.h (was d4735e3a)");
        let digest = Digest::of_bytes(b"x");
        assert_eq!(said(|b| b.reads = [("HOME".to_owned(), Some(digest))].into()), "variable changed: HOME");
        assert_eq!(said(|b| b.sets = [("A".to_owned(), digest)].into()), "setting added: A");
    }

    #[test]
    fn all_differences_are_named() {
        let two = said(|b| {
            b.inputs.push(seen("b.c", None));
            b.commands = vec!["cc -O2 a.c".into()];
        });
        assert_eq!(two, "command changed: added -O2; input added: b.c");
        assert_eq!(said(|b| std::mem::swap(&mut b.inputs, &mut b.found)), "order of inputs changed");
    }

    #[test]
    fn stats_are_not_part_of_the_key() {
        let mut new = basis();
        new.inputs[0].stat = crate::facts::Stat::of(Utf8Path::new("Cargo.toml"));
        assert_eq!((new.differences(&basis()), new.key()), (vec![], basis().key()));
    }
}
