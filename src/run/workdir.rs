//! The build directory: what fudsv keeps in it, written by rename and only when it differs.
//! It does not know what the files mean.

use crate::diag::{Error, Result};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{Access, access};
use std::os::unix::fs::PermissionsExt;

/// The directory inside a build directory in which fudsv keeps its own files.
pub const INTERNAL: &str = ".fudsv";

/// Files that fudsv and Ninja keep in a build directory.
const FILES: [&str; 11] = [
    "build.ninja",
    ".ninja_log",
    ".ninja_deps",
    ".fudsv/lock",
    ".fudsv/scan",
    ".fudsv/events.ndjson",
    ".fudsv/generated.json",
    ".fudsv/steps.json",
    ".fudsv/outputs.json",
    ".fudsv/request.json",
    ".fudsv/store",
];

/// Directories that fudsv keeps there.
const DIRS: [&str; 3] = [INTERNAL, ".fudsv/steps", ".fudsv/tools"];

/// A build directory.
#[derive(Clone, Debug)]
pub struct Workdir {
    /// Absolute.
    path: Utf8PathBuf,
}

impl Workdir {
    /// Makes the directory, with a `.gitignore` beside it that keeps build directories out of a repository when it
    /// stands in one called `.fudsv`.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(path: &Utf8Path) -> Result<Workdir> {
        let steps = path.join(INTERNAL).join("steps");
        if !steps.is_dir() {
            std::fs::create_dir_all(&steps)
                .map_err(|e| Error::machine(format!("cannot make `{steps}`")).because(e))?;
        }
        let workdir = Workdir { path: path.to_owned() };
        if let Some(parent) = path.parent().filter(|parent| parent.file_name() == Some(".fudsv")) {
            let ignore = parent.join(".gitignore");
            if !ignore.exists() {
                write_if_changed(&ignore, b"*\n")?;
            }
        }
        Ok(workdir)
    }

    /// A build directory that is there already.
    pub fn existing(path: &Utf8Path) -> Workdir {
        Workdir { path: path.to_owned() }
    }

    /// Removes directories that stand where files of fudsv's or Ninja's belong, and files that stand where directories
    /// do; whether there was one.
    pub fn clear_the_way(&self) -> bool {
        let is_dir = |path: &Utf8PathBuf| path.symlink_metadata().is_ok_and(|meta| meta.is_dir());
        let files = FILES.iter().map(|name| self.path.join(name)).filter(is_dir);
        let cleared = files.filter(|path| std::fs::remove_dir_all(path).is_ok()).count();
        let dirs = DIRS.iter().map(|name| self.path.join(name)).filter(|path| path.is_file());
        cleared + dirs.filter(|path| std::fs::remove_file(path).is_ok()).count() > 0
    }

    /// Where it is.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// A file of fudsv's own.
    pub fn internal(&self, name: &str) -> Utf8PathBuf {
        self.path.join(INTERNAL).join(name)
    }

    /// Writes a file below the build directory unless it has this content; says whether it wrote.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, name: &Utf8Path, content: &[u8]) -> Result<bool> {
        write_if_changed(&self.path.join(name), content)
    }

    /// Writes a file that only saves looking again, or is for people: a build directory that nobody may write is right
    /// without it.
    ///
    /// # Errors
    /// It cannot be written, though other files can.
    pub fn note(&self, name: &Utf8Path, content: &[u8]) -> Result<bool> {
        let is_closed = || access(self.path.as_std_path(), Access::WRITE_OK).is_err();
        self.write(name, content).or_else(|error| if is_closed() { Ok(false) } else { Err(error) })
    }

    /// Lets a file below the build directory be executed by whoever may read it, or by nobody.
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

    /// Removes what an earlier Ninja file made and this one does not, inside the build directory only.
    pub fn remove_stale(&self, before: &[String], now: &[String]) {
        for name in before.iter().filter(|name| !now.contains(name)) {
            let path = crate::paths::normal(&self.path.join(name));
            if path.starts_with(&self.path) && path != self.path {
                let removed =
                    if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
                drop(removed);
            }
        }
    }
}

/// Writes by rename, and only what differs, so that an equal file keeps its time.
fn write_if_changed(path: &Utf8Path, content: &[u8]) -> Result<bool> {
    if std::fs::read(path).is_ok_and(|old| old == content) {
        return Ok(false);
    }
    let cannot = |e: std::io::Error| Error::machine(format!("cannot write `{path}`")).because(e);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(cannot)?;
    }
    let temporary = Utf8PathBuf::from(format!("{path}.tmp{}", std::process::id()));
    let written = std::fs::write(&temporary, content).and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(|e| {
        drop(std::fs::remove_file(&temporary));
        cannot(e)
    })?;
    Ok(true)
}
