//! One fudsv per build directory: a lock on a file, which Ninja inherits.
//! It does not know what is done under it.

use super::Workdir;
use super::inherit::inheritable;
use crate::diag::{Error, Result};
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};

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
        let path = workdir.internal("lock");
        let cannot = |e: std::io::Error| Error::machine(format!("cannot lock `{path}`")).because(e);
        let mut options = File::options();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).open(&path).map_err(cannot)?;
        let held = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                drop(file.read_to_string(&mut holder));
                waiting(holder.trim());
                file.lock().is_ok()
            }
            Err(TryLockError::Error(_)) => false,
        };
        let holder = format!("pid {}: {purpose}\n", std::process::id());
        drop(file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(holder.as_bytes())));
        Ok(Lock { file, held })
    }

    /// Lets the next child inherit the lock; the number to tell it.
    pub(super) fn pass_on(&self) -> Option<i32> {
        if self.held { inheritable(&self.file).ok() } else { None }
    }
}
