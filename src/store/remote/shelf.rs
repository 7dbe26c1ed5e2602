//! A remote store as a step asks it. What comes from it passes through the store in front, which checks it once more.
//! It does not know how the remote store is reached.

use super::access::Access;
use super::client::Remote;
use super::link::Link;
use super::patience::Patience;
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::shelf::{Fetched, Shelf, StoredResult, Wanted};
use crate::store::directory::Directory;
use crate::store::directory::entry::{self, Fault};
use camino::Utf8Path;
use std::cell::RefCell;

/// A remote store, and the store in front of it.
pub struct RemoteShelf {
    link: RefCell<Link>,
    front: Directory,
    /// Whether what is made is given to it.
    writes: bool,
    /// Whether results are kept in front only for it.
    fills_front: bool,
}

impl RemoteShelf {
    /// The remote store that the talker at `socket` talks with, or that is asked directly where there is none.
    /// `fills_front` says that nobody else keeps results in front.
    pub fn new(
        socket: &Utf8Path,
        front: Directory,
        (writes, fills_front): (bool, bool),
        direct: impl FnOnce() -> (Access, Patience),
    ) -> RemoteShelf {
        let link = Link::to_talker(socket).unwrap_or_else(|| {
            let (access, patience) = direct();
            Link::Direct(Box::new(Remote::new(&access, front.clone(), patience)))
        });
        RemoteShelf { link: RefCell::new(link), front, writes, fills_front }
    }

    /// The remote store that the talker at `socket` talks with; none where there is none.
    pub fn by_talker(socket: &Utf8Path, front: Directory, writes: bool) -> Option<RemoteShelf> {
        let link = RefCell::new(Link::to_talker(socket)?);
        Some(RemoteShelf { link, front, writes, fills_front: false })
    }

    /// What is to be told of it, once, where no talker tells it.
    pub fn untold(&self) -> Option<String> {
        match &*self.link.borrow() {
            Link::Direct(remote) => remote.untold(),
            Link::Talker(_) => None,
        }
    }

    /// Whether it is left alone, where no talker knows that.
    pub fn is_left_alone(&self) -> bool {
        matches!(&*self.link.borrow(), Link::Direct(remote) if remote.is_left_alone())
    }

    fn find(&self, wanted: &Wanted<'_>) -> Fetched {
        // What came before somebody asked for it.
        let there = self.front.fetch(wanted).filter(|there| self.fills_front && there.result.is_some());
        if let Some(there) = there {
            return there;
        }
        let first = entry::first_level(wanted.parts);
        let mut link = self.link.borrow_mut();
        let sets = if wanted.finds { link.sets(first) } else { vec![vec![]] };
        let mut asked: Vec<Digest> = vec![];
        for completing in sets.iter().filter_map(|set| (wanted.complete)(set)) {
            let key = entry::key(first, &completing);
            if asked.contains(&key) || !link.entry(key) {
                asked.push(key);
                continue;
            }
            match self.front.take(key, wanted) {
                Ok(replay) => return Fetched { result: Some(replay), ..Fetched::default() },
                Err(Fault::Absent) => {}
                Err(Fault::Damaged(what) | Fault::NoRoom(what)) => {
                    let warning = format!("entry {} of the remote store is not used: {what}", key.short(12));
                    return Fetched { warnings: vec![warning], ..Fetched::default() };
                }
            }
        }
        Fetched::default()
    }
}

impl Shelf for RemoteShelf {
    fn fetch(&self, wanted: &Wanted<'_>) -> Option<Fetched> {
        Some(self.find(wanted))
    }

    fn keep(&self, kept: &StoredResult<'_>) -> Result<Option<Digest>> {
        let key = entry::key(entry::first_level(kept.parts), kept.completing);
        if !self.writes {
            return Ok(Some(key));
        }
        if self.fills_front {
            self.front
                .keep(kept)
                .map_err(|e| Error::machine("cannot keep what the remote store is to get").because(e))?;
        }
        self.link.borrow_mut().made(key);
        Ok(Some(key))
    }
}
