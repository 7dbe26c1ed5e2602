//! Where things are in a store, and how they get there whole.
//! It does not know what they hold.

use crate::digest::Digest;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The three kinds of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Entries, by key.
    Entries,
    /// Sets of found files, by the first level of the key.
    Sets,
    /// The last key of each subject.
    Latest,
}

impl Kind {
    fn dir(self) -> &'static str {
        match self {
            Kind::Entries => "e",
            Kind::Sets => "m",
            Kind::Latest => "n",
        }
    }
}

/// A store in a directory, which need not be there yet.
#[derive(Clone, Debug)]
pub struct Directory {
    dir: Utf8PathBuf,
    pub(super) is_read_only: bool,
}

impl Directory {
    /// The store in this directory.
    pub fn new(dir: impl Into<Utf8PathBuf>) -> Directory {
        Directory { dir: dir.into(), is_read_only: false }
    }

    /// The same, never written to.
    pub fn read_only(self) -> Directory {
        Directory { is_read_only: true, ..self }
    }

    /// Where it is.
    pub fn path(&self) -> &Utf8Path {
        &self.dir
    }

    /// Where a thing is.
    pub(super) fn place(&self, kind: Kind, key: Digest) -> Utf8PathBuf {
        let name = key.to_string();
        self.dir.join(kind.dir()).join(&name[..2]).join(name)
    }

    /// All things of a kind: their keys and paths, sorted. What is named otherwise is left out.
    pub(super) fn all(&self, kind: Kind) -> Vec<(Digest, Utf8PathBuf)> {
        let mut found = vec![];
        for shard in entries(&self.dir.join(kind.dir())) {
            let keyed = |path: Utf8PathBuf| Some((path.file_name()?.parse().ok()?, path));
            found.extend(entries(&shard).into_iter().filter_map(keyed));
        }
        found.sort();
        found
    }

    /// Where things are written before they have their names.
    pub(super) fn temporary(&self) -> Utf8PathBuf {
        self.dir.join("tmp")
    }

    /// A name below that directory which nobody else uses, also not on another machine.
    pub(super) fn fresh_name(&self, purpose: &str) -> Utf8PathBuf {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        self.temporary().join(format!("{purpose}.{host}.{process}.{count}.{since:x}"))
    }

    /// Puts something that is ready in its place; a thing that is there already stays. Says whether it was put there.
    pub(super) fn publish(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<bool> {
        fs::create_dir_all(to.parent().unwrap_or(to))?;
        match fs::rename(from, to) {
            Err(e) if matches!(e.raw_os_error(), Some(EEXIST | ENOTEMPTY)) => Ok(false),
            renamed => renamed.map(|()| true),
        }
    }

    /// Writes a small file whole.
    pub(super) fn write(&self, path: &Utf8Path, content: &[u8]) -> io::Result<()> {
        let temporary = self.fresh_name("file");
        fs::write(&temporary, content)?;
        self.publish(&temporary, path).map(drop)
    }

    /// Takes something out of its place and returns where it is now; nothing happens where the store cannot be written.
    pub(super) fn put_aside(&self, path: &Utf8Path, purpose: &str) -> Option<Utf8PathBuf> {
        let aside = self.fresh_name(purpose);
        let is_writable = !self.is_read_only && fs::create_dir_all(self.temporary()).is_ok();
        (is_writable && fs::rename(path, &aside).is_ok()).then_some(aside)
    }
}

const EEXIST: i32 = rustix::io::Errno::EXIST.raw_os_error();
const ENOTEMPTY: i32 = rustix::io::Errno::NOTEMPTY.raw_os_error();

/// What is in a directory; nothing when it cannot be listed.
pub fn entries(dir: &Utf8Path) -> Vec<Utf8PathBuf> {
    let listed = dir.read_dir_utf8().map(|entries| entries.flatten().map(|entry| entry.into_path()));
    listed.map(Iterator::collect).unwrap_or_default()
}
