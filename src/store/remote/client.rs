//! A remote store with the store of this machine in front of it: brings entries, and gives them.
//! It does not know who wants them, nor how objects are had and put.

use super::access::Access;
use super::kinds;
use super::objects::{self, Arriving, Parcel, Sets};
use super::patience::Patience;
use super::trail::{self, Trail};
use super::transport::{Name, Transport, Trouble};
use crate::digest::Digest;
use crate::store::directory::Directory;
use crate::store::directory::entry;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many entries come side by side.
const AT_ONCE: usize = 32;

/// A remote store, and the store of this machine in front of it.
pub struct Remote {
    transport: Option<Box<dyn Transport>>,
    patience: Patience,
    front: Directory,
    url: String,
    max_entry: u64,
}

/// What became of an entry that was to go to a remote store, or to come from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is there now; so many bytes were sent.
    Sent(u64),
    /// It was there.
    WasThere,
    /// It is not given: it is too large, or no longer here.
    LeftOut,
    /// It could not be given.
    Failed,
}

/// What became of entries that were to go to a remote store or to come from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// How many went or came.
    pub sent: usize,
    /// How many bytes that were.
    pub bytes: u64,
    /// How many were there.
    pub were_there: usize,
    /// How many are not meant to go: too large, or gone.
    pub left_out: usize,
    /// How many could not go or come.
    pub failed: usize,
}

impl Carried {
    /// Of all these keys, many at once.
    fn of(keys: &[Digest], carry: impl Fn(Digest) -> Pushed + Sync) -> Carried {
        let (next, carried) = (AtomicUsize::new(0), Mutex::new(Carried::default()));
        let work = || {
            while let Some(key) = keys.get(next.fetch_add(1, Ordering::Relaxed)) {
                let done = carry(*key);
                carried.lock().unwrap_or_else(PoisonError::into_inner).count(done);
            }
        };
        thread::scope(|scope| {
            for _ in 0..keys.len().min(AT_ONCE) {
                // Without a thread, others do its work; without any, nothing is carried.
                drop(thread::Builder::new().spawn_scoped(scope, work));
            }
        });
        carried.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&mut self, done: Pushed) {
        match done {
            Pushed::Sent(bytes) => (self.sent, self.bytes) = (self.sent + 1, self.bytes + bytes),
            Pushed::WasThere => self.were_there += 1,
            Pushed::LeftOut => self.left_out += 1,
            Pushed::Failed => self.failed += 1,
        }
    }
}

impl Remote {
    /// The store of an address that [`kinds::check`] knows. It is not asked yet.
    pub fn new(access: &Access, front: Directory, patience: Patience) -> Remote {
        let opened = kinds::open(access);
        let opened = opened.and_then(|opened| opened.map_err(|trouble| patience.give_up(trouble)).ok());
        Remote { transport: opened, patience, front, url: access.url.clone(), max_entry: access.max_entry }
    }

