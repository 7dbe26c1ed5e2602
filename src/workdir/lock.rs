//! One fudsv per build directory: a lock on a file, which Ninja inherits.
//! It does not know what is done under it.

use super::directory::Workdir;
use super::names;
use crate::diag::{Error, Result};
use camino::Utf8Path;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;

/// The held lock; it is released when the last process that inherited it ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
    /// Some file systems have no locks: work there goes on unlocked, and stays right through rename.
    held: bool,
}

impl Lock {
    /// Takes the lock; when another process has it, `waiting` is called with what that process wrote, then this
    /// waits for it.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn take(workdir: &Workdir, purpose: &str, waiting: impl FnOnce(&str)) -> Result<Lock> {
        let mut waiting = Some(waiting);
        loop {
            let Some(mut file) = open(workdir)? else {
                Workdir::create(workdir.path())?;
                continue;
            };
            let held = match file.try_lock() {
                Ok(()) => true,
                Err(TryLockError::WouldBlock) => {
                    if let Some(waiting) = waiting.take() {
                        waiting(&holder(&mut file));
                    }
                    file.lock().is_ok()
                }
                Err(TryLockError::Error(_)) => false,
            };
            // Whoever held it may have removed the directory; then somebody else can lock another file of this name.
            if is_in_place(&file, workdir) {
                return Ok(Lock::taken(file, held, purpose));
            }
        }
    }

    /// Takes the lock unless another process has it; then what that process wrote. None when the build directory is
    /// gone, which it may be by now.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn try_take(workdir: &Workdir, purpose: &str) -> Result<Option<std::result::Result<Lock, String>>> {
        let Some(mut file) = open(workdir)? else { return Ok(None) };
        let held = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => return Ok(Some(Err(holder(&mut file)))),
            Err(TryLockError::Error(_)) => false,
        };
        Ok(is_in_place(&file, workdir).then(|| Ok(Lock::taken(file, held, purpose))))
    }

    /// Whether files in this directory can be made and locked.
    ///
    /// # Errors
    /// None can be made there.
    pub fn works_in(dir: &Utf8Path) -> std::io::Result<bool> {
        let path = dir.join(format!(".fudsv-lock-{}", std::process::id()));
        let file = File::create_new(&path)?;
        let works = file.try_lock().is_ok();
        std::fs::remove_file(&path).map(|()| works)
    }

    /// Writes the holder of the lock into the file.
    fn taken(mut file: File, held: bool, purpose: &str) -> Lock {
        let holder = format!("pid {}: {purpose}\n", std::process::id());
        // What a longer line left behind this one stays: cutting it off costs milliseconds on some file systems.
        drop(file.rewind().and_then(|()| file.write_all(holder.as_bytes())));
        Lock { file, held }
    }

    /// Lets children inherit the lock, so that an orphaned Ninja still has it; returns its number for them. The step runner
    /// keeps it from the tools.
    pub fn pass_on(&self) -> Option<i32> {
        let passed = self.held.then(|| rustix::io::fcntl_setfd(&self.file, rustix::io::FdFlags::empty()));
        passed?.ok().map(|()| self.file.as_raw_fd())
    }
}

/// A read-only build directory can be locked as long as there is nothing to do; `None` if it is gone.
fn open(workdir: &Workdir) -> Result<Option<File>> {
    let path = workdir.file(names::LOCK);
    let mut options = File::options();
    let opened = options.read(true).write(true).create(true).truncate(false).open(&path);
    let opened = opened.or_else(|e| match e.kind() {
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => File::open(&path).map_err(|_| e),
        _ => Err(e),
    });
    match opened {
        Err(e) if e.kind() == ErrorKind::NotFound && !path.is_symlink() => Ok(None),
        opened => opened.map(Some).map_err(|e| Error::machine(format!("cannot lock `{path}`")).because(e)),
    }
}

/// Whether this file still has the name of the lock.
fn is_in_place(file: &File, workdir: &Workdir) -> bool {
    let there = std::fs::metadata(workdir.file(names::LOCK));
    let same = file
        .metadata()
        .and_then(|own| there.map(|there| (own.dev(), own.ino()) == (there.dev(), there.ino())));
    same.unwrap_or(false)
}

/// What the process with the lock wrote.
fn holder(file: &mut File) -> String {
    let mut holder = String::new();
    drop(file.read_to_string(&mut holder));
    holder.lines().next().unwrap_or_default().trim().to_owned()
}
