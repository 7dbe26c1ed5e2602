//! The store of a command that runs what was built, and the remote store behind it, by a talker of its own.
//! It does not know what a run is.

use super::open::Session;
use super::tell::Tell;
use super::{remote, store};
use crate::config::StoreSettings;
use crate::env::Env;
use crate::shelf::Shelf;
use crate::store::Directory;
use crate::store::remote::{RemoteShelf, Talker};
use crate::workdir::{Workdir, names};
use camino::Utf8PathBuf;

/// The store, opened by each thread that makes runs.
pub struct RunStore {
    settings: Option<StoreSettings>,
    env: Env,
    far: Option<Far>,
}

/// The remote store.
struct Far {
    talker: Talker,
    socket: Utf8PathBuf,
    front: Directory,
}

impl RunStore {
    /// The store of a session whose build directory is there. Passes go to the remote store where the store of the machine
    /// takes them.
    pub fn of(session: &Session) -> RunStore {
        let settings = session.settings.store.clone();
        RunStore { far: Far::start(session), settings, env: session.facts.env().clone() }
    }

    /// The places where passes are kept.
    pub fn open(&self) -> Option<Box<dyn Shelf>> {
        let own = store::open(self.settings.as_ref()?, &self.env).ok()?;
        let by_talker =
            |far: &Far| RemoteShelf::by_talker(&far.socket, far.front.clone(), far.talker.writes());
        let remote = self.far.as_ref().and_then(by_talker);
        Some(Box::new(store::Both { own, remote }))
    }

    /// Waits until what was made is given to the remote store; not if the user `hurries`.
    pub fn end(self, hurries: bool, tell: &mut dyn Tell) {
        if let Some(far) = self.far {
            remote::tell_end(&far.talker.end(hurries, None), hurries, tell);
        }
    }
}

impl Far {
    fn start(session: &Session) -> Option<Far> {
        let settings = session.settings.store.as_ref()?;
        let workdir = Workdir::existing(&session.places.workdir);
        let far = remote::seen_from(session, &workdir, settings.remote.as_ref()?);
        let own = store::own_dir(session);
        let (front, is_other) = remote::front(own.as_deref(), settings.read_only, workdir.path());
        // Two commands may run what stands in one build directory at once.
        let socket = workdir.file(format!("{}.{}", names::REMOTE, std::process::id()));
        let client = remote::client_at(&far, session.facts.env(), workdir.path(), front.clone());
        let talker = if is_other { None } else { Talker::start(client, far.write, &socket).ok() }?;
        Some(Far { talker, socket, front })
    }
}
