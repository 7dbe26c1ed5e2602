//! Where things are in a store, and how they get there whole.
//! It does not know what they hold.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::beneath::Beneath;
use crate::digest::Digest;
use camino::{Utf8Path, Utf8PathBuf};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The directory in which things are written before they have their names.
pub const TEMPORARY: &str = "tmp";

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

/// Where a thing is, below the directory of the store.
pub fn place(kind: Kind, key: Digest) -> Utf8PathBuf {
    let name = key.to_string();
    Utf8PathBuf::from(format!("{}/{}/{name}", kind.dir(), key.short(2)))
}

/// All things of a kind: their keys and places, sorted. What is named otherwise is left out.
pub fn all(root: &Beneath, kind: Kind) -> Vec<(Digest, Utf8PathBuf)> {
    let mut found = vec![];
    for shard in root.list(Utf8Path::new(kind.dir())) {
        let shard = Utf8Path::new(kind.dir()).join(shard);
        let keyed = |name: String| Some((name.parse().ok()?, shard.join(name)));
        found.extend(root.list(&shard).into_iter().filter_map(keyed));
    }
    found.sort();
    found
}

/// A name for something temporary which nobody else uses, also not on another machine.
pub fn fresh_name(purpose: &str) -> Utf8PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    Utf8PathBuf::from(format!("{TEMPORARY}/{purpose}.{}.{process}.{count}.{since:x}", processes()))
}

/// Whose processes the number of ours is one of: the machine, and the container, whose processes have numbers of their own.
fn processes() -> &'static str {
    static PROCESSES: OnceLock<String> = OnceLock::new();
    PROCESSES.get_or_init(|| {
        let host = rustix::system::uname().nodename().to_string_lossy().replace('/', "_");
        let container = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        let digits: String = container.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
        format!("{host}-{digits}")
    })
}

/// Whether a process that is gone left this name of [`fresh_name`], without the directory.
pub fn is_abandoned(name: &str) -> bool {
    let mut parts = name.rsplitn(4, '.');
    let (_, _, process, rest) = (parts.next(), parts.next(), parts.next(), parts.next());
    let is_near = rest.is_some_and(|rest| rest.ends_with(&format!(".{}", processes())));
    let process = process.and_then(|process| process.parse::<i32>().ok()).and_then(Pid::from_raw);
    is_near && process.is_some_and(|pid| test_kill_process(pid) == Err(Errno::SRCH))
}

/// Puts something that is ready in its place; a thing that is there already stays. Says whether it was put there.
pub fn publish(root: &Beneath, from: &Utf8Path, to: &Utf8Path) -> io::Result<bool> {
    root.make_dir(to.parent().unwrap_or(to))?;
    match root.rename(from, to) {
        Err(e) if matches!(e.raw_os_error(), Some(EEXIST | ENOTEMPTY)) => Ok(false),
        renamed => renamed.map(|()| true),
    }
}

/// Writes a small file whole.
pub fn write(root: &Beneath, to: &Utf8Path, content: &[u8]) -> io::Result<()> {
    let temporary = fresh_name("file");
    let written = root.create(&temporary).and_then(|mut file| file.write_all(content));
    let published = written.and_then(|()| publish(root, &temporary, to)).map(drop);
    if published.is_err() {
        root.remove(&temporary).unwrap_or_default();
    }
    published
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

    /// Takes something out of its place and returns where it is now; nothing happens where the store cannot be written.
    pub(super) fn put_aside(&self, root: &Beneath, place: &Utf8Path, purpose: &str) -> Option<Utf8PathBuf> {
        let aside = fresh_name(purpose);
        let is_writable = !self.is_read_only && root.make_dir(Utf8Path::new(TEMPORARY)).is_ok();
        (is_writable && root.rename(place, &aside).is_ok()).then_some(aside)
    }
}

const EEXIST: i32 = Errno::EXIST.raw_os_error();
const ENOTEMPTY: i32 = Errno::NOTEMPTY.raw_os_error();
