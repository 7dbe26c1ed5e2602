//! Looks at a file: its content, and a stat that later shows without reading that it is unchanged.
//! It does not know whether the file is an input or an output of anything.

use crate::digest::{Digest, KeyHasher};
use crate::facts::Stat;
use crate::step::names;
use crate::step::standing::DatabaseFiles;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file that changed this recently may change again with the same stat, because the clock for file times ticks slowly (4
/// to 10 ms). Such a stat is not kept, so the file is read again next time.
const TICK: Duration = Duration::from_millis(20);

/// A file as it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Relative to the build directory, or absolute.
    pub path: Utf8PathBuf,
    /// The digest of its content; `None` if nothing readable was there, or if it is not known what a tool read.
    pub digest: Option<Digest>,
    /// The stat with which it certainly has this content; `None` if it must be read again.
    pub stat: Option<Stat>,
    /// The stat at the time of the look, whether or not it can be relied on later.
    #[serde(skip)]
    pub stat_then: Option<Stat>,
}

impl Seen {
    /// A file of which only the name is known. It never equals an existing file.
    pub fn unknown(path: Utf8PathBuf) -> Seen {
        Seen { path, digest: None, stat: None, stat_then: None }
    }

    /// Whether something was there when it was looked at.
    pub fn is_there(&self) -> bool {
        self.stat_then.is_some()
    }

    /// Whether this look used or found other stats than `old` has.
    pub fn is_fresher_than(&self, old: &Seen) -> bool {
        self.stat.is_some() && self.stat != old.stat
    }
}

/// Where to look from, and what is known about files without looking.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The build directory.
    pub workdir: Utf8PathBuf,
    /// Files that will exist before the step runs, with their content.
    pub coming: BTreeMap<Utf8PathBuf, Vec<u8>>,
    /// Files for which databases stand.
    pub standing: DatabaseFiles,
}

impl Site {
    /// The current directory, without databases.
    pub fn here() -> Site {
        Site::default()
    }

    /// The current directory, with databases that stand for files.
    pub fn with(standing: DatabaseFiles) -> Site {
        Site { standing, ..Site::default() }
    }

    /// Looks at a file that is read.
    pub fn input(&self, path: &Utf8Path, known: Option<&Seen>) -> Seen {
        let told = |digest| Seen { digest: Some(digest), ..Seen::unknown(path.to_owned()) };
        if let Some(content) = self.coming.get(path) {
            return told(Digest::of_bytes(content));
        }
        let then = known.and_then(|known| known.digest);
        if let Some(digest) = self.standing.frozen(path, then) {
            return told(digest);
        }
        let seen = input(&self.workdir, path, known);
        let absent = || self.standing.absent(path, then);
        if seen.is_there() { seen } else { absent().map_or(seen, told) }
    }

    /// Looks at everything in a declared input, if that is a directory that no step made.
    pub fn inside<'k>(&self, path: &Utf8Path, known: impl Fn(&Utf8Path) -> Option<&'k Seen>) -> Vec<Seen> {
        let mut seen = vec![];
        let there = self.workdir.join(path);
        if there.is_dir() && !is_made(path, &there) {
            self.walk(path, &known, &mut vec![], &mut seen);
        }
        seen
    }

    /// Looks at everything in a directory and follows links. `above` are the directories on the way.
    fn walk<'k>(
        &self,
        dir: &Utf8Path,
        known: &impl Fn(&Utf8Path) -> Option<&'k Seen>,
        above: &mut Vec<Utf8PathBuf>,
        seen: &mut Vec<Seen>,
    ) {
        let Ok(real) = self.workdir.join(dir).canonicalize_utf8() else { return };
        if above.contains(&real) {
            return;
        }
        above.push(real);
        for name in listed(&self.workdir.join(dir)).unwrap_or_default() {
            let path = dir.join(name);
            seen.push(self.input(&path, known(&path)));
            if self.workdir.join(&path).is_dir() {
                self.walk(&path, known, above, seen);
            }
        }
        above.pop();
    }

    /// Looks at a file that was made.
    pub fn output(&self, path: &Utf8Path, known: Option<&Seen>) -> Seen {
        Seen { path: path.to_owned(), ..output(&self.workdir.join(path), known) }
    }

    /// The version of the tool whose identity is in this file.
    pub fn version(&self, path: &Utf8Path) -> Option<String> {
        let content = self.coming.get(path).cloned().or_else(|| fs::read(self.workdir.join(path)).ok())?;
        let text = String::from_utf8(content).ok()?;
        text.lines().next()?.strip_prefix("version ").map(str::to_owned)
    }
}

