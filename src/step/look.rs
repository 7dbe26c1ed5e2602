//! A look at a file: what it holds, and the stat by which that is known later without reading it again.
//! It does not know whether the file is an input or an output of anything.

use crate::digest::{Digest, KeyHasher};
use crate::facts::Stat;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file that changed this recently may change again without another stat: the clock that stamps files ticks slowly
/// (4 to 10 ms). Such a stat is not kept; the content is read again next time.
const TICK: Duration = Duration::from_millis(20);

/// A file as it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Relative to the build directory, or absolute.
    pub path: Utf8PathBuf,
    /// What it held; absent when nothing readable was there, or when nobody knows what a tool read.
    pub digest: Option<Digest>,
    /// The stat under which it surely holds this; absent when it must be read again.
    pub stat: Option<Stat>,
    /// The stat at the time of the look, whether or not it can be relied on later.
    #[serde(skip)]
    pub stat_then: Option<Stat>,
}

impl Seen {
    /// A file of which only the name is known: it never equals what is there.
    pub fn unknown(path: Utf8PathBuf) -> Seen {
        Seen { path, digest: None, stat: None, stat_then: None }
    }

    /// Whether something was there when it was looked at.
    pub fn is_there(&self) -> bool {
        self.stat_then.is_some()
    }

    /// Whether this look relied on, or led to, other stats than `old` holds.
    pub fn is_fresher_than(&self, old: &Seen) -> bool {
        self.stat.is_some() && self.stat != old.stat
    }
}

/// Where to look from, and what will be written there before a step runs.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The build directory.
    pub workdir: Utf8PathBuf,
    /// Files that will be there, with what they will hold.
    pub coming: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

impl Site {
    /// The current directory, as it is.
    pub fn here() -> Site {
        Site::default()
    }

    /// Looks at a file that is read.
    pub fn input(&self, path: &Utf8Path, known: Option<&Seen>) -> Seen {
        match self.coming.get(path) {
            Some(content) => {
                Seen { digest: Some(Digest::of_bytes(content)), ..Seen::unknown(path.to_owned()) }
            }
            None => Seen { path: path.to_owned(), ..input(&self.workdir.join(path), known) },
        }
    }

    /// Looks at a file that was made.
    pub fn output(&self, path: &Utf8Path, known: Option<&Seen>) -> Seen {
        Seen { path: path.to_owned(), ..output(&self.workdir.join(path), known) }
    }

    /// What the tool calls itself whose identity is in this file.
    pub fn version(&self, path: &Utf8Path) -> Option<String> {
        let content = self.coming.get(path).cloned().or_else(|| fs::read(self.workdir.join(path)).ok())?;
        let text = String::from_utf8(content).ok()?;
        text.lines().next()?.strip_prefix("version ").map(str::to_owned)
    }
}

/// Looks at a file that is read: links are followed, a directory is its names.
pub fn input(path: &Utf8Path, known: Option<&Seen>) -> Seen {
    look(path, fs::metadata(path), known)
}

/// Looks at a file that was made: a link is its text.
pub fn output(path: &Utf8Path, known: Option<&Seen>) -> Seen {
    look(path, fs::symlink_metadata(path), known)
}

fn look(path: &Utf8Path, meta: io::Result<Metadata>, known: Option<&Seen>) -> Seen {
    let Ok(meta) = meta else { return Seen::unknown(path.to_owned()) };
    let stat = Stat::from_metadata(&meta);
    let known = known.filter(|known| known.stat == Some(stat)).and_then(|known| known.digest);
    let kept = is_settled(&stat);
    let digest = known.or_else(|| digest(path, &meta).ok());
    Seen { path: path.to_owned(), digest, stat: kept.then_some(stat), stat_then: Some(stat) }
}

/// The digest of what this metadata belongs to.
fn digest(path: &Utf8Path, meta: &Metadata) -> io::Result<Digest> {
    if meta.is_file() {
        Digest::of_file(path.as_std_path())
    } else if meta.is_symlink() {
        Ok(KeyHasher::new().field("link", path.read_link_utf8()?.as_str()).finish())
    } else if meta.is_dir() {
        let mut names =
            fs::read_dir(path)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
        names.sort();
        let mut hasher = KeyHasher::new();
        for name in names {
            hasher.field("name", name.as_encoded_bytes());
        }
        Ok(hasher.finish())
    } else {
        Ok(Digest::of_bytes(b"neither file nor directory"))
    }
}

/// Whether a later change surely shows in the stat.
pub fn is_settled(stat: &Stat) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    stat.ctime < now.saturating_sub(TICK).as_nanos().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stat_that_may_hide_a_change_is_not_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().join("a")).unwrap();
        fs::write(&path, "1").unwrap();
        let first = input(&path, None);
        assert_eq!((first.digest, first.stat), (Some(Digest::of_bytes(b"1")), None));
        fs::write(&path, "2").unwrap();
        assert_eq!(input(&path, Some(&first)).digest, Some(Digest::of_bytes(b"2")));
        assert!(is_settled(&Stat { ctime: 0, ..first.stat_then.unwrap() }));
    }

    #[test]
    fn a_known_stat_saves_reading_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().join("a")).unwrap();
        fs::write(&path, "1").unwrap();
        let claimed = Some(Digest::of_bytes(b"what the record claims"));
        let known = Seen { path: path.clone(), digest: claimed, stat: Stat::of(&path), stat_then: None };
        assert_eq!(input(&path, Some(&known)).digest, claimed);
    }

    #[test]
    fn a_link_is_read_through_as_input_and_is_its_text_as_output() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name| Utf8PathBuf::from_path_buf(dir.path().join(name)).unwrap();
        fs::write(path("a"), "1").unwrap();
        std::os::unix::fs::symlink("a", path("l")).unwrap();
        assert_eq!(input(&path("l"), None).digest, Some(Digest::of_bytes(b"1")));
        let link = output(&path("l"), None).digest;
        fs::write(path("a"), "2").unwrap();
        assert_eq!(output(&path("l"), None).digest, link);
    }
}
