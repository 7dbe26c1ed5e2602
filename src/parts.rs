//! What a key is made of: an ordered list of parts. The key and the explanation of a difference are two readings of one
//! list, so that neither can tell of what the other does not.
//! It does not know what the parts mean.

use crate::digest::{Digest, KeyHasher};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One part: what it is, which one, and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part<'a> {
    /// Such as `input`, in words for people.
    pub what: Cow<'a, str>,
    /// Such as a path; empty when there is one of its kind.
    pub name: Cow<'a, str>,
    /// Absent when it is not there, or when its name is all that counts.
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

    /// ``input changed: `a.sv` `` without the quotes.
    fn say(&self, how: &str) -> String {
        let Part { what, name, .. } = self;
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

/// The first thing in which the new parts differ from the old ones, in words; `None` exactly when their keys agree.
pub fn difference(new: &[Part<'_>], old: &[Part<'_>]) -> Option<String> {
    let find = |parts: &[Part], of: &Part| {
        parts.iter().find(|p| p.what == of.what && p.name == of.name).map(|p| p.value)
    };
    let changed = new.iter().find_map(|part| match find(old, part) {
        Some(before) if before == part.value => None,
        Some(_) if part.value.is_none() => Some(part.say("missing")),
        Some(_) => Some(part.say("changed")),
        None => Some(part.say("added")),
    });
    let removed = || old.iter().find(|part| find(new, part).is_none()).map(|part| part.say("removed"));
    let reordered = || (new != old).then(|| "order of inputs changed".to_owned());
    changed.or_else(removed).or_else(reordered)
}
