//! The files for which precompiled databases stand: their content is known without reading them.
//! It does not know what is in a database, nor when a database stands for a file that exists.

use crate::digest::Digest;
use crate::paths;
use crate::shelf::{Place, StandIns};
use camino::{Utf8Path, Utf8PathBuf};

/// The files for which the databases of a build directory stand, in the order in which the databases are asked.
#[derive(Clone, Debug, Default)]
pub struct DatabaseFiles(Vec<(String, StandIns)>);

impl DatabaseFiles {
    /// The files for which these places stand.
    pub fn of<'p>(places: impl IntoIterator<Item = &'p Place>) -> DatabaseFiles {
        let of = |place: &Place| Some((place.database.clone()?, place.stands.clone()));
        DatabaseFiles(
            places.into_iter().filter_map(of).filter(|(_, stands)| !stands.files.is_empty()).collect(),
        )
    }

    /// Whether the databases stand for no file.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The content of a file that must not be looked at. If databases differ, the one with the `known` content counts.
    pub fn frozen(&self, path: &Utf8Path, known: Option<Digest>) -> Option<Digest> {
        self.digest(path, known, |stands| stands.is_frozen)
    }

    /// The content of a file that does not exist. If databases differ, the one with the `known` content counts.
    pub fn absent(&self, path: &Utf8Path, known: Option<Digest>) -> Option<Digest> {
        self.digest(path, known, |_| true)
    }

    /// The database that stands for a file, and the file's name in the project.
    pub fn database(&self, path: &Utf8Path) -> Option<(&str, Utf8PathBuf)> {
        let path = paths::normal(path);
        let (name, stands) = self.0.iter().find(|(_, stands)| stands.files.contains_key(&path))?;
        Some((name, path.strip_prefix(&stands.root).unwrap_or(&path).to_owned()))
    }

    fn digest(
        &self,
        path: &Utf8Path,
        known: Option<Digest>,
        counts: impl Fn(&StandIns) -> bool,
    ) -> Option<Digest> {
        if self.is_empty() {
            return None;
        }
        let path: Utf8PathBuf = paths::normal(path);
        let all = || self.0.iter().filter(|(_, stands)| counts(stands));
        let mut said = all().filter_map(|(_, stands)| stands.files.get(&path).copied());
        let first = said.next()?;
        Some(if Some(first) == known {
            first
        } else {
            said.find(|said| Some(*said) == known).unwrap_or(first)
        })
    }
}