/// Looks at a file that is read; the path is relative to `workdir`. Links are followed. The content of a directory is its
/// names; if a step made it, the list of what that step made in it.
pub fn input(workdir: &Utf8Path, path: &Utf8Path, known: Option<&Seen>) -> Seen {
    let there = workdir.join(path);
    let digest = |meta: &Metadata| {
        if meta.is_dir() && is_made(path, &there) {
            return Digest::of_file(there.join(names::SUMS).as_std_path());
        }
        digest(&there, meta)
    };
    Seen { path: path.to_owned(), ..look(&there, fs::metadata(&there), known, digest) }
}

/// Looks at a file that was made. The content of a link is its text; all directories count as equal.
pub fn output(path: &Utf8Path, known: Option<&Seen>) -> Seen {
    let meta = fs::symlink_metadata(path);
    look(path, meta, known, |meta| {
        if meta.is_dir() { Ok(Digest::of_bytes(b"directory")) } else { digest(path, meta) }
    })
}

/// Whether a step made a directory; the path is relative to the build directory.
pub fn is_made(path: &Utf8Path, there: &Utf8Path) -> bool {
    path.is_relative() && !path.starts_with("..") && there.join(names::SUMS).is_file()
}

fn look(
    path: &Utf8Path,
    meta: io::Result<Metadata>,
    known: Option<&Seen>,
    digest: impl Fn(&Metadata) -> io::Result<Digest>,
) -> Seen {
    let Ok(meta) = meta else { return Seen::unknown(path.to_owned()) };
    let stat = Stat::from_metadata(&meta);
    let known = known.filter(|known| known.stat == Some(stat)).and_then(|known| known.digest);
    let kept = is_settled(&stat);
    let digest = known.or_else(|| digest(&meta).ok());
    Seen { path: path.to_owned(), digest, stat: kept.then_some(stat), stat_then: Some(stat) }
}

/// The digest of the file, link or directory with this metadata.
fn digest(path: &Utf8Path, meta: &Metadata) -> io::Result<Digest> {
    if meta.is_file() {
        Digest::of_file(path.as_std_path())
    } else if meta.is_symlink() {
        Ok(KeyHasher::new().field("link", path.read_link_utf8()?.as_str()).finish())
    } else if meta.is_dir() {
        let mut hasher = KeyHasher::new();
        for name in listed(path)? {
            hasher.field("name", name.as_bytes());
        }
        Ok(hasher.finish())
    } else {
        Ok(Digest::of_bytes(b"neither file nor directory"))
    }
}

/// Directories that no tool reads as data but that other programs write: repositories, Python's compiled files, fudsv's
/// build directories.
const PASSED_OVER: [&str; 3] = [".fudsv", ".git", "__pycache__"];

/// The names in a directory, sorted.
fn listed(dir: &Utf8Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(dir)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<io::Result<Vec<String>>>()?;
    names.retain(|name| !PASSED_OVER.contains(&name.as_str()) && !names::is_temporary(name));
    names.sort();
    Ok(names)
}

/// Whether any later change will show in the stat.
pub fn is_settled(stat: &Stat) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    stat.ctime < now.saturating_sub(TICK).as_nanos().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(path: &Utf8Path, known: Option<&Seen>) -> Seen {
        input(Utf8Path::new(""), path, known)
    }

    #[test]
    fn a_stat_that_may_hide_a_change_is_not_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().join("a")).unwrap();
        fs::write(&path, "1").unwrap();
        let first = seen(&path, None);
        assert_eq!((first.digest, first.stat), (Some(Digest::of_bytes(b"1")), None));
        fs::write(&path, "2").unwrap();
        assert_eq!(seen(&path, Some(&first)).digest, Some(Digest::of_bytes(b"2")));
        assert!(is_settled(&Stat { ctime: 0, ..first.stat_then.unwrap() }));
    }

    #[test]
    fn a_known_stat_saves_reading_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().join("a")).unwrap();
        fs::write(&path, "1").unwrap();
        let claimed = Some(Digest::of_bytes(b"what the record claims"));
        let known = Seen { path: path.clone(), digest: claimed, stat: Stat::of(&path), stat_then: None };
        assert_eq!(seen(&path, Some(&known)).digest, claimed);
    }

    #[test]
    fn a_link_is_read_through_as_input_and_is_its_text_as_output() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name| Utf8PathBuf::from_path_buf(dir.path().join(name)).unwrap();
        fs::write(path("a"), "1").unwrap();
        std::os::unix::fs::symlink("a", path("l")).unwrap();
        assert_eq!(seen(&path("l"), None).digest, Some(Digest::of_bytes(b"1")));
        let link = output(&path("l"), None).digest;
        fs::write(path("a"), "2").unwrap();
        assert_eq!(output(&path("l"), None).digest, link);
    }
}
