//! The one way in which a file is written whole: under a temporary name of this process, then renamed.
//! It does not know what the file is for.

use super::names;
use crate::beneath::Beneath;
use crate::diag::{Error, Result};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use std::fs;
use std::io;

/// What stands between the name of a file and the number of the process that writes it.
const TEMPORARY: &str = ".tmp";

/// Puts a file with this content in its place at once; makes a missing directory.
///
/// # Errors
/// It cannot be written; an existing file stays as it was.
pub fn replace(path: &Utf8Path, content: &[u8]) -> Result<()> {
    let written = write(path, content, |_| Ok(()));
    written.map_err(|e| Error::machine(format!("cannot write `{path}`")).because(e))
}

/// The same for a file of the user's: where a link leads, with the permissions that it had, safe from a power cut; and
/// what earlier processes left beside it that were killed is removed.
///
/// # Errors
/// As [`replace`].
pub fn replace_users(path: &Utf8Path, content: &[u8]) -> Result<()> {
    let real = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    let mode = fs::metadata(&real).ok().map(|meta| meta.permissions());
    let written = write(&real, content, |temporary| {
        if let Some(mode) = mode {
            fs::set_permissions(temporary, mode)?;
        }
        fs::File::open(temporary)?.sync_all()
    });
    written.map_err(|e| Error::machine(format!("cannot write `{path}`")).because(e))?;
    let (dir, name) = (real.parent().unwrap_or(&real), real.file_name().unwrap_or_default());
    remove_abandoned(dir, |of| of == name);
    Ok(())
}

fn write(
    path: &Utf8Path,
    content: &[u8],
    prepare: impl FnOnce(&Utf8Path) -> io::Result<()>,
) -> io::Result<()> {
    let temporary = Utf8PathBuf::from(format!("{path}{TEMPORARY}{}", std::process::id()));
    let written = fs::write(&temporary, content).or_else(|e| match path.parent() {
        Some(dir) if e.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(dir).and_then(|()| fs::write(&temporary, content))
        }
        _ => Err(e),
    });
    let placed = written.and_then(|()| prepare(&temporary)).and_then(|()| fs::rename(&temporary, path));
    if placed.is_err() {
        fs::remove_file(&temporary).unwrap_or_default();
    }
    placed
}

/// Removes temporary directories of processes that are gone, which `.fudsv-tmp.NAME.PROCESS` is the name of; all of them,
/// or those for one name.
pub fn sweep(dir: &Utf8Path, of: Option<&str>) {
    let Ok(root) = Beneath::open(dir) else { return };
    let is_meant = |name: &String| {
        let process = name.rsplit_once('.').filter(|(front, _)| match of {
            Some(of) => names::is_temporary_of(of, name),
            None => names::is_temporary(front),
        });
        process.is_some_and(|(_, process)| is_gone(process))
    };
    for name in root.list(Utf8Path::new("")).iter().filter(|name| is_meant(name)) {
        root.remove(Utf8Path::new(name)).unwrap_or_default();
    }
}

/// Removes temporary files of processes that are gone, for files of these names.
pub(super) fn remove_abandoned(dir: &Utf8Path, is_meant: impl Fn(&str) -> bool) {
    let entries = dir.read_dir_utf8().into_iter().flatten().flatten();
    for entry in entries.filter(|entry| abandoned(entry.file_name()).is_some_and(&is_meant)) {
        fs::remove_file(entry.path()).unwrap_or_default();
    }
}

/// The file for which a process that is gone was writing a temporary one of this name.
fn abandoned(name: &str) -> Option<&str> {
    let (of, process) = name.rsplit_once(TEMPORARY)?;
    is_gone(process).then_some(of)
}

/// Whether this is the number of a process that is gone.
fn is_gone(process: &str) -> bool {
    let process = process.parse().ok().and_then(Pid::from_raw);
    process.is_some_and(|process| test_kill_process(process) == Err(Errno::SRCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_file_keeps_its_link_and_mode_and_what_a_killed_process_left_is_removed() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| Utf8PathBuf::from_path_buf(dir.path().join(name)).unwrap();
        // No process has the largest number.
        for name in ["real", "real.tmp2147483647", "other.tmp2147483647", "real.tmp1", "real.tmpl"] {
            fs::write(at(name), "old").unwrap();
        }
        fs::set_permissions(at("real"), fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("real", at("link")).unwrap();
        replace_users(&at("link"), b"new").unwrap();
        assert!(at("link").is_symlink());
        assert_eq!(fs::read_to_string(at("real")).unwrap(), "new");
        assert_eq!(fs::metadata(at("real")).unwrap().permissions().mode() & 0o777, 0o640);
        let mut names: Vec<_> = dir.path().read_dir().unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["link", "other.tmp2147483647", "real", "real.tmp1", "real.tmpl"]);
    }
}
