//! The store of the configuration: how steps learn about it, and what they report if it cannot be used.
//! It does not know how results are kept.

use super::open::Session;
use super::{precompiled, remote};
use crate::config::{RemoteSettings, StoreSettings};
use crate::diag::Result;
use crate::digest::Digest;
use crate::env::Env;
use crate::paths::{normal, relative};
use crate::shelf::{Fetched, Place, Renames, Shelf, Shelves, StandIns, StoredResult, Wanted};
use crate::store::remote::{RemoteShelf, check};
use crate::store::{self, Address, Limits, Store};
use crate::workdir::{Workdir, names};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
use std::fs::{self, File};

/// What the file says; nothing where no store is used.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Choice {
    /// Relative to the build directory, or absolute; absent for that of the user, whoever that is when a step runs.
    dir: Option<Utf8PathBuf>,
    read_only: bool,
    /// The store of the team behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remote: Option<RemoteSettings>,
}

impl Choice {
    /// What the settings say, seen from where the user stands.
    fn of(settings: &StoreSettings) -> Choice {
        Choice { dir: settings.dir.clone(), read_only: settings.read_only, remote: settings.remote.clone() }
    }

    /// The store; `base` is what its directory is relative to. None where the user has no home.
    fn open(&self, env: &Env, base: &Utf8Path) -> Result<Option<Box<dyn Store>>> {
        let Some(text) = self.place(env, base) else { return Ok(None) };
        store::open(&Address { text: text.as_str(), read_only: self.read_only }).map(Some)
    }
}

impl Choice {
    /// Where it is.
    fn place(&self, env: &Env, base: &Utf8Path) -> Option<Utf8PathBuf> {
        self.dir.clone().map(|dir| address(base, dir)).or_else(|| of_user(env))
    }
}

/// Where a store is whose directory is relative to `base`; an address of another kind is left as it is.
pub fn address(base: &Utf8Path, dir: Utf8PathBuf) -> Utf8PathBuf {
    if dir.as_str().contains("://") { dir } else { normal(&base.join(dir)) }
}

/// The user's own store.
fn of_user(env: &Env) -> Option<Utf8PathBuf> {
    env.xdg("XDG_CACHE_HOME", ".cache").map(|dir| dir.join("store"))
}

/// The store of these settings; `None` if the user has no home.
///
/// # Errors
/// No kind of store has such addresses.
pub fn open(settings: &StoreSettings, env: &Env) -> Result<Option<Box<dyn Store>>> {
    Choice::of(settings).open(env, &env.cwd)
}

/// The directory of the store of a session; none without a store or a home.
pub fn own_dir(session: &Session) -> Option<Utf8PathBuf> {
    let (settings, env) = (session.settings.store.as_ref()?, session.facts.env());
    Choice::of(settings).place(env, &env.cwd)
}

/// The store of a session; `None` if it uses none.
///
/// # Errors
/// As [`open`].
pub fn of(session: &Session) -> Result<Option<Box<dyn Store>>> {
    session.settings.store.as_ref().map_or(Ok(None), |settings| open(settings, session.facts.env()))
}

/// How large the store may be.
pub fn limits(settings: &StoreSettings) -> Limits {
    Limits { size: Some(settings.max_size), age: settings.max_age }
}

/// Tells the steps of a build directory which databases and which store they use.
///
/// # Errors
/// No kind of store has such addresses, or the build directory cannot be written.
pub fn tell(session: &Session, workdir: &Workdir) -> Result<()> {
    let places = &session.places;
    of(session)?;
    let choice = session.settings.store.as_ref().map(|settings| {
        let dir = settings.dir.clone().map(|dir| address(&places.cwd, dir));
        let seen = |dir: Utf8PathBuf| {
            if dir.starts_with(&places.root) { relative(workdir.path(), &dir) } else { dir }
        };
        let remote = settings.remote.as_ref().map(|remote| remote::seen_from(session, workdir, remote));
        Choice { dir: dir.map(seen), read_only: settings.read_only, remote }
    });
    if let Some(remote) = choice.as_ref().and_then(|choice| choice.remote.as_ref()) {
        check(&remote::access(remote, session.facts.env(), workdir.path()))?;
    }
    let mut text = serde_json::to_string(&choice).unwrap_or_default();
    text.push('\n');
    workdir.note(names::STORE, text.as_bytes())?;
    fs::remove_file(workdir.file(names::STORE_TOLD)).unwrap_or_default();
    remote::forget_told(workdir);
    precompiled::tell(session, workdir)
}

/// Makes the store smaller when those who write to it counted that it is too large.
pub fn clean_if_over(session: &Session) {
    let (Some(settings), Ok(Some(store))) = (&session.settings.store, of(session)) else { return };
    if store.is_over(limits(settings)) {
        // It is tried again after the next build; a store that cannot be written was told of already.
        drop(store.clean(limits(settings), false));
    }
}

