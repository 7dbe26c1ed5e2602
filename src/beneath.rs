//! Files below a directory of ours, reached without following a link: what somebody put there cannot lead elsewhere.
//! It does not know what the files are. It opens one directory after the other instead of `openat2`, which Linux has
//! only since 5.6.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use camino::{Utf8Component, Utf8Path};
use rustix::fs::{
    AtFlags, CWD, Mode, OFlags, RawDir, fchmod, fstat, mkdirat, openat, renameat, statat, unlinkat,
};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::time::{Duration, UNIX_EPOCH};

/// A directory whose files are asked for by their names below it.
#[derive(Debug)]
pub struct Beneath {
    root: OwnedFd,
    /// The mode bits that everything made here gets beside the usual ones: the bits of the group, if the setgid bit of the
    /// directory says that the group shares it.
    shared: Mode,
}

impl Beneath {
    /// Opens the directory; the way to it may lead through links.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn open(root: &Utf8Path) -> io::Result<Beneath> {
        let root = openat(CWD, root.as_std_path(), DIRECTORY, Mode::empty())?;
        let is_shared = Mode::from_raw_mode(fstat(&root)?.st_mode).contains(Mode::SGID);
        Ok(Beneath { root, shared: if is_shared { Mode::RGRP | Mode::WGRP } else { Mode::empty() } })
    }

    /// A directory; an empty name is the root.
    fn dir(&self, name: &Utf8Path) -> io::Result<OwnedFd> {
        let mut dir = self.root.try_clone()?;
        for part in parts(name)? {
            dir = openat(&dir, part, DIRECTORY | OFlags::NOFOLLOW, Mode::empty())?;
        }
        Ok(dir)
    }

    /// The directory in which a file stands, and the name of the file there.
    fn place<'n>(&self, name: &'n Utf8Path) -> io::Result<(OwnedFd, &'n str)> {
        let file = parts(name)?.pop().ok_or(Errno::INVAL)?;
        Ok((self.dir(name.parent().unwrap_or(Utf8Path::new("")))?, file))
    }

    /// Makes a directory and its parents.
    ///
    /// # Errors
    /// An obstacle that is not a directory, such as a link; or an error of the system.
    pub fn make_dir(&self, name: &Utf8Path) -> io::Result<()> {
        let mut dir = self.root.try_clone()?;
        for part in parts(name)? {
            let made = match mkdirat(&dir, part, Mode::from_raw_mode(0o777)) {
                Err(Errno::EXIST) => false,
                made => made.map(|()| true)?,
            };
            dir = openat(&dir, part, DIRECTORY | OFlags::NOFOLLOW, Mode::empty())?;
            if made && !self.shared.is_empty() {
                // A directory that was only looked up cannot be changed, hence once more.
                let there = openat(&dir, ".", OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty())?;
                let mode = Mode::from_raw_mode(fstat(&there)?.st_mode);
                fchmod(&there, mode | self.shared | Mode::XGRP)?;
            }
        }
        Ok(())
    }

    /// Opens a plain file for reading; neither a link nor a device nor a FIFO, which might never end.
    ///
    /// # Errors
    /// It is something else, or whatever the system says.
    pub fn read_from(&self, name: &Utf8Path) -> io::Result<File> {
        let (dir, name) = self.place(name)?;
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        plain(File::from(openat(&dir, name, flags, Mode::empty())?))
    }

    /// The whole of a plain file of at most so many bytes.
    ///
    /// # Errors
    /// It is larger or no plain file, or whatever the system says.
    pub fn read(&self, name: &Utf8Path, most: u64) -> io::Result<Vec<u8>> {
        read_at_most(&self.read_from(name)?, most)
    }

    /// Makes a new file for writing.
    ///
    /// # Errors
    /// It exists, or an error of the system.
    pub fn create(&self, name: &Utf8Path) -> io::Result<File> {
        self.write_with(name, OFlags::CREATE | OFlags::EXCL)
    }

    /// Opens a file for appending, and makes it if it does not exist.
    ///
    /// # Errors
    /// It is not a plain file, or an error of the system.
    pub fn append(&self, name: &Utf8Path) -> io::Result<File> {
        self.write_with(name, OFlags::CREATE | OFlags::APPEND)
    }

    /// Opens a file for writing from its beginning, and makes it if it does not exist; a longer content stays.
    ///
    /// # Errors
    /// It is not a plain file, or an error of the system.
    pub fn write(&self, name: &Utf8Path) -> io::Result<File> {
        self.write_with(name, OFlags::CREATE)
    }

    fn write_with(&self, name: &Utf8Path, how: OFlags) -> io::Result<File> {
        let (dir, name) = self.place(name)?;
        let flags = OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | how;
        let file = plain(File::from(openat(&dir, name, flags, Mode::from_raw_mode(0o666))?))?;
        let mode = Mode::from_raw_mode(fstat(&file)?.st_mode);
        if !mode.contains(self.shared) {
            // Somebody else's file stays as it is.
            fchmod(&file, mode | self.shared).unwrap_or_default();
        }
        Ok(file)
    }

    /// The names in a directory, sorted; empty if it does not exist or cannot be listed.
    pub fn list(&self, name: &Utf8Path) -> Vec<String> {
        let listed = self.dir(name).and_then(|dir| names(&dir));
        let mut names = listed.unwrap_or_default();
        names.sort();
        names
    }

    /// Waits until what a directory lists is on the disk.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn sync_dir(&self, name: &Utf8Path) -> io::Result<()> {
        let dir = openat(
            self.dir(name)?,
            ".",
            OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        Ok(rustix::fs::fsync(&dir)?)
    }

    /// Whether a directory exists and is not a link.
    pub fn is_dir(&self, name: &Utf8Path) -> bool {
        self.dir(name).is_ok()
    }

    /// Whether anything is there, be it a link.
    pub fn exists(&self, name: &Utf8Path) -> bool {
        let stat = |(dir, name): (OwnedFd, &str)| {
            statat(&dir, name, AtFlags::SYMLINK_NOFOLLOW).map_err(io::Error::from)
        };
        self.place(name).and_then(stat).is_ok()
    }

    /// How long ago something was last written, also a link; `None` if it does not exist or was written in the future.
    pub fn age(&self, name: &Utf8Path) -> Option<Duration> {
        let (dir, name) = self.place(name).ok()?;
        let stat = statat(&dir, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        let written = UNIX_EPOCH + Duration::from_secs(u64::try_from(stat.st_mtime).ok()?);
        written.elapsed().ok()
    }

    /// Moves something to another name.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn rename(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        let ((from_dir, from), (to_dir, to)) = (self.place(from)?, self.place(to)?);
        Ok(renameat(&from_dir, from, &to_dir, to)?)
    }

    /// Removes a file, a link, or a directory with its content.
    ///
    /// # Errors
    /// An error of the system, also if it does not exist.
    pub fn remove(&self, name: &Utf8Path) -> io::Result<()> {
        let (dir, name) = self.place(name)?;
        match unlinkat(&dir, name, AtFlags::empty()) {
            Err(Errno::ISDIR | Errno::PERM) => {
                // The name leads to the very directory that was opened; below it the library follows no link either.
                std::fs::remove_dir_all(format!("/proc/self/fd/{}/{name}", dir.as_raw_fd()))
            }
            removed => Ok(removed?),
        }
    }

    /// Removes a file, a link or an empty directory below the directory `within`, and the directories there that this leaves
    /// empty. A missing file is not an error.
    pub fn remove_file(&self, within: &Utf8Path, file: &Utf8Path) {
        let name = within.join(file);
        let Ok((dir, last)) = self.place(&name) else { return };
        unlinkat(&dir, last, AtFlags::empty())
            .or_else(|_| unlinkat(&dir, last, AtFlags::REMOVEDIR))
            .unwrap_or_default();
        let above = file.ancestors().skip(1).take_while(|above| !above.as_str().is_empty());
        for above in above.map(|above| within.join(above)) {
            let gone = self.place(&above).is_ok_and(|(dir, n)| unlinkat(&dir, n, AtFlags::REMOVEDIR).is_ok());
            if !gone {
                break;
            }
        }
    }
}

