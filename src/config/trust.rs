//! Whose files fudsv follows without being asked: configuration and plugins can name programs, so it refuses those of
//! other users, as Git refuses a repository of another user.
//! It does not know what is in them.

use crate::diag::{Error, Result};
use crate::env::{Env, split_dirs};
use camino::{Utf8Path, Utf8PathBuf};
use std::os::unix::fs::MetadataExt;

/// The variable that lists directories whose files fudsv follows whoever owns them, separated by `:`; `*` for all.
const TRUSTED: &str = "FUDSV_TRUSTED_DIRECTORIES";

/// Whom the user trusts.
#[derive(Clone, Debug)]
pub struct Trust {
    users: Vec<u32>,
    directories: Vec<Utf8PathBuf>,
    all: bool,
}

impl Trust {
    /// The user and root; for root that came by `sudo` also the user who called it; and the directories that the
    /// environment lists.
    pub fn of(env: &Env) -> Trust {
        let user = rustix::process::geteuid().as_raw();
        let caller = env.var("SUDO_UID").filter(|_| user == 0).and_then(|uid| uid.parse().ok());
        let listed = split_dirs(env.var(TRUSTED).unwrap_or_default());
        let directories = listed.iter().filter(|dir| *dir != "").map(|dir| env.cwd.join(dir)).collect();
        Trust {
            users: [user, 0].into_iter().chain(caller).collect(),
            directories,
            all: listed.iter().any(|dir| dir == "*"),
        }
    }

    /// Refuses a file of somebody else, be it the link or its target; a missing file is fine.
    ///
    /// # Errors
    /// It belongs to a user who is not trusted.
    pub fn check(&self, path: &Utf8Path) -> Result<()> {
        let owners = [std::fs::symlink_metadata(path), std::fs::metadata(path)];
        let stranger =
            owners.into_iter().flatten().map(|meta| meta.uid()).find(|uid| !self.users.contains(uid));
        match stranger {
            Some(uid) if !self.all && !self.directories.iter().any(|dir| path.starts_with(dir)) => {
                Err(Error::request(format!("`{path}` belongs to another user"))
                    .detail("owner", format!("user {uid}"))
                    .hint(format!("it can name programs; if you trust it, put its directory into {TRUSTED}")))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn trust(users: &[u32], listed: &str) -> Trust {
        let vars = BTreeMap::from([(TRUSTED.to_owned(), listed.to_owned())]);
        let env = Env { cwd: "/work".into(), exe: "/bin/fudsv".into(), args: vec![], vars };
        Trust { users: users.to_vec(), ..Trust::of(&env) }
    }

    #[test]
    fn what_belongs_to_a_stranger_is_refused_unless_its_directory_is_listed() {
        let dir = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(dir.path()).unwrap();
        let file = dir.join("fud.toml");
        assert!(trust(&[], "").check(&file).is_ok());
        std::fs::write(&file, "").unwrap();
        let owner = std::fs::metadata(&file).unwrap().uid();
        assert!(trust(&[owner], "").check(&file).is_ok());
        let error = trust(&[], "/elsewhere").check(&file).unwrap_err().to_string();
        let expected = format!(
            "error: `{file}` belongs to another user\n  owner: user {owner}\nhint: it can name programs; if you \
             trust it, put its directory into FUDSV_TRUSTED_DIRECTORIES"
        );
        assert_eq!(error, expected);
        assert!(trust(&[], dir.as_str()).check(&file).is_ok());
        assert!(trust(&[], "*").check(&file).is_ok());
    }

    #[test]
    fn a_link_counts_as_well_as_what_it_leads_to() {
        let dir = tempfile::tempdir().unwrap();
        let link = Utf8Path::from_path(dir.path()).unwrap().join("fud.toml");
        std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
        let (own, root) = (std::fs::symlink_metadata(&link).unwrap().uid(), 0);
        assert!(trust(&[own, root], "").check(&link).is_ok());
        assert!(own == root || trust(&[root], "").check(&link).is_err());
    }
}
