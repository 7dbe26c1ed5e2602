//! Moves a finished file to its place by renaming, but only if it differs from the file there.
//! It does not know steps: it gets two names.

use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::facts::Stat;
use crate::step::directory;
use crate::step::look::{self, Seen};
use crate::step::names;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs;
use std::io::{self, ErrorKind};
use std::time::SystemTime;

/// A file that a step made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Where it belongs.
    pub real: Utf8PathBuf,
    /// Where it is, unless it is already in its place.
    pub temporary: Option<Utf8PathBuf>,
    /// Where the replaced file was set aside, if there was one.
    pub aside: Option<Utf8PathBuf>,
    /// Its content, if known already.
    pub digest: Option<Digest>,
}

/// Moves the file to its place. A file there with the same content stays, with its inode and its time. `known` is what is
/// known about the file in this place.
///
/// # Errors
/// The directory cannot be written.
pub fn publish(file: &Finished, known: Option<&Seen>) -> Result<Seen> {
    let Finished { real, temporary, aside, digest } = file;
    let moved = match (temporary, aside) {
        (Some(temporary), _) => replace_when_different(temporary, *digest, real, known),
        (None, Some(aside)) => restore_when_same(aside, real),
        (None, None) => Ok(look::output(real, known)),
    };
    let seen = moved.map_err(|e| Error::machine(format!("cannot write `{real}`")).because(e))?;
    Ok(Seen { path: real.clone(), ..seen })
}

/// Gives a file in its place the present time. A file of another owner keeps its time.
pub fn renew(seen: &mut Seen) {
    let file = fs::File::options().append(true).open(&seen.path);
    file.and_then(|file| file.set_modified(SystemTime::now())).unwrap_or_default();
    *seen = Seen { stat: None, stat_then: Stat::of(&seen.path), ..seen.clone() };
}

fn replace_when_different(
    temporary: &Utf8Path,
    digest: Option<Digest>,
    real: &Utf8Path,
    known: Option<&Seen>,
) -> io::Result<Seen> {
    let seen = Seen { digest, stat: Stat::of(temporary), ..Seen::unknown(temporary.to_owned()) };
    let (new, old) = (look::output(temporary, digest.map(|_| &seen)), look::output(real, known));
    if new.digest.is_some() && new.digest == old.digest {
        keep_mode(temporary, real)?;
        return Ok(old);
    }
    if let Some(dir) = real.parent().filter(|_| old.stat_then.is_none()) {
        fs::create_dir_all(dir).or_else(|e| {
            let file = dir.ancestors().find(|above| above.is_file()).ok_or(e)?;
            fs::remove_file(file).and_then(|()| fs::create_dir_all(dir))
        })?;
    }
    fs::rename(temporary, real)
        .or_else(|e| clear_the_way(real, e).and_then(|()| fs::rename(temporary, real)))?;
    Ok(Seen { stat: None, stat_then: Stat::of(real), ..new })
}

/// Removes a directory in the place of a file if nothing can be lost: it is empty, or a step made it. Outside of the build
/// directory, it may contain only the list of the step's files, which are gone by now.
fn clear_the_way(real: &Utf8Path, error: io::Error) -> io::Result<()> {
    match error.kind() {
        ErrorKind::IsADirectory if real.join(names::SUMS).is_file() && names::is_inside(real) => {
            fs::remove_dir_all(real)
        }
        ErrorKind::IsADirectory if directory::files(real).is_ok_and(|files| files.is_empty()) => {
            fs::remove_file(real.join(names::SUMS)).unwrap_or_default();
            fs::remove_dir(real).map_err(|_| error)
        }
        ErrorKind::IsADirectory => fs::remove_dir(real).map_err(|_| error),
        ErrorKind::NotADirectory => fs::remove_file(real).map_err(|_| error),
        _ => Err(error),
    }
}

fn restore_when_same(aside: &Utf8Path, real: &Utf8Path) -> io::Result<Seen> {
    let (old, new) = (look::output(aside, None), look::output(real, None));
    if new.digest.is_some() && new.digest == old.digest {
        keep_mode(real, aside)?;
        fs::rename(aside, real)?;
    }
    Ok(Seen { stat: None, ..new })
}

/// Gives `to` the mode of `from` when they differ, as for a script that became executable.
fn keep_mode(from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    let mode = |path: &Utf8Path| Ok::<_, io::Error>(fs::symlink_metadata(path)?.permissions());
    let wanted = mode(from)?;
    if mode(to)? == wanted { Ok(()) } else { fs::set_permissions(to, wanted) }
}