/// No text that fudsv reads is longer: what somebody else put there may be a sparse file of any size.
pub const LONGEST: u64 = 1 << 30;

/// A directory that is only passed through.
const DIRECTORY: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// The whole of a plain file of at most so many bytes, wherever links lead.
///
/// # Errors
/// It is larger or no plain file, or whatever the system says.
pub fn read(path: &Utf8Path, most: u64) -> io::Result<Vec<u8>> {
    read_at_most(&open_plain(path)?, most)
}

/// The whole of an open file of at most so many bytes.
///
/// # Errors
/// It is larger, or whatever the system says.
pub fn read_at_most(file: &File, most: u64) -> io::Result<Vec<u8>> {
    // One more, so that the end is seen without another buffer.
    let length = file.metadata()?.len().min(most) + 1;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(usize::try_from(length).unwrap_or(usize::MAX))?;
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(ErrorKind::InvalidData, format!("it is larger than {most} bytes")));
    }
    Ok(bytes)
}

/// Opens a plain file for reading, wherever links lead; neither a device nor a FIFO, which might never end.
///
/// # Errors
/// It is something else, or whatever the system says.
pub fn open_plain(path: &Utf8Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    plain(File::from(openat(CWD, path.as_std_path(), flags, Mode::empty())?))
}

fn plain(file: File) -> io::Result<File> {
    match file.metadata()? {
        meta if meta.is_file() => Ok(file),
        meta if meta.is_dir() => Err(Errno::ISDIR.into()),
        _ => Err(io::Error::new(ErrorKind::InvalidInput, "it is not a plain file")),
    }
}