    /// What is to be told of it, once.
    pub fn untold(&self) -> Option<String> {
        self.patience.untold().map(|what| format!("the remote store `{}` {what}", self.url))
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it is left alone.
    pub fn is_left_alone(&self) -> bool {
        self.transport.is_none() || self.patience.is_exhausted()
    }

    /// Whether it answers a question, whatever the answer.
    pub fn answers(&self) -> bool {
        let name = Name::of_key(Digest::of_bytes(b"is anybody there"));
        self.transport.as_deref().is_some_and(|at| self.patience.ask(|| at.has(name)).is_some())
    }

    /// The sets of files that steps of this first level were found to read.
    pub fn sets(&self, first: Digest) -> Sets {
        let Some(at) = self.transport.as_deref() else { return vec![] };
        let read = || match at.get(Name::of_key(first), objects::LONGEST)? {
            Some(object) => objects::sets(&object).map(Some).map_err(|e| about("list", first, &e)),
            None => Ok(None),
        };
        self.patience.ask(read).flatten().unwrap_or_default()
    }

    /// The trails of builds of one kind, the last one first.
    pub fn trails(&self, name: Digest) -> Vec<Trail> {
        let Some(at) = self.transport.as_deref() else { return vec![] };
        let read = || match at.get(Name::of_key(name), trail::LONGEST)? {
            Some(object) => trail::read(&object).map(Some).map_err(|e| about("list", name, &e)),
            None => Ok(None),
        };
        self.patience.ask(read).flatten().unwrap_or_default()
    }

    /// Adds a trail to those of its kind; whether it is there now.
    pub fn push_trail(&self, name: Digest, trail: &Trail) -> bool {
        let Some(at) = self.transport.as_deref() else { return false };
        let pushed = self.patience.give(|| {
            let there = at.get(Name::of_key(name), trail::LONGEST)?;
            let trails = there.and_then(|object| trail::read(&object).ok()).unwrap_or_default();
            trail::with(&trails, trail).map_or(Ok(()), |object| at.put(Name::of_key(name), &object))
        });
        pushed.is_some()
    }

    /// Brings entries into the store in front, many at once.
    pub fn pull_all(&self, keys: &[Digest]) -> Carried {
        Carried::of(keys, |key| match self.front.has(key) {
            true => Pushed::WasThere,
            false => self.bring(key).map_or(Pushed::Failed, Pushed::Sent),
        })
    }

    /// Gives entries of the store in front to the remote store, many at once.
    pub fn push_all(&self, keys: &[Digest]) -> Carried {
        Carried::of(keys, |key| self.push(key))
    }

    /// Brings an entry into the store in front; whether it is there now.
    pub fn pull(&self, key: Digest) -> bool {
        self.front.has(key) || self.bring(key).is_some()
    }

    fn bring(&self, key: Digest) -> Option<u64> {
        let at = self.transport.as_deref()?;
        let read = || match at.get(Name::of_key(key), objects::LONGEST)? {
            Some(object) => objects::unpack(&object, key).map(Some).map_err(|e| about("entry", key, &e)),
            None => Ok(None),
        };
        let entry = self.patience.ask(read)??;
        let claimed = entry.parcels().fold(0, |sum: u64, parcel| sum.saturating_add(parcel.size));
        if entry.size().max(claimed) > self.max_entry {
            return None;
        }
        let parcels = self.parcels(at, &entry, key)?;
        let contents = self.patience.ask(|| entry.contents(&parcels).map_err(|e| about("entry", key, &e)))?;
        let imported = self.front.import(&entry.manifest, &contents);
        imported.map_err(|e| self.patience.note(cannot_keep(&e))).ok().map(|()| entry.size())
    }

    /// What an entry names, all at once.
    fn parcels(&self, at: &dyn Transport, entry: &Arriving, key: Digest) -> Option<HashMap<Digest, Vec<u8>>> {
        let parcels: Vec<&Parcel> = entry.parcels().collect();
        let one = |parcel: &Parcel| self.parcel(at, parcel, key).map(|bytes| (parcel.digest, bytes));
        match parcels.as_slice() {
            [] => Some(HashMap::new()),
            [only] => one(only).map(|got| HashMap::from([got])),
            several => thread::scope(|scope| {
                let asked: Vec<_> = several.iter().map(|parcel| scope.spawn(move || one(parcel))).collect();
                asked.into_iter().map(|asked| asked.join().ok().flatten()).collect()
            }),
        }
    }

    fn parcel(&self, at: &dyn Transport, parcel: &Parcel, key: Digest) -> Option<Vec<u8>> {
        let read = || match at.get(Name::of_content(parcel.digest), parcel.size)? {
            Some(bytes) if Digest::of_bytes(&bytes) == parcel.digest => Ok(Some(bytes)),
            Some(_) => Err(about("entry", key, &Trouble::damaged("has a file that is not what was kept"))),
            None => Ok(None),
        };
        let had = self.patience.ask(read)?;
        if had.is_none() {
            self.patience.note(format!("no longer has a file of entry {}", key.short(12)));
        }
        had
    }

    /// Gives an entry of the store in front to the remote store.
    pub fn push(&self, key: Digest) -> Pushed {
        let Some(at) = self.transport.as_deref() else { return Pushed::Failed };
        let Ok(manifest) = self.front.manifest(key) else { return Pushed::LeftOut };
        let size = manifest.files.iter().fold(0, |sum: u64, file| sum.saturating_add(file.size));
        if size > self.max_entry {
            return Pushed::LeftOut;
        }
        let departing = match self.front.contents(key, &manifest) {
            Ok(contents) => objects::pack(&manifest, &contents),
            Err(_) => return Pushed::LeftOut,
        };
        let Ok(departing) = departing else { return Pushed::LeftOut };
        let parcels = departing.parcels.iter().map(|(digest, bytes)| (Name::of_content(*digest), bytes));
        let all = parcels.chain([(Name::of_key(key), &departing.entry)]);
        let mut sent = 0;
        for (name, bytes) in all {
            let put = || if at.has(name)? { Ok(0) } else { at.put(name, bytes).map(|()| bytes.len() as u64) };
            match self.patience.give(put) {
                Some(bytes) => sent += bytes,
                None => return Pushed::Failed,
            }
        }
        match self.push_set(at, entry::first_level(&manifest.parts), &manifest.found) {
            None => Pushed::Failed,
            Some(()) if sent == 0 => Pushed::WasThere,
            Some(()) => Pushed::Sent(sent),
        }
    }

    /// Adds a set of found files to those of its first level.
    fn push_set(&self, at: &dyn Transport, first: Digest, found: &[String]) -> Option<()> {
        let name = Name::of_key(first);
        self.patience.give(|| {
            let there = at.get(name, objects::LONGEST)?;
            // What is damaged is written anew.
            let sets = there.and_then(|object| objects::sets(&object).ok()).unwrap_or_default();
            objects::with_set(&sets, found).map_or(Ok(()), |object| at.put(name, &object))
        })
    }
}

/// Trouble with one object.
fn about(what: &str, key: Digest, trouble: &Trouble) -> Trouble {
    Trouble::new(trouble.kind, format!("gave {what} {}, which {}", key.short(12), trouble.what))
}

fn cannot_keep(e: &io::Error) -> String {
    format!("gave what cannot be kept here: {e}")
}
