//! The content of a key: an ordered list of parts. The key and the explanation of a difference read the same list, so
//! neither can know more than the other.
//! It does not know what the parts mean.

use crate::digest::{Digest, KeyHasher};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;

/// One part: what it is, which one, and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part<'a> {
    /// Such as `input`, in words for people.
    pub what: Cow<'a, str>,
    /// Such as a path; empty when there is one of its kind.
    pub name: Cow<'a, str>,
    /// `None` if it does not exist, or if only its name counts.
    pub value: Option<Digest>,
}

impl<'a> Part<'a> {
    /// A part.
    pub fn new(
        what: impl Into<Cow<'a, str>>,
        name: impl Into<Cow<'a, str>>,
        value: Option<Digest>,
    ) -> Part<'a> {
        Part { what: what.into(), name: name.into(), value }
    }
}

/// What happened to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is worth something else.
    Changed,
    /// It was there and is not.
    Missing,
    /// It was not asked for.
    Added,
    /// The request no longer contains it.
    Removed,
}

/// One difference between two lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Such as `input`; `order of inputs` when nothing else differs.
    pub what: String,
    /// Which one; empty when there is one of its kind.
    pub name: String,
    /// What happened.
    pub how: ChangeKind,
    /// What it was worth.
    pub before: Option<Digest>,
    /// What it is worth.
    pub after: Option<Digest>,
}

impl Change {
    /// ``input changed: `a.sv` `` without the quotes.
    fn say(&self) -> String {
        let how = match self.how {
            ChangeKind::Changed => "changed",
            ChangeKind::Missing => "missing",
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
        };
        let Change { what, name, .. } = self;
        if name.is_empty() { format!("{what} {how}") } else { format!("{what} {how}: {name}") }
    }
}

/// The key over the parts: equal when no part differs.
pub fn key(parts: &[Part<'_>]) -> Digest {
    let mut hasher = KeyHasher::new();
    for Part { what, name, value } in parts {
        let value = value.map(|digest| digest.to_string()).unwrap_or_default();
        hasher.field(what, name.as_bytes()).field("is", value);
    }
    hasher.finish()
}

/// Everything in which the new parts differ from the old ones; nothing exactly when their keys agree.
pub fn differences(new: &[Part<'_>], old: &[Part<'_>]) -> Vec<Change> {
    if new == old {
        return vec![];
    }
    let by_name = |parts: &'_ [Part<'_>]| -> HashMap<(String, String), Option<Digest>> {
        parts.iter().map(|p| ((p.what.to_string(), p.name.to_string()), p.value)).collect()
    };
    let (now, then) = (by_name(new), by_name(old));
    let id = |part: &Part| (part.what.to_string(), part.name.to_string());
    let change = |part: &Part, how, before, after| {
        let (what, name) = id(part);
        Change { what, name, how, before, after }
    };
    let changed = new.iter().filter_map(|part| match then.get(&id(part)) {
        Some(before) if *before == part.value => None,
        Some(before) if part.value.is_none() => Some(change(part, ChangeKind::Missing, *before, None)),
        Some(before) => Some(change(part, ChangeKind::Changed, *before, part.value)),
        None => Some(change(part, ChangeKind::Added, None, part.value)),
    });
    let gone = old.iter().filter(|part| !now.contains_key(&id(part)));
    let removed = gone.map(|part| change(part, ChangeKind::Removed, part.value, None));
    let changes: Vec<Change> = changed.chain(removed).collect();
    if !changes.is_empty() {
        return changes;
    }
    let what = "order of inputs".to_owned();
    vec![Change { what, name: String::new(), how: ChangeKind::Changed, before: None, after: None }]
}

/// The first difference, in words.
pub fn difference(new: &[Part<'_>], old: &[Part<'_>]) -> Option<String> {
    differences(new, old).first().map(Change::say)
}