/// Removes what killed writers of this machine left in the store.
pub fn tidy(session: &Session) {
    if let Ok(Some(store)) = of(session) {
        store.tidy();
    }
}

/// The places of the build directory in which a step runs: the databases that it loads, then the store.
pub struct Configured {
    places: Vec<Place>,
    /// Where it is noted what builds wanted; `None` if the user has no home.
    wanted: Option<Utf8PathBuf>,
}

impl Configured {
    /// Reads which places there are; none of them is opened before it is asked.
    pub fn new(env: &Env) -> Configured {
        let mut places = precompiled::places(&env.cwd);
        let shelf = Box::new(OwnStore {
            env: env.clone(),
            choice: OnceCell::new(),
            store: OnceCell::new(),
            remote: OnceCell::new(),
        });
        places.push(Place {
            database: None,
            stands: StandIns::default(),
            renames: Renames::default(),
            shelf,
        });
        Configured { places, wanted: env.xdg("XDG_CACHE_HOME", ".cache").map(|dir| dir.join("wanted")) }
    }
}

impl Shelves for Configured {
    fn places(&self) -> &[Place] {
        &self.places
    }

    fn was_wanted(&self, step: Digest, build: &str) -> bool {
        let Some(dir) = &self.wanted else { return true };
        let note = dir.join(step.short(16));
        match fs::read_to_string(&note) {
            Ok(first) => first != build,
            // Where nothing can be noted, no later build would find it.
            Err(_) => fs::create_dir_all(dir).and_then(|()| fs::write(&note, build)).is_err(),
        }
    }
}

/// The store, opened when it is first asked, and the remote store behind it.
struct OwnStore {
    env: Env,
    choice: OnceCell<Option<Choice>>,
    store: OnceCell<Option<Box<dyn Store>>>,
    remote: OnceCell<Option<RemoteShelf>>,
}

impl OwnStore {
    fn choice(&self) -> Option<&Choice> {
        let read = || serde_json::from_slice::<Option<Choice>>(&fs::read(names::STORE).ok()?).ok()?;
        self.choice.get_or_init(read).as_ref()
    }

    fn store(&self) -> Option<&dyn Store> {
        let open = || self.choice()?.open(&self.env, &self.env.cwd).ok()?;
        self.store.get_or_init(open).as_deref()
    }

    fn remote(&self) -> Option<&RemoteShelf> {
        let choice = self.choice()?;
        let open = || {
            let own = choice.place(&self.env, &self.env.cwd);
            Some(remote::shelf(choice.remote.as_ref()?, &self.env, own.as_deref(), choice.read_only))
        };
        self.remote.get_or_init(open).as_ref()
    }
}

impl Shelf for OwnStore {
    fn fetch(&self, wanted: &Wanted<'_>) -> Option<Fetched> {
        fetch(self.store(), || self.remote(), wanted)
    }

    fn keep(&self, kept: &StoredResult<'_>) -> Result<Option<Digest>> {
        match keep(self.store(), self.remote(), kept) {
            // A full disk is reported once for each build, not for each step.
            Err(_) if File::create_new(names::STORE_TOLD).is_err() => Ok(None),
            Err(error) => Err(error.hint("`store.read-only` in fud.toml only reads results")),
            kept => kept,
        }
    }
}

/// A store, and a remote store behind it.
pub struct Both {
    /// The store of the machine.
    pub own: Option<Box<dyn Store>>,
    /// That of the team.
    pub remote: Option<RemoteShelf>,
}

impl Shelf for Both {
    fn fetch(&self, wanted: &Wanted<'_>) -> Option<Fetched> {
        fetch(self.own.as_deref(), || self.remote.as_ref(), wanted)
    }

    fn keep(&self, kept: &StoredResult<'_>) -> Result<Option<Digest>> {
        keep(self.own.as_deref(), self.remote.as_ref(), kept)
    }
}

fn fetch<'r>(
    own: Option<&dyn Store>,
    remote: impl FnOnce() -> Option<&'r RemoteShelf>,
    wanted: &Wanted<'_>,
) -> Option<Fetched> {
    let own = own.and_then(|store| store.fetch(wanted));
    let Some(remote) = remote() else { return own.map(Fetched::without_key) };
    // A damaged result may have left files where others are to be laid.
    if own.as_ref().is_some_and(|own| own.result.is_some() || !own.warnings.is_empty()) {
        return own;
    }
    let fetched = remote.fetch(wanted).unwrap_or_default();
    let warnings = fetched.warnings.into_iter().chain(remote::warning(remote)).collect();
    Some(Fetched { result: fetched.result, missed: own.unwrap_or_default().missed, warnings })
}

fn keep(
    own: Option<&dyn Store>,
    remote: Option<&RemoteShelf>,
    kept: &StoredResult<'_>,
) -> Result<Option<Digest>> {
    let own = own.map_or(Ok(None), |store| store.keep(kept));
    let remote = remote.map_or(Ok(None), |remote| remote.keep(kept));
    own.and(remote)
}
