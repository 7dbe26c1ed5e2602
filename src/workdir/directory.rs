//! A build directory: makes it, writes to it, and removes obstacles.
//! It does not know what the files mean.

use super::names;
use super::replace::{remove_abandoned, replace};
use crate::beneath::Beneath;
use crate::diag::{Error, Result};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{Access, access};
use std::os::unix::fs::PermissionsExt;

/// A build directory.
#[derive(Clone, Debug)]
pub struct Workdir {
    /// Absolute.
    path: Utf8PathBuf,
}

impl Workdir {
    /// Makes the directory. If it is in a directory called `.fudsv`, a `.gitignore` there keeps build directories out of a
    /// repository.
    ///
    /// # Errors
    /// It cannot be made.
    /// It cannot be made.
    pub fn create(path: &Utf8Path) -> Result<Workdir> {
        let steps = path.join(names::STEPS);
        if !steps.is_dir() {
            std::fs::create_dir_all(&steps)
                .map_err(|e| Error::machine(format!("cannot make `{steps}`")).because(e))?;
        }
        if let Some(parent) = path.parent().filter(|parent| parent.file_name() == Some(names::INTERNAL)) {
            let ignore = parent.join(".gitignore");
            if !ignore.exists() {
                replace(&ignore, b"*\n")?;
            }
        }
        Ok(Workdir::existing(path))
    }

    /// Removes the directory again if nothing was ever generated in it: a refused request leaves no directory behind.
    pub fn leave_if_unused(&self) {
        if self.file(names::GENERATED).exists() || self.file(names::NINJA_FILE).exists() {
            return;
        }
        // A directory with any other content stays.
        std::fs::remove_file(self.file(names::LOCK)).unwrap_or_default();
        let dirs = [names::STEPS, names::TOOLS, names::INTERNAL].map(|dir| self.file(dir));
        for dir in dirs.iter().chain([&self.path]) {
            std::fs::remove_dir(dir).unwrap_or_default();
        }
    }

    /// An existing build directory.
    pub fn existing(path: &Utf8Path) -> Workdir {
        Workdir { path: path.to_owned() }
    }

    /// Removes temporary files that killed processes left among fudsv's own; to be called under the lock.
    pub fn tidy(&self) {
        for dir in [names::INTERNAL, names::STEPS, names::TOOLS] {
            remove_abandoned(&self.file(dir), |_| true);
        }
        remove_abandoned(&self.path, |of| names::KEPT.contains(&of));
    }

    /// Removes directories in the places of files of fudsv or Ninja, and files in the places of directories; returns whether
    /// there was one.
    pub fn clear_the_way(&self) -> bool {
        let Ok(root) = Beneath::open(&self.path) else { return false };
        let files = names::KEPT.iter().chain(&names::FILES).map(Utf8Path::new);
        let cleared = files.filter(|file| root.is_dir(file) && root.remove(file).is_ok()).count();
        let dirs = names::DIRS.iter().map(Utf8Path::new).filter(|dir| self.path.join(dir).is_file());
        cleared + dirs.filter(|dir| root.remove(dir).is_ok()).count() > 0
    }

    /// Where it is.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// A file in it, by one of the [`names`].
    pub fn file(&self, name: impl AsRef<Utf8Path>) -> Utf8PathBuf {
        self.path.join(name.as_ref())
    }

    /// Writes a file unless it has this content, so that an equal file keeps its time.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, name: impl AsRef<Utf8Path>, content: &[u8]) -> Result<()> {
        let path = self.file(name);
        if std::fs::read(&path).is_ok_and(|old| old == content) {
            return Ok(());
        }
        replace(&path, content)
    }

    /// Writes a file that is only a cache, or for people: a read-only build directory is valid without it.
    ///
    /// # Errors
    /// It cannot be written, though other files can.
    pub fn note(&self, name: impl AsRef<Utf8Path>, content: &[u8]) -> Result<()> {
        let is_closed = || access(self.path.as_std_path(), Access::WRITE_OK).is_err();
        self.write(name, content).or_else(|error| if is_closed() { Ok(()) } else { Err(error) })
    }

    /// Makes a file below the build directory executable for everybody who may read it, or for nobody.
    ///
    /// # Errors
    /// Its mode cannot be changed.
    pub fn set_executable(&self, name: &Utf8Path, is_executable: bool) -> Result<()> {
        let path = self.path.join(name);
        let cannot = |e: std::io::Error| Error::machine(format!("cannot write `{path}`")).because(e);
        let mode = std::fs::metadata(&path).map_err(cannot)?.permissions().mode();
        let wanted = if is_executable { mode | (mode & 0o444) >> 2 } else { mode & !0o111 };
        if wanted == mode {
            return Ok(());
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(wanted)).map_err(cannot)
    }

    /// Removes what an earlier Ninja file made and this one does not, inside the build directory only: the list may
    /// be anybody's, so neither a link nor a `..` in it leads anywhere.
    pub fn remove_stale(&self, before: &[String], now: &[String]) {
        let Ok(root) = Beneath::open(&self.path) else { return };
        for name in before.iter().filter(|name| !now.contains(name)) {
            root.remove(&crate::paths::normal(Utf8Path::new(name))).unwrap_or_default();
        }
    }
}
