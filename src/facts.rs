//! The one door to the world while planning. Everything that is looked at is remembered: files read, directories
//! listed, files found absent, programs looked for on `PATH`, environment variables, tool binaries.
//! It does not know what any of it means. What it remembers are the inputs of regeneration and of the no-op check.

use crate::diag::{Error, Result};
use crate::digest::{Digest, SourceSum};
use crate::env::Env;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::panic::resume_unwind;
use std::thread;

/// What was asked of the world; paths are absolute, and text, which compares faster than paths do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Query {
    /// The content of a file; MD5.
    File(String),
    /// What a file says of itself by the function that the caller brings; MD5.
    Outline(String),
    /// The names in a directory; MD5.
    Dir(String),
    /// The names in a directory of a tool; MD5.
    ToolDir(String),
    /// Whether something is there.
    Exists(String),
    /// The value of an environment variable; MD5, so that no secret reaches a file.
    Var(String),
    /// The program of this name on `PATH`.
    Which(String),
    /// The content of a program or of one of its files; SHA-256.
    Tool(String),
}

/// What tells, without reading it, that a file is the one seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stat {
    /// Bytes.
    pub size: u64,
    /// Modification time, nanoseconds since the epoch.
    pub mtime: i128,
    /// Change time, nanoseconds since the epoch.
    pub ctime: i128,
    /// Inode.
    pub inode: u64,
}

impl Stat {
    /// The stat of what the path leads to, links followed.
    pub fn of(path: &Utf8Path) -> Option<Stat> {
        std::fs::metadata(path).ok().map(|meta| Stat::from_metadata(&meta))
    }

    /// The same out of metadata that somebody has already.
    pub fn from_metadata(meta: &std::fs::Metadata) -> Stat {
        let nanos = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        Stat {
            size: meta.size(),
            mtime: nanos(meta.mtime(), meta.mtime_nsec()),
            ctime: nanos(meta.ctime(), meta.ctime_nsec()),
            inode: meta.ino(),
        }
    }
}

/// What the world answered: nothing when it was not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// A digest or a path; absent when the thing was.
    pub is: Option<String>,
    /// For files: saves reading it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stat: Option<Stat>,
}

/// With fewer questions than this, a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 1000;

/// What of the text of a file matters: see [`Facts::outline`].
pub type Outline = fn(&str) -> String;

/// The door, and what went through it.
#[derive(Debug)]
pub struct Facts {
    env: Env,
    seen: RefCell<BTreeMap<Query, Answer>>,
}

impl Facts {
    /// A door through which nothing went yet.
    pub fn new(env: Env) -> Facts {
        Facts { env, seen: RefCell::default() }
    }

