//! Lets a step run only once at a time, even if two Ninjas run in one build directory.
//! It does not know what happens under the lock.

use crate::diag::{Error, Result};
use crate::facts::Stat;
use crate::step::names;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, Write};

/// Held until dropped, and by this process only.
pub struct Lock {
    file: File,
    /// `None` on file systems without locks: there, only publishing by rename protects.
    held: bool,
}

impl Lock {
    /// Waits for the lock of a step.
    ///
    /// # Errors
    /// The build directory cannot be written.
    pub fn wait(step: &str) -> Result<Lock> {
        let path = names::step_file(step, "lock");
        let open = || File::options().create(true).truncate(false).read(true).write(true).open(&path);
        let file = match open() {
            Err(e) if e.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(names::STEPS).and_then(|()| open())
            }
            file => file,
        };
        let file = file.map_err(|e| Error::machine(format!("cannot lock `{path}`")).because(e))?;
        let held = loop {
            match file.lock() {
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                locked => break locked.is_ok(),
            }
        };
        Ok(Lock { file, held })
    }

    /// The temporary directories that killed runs left behind. Without a lock that cannot be known.
    pub fn leftovers(&self, step: &str) -> Vec<Utf8PathBuf> {
        if !self.held {
            return vec![];
        }
        let mut text = String::new();
        (&self.file).read_to_string(&mut text).unwrap_or_default();
        let is_ours =
            |path: &&str| Utf8Path::new(path).file_name().is_some_and(|n| names::is_temporary_of(step, n));
        let listed = text.lines().take_while(|line| !line.is_empty()).filter(is_ours).map(Utf8PathBuf::from);
        listed.filter(|dir| dir.exists()).collect()
    }

    /// Notes the temporary directories of this run. Returns the file system's present time, in nanoseconds.
    ///
    /// # Errors
    /// The build directory cannot be written.
    pub fn stamp<'a>(&self, dirs: impl IntoIterator<Item = &'a Utf8PathBuf>) -> Result<i128> {
        // An empty line ends the list. The rest of a longer list stays behind it, since truncating costs more.
        let text: String = dirs.into_iter().map(|dir| format!("{dir}\n")).chain(["\n".to_owned()]).collect();
        let now = || -> io::Result<i128> {
            (&self.file).rewind()?;
            (&self.file).write_all(text.as_bytes())?;
            Ok(Stat::from_metadata(&self.file.metadata()?).mtime)
        };
        now().map_err(|e| Error::machine("cannot write the lock of the step").because(e))
    }
}
