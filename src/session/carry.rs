//! Results that are given to the remote store and taken from it by command: those of a request, or all that are here.
//! It does not know how results travel, nor who asks.

use super::emit::emit;
use super::generate::current;
use super::open::Session;
use super::step_texts::step_texts;
use super::tell::Tell;
use super::{remote, store, trail};
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::shelf::{Place, Renames, StandIns};
use crate::step::keep_recorded;
use crate::store::Directory;
use crate::store::remote::{Carried, Remote};
use crate::workdir::{Lock, Workdir};
use std::collections::BTreeMap;

/// What became of results that were to be given or taken.
#[derive(Clone, Debug, Default)]
pub struct Carry {
    /// Those that can be.
    pub carried: Carried,
    /// Steps whose results are not, and why.
    pub left_out: Vec<(String, &'static str)>,
}

/// The remote store of a session, and the store in front of it.
///
/// # Errors
/// There is none, or no store of this machine that takes results.
pub fn remote_of(session: &Session) -> Result<(Remote, Directory)> {
    let settings = session.settings.store.as_ref();
    let far = settings.and_then(|settings| settings.remote.as_ref()).ok_or_else(|| {
        Error::request("no remote store is configured").hint("`store.remote.url` is the address of one")
    })?;
    let read_only = settings.is_some_and(|settings| settings.read_only);
    let own = store::own_dir(session);
    let (front, is_other) = remote::front(own.as_deref(), read_only, &session.places.workdir);
    if is_other {
        return Err(Error::request("the store of this machine takes no results")
            .hint("`store.dir` names one that can be written, `store.read-only` is `false`"));
    }
    let env = session.facts.env();
    Ok((remote::client(far, env, front.clone())?, front))
}

/// What is wrong with the remote store, if anything is.
///
/// # Errors
/// That.
pub fn verdict(remote: &Remote) -> Result<()> {
    remote.untold().map_or(Ok(()), |what| Err(Error::machine(what)))
}

/// Refuses to give where only taking is configured.
fn check_writes(session: &Session) -> Result<()> {
    let far = session.settings.store.as_ref().and_then(|settings| settings.remote.as_ref());
    if far.is_none_or(|far| far.write) && !session.options.untrusted {
        return Ok(());
    }
    Err(Error::request("results are only taken from the remote store, not given to it")
        .hint("`-s store.remote.write=true` gives them"))
}

/// Gives all results that the store of this machine has.
///
/// # Errors
/// There is no remote store.
pub fn push_all(session: &Session) -> Result<(Carry, Remote)> {
    check_writes(session)?;
    let (remote, front) = remote_of(session)?;
    let carried = remote.push_all(&front.keys());
    Ok((Carry { carried, left_out: vec![] }, remote))
}

/// Gives the results of a request that is built.
///
/// # Errors
/// There is no remote store, or the request cannot be planned.
pub fn push(session: &Session, tell: &mut dyn Tell) -> Result<(Carry, Remote)> {
    check_writes(session)?;
    let (remote, front) = remote_of(session)?;
    let workdir = Workdir::existing(&session.places.workdir);
    let _lock = Lock::take(&workdir, "fudsv store push", |holder| tell.waits(holder))?;
    let emitted = emit(session, tell)?;
    let (stands, renames) = (StandIns::default(), Renames::default());
    let place = Place { database: None, stands, renames, shelf: Box::new(front) };
    let (mut entries, mut left_out) = (BTreeMap::new(), vec![]);
    // Steps look from the build directory, in which they run.
    let go_to = |dir| {
        std::env::set_current_dir(dir).map_err(|e| Error::machine(format!("cannot go to `{dir}`")).because(e))
    };
    go_to(workdir.path())?;
    for step in &emitted.steps {
        let recorded = keep_recorded(&step.words, &session.facts.env().vars, &place, &|_| None)?;
        match (recorded.key, recorded.left_out) {
            (Some(key), _) => drop(entries.insert(step.name.clone(), key)),
            (None, _) if step.on_demand => {}
            (None, why) => left_out.push((step.description.clone(), why.unwrap_or("it is not kept"))),
        }
    }
    go_to(&session.places.cwd)?;
    let keys: Vec<Digest> = entries.values().copied().collect();
    let carried = remote.push_all(&keys);
    let texts = step_texts(session);
    if let Some(trail) = trail::of(session, &texts, &entries).filter(|_| carried.failed == 0) {
        remote.push_trail(trail::name(&texts), &trail);
    }
    Ok((Carry { carried, left_out }, remote))
}

/// Takes the results of a request that somebody built of the same files.
///
/// # Errors
/// There is no remote store, or the request cannot be planned.
pub fn pull(session: &Session, tell: &mut dyn Tell) -> Result<(Carry, Remote)> {
    let (remote, _) = remote_of(session)?;
    let workdir = Workdir::create(&session.places.workdir)?;
    let _lock = Lock::take(&workdir, "fudsv store pull", |holder| tell.waits(holder))?;
    current(session, &workdir, tell)?;
    store::tell(session, &workdir)?;
    let carried = trail::follow(session, &step_texts(session), &remote);
    Ok((Carry { carried, left_out: vec![] }, remote))
}
