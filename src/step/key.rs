//! What the result of a step rests on, the key over it, and what differs between two of them.
//! It does not know files of the runner's own, nor outputs' contents.

use crate::digest::{Digest, KeyHasher};
use crate::parts::{self, Part};
use crate::step::args::Step;
use crate::step::look::{self, Seen};
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
}

impl Basis {
    /// Looks at everything the step rests on; `before` says what it found last time and saves reading files again.
    pub fn look(step: &Step, before: Option<&Basis>, variables: &BTreeMap<String, String>) -> Basis {
        let known: HashMap<&Utf8Path, &Seen> =
            before.iter().flat_map(|b| b.seen()).map(|seen| (seen.path.as_path(), seen)).collect();
        let see = |path: &Utf8PathBuf| look::input(path, known.get(path.as_path()).copied());
        let value = |name: &String| variables.get(name).map(|value| Digest::of_bytes(value.as_bytes()));
        let set = |(name, value): &(String, String)| (name.clone(), Digest::of_bytes(value.as_bytes()));
        Basis {
            commands: step.commands.clone(),
            cwd: step.cwd.clone(),
            outputs: step
                .outputs
                .iter()
                .map(|o| format!("{}{}", o.path, if o.directory { "/" } else { "" }))
                .collect(),
            depfile: step.depfile.clone(),
            inputs: step.inputs.iter().map(see).collect(),
            found: before.iter().flat_map(|b| &b.found).map(|seen| see(&seen.path)).collect(),
            reads: step.reads.iter().map(|name| (name.clone(), value(name))).collect(),
            sets: step.sets.iter().map(set).collect(),
        }
    }

    /// All files that the step reads.
    pub fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.inputs.iter().chain(&self.found)
    }

    /// The key: equal when nothing that matters differs.
    pub fn key(&self) -> Digest {
        parts::key(&self.parts())
    }

    /// The first thing in which this basis differs from an older one, in words; `None` exactly when their keys agree.
    pub fn difference(&self, old: &Basis) -> Option<String> {
        parts::difference(&self.parts(), &old.parts())
    }

    fn parts(&self) -> Vec<Part<'_>> {
        let cwd = Digest::of_bytes(self.cwd.as_str().as_bytes());
        let mut parts = vec![
            Part::new("command", "", Some(list(&self.commands))),
            Part::new("working directory", "", Some(cwd)),
            Part::new("list of outputs", "", Some(list(&self.outputs))),
        ];
        parts.extend(self.depfile.iter().map(|path| Part::new("dependency file", path.as_str(), None)));
        parts.extend(self.sets.iter().map(|(name, value)| Part::new("setting", name, Some(*value))));
        parts.extend(self.reads.iter().map(|(name, value)| Part::new("variable", name, *value)));
        parts.extend(self.seen().map(|seen| Part::new("input", seen.path.as_str(), seen.digest)));
        parts
    }
}

/// The digest of a list of texts.
pub fn list(texts: &[String]) -> Digest {
    let mut hasher = KeyHasher::new();
    for text in texts {
        hasher.field("", text);
    }
    hasher.finish()
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
        }
    }

    /// The words for a change, checked against the key.
    fn said(change: impl Fn(&mut Basis)) -> String {
        let mut new = basis();
        change(&mut new);
        assert_ne!(new.key(), basis().key());
        new.difference(&basis()).unwrap()
    }

    #[test]
    fn what_differs_is_named() {
        assert_eq!(said(|b| b.commands.push(String::new())), "command changed");
        assert_eq!(said(|b| b.cwd = "..".into()), "working directory changed");
        assert_eq!(said(|b| b.outputs = vec!["b".into()]), "list of outputs changed");
        assert_eq!(said(|b| b.depfile = Some("a.d".into())), "dependency file added: a.d");
        assert_eq!(said(|b| b.inputs = vec![seen("a.c", Some("2"))]), "input changed: a.c");
        assert_eq!(said(|b| b.inputs.push(seen("b.c", Some("1")))), "input added: b.c");
        assert_eq!(said(|b| b.inputs.clear()), "input removed: a.c");
        assert_eq!(said(|b| b.found = vec![seen("a.h", None)]), "input missing: a.h");
        assert_eq!(
            said(|b| b.reads = [("HOME".to_owned(), Some(list(&[])))].into()),
            "variable changed: HOME"
        );
        assert_eq!(said(|b| b.sets = [("A".to_owned(), list(&[]))].into()), "setting added: A");
    }

    #[test]
    fn stats_are_not_part_of_the_key() {
        let mut new = basis();
        new.inputs[0].stat = crate::facts::Stat::of(Utf8Path::new("Cargo.toml"));
        assert_eq!((new.difference(&basis()), new.key()), (None, basis().key()));
    }
}
