//! Writes a database under another name beside its place, then puts it there in one go.
//! It does not know what the results in it are.

use super::archive;
use super::manifest::Manifest;
use super::names::{MANIFEST, STORE, SUMS};
use super::opened::Database;
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::sums;
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::process::{Pid, test_kill_process};
use std::fs;
use std::io::{self, Write};

/// The part of the temporary name between the name of the database and the number of the process that writes it.
const TEMPORARY: &str = ".fudsv-saving.";

/// Files of a directory store that a database does not need: marks and counters for its upkeep.
const NOT_SHARED: [&str; 3] = ["CACHEDIR.TAG", "size", "tmp"];

/// A database that is being written. Dropping it removes what was not published.
#[derive(Debug)]
pub struct Draft {
    target: Utf8PathBuf,
    dir: Utf8PathBuf,
}

impl Draft {
    /// Begins a database for the place `target`.
    ///
    /// # Errors
    /// Something else is in that place, or the directory cannot be written.
    pub fn begin(target: &Utf8Path) -> Result<Draft> {
        check_target(target)?;
        let dir = Utf8PathBuf::from(format!("{target}{TEMPORARY}{}", std::process::id()));
        remove_abandoned(target);
        let made = fs::remove_dir_all(&dir).or_else(|e| match e.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(e),
        });
        let made = made.and_then(|()| fs::create_dir_all(dir.join(STORE)));
        made.map_err(|e| Error::machine(format!("cannot write `{dir}`")).because(e))?;
        Ok(Draft { target: target.to_owned(), dir })
    }

    /// The store for its results; the caller fills it.
    pub fn store(&self) -> Utf8PathBuf {
        self.dir.join(STORE)
    }

    /// Puts it in its place as a whole. It replaces a database that is there.
    ///
    /// # Errors
    /// It cannot be written; a database that is there stays as it was.
    pub fn publish(self, manifest: &Manifest) -> Result<()> {
        let published = self.seal(manifest).and_then(|()| match archive::is_archive(&self.target) {
            true => {
                let packed = self.dir.join(format!("packed{}", archive::ENDING));
                archive::pack(&self.dir, &packed)?;
                fs::rename(&packed, &self.target)
            }
            false => exchange(&self.dir, &self.target),
        });
        published
            .map_err(|e| Error::machine(format!("cannot write the database `{}`", self.target)).because(e))
    }

    /// Writes the manifest, and last the list of all files.
    fn seal(&self, manifest: &Manifest) -> io::Result<()> {
        for name in NOT_SHARED {
            let path = self.store().join(name);
            if path.is_dir() { fs::remove_dir_all(path)? } else { remove_file(&path)? }
        }
        let mut bytes = serde_json::to_vec_pretty(manifest)?;
        bytes.push(b'\n');
        synced(&self.dir.join(MANIFEST), &bytes)?;
        let names = archive::files(&self.dir)?;
        let digest =
            |name: &Utf8PathBuf| Ok((name.clone(), Digest::of_file(self.dir.join(name).as_std_path())?));
        let listed = names.iter().map(digest).collect::<io::Result<Vec<_>>>()?;
        let text = sums::write(listed.iter().map(|(name, digest)| (name.as_path(), *digest)));
        synced(&self.dir.join(SUMS), text.as_bytes())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After an exchange the old database has this name.
        fs::remove_dir_all(&self.dir).unwrap_or_default();
    }
}

fn synced(path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_data()
}

fn remove_file(path: &Utf8Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Checks that nothing but a database would be replaced.
fn check_target(target: &Utf8Path) -> Result<()> {
    let Ok(meta) = fs::metadata(target) else { return Ok(()) };
    let foreign = || {
        Error::request(format!("`{target}` is not a database, and stays as it is"))
            .hint("name a path that is not there, or a database that fudsv saved")
    };
    if meta.is_file() {
        return if archive::is_archive(target) { Ok(()) } else { Err(foreign()) };
    }
    let is_empty = fs::read_dir(target).is_ok_and(|mut names| names.next().is_none());
    let is_database = || target.join(SUMS).is_file() && target.join(MANIFEST).is_file();
    if is_empty || is_database() || Database::in_directory(target).is_ok() { Ok(()) } else { Err(foreign()) }
}

/// Puts a directory in the place of another, which then has the name of the first. It is one operation if the file system
/// supports that.
fn exchange(new: &Utf8Path, place: &Utf8Path) -> io::Result<()> {
    if !place.exists() {
        match fs::rename(new, place) {
            // Another process put something there first.
            Err(_) if place.exists() => {}
            renamed => return renamed,
        }
    }
    let exchanged = renameat_with(CWD, new.as_std_path(), CWD, place.as_std_path(), RenameFlags::EXCHANGE);
    exchanged.or_else(|e| match e {
        rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::OPNOTSUPP => {
            let aside = Utf8PathBuf::from(format!("{new}.old"));
            fs::rename(place, &aside)?;
            let moved = fs::rename(new, place);
            if moved.is_err() {
                fs::rename(&aside, place)?
            } else {
                fs::remove_dir_all(&aside)?
            }
            moved
        }
        e => Err(e.into()),
    })
}

/// Removes what killed saves left beside the place.
fn remove_abandoned(target: &Utf8Path) {
    let (Some(dir), Some(name)) = (target.parent(), target.file_name()) else { return };
    let front = format!("{name}{TEMPORARY}");
    let dir = if dir.as_str().is_empty() { Utf8Path::new(".") } else { dir };
    for entry in dir.read_dir_utf8().into_iter().flatten().flatten() {
        let Some(rest) = entry.file_name().strip_prefix(&front) else { continue };
        let process = rest.split('.').next().and_then(|process| process.parse().ok()).and_then(Pid::from_raw);
        if process.is_some_and(|pid| test_kill_process(pid) == Err(rustix::io::Errno::SRCH)) {
            fs::remove_dir_all(entry.path()).unwrap_or_default();
        }
    }
}
