//! The store that the configuration names: how steps learn of it, and what they say when it cannot be used.
//! It does not know how results are kept.

use super::open::Session;
use crate::config::StoreSettings;
use crate::diag::Result;
use crate::env::Env;
use crate::paths::{normal, relative};
use crate::shelf::{Fetched, KeptResult, Shelf, Wanted};
use crate::store::{Limits, Store};
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
}

impl Choice {
    fn open(self, env: &Env, workdir: &Utf8Path) -> Option<Store> {
        let store = match self.dir {
            Some(dir) => Store::new(normal(&workdir.join(dir))),
            None => Store::new(of_user(env)?),
        };
        Some(if self.read_only { store.read_only() } else { store })
    }
}

/// The user's own store.
fn of_user(env: &Env) -> Option<Utf8PathBuf> {
    env.xdg("XDG_CACHE_HOME", ".cache").map(|dir| dir.join("store"))
}

/// The store that these settings mean.
pub fn open(settings: &StoreSettings, env: &Env) -> Option<Store> {
    Choice { dir: settings.dir.clone(), read_only: settings.read_only }.open(env, &env.cwd)
}

/// How large the store may be.
pub fn limits(settings: &StoreSettings) -> Limits {
    Limits { size: Some(settings.max_size), age: settings.max_age }
}

/// Tells the steps of a build directory which store they use.
///
/// # Errors
/// The build directory cannot be written.
pub fn tell(session: &Session, workdir: &Workdir) -> Result<()> {
    let places = &session.places;
    let choice = session.settings.store.as_ref().map(|settings| {
        let dir = settings.dir.as_ref().map(|dir| normal(&places.cwd.join(dir)));
        let seen = |dir: Utf8PathBuf| {
            if dir.starts_with(&places.root) { relative(workdir.path(), &dir) } else { dir }
        };
        Choice { dir: dir.map(seen), read_only: settings.read_only }
    });
    let mut text = serde_json::to_string(&choice).unwrap_or_default();
    text.push('\n');
    workdir.write(names::STORE, text.as_bytes())?;
    fs::remove_file(workdir.file(names::STORE_TOLD)).unwrap_or_default();
    Ok(())
}

/// Makes the store smaller when those who write to it counted that it is too large.
pub fn clean_if_over(session: &Session) {
    let Some(settings) = &session.settings.store else { return };
    let Some(store) = open(settings, session.facts.env()) else { return };
    if store.is_over(limits(settings)) {
        // It is tried again after the next build; a store that cannot be written was told of already.
        drop(store.clean(limits(settings), false));
    }
}

/// The store of the build directory in which a step runs, opened when it is first asked.
pub struct Configured<'a> {
    env: &'a Env,
    store: OnceCell<Option<Store>>,
}

impl<'a> Configured<'a> {
    /// Nothing is read yet.
    pub fn new(env: &'a Env) -> Configured<'a> {
        Configured { env, store: OnceCell::new() }
    }

    fn store(&self) -> Option<&Store> {
        let choice = || serde_json::from_slice::<Option<Choice>>(&fs::read(names::STORE).ok()?).ok()?;
        self.store.get_or_init(|| choice()?.open(self.env, &self.env.cwd)).as_ref()
    }
}

impl Shelf for Configured<'_> {
    fn fetch(&self, wanted: &Wanted<'_>) -> Option<Fetched> {
        self.store()?.fetch(wanted)
    }

    fn keep(&self, kept: &KeptResult<'_>) -> Result<()> {
        let Some(store) = self.store() else { return Ok(()) };
        match store.keep(kept) {
            // A full disk is told of once for a build, not for each step.
            Err(_) if File::create_new(names::STORE_TOLD).is_err() => Ok(()),
            Err(error) => Err(error.hint("`store.read-only` in fud.toml takes results and keeps none")),
            kept => kept,
        }
    }
}
