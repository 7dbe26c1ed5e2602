//! The request of a build directory, saved there so that its Ninja file can be regenerated.
//! It does not know who does that.

use super::open::Session;
use crate::beneath;
use crate::diag::{Error, Result};
use crate::options::RequestOptions;
use crate::paths::{normal, relative};
use crate::secret;
use crate::workdir::{Workdir, names};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

/// A request, as it is saved so that the tree may move.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavedRequest {
    /// Where the user stood, seen from the build directory.
    cwd: Utf8PathBuf,
    /// What was typed, without secrets.
    pub options: RequestOptions,
    /// Keys of `--set` whose values are secrets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
}

impl SavedRequest {
    /// What to keep of a session.
    pub fn of(session: &Session) -> SavedRequest {
        let mut options = session.options.clone();
        let mut withheld = vec![];
        options.set.retain(|setting| {
            let is_secret = secret::shown_setting(setting) != *setting;
            withheld.extend(setting.split('=').next().filter(|_| is_secret).map(str::to_owned));
            !is_secret
        });
        SavedRequest { cwd: relative(&session.places.workdir, &session.places.cwd), options, withheld }
    }

    /// The saved request of a build directory.
    ///
    /// # Errors
    /// It does not exist, or is damaged.
    pub fn load(workdir: &Workdir) -> Result<SavedRequest> {
        let file = workdir.file(names::REQUEST);
        let bytes = beneath::read(&file, beneath::LONGEST)
            .map_err(|e| Error::machine(format!("cannot read `{file}`")).because(e))?;
        serde_json::from_slice(&bytes).map_err(|e| {
            Error::machine(format!("`{file}` is damaged")).because(e).hint("run `fudsv exec` again")
        })
    }

    /// Where the user stood who made this build directory, whatever version of fudsv saved the request.
    pub fn made_in(workdir: &Utf8Path) -> Option<Utf8PathBuf> {
        let bytes = std::fs::read(workdir.join(names::REQUEST)).ok()?;
        let saved: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
        Some(normal(&workdir.join(saved["cwd"].as_str()?)))
    }

    /// Where the user stood, when the build directory is this one.
    pub fn cwd(&self, workdir: &Utf8Path) -> Utf8PathBuf {
        normal(&workdir.join(&self.cwd))
    }
}
