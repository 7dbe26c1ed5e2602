//! Where the paths of an untrusted project may lead: into the project, and where the user allows.
//! It does not know who names a path.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::diag::{Error, Result};
use crate::paths::normal;
use camino::{Utf8Path, Utf8PathBuf};

/// The error for what an untrusted project may not say.
pub fn refused(message: String) -> Box<Error> {
    Error::request(message).hint("`--untrusted` was given: leave it out for projects that you trust")
}

/// The directories into which the paths of an untrusted project may lead, links resolved.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// What relative paths in options are relative to.
    base: Utf8PathBuf,
    inside: Vec<Utf8PathBuf>,
}

impl Bounds {
    /// The directory of a project.
    pub fn of(root: &Utf8Path) -> Bounds {
        Bounds { base: root.to_owned(), inside: vec![real(root)] }
    }

    /// What relative paths in options are relative to.
    pub fn base(&self) -> &Utf8Path {
        &self.base
    }

    /// Another directory, which the user has named.
    pub fn widen(&mut self, dir: &Utf8Path) {
        self.inside.push(real(dir));
    }

    /// Refuses a path that was typed and seems to lead into the project, but leads out of it by a link. One that says
    /// itself that it stands elsewhere is the user's own choice.
    ///
    /// # Errors
    /// It leads out.
    pub fn check_typed(&self, path: &Utf8Path) -> Result<()> {
        let is_near = self.inside.iter().any(|dir| normal(path).starts_with(dir));
        if is_near { self.check(path) } else { Ok(()) }
    }

    /// Whether a file is in one of these directories.
    pub fn holds(&self, path: &Utf8Path) -> bool {
        let path = real(&self.base.join(path));
        self.inside.iter().any(|dir| path.starts_with(dir))
    }

    /// Whether a file was found in one of these directories, be it a link there that leads elsewhere.
    pub fn brings(&self, path: &Utf8Path) -> bool {
        let named = normal(&self.base.join(path));
        let is_named_in = |dir: &Utf8PathBuf| named.starts_with(dir);
        self.holds(path) || self.inside.iter().chain([&self.base]).any(is_named_in)
    }

    /// Refuses a path that leads out, be it by a link.
    ///
    /// # Errors
    /// It does.
    pub fn check(&self, path: &Utf8Path) -> Result<()> {
        match self.holds(path) {
            true => Ok(()),
            false => Err(leads_out(path.as_str())),
        }
    }
}

/// All links resolved, as far as it exists.
fn real(path: &Utf8Path) -> Utf8PathBuf {
    if let Ok(found) = path.canonicalize_utf8() {
        return found;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => real(parent).join(name),
        // It ends with `..`, which leads up from where the links before it lead.
        (Some(parent), None) => normal(&real(parent).join("..")),
        _ => normal(path),
    }
}

/// The error for a path that leads out of the project.
pub fn leads_out(path: &str) -> Box<Error> {
    refused(format!("`{path}` leads out of the project"))
        .hint("`--untrusted` was given: if you trust the file, name it on the command line")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_leads_out_is_outside_and_what_the_user_names_is_inside() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        std::os::unix::fs::symlink("/etc", root.join("out")).unwrap();
        let mut bounds = Bounds::of(&root);
        assert!(bounds.check("out/passwd".into()).is_err() && bounds.check("new/x".into()).is_ok());
        assert!(bounds.brings("out/passwd".into()) && !bounds.brings("/etc/passwd".into()));
        bounds.widen(Utf8Path::new("/etc"));
        assert!(bounds.check("out/passwd".into()).is_ok());
    }
}