    /// The process environment; asking it for a variable's value through [`Facts::var`] is remembered.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// The content of a file; `None` when there is no such file.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn read(&self, path: &Utf8Path) -> Result<Option<Vec<u8>>> {
        let stat = Stat::of(path);
        match std::fs::read(path) {
            Ok(bytes) => {
                let is = Some(SourceSum::of_bytes(&bytes).to_string());
                self.remember(Query::File(path.to_string()), Answer { is, stat });
                Ok(Some(bytes))
            }
            Err(e) if is_absence(&e) => {
                self.remember(Query::File(path.to_string()), Answer { is: None, stat: None });
                Ok(None)
            }
            Err(e) => Err(Error::machine(format!("cannot read `{path}`")).because(e)),
        }
    }

    /// The content of a text file; `None` when there is no such file.
    ///
    /// # Errors
    /// The file is there and cannot be read, or is not UTF-8.
    pub fn read_text(&self, path: &Utf8Path) -> Result<Option<String>> {
        let Some(bytes) = self.read(path)? else { return Ok(None) };
        let text = String::from_utf8(bytes);
        text.map(Some).map_err(|_| Error::request(format!("`{path}` is not UTF-8 text")))
    }

    /// What `outline` takes out of a file; `None` when there is no such file. Only that is remembered, so that other
    /// edits of the file are no change.
    pub fn outline(&self, path: &Utf8Path, outline: Outline) -> Option<String> {
        let stat = Stat::of(path);
        let text = outline_of(path, outline);
        let is = text.as_ref().map(|text| SourceSum::of_bytes(text.as_bytes()).to_string());
        self.remember(Query::Outline(path.to_string()), Answer { is, stat });
        text
    }

    /// Whether a directory is there.
    pub fn is_dir(&self, path: &Utf8Path) -> bool {
        self.exists(path) && path.is_dir()
    }

    /// The names in a directory, sorted; none when there is no such directory.
    pub fn list(&self, path: &Utf8Path) -> Vec<String> {
        let names = names_in(path);
        let is = names.as_ref().map(|names| listing_sum(names));
        self.remember(Query::Dir(path.to_string()), Answer { is, stat: None });
        names.unwrap_or_default()
    }

    /// The same for a directory of a tool: its change makes no other Ninja file by itself.
    pub fn list_tool(&self, path: &Utf8Path) -> Vec<String> {
        let names = names_in(path);
        let is = names.as_ref().map(|names| listing_sum(names));
        self.remember(Query::ToolDir(path.to_string()), Answer { is, stat: None });
        names.unwrap_or_default()
    }

    /// Whether something is there.
    pub fn exists(&self, path: &Utf8Path) -> bool {
        let found = path.exists();
        self.remember(
            Query::Exists(path.to_string()),
            Answer { is: found.then(|| "yes".into()), stat: None },
        );
        found
    }

    /// The value of an environment variable.
    pub fn var(&self, name: &str) -> Option<String> {
        let value = self.env.vars.get(name);
        let is = value.map(|value| SourceSum::of_bytes(value.as_bytes()).to_string());
        self.remember(Query::Var(name.to_owned()), Answer { is, stat: None });
        value.cloned()
    }

    /// The program of this name on `PATH`: absolute, not resolved further.
    pub fn which(&self, name: &str) -> Option<Utf8PathBuf> {
        let found = which(&self.env, name);
        let is = found.as_ref().map(|path| path.to_string());
        self.remember(Query::Which(name.to_owned()), Answer { is, stat: None });
        found
    }

    /// The digest of a program's binary or of one of its files; `None` when it is not there or unreadable.
    /// `known` may hold a digest by stat, so that a large binary is not read again.
    pub fn tool_digest(
        &self,
        path: &Utf8Path,
        known: impl Fn(&Utf8Path, &Stat) -> Option<Digest>,
    ) -> Option<Digest> {
        let stat = Stat::of(path);
        let digest = stat
            .as_ref()
            .and_then(|stat| known(path, stat))
            .or_else(|| Digest::of_file(path.as_std_path()).ok());
        let is = digest.map(|digest| digest.to_string());
        self.remember(Query::Tool(path.to_string()), Answer { is, stat });
        digest
    }

    /// Everything that went through the door.
    pub fn seen(&self) -> BTreeMap<Query, Answer> {
        self.seen.borrow().clone()
    }

    fn remember(&self, query: Query, answer: Answer) {
        self.seen.borrow_mut().insert(query, answer);
    }
}

