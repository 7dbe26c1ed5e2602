//! The record of what a Ninja file was made from, and whether it is still valid. It is small: a build with nothing to do
//! reads it and nothing else.
//! It does not know how a Ninja file is made.

use super::open::Session;
use crate::beneath;
use crate::design::outline;
use crate::diag::Result;
use crate::digest::{Digest, SourceSum};
use crate::facts::{Answer, Query, Stat, all_still, changes};
use crate::paths::WorkPath;
use crate::workdir::{Workdir, names};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is kept of a generation; small, since the no-op path reads it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Generated {
    /// The digest of what was asked.
    pub request: Digest,
    /// Everything that was looked at.
    pub(super) seen: Vec<(Query, Answer)>,
    /// The results, in the order of the wanted states.
    pub results: Vec<ResultFile>,
    /// Which results go to standard output.
    pub to_stdout: Vec<usize>,
    /// The steps of the Ninja file, as [`scan::of_steps`] says them, without those that run on demand.
    pub steps: Digest,
    /// The names of the steps that run on demand.
    pub on_demand: Vec<String>,
}

/// A result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResultFile {
    /// Relative to the build directory, or absolute.
    pub path: WorkPath,
    /// Whether it is a directory.
    pub directory: bool,
    /// Its state.
    pub state: String,
}

fn kept(workdir: &Workdir) -> Option<Generated> {
    let bytes = beneath::read(&workdir.file(names::GENERATED), beneath::LONGEST).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Why the Ninja file is made again.
pub enum Outdated {
    /// It does not exist, or nobody knows how it was made.
    New,
    /// Another request, or another version of this program.
    Request,
    /// What these would answer is not what it was.
    World(Vec<Query>),
}

/// Why the Ninja file of an earlier run is not valid; `None` if it is.
pub fn outdated(session: &Session, workdir: &Workdir) -> Result<Option<Outdated>> {
    let Some(generated) = kept(workdir) else { return Ok(Some(Outdated::New)) };
    if generated.request != session.digest()? {
        return Ok(Some(Outdated::Request));
    }
    let seen: BTreeMap<Query, Answer> = generated.seen.into_iter().collect();
    let changes: Vec<Query> = changes(session.facts.env(), &seen, outline).into_iter().cloned().collect();
    Ok((!changes.is_empty()).then_some(Outdated::World(changes)))
}

/// What an earlier run left, if it is still valid.
pub fn fresh(session: &Session, workdir: &Workdir) -> Option<Generated> {
    let generated = kept(workdir)?;
    let same = generated.request == session.digest().ok()?;
    (same && all_still(session.facts.env(), &generated.seen, outline)).then_some(generated)
}

/// A file of fudsv, treated like one that was read: if it is damaged, everything is made again.
pub fn as_written(workdir: &Workdir, name: &str, content: &[u8]) -> (Query, Answer) {
    let file = workdir.file(name);
    let is = Some(SourceSum::of_bytes(content).to_string());
    let stat = Stat::of(&file);
    (Query::File(file.into_string()), Answer { is, stat })
}

/// The token by which `tool regenerate` knows that there is nothing to do: the digest of the record that was just found
/// valid.
pub fn token(workdir: &Workdir) -> Option<Digest> {
    let stat = Stat::of(&workdir.file(names::GENERATED))?;
    Some(Digest::of_bytes(format!("{stat:?}").as_bytes()))
}