/// The names between the slashes; those that lead up or to another root are refused.
fn parts(name: &Utf8Path) -> io::Result<Vec<&str>> {
    let plain = |part| match part {
        Utf8Component::Normal(name) => Some(name),
        _ => None,
    };
    let refused = || io::Error::new(ErrorKind::InvalidInput, format!("`{name}` leads out"));
    name.components().map(plain).collect::<Option<Vec<_>>>().ok_or_else(refused)
}

/// The names in an open directory, without those that are not UTF-8.
fn names(dir: &impl AsFd) -> io::Result<Vec<String>> {
    let dir = openat(dir, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let mut buffer = [MaybeUninit::uninit(); 8192];
    let mut entries = RawDir::new(dir, &mut buffer);
    let mut found = vec![];
    while let Some(entry) = entries.next() {
        let name = OsStr::from_bytes(entry?.file_name().to_bytes()).to_str().map(str::to_owned);
        found.extend(name.filter(|name| name != "." && name != ".."));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8PathBuf;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn directory() -> (tempfile::TempDir, Utf8PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        for name in ["root/sub", "outside"] {
            std::fs::create_dir_all(path.join(name)).unwrap();
            std::fs::write(path.join(name).join("f"), "kept").unwrap();
        }
        symlink("../outside", path.join("root/link")).unwrap();
        (dir, path)
    }

    #[test]
    fn nothing_is_removed_read_or_written_through_a_link_or_upwards() {
        let (_dir, path) = directory();
        let root = Beneath::open(&path.join("root")).unwrap();
        for name in ["link/f", "../outside/f", "sub/../link/f", "/etc/passwd", "sub/../../outside/f"] {
            let name = Utf8Path::new(name);
            assert!(root.remove(name).is_err(), "{name}");
            assert!(root.read(name, 100).is_err(), "{name}");
            assert!(root.append(name).is_err(), "{name}");
            assert!(root.rename(Utf8Path::new("sub/f"), name).is_err(), "{name}");
            root.remove_file(Utf8Path::new(""), name);
        }
        assert!(root.make_dir(Utf8Path::new("link/new")).is_err());
        assert!(root.list(Utf8Path::new("link")).is_empty() && !root.is_dir(Utf8Path::new("link")));
        assert_eq!(std::fs::read_to_string(path.join("outside/f")).unwrap(), "kept");
        assert_eq!(std::fs::read_dir(path.join("outside")).unwrap().count(), 1);
    }

    #[test]
    fn a_directory_goes_with_its_links_and_not_with_what_they_lead_to() {
        let (_dir, path) = directory();
        symlink("../../outside", path.join("root/sub/inner")).unwrap();
        let root = Beneath::open(&path.join("root")).unwrap();
        root.remove(Utf8Path::new("sub")).unwrap();
        root.remove(Utf8Path::new("link")).unwrap();
        assert_eq!(root.list(Utf8Path::new("")), Vec::<String>::new());
        assert!(path.join("outside/f").exists());
    }

    #[test]
    fn what_is_no_plain_file_or_too_large_is_not_read() {
        let (_dir, path) = directory();
        let fifo = path.join("root/fifo");
        rustix::fs::mknodat(CWD, fifo.as_std_path(), rustix::fs::FileType::Fifo, Mode::RUSR, 0).unwrap();
        symlink("/dev/zero", path.join("root/zero")).unwrap();
        let root = Beneath::open(&path.join("root")).unwrap();
        for name in ["fifo", "zero", "sub"] {
            assert!(root.read(Utf8Path::new(name), 100).is_err(), "{name}");
        }
        assert_eq!(root.read(Utf8Path::new("sub/f"), 4).unwrap(), b"kept");
        assert!(root.read(Utf8Path::new("sub/f"), 3).is_err());
        assert!(open_plain(&fifo).is_err() && open_plain(Utf8Path::new("/dev/zero")).is_err());
    }

    #[test]
    fn what_is_made_in_a_directory_of_a_group_can_be_written_by_the_group() {
        let (_dir, path) = directory();
        let root = path.join("root");
        std::fs::set_permissions(&root, std::fs::Permissions::from_mode(0o2770)).unwrap();
        let mode = |name: &str| std::fs::metadata(root.join(name)).unwrap().permissions().mode() & 0o2070;
        let shared = Beneath::open(&root).unwrap();
        shared.make_dir(Utf8Path::new("a/b")).unwrap();
        shared.create(Utf8Path::new("a/b/c")).unwrap();
        assert_eq!((mode("a"), mode("a/b"), mode("a/b/c")), (0o2070, 0o2070, 0o060));
        let own = Beneath::open(&path.join("outside")).unwrap();
        own.create(Utf8Path::new("g")).unwrap();
        let usual = std::fs::metadata(path.join("outside/f")).unwrap().permissions().mode();
        assert_eq!(std::fs::metadata(path.join("outside/g")).unwrap().permissions().mode(), usual);
    }
}
