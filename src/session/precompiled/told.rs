//! Tells the steps of a build directory which databases to use: it writes a file there, which works for plain Ninja too.
//! It does not know why a database stands for a file.

use super::auto::place as place_of_design;
use crate::database::Source;
use crate::diag::Result;
use crate::digest::Digest;
use crate::paths::{Places, relative};
use crate::session::databases::{Compared, Databases, LoadedDatabase, State};
use crate::session::open::Session;
use crate::shelf::{Place, Renames, StandIns};
use crate::store::{self, Address};
use crate::workdir::{Workdir, names};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::fs;

/// What steps need to know of a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct DatabaseForSteps {
    name: String,
    /// The store of its results, absolute.
    store: Utf8PathBuf,
    stands: StandIns,
    renames: Renames,
}

/// Tells the steps of a build directory which databases to ask, in order. The design's automatic database comes last.
///
/// # Errors
/// The build directory cannot be written.
pub fn tell(session: &Session, workdir: &Workdir) -> Result<()> {
    let told = told(session);
    if told.is_empty() {
        fs::remove_file(workdir.file(names::DATABASES)).unwrap_or_default();
        return Ok(());
    }
    let mut text = serde_json::to_string(&told).unwrap_or_default();
    text.push('\n');
    workdir.note(names::DATABASES, text.as_bytes())
}

fn told(session: &Session) -> Vec<DatabaseForSteps> {
    let Databases { loaded, renames, .. } = &*session.databases;
    let of = |loaded: &LoadedDatabase| DatabaseForSteps {
        name: loaded.name.clone(),
        store: loaded.database.store(),
        stands: stands(loaded, &session.places),
        renames: renames.clone(),
    };
    let own = place_of_design(session).filter(|dir| dir.is_dir()).map(|dir| DatabaseForSteps {
        name: dir.file_name().unwrap_or_default().to_owned(),
        store: dir.join("store"),
        stands: StandIns::default(),
        renames: Renames::default(),
    });
    loaded.iter().map(of).chain(own).collect()
}

/// The sources for which a database stands, by the names that steps of this build directory use.
fn stands(loaded: &LoadedDatabase, places: &Places) -> StandIns {
    let sources = loaded.database.manifest.sources.iter().zip(&loaded.sources);
    let stood = sources.filter(|(_, compared)| matches!(compared.state, State::Absent | State::Frozen));
    let file = |(source, compared): (&Source, &Compared)| -> (Utf8PathBuf, Digest) {
        let path = &compared.path;
        let is_near = path.starts_with(&places.root) || path.starts_with(&places.cwd);
        (if is_near { relative(&places.workdir, path) } else { path.clone() }, source.sha256)
    };
    let root = relative(&places.workdir, &places.root);
    StandIns { files: stood.map(file).collect(), is_frozen: loaded.is_frozen, root }
}

/// The places of the databases of a build directory, in order.
pub fn places(workdir: &Utf8Path) -> Vec<Place> {
    let told = fs::read(workdir.join(names::DATABASES)).ok();
    let told: Vec<DatabaseForSteps> =
        told.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    told.into_iter().filter_map(place).collect()
}

/// The places of the databases of a session, for commands that write nothing.
pub fn places_of(session: &Session) -> Vec<Place> {
    told(session).into_iter().filter_map(place).collect()
}

fn place(told: DatabaseForSteps) -> Option<Place> {
    let DatabaseForSteps { name, store, stands, renames } = told;
    let shelf = store::open(&Address { text: store.as_str(), read_only: true }).ok()?;
    Some(Place { database: Some(name), stands, renames, shelf })
}