/// Whether the world still gives all these answers. `outline` is the function that [`Facts::outline`] was given.
pub fn all_still(env: &Env, seen: &[(Query, Answer)], outline: Outline) -> bool {
    let half = if seen.len() < WORTH_A_THREAD { 0 } else { seen.len() / 2 };
    let all =
        |seen: &[(Query, Answer)]| seen.iter().all(|(query, answer)| still(env, query, answer, outline));
    let (first, second) = seen.split_at(half);
    thread::scope(|scope| {
        let other = (half > 0).then(|| scope.spawn(|| all(first)));
        all(second) && other.is_none_or(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// Everything that the world now answers differently.
pub fn changes<'a>(env: &Env, seen: &'a BTreeMap<Query, Answer>, outline: Outline) -> Vec<&'a Query> {
    seen.iter()
        .filter(|(query, answer)| !still(env, query, answer, outline))
        .map(|(query, _)| query)
        .collect()
}

/// Whether the world still gives this answer.
fn still(env: &Env, query: &Query, answer: &Answer, outline: Outline) -> bool {
    let is = answer.is.as_deref();
    let same_stat = |path: &str| answer.stat.is_some() && Stat::of(Utf8Path::new(path)) == answer.stat;
    match query {
        Query::File(path) => {
            same_stat(path)
                || SourceSum::of_file(path.as_ref()).ok().map(|sum| sum.to_string()).as_deref() == is
        }
        Query::Outline(path) => {
            let sum = |text: String| SourceSum::of_bytes(text.as_bytes()).to_string();
            same_stat(path) || outline_of(Utf8Path::new(path), outline).map(sum).as_deref() == is
        }
        Query::Tool(path) => {
            same_stat(path) || Digest::of_file(path.as_ref()).ok().map(|sum| sum.to_string()).as_deref() == is
        }
        Query::Dir(path) | Query::ToolDir(path) => {
            names_in(Utf8Path::new(path)).map(|names| listing_sum(&names)).as_deref() == is
        }
        Query::Exists(path) => Utf8Path::new(path).exists() == is.is_some(),
        Query::Var(name) => {
            env.vars.get(name).map(|value| SourceSum::of_bytes(value.as_bytes()).to_string()).as_deref() == is
        }
        Query::Which(name) => which(env, name).as_ref().map(|path| path.as_str()) == is,
    }
}

fn outline_of(path: &Utf8Path, outline: Outline) -> Option<String> {
    std::fs::read(path).ok().map(|bytes| outline(&String::from_utf8_lossy(&bytes)))
}

fn which(env: &Env, name: &str) -> Option<Utf8PathBuf> {
    env.path_dirs().map(|dir| dir.join(name)).find(|path| is_program(path))
}

/// Whether the path leads to a file that may be executed.
fn is_program(path: &Utf8Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

fn names_in(path: &Utf8Path) -> Option<Vec<String>> {
    let mut names: Vec<String> = std::fs::read_dir(path)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    Some(names)
}

fn listing_sum(names: &[String]) -> String {
    SourceSum::of_bytes(names.join("\0").as_bytes()).to_string()
}

fn is_absence(e: &std::io::Error) -> bool {
    matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door() -> (tempfile::TempDir, Facts) {
        let dir = tempfile::tempdir().unwrap();
        let cwd = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let env = Env { cwd, exe: "/bin/true".into(), args: vec![], vars: BTreeMap::new() };
        (dir, Facts::new(env))
    }

    #[test]
    fn a_file_that_appears_after_it_was_found_absent_is_a_change() {
        let (_dir, facts) = door();
        let path = facts.env().cwd.join("fud.toml");
        assert_eq!(facts.read(&path).unwrap(), None);
        let seen = facts.seen();
        assert_eq!(changes(facts.env(), &seen, str::to_owned), Vec::<&Query>::new());
        std::fs::write(&path, "a = 1").unwrap();
        assert_eq!(changes(facts.env(), &seen, str::to_owned), [&Query::File(path.into())]);
    }

    #[test]
    fn the_same_content_under_another_stat_is_no_change() {
        let (_dir, facts) = door();
        let path = facts.env().cwd.join("a.rhai");
        std::fs::write(&path, "1").unwrap();
        facts.read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "1").unwrap();
        assert_eq!(changes(facts.env(), &facts.seen(), str::to_owned), Vec::<&Query>::new());
        std::fs::write(&path, "2").unwrap();
        assert_eq!(changes(facts.env(), &facts.seen(), str::to_owned), [&Query::File(path.into())]);
    }

    #[test]
    fn a_variable_is_kept_as_a_digest_only() {
        let (_dir, mut facts) = door();
        facts.env.vars.insert("TOKEN".into(), "hunter2".into());
        assert_eq!(facts.var("TOKEN").as_deref(), Some("hunter2"));
        assert!(
            !serde_json::to_string(&facts.seen().values().collect::<Vec<_>>()).unwrap().contains("hunter2")
        );
    }

    #[test]
    fn an_edit_outside_of_the_outline_is_no_change() {
        fn capitals(text: &str) -> String {
            text.chars().filter(|c| c.is_uppercase()).collect()
        }
        let (_dir, facts) = door();
        let path = facts.env().cwd.join("a.sv");
        std::fs::write(&path, "Ab").unwrap();
        assert_eq!(facts.outline(&path, capitals).as_deref(), Some("A"));
        std::fs::write(&path, "Abc").unwrap();
        assert_eq!(changes(facts.env(), &facts.seen(), capitals), Vec::<&Query>::new());
        std::fs::write(&path, "AbC").unwrap();
        assert_eq!(changes(facts.env(), &facts.seen(), capitals), [&Query::Outline(path.into())]);
    }
}
