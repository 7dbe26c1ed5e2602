//! The one door to the world while planning. It remembers everything that planning looks at: files read, directories
//! listed, files found absent, links in paths, programs looked for on `PATH`, environment variables, tool binaries.
//! It does not know what any of it means. What it remembers are the inputs of regeneration and of the no-op check.

mod entry;
mod links;
mod standing;

use crate::beneath;
use crate::diag::{Error, Result};
use crate::digest::{Digest, SourceSum};
use crate::env::Env;
use crate::paths::{Places, UserPath, WorkPath};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::panic::resume_unwind;
use std::thread;

use links::Links;

use entry::{DIRECTORY, FILE};

pub use entry::{Entry, Kind};
pub use standing::{StandIn, StandIns};

/// A question to the world. Paths are absolute, and strings, because strings compare faster than paths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Query {
    /// The content of a file; MD5.
    File(String),
    /// The outline of a file, by the caller's function; MD5.
    Outline(String),
    /// The names in a directory, and which are directories or links; MD5.
    Dir(String),
    /// The same for a directory of a tool.
    ToolDir(String),
    /// Whether something exists there: `file` or `directory`.
    Exists(String),
    /// Where a symbolic link leads.
    Link(String),
    /// Where a symbolic link on the way to a tool leads.
    ToolLink(String),
    /// The value of an environment variable; MD5, so that no secret reaches a file.
    Var(String),
    /// The program of this name on `PATH`.
    Which(String),
    /// The content of a program or of one of its files; SHA-256.
    Tool(String),
    /// Whether a file may be executed.
    Executable(String),
}

/// What identifies an unchanged file without reading it.
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

    /// The stat in metadata that the caller already has.
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

/// The world's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// A digest or a path; `None` if there was nothing.
    pub is: Option<String>,
    /// For files: if the stat is unchanged, the file need not be read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stat: Option<Stat>,
}

/// The longest text that planning reads, in bytes: a checkout may contain a sparse file of any size.
const LONGEST: u64 = 1 << 30;

/// With fewer questions than this, a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 1000;

/// Returns the part of a file's text that matters: see [`Facts::outline`].
pub type Outline = fn(&str) -> String;

/// The door, and what went through it.
#[derive(Debug)]
pub struct Facts {
    env: Env,
    seen: RefCell<BTreeMap<Query, Answer>>,
    links: RefCell<Links>,
    tool_links: RefCell<Links>,
    standing: RefCell<StandIns>,
}

impl Facts {
    /// A door that has seen nothing yet.
    pub fn new(env: Env) -> Facts {
        let (links, tool_links) = (RefCell::default(), RefCell::default());
        Facts { env, seen: RefCell::default(), links, tool_links, standing: RefCell::default() }
    }

    /// Lets these stand for files and directories that do not exist, from now on.
    pub fn stand_in(&self, standing: StandIns) {
        *self.standing.borrow_mut() = standing;
    }

    /// Whether the path does not exist, but something stands for it.
    pub fn is_stood_for(&self, path: &Utf8Path) -> bool {
        let path = self.place(path);
        what_is(&path).is_none() && self.standing.borrow().kind(&path).is_some()
    }

    /// Whether to ignore the file itself, because what stands for it counts.
    pub fn is_frozen(&self, path: &Utf8Path) -> bool {
        self.standing.borrow().frozen(&self.place(path)).is_some()
    }

    /// The process environment. Ask for a variable through [`Facts::var`], which remembers it.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// The path made absolute and without `.` and `..`. A `..` after a link leads up from where the link leads, as the
    /// system takes it. Nothing else is changed in a user's path: links stay, and where each of them leads is remembered.
    pub fn place(&self, path: impl AsRef<Utf8Path>) -> Utf8PathBuf {
        placed(&self.links, &self.env.cwd, path.as_ref())
    }

    /// The path with all links resolved, as far as it exists. It tells whether two paths mean the same file.
    pub fn real(&self, path: impl AsRef<Utf8Path>) -> Utf8PathBuf {
        let path = self.place(path);
        self.links.borrow_mut().real(&path)
    }

    /// The path with the links of its directory resolved. The last component keeps its name.
    pub fn in_real_directory(&self, path: impl AsRef<Utf8Path>) -> Utf8PathBuf {
        let path = self.place(path);
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => self.links.borrow_mut().real(parent).join(name),
            _ => path,
        }
    }

    /// What Ninja calls the file that the user typed. The project's directory may have another name, which a shell keeps
    /// after `cd` into a link. A file below that name is the file of the project.
    ///
    /// # Errors
    /// As [`WorkPath::new`], naming the file as it was typed.
    pub fn work_path(&self, places: &Places, user: &UserPath) -> Result<WorkPath> {
        let placed = self.place(user.as_path());
        let is_near = |path: &Utf8Path| path.starts_with(&places.root) || path.starts_with(&places.cwd);
        if user.as_path().is_relative() || is_near(&placed) {
            return places.work_path(user, &placed);
        }
        let mut links = self.links.borrow_mut();
        let near = placed.ancestors().skip(1).find_map(|above| {
            let real = links.real(above);
            let below = placed.strip_prefix(above).ok()?;
            (real == places.root || real == places.cwd).then(|| real.join(below))
        });
        places.work_path(user, near.as_deref().unwrap_or(&placed))
    }

    /// The content of a file; `None` when there is no such file.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn read(&self, path: &Utf8Path) -> Result<Option<Vec<u8>>> {
        let path = &self.place(path);
        let text = |stands: &StandIn| stands.text.clone().map(String::into_bytes);
        if let Some(text) = self.standing.borrow().frozen(path).and_then(text) {
            return Ok(Some(text));
        }
        let stat = Stat::of(path);
        match beneath::read(path, LONGEST) {
            Ok(bytes) => {
                let is = Some(SourceSum::of_bytes(&bytes).to_string());
                self.remember(Query::File(path.to_string()), Answer { is, stat });
                Ok(Some(bytes))
            }
            Err(e) if is_absence(&e) => {
                self.remember(Query::File(path.to_string()), Answer { is: None, stat: None });
                Ok(self.standing.borrow().file(path).and_then(text))
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

    /// What `outline` takes out of a file; `None` when there is no such file. Only the outline is remembered, so other
    /// edits of the file do not count as a change.
    pub fn outline(&self, path: &Utf8Path, outline: Outline) -> Option<String> {
        let path = &self.place(path);
        if let Some(stands) = self.standing.borrow().frozen(path) {
            return stands.outline.clone();
        }
        let stat = Stat::of(path);
        let text = outline_of(path, outline);
        let is = text.as_ref().map(|text| SourceSum::of_bytes(text.as_bytes()).to_string());
        self.remember(Query::Outline(path.to_string()), Answer { is, stat });
        let stands = || self.standing.borrow().file(path).filter(|_| stat.is_none())?.outline.clone();
        text.or_else(stands)
    }

    /// Whether the path exists.
    pub fn exists(&self, path: &Utf8Path) -> bool {
        self.what_is(&self.place(path)).is_some()
    }

    /// Whether the path is a directory.
    pub fn is_dir(&self, path: &Utf8Path) -> bool {
        self.what_is(&self.place(path)) == Some(DIRECTORY)
    }

    /// Whether a file of a tool exists.
    pub fn tool_exists(&self, path: &Utf8Path) -> bool {
        self.what_is(&self.place_tool(path)).is_some()
    }

    fn what_is(&self, placed: &Utf8Path) -> Option<&'static str> {
        // Look only once: a plan made of two different states of the world fits neither.
        let query = Query::Exists(placed.to_string());
        let known = self.seen.borrow().get(&query).map(|known| known.is.as_deref().map(kind));
        let found = known.unwrap_or_else(|| {
            let found = what_is(placed);
            self.remember(query, Answer { is: found.map(str::to_owned), stat: None });
            found
        });
        found.or_else(|| self.standing.borrow().kind(placed))
    }

    /// Whether a file may be executed.
    pub fn is_executable(&self, path: &Utf8Path) -> bool {
        let path = self.place(path);
        let is_executable = is_program(&path);
        let is = is_executable.then(|| "yes".into());
        self.remember(Query::Executable(path.into_string()), Answer { is, stat: None });
        is_executable
    }

    /// The names in a directory, sorted; empty when there is no such directory.
    pub fn list(&self, path: &Utf8Path) -> Vec<String> {
        self.entries(path).into_iter().map(|entry| entry.name).collect()
    }

    /// The names in a directory and what they are, sorted; empty when there is no such directory.
    pub fn entries(&self, path: &Utf8Path) -> Vec<Entry> {
        let path = self.place(path);
        let entries = entries_in(&path);
        let is = entries.as_ref().map(|entries| listing_sum(entries));
        self.remember(Query::Dir(path.to_string()), Answer { is, stat: None });
        // A file that is missing from an existing directory was removed on purpose.
        entries.unwrap_or_else(|| self.standing.borrow().names(&path))
    }

    /// The names in a directory of a tool. A change there does not by itself require a new Ninja file.
    pub fn list_tool(&self, path: &Utf8Path) -> Vec<String> {
        let path = self.place_tool(path);
        let entries = entries_in(&path);
        let is = entries.as_ref().map(|entries| listing_sum(entries));
        self.remember(Query::ToolDir(path.into_string()), Answer { is, stat: None });
        entries.into_iter().flatten().map(|entry| entry.name).collect()
    }

    /// The value of an environment variable.
    pub fn var(&self, name: &str) -> Option<String> {
        let value = self.env.vars.get(name);
        let is = value.map(|value| SourceSum::of_bytes(value.as_bytes()).to_string());
        self.remember(Query::Var(name.to_owned()), Answer { is, stat: None });
        value.cloned()
    }

    /// The program with this name on `PATH`: absolute, links not resolved.
    pub fn which(&self, name: &str) -> Option<Utf8PathBuf> {
        let found = which(&self.env, name);
        let is = found.as_ref().map(|path| path.to_string());
        self.remember(Query::Which(name.to_owned()), Answer { is, stat: None });
        found.map(|path| self.place_tool(&path))
    }

    /// The path of a file of a tool, made as by [`Facts::place`].
    pub fn place_tool(&self, path: &Utf8Path) -> Utf8PathBuf {
        placed(&self.tool_links, &self.env.cwd, path)
    }

    /// The path of a file of a tool with all links resolved, as far as it exists.
    pub fn real_tool(&self, path: &Utf8Path) -> Utf8PathBuf {
        let path = self.place_tool(path);
        self.tool_links.borrow_mut().real(&path)
    }

    /// The digest of a program's binary or of one of its files; `None` if it does not exist or cannot be read. `known` may
    /// return a digest by stat, so that a large binary is not read again.
    pub fn tool_digest(
        &self,
        path: &Utf8Path,
        known: impl Fn(&Utf8Path, &Stat) -> Option<Digest>,
    ) -> Option<Digest> {
        let path = &self.place_tool(path);
        let stat = Stat::of(path);
        let digest = stat
            .as_ref()
            .and_then(|stat| known(path, stat))
            .or_else(|| Digest::of_file(path.as_std_path()).ok());
        let is = digest.map(|digest| digest.to_string());
        self.remember(Query::Tool(path.to_string()), Answer { is, stat });
        digest
    }

    /// Every question and its answer.
    pub fn seen(&self) -> BTreeMap<Query, Answer> {
        let mut seen = self.seen.borrow().clone();
        let answer = |target: Option<&str>| Answer { is: target.map(str::to_owned), stat: None };
        let (links, tool_links) = (self.links.borrow(), self.tool_links.borrow());
        seen.extend(links.targets().map(|(path, target)| (Query::Link(path.to_string()), answer(target))));
        let of_tools = tool_links.targets();
        seen.extend(of_tools.map(|(path, target)| (Query::ToolLink(path.to_string()), answer(target))));
        seen
    }

    /// Does some work, and returns with its result every question that the work asked, even if it was asked before.
    pub fn asked_by<T>(&self, work: impl FnOnce() -> T) -> (T, BTreeMap<Query, Answer>) {
        let before = self.seen();
        drop((self.seen.take(), self.links.take(), self.tool_links.take()));
        let done = work();
        let asked = self.seen();
        // Where the world has changed meanwhile, the first answer counts: comparing it finds the change.
        self.seen.borrow_mut().extend(before);
        (done, asked)
    }

    /// Remembers what an earlier process asked, whose answers still hold.
    pub fn remember_all(&self, seen: impl IntoIterator<Item = (Query, Answer)>) {
        let mut all = self.seen.borrow_mut();
        for (query, answer) in seen {
            all.entry(query).or_insert(answer);
        }
    }

    /// Whether anything stands for files that do not exist.
    pub fn has_stand_ins(&self) -> bool {
        !self.standing.borrow().is_empty()
    }

    fn remember(&self, query: Query, answer: Answer) {
        self.seen.borrow_mut().insert(query, answer);
    }
}

/// Whether the world still gives all these answers. `outline` is the function that was passed to [`Facts::outline`].
pub fn all_still(env: &Env, seen: &[(Query, Answer)], outline: Outline) -> bool {
    let half = if seen.len() < WORTH_A_THREAD { 0 } else { seen.len() / 2 };
    let all =
        |seen: &[(Query, Answer)]| seen.iter().all(|(query, answer)| still(env, query, answer, outline));
    let (first, second) = seen.split_at(half);
    thread::scope(|scope| {
        let other = (half > 0).then(|| thread::Builder::new().spawn_scoped(scope, || all(first)));
        let rest = all(second);
        rest && match other {
            None => true,
            Some(Ok(other)) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // The thread may fail to start when memory is short.
            Some(Err(_)) => all(first),
        }
    })
}

/// The questions that the world now answers differently.
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
            entries_in(Utf8Path::new(path)).map(|entries| listing_sum(&entries)).as_deref() == is
        }
        Query::Executable(path) => is_program(Utf8Path::new(path)) == is.is_some(),
        Query::Exists(path) => what_is(Utf8Path::new(path)) == is,
        Query::Link(path) | Query::ToolLink(path) => links::target(Utf8Path::new(path)).as_deref() == is,
        Query::Var(name) => {
            env.vars.get(name).map(|value| SourceSum::of_bytes(value.as_bytes()).to_string()).as_deref() == is
        }
        Query::Which(name) => which(env, name).as_ref().map(|path| path.as_str()) == is,
    }
}

fn outline_of(path: &Utf8Path, outline: Outline) -> Option<String> {
    let bytes = beneath::read(path, LONGEST).ok()?;
    Some(outline(&String::from_utf8_lossy(&bytes)))
}

fn which(env: &Env, name: &str) -> Option<Utf8PathBuf> {
    env.path_dirs().map(|dir| dir.join(name)).find(|path| is_program(path))
}

/// Whether the path leads to a file that may be executed.
fn is_program(path: &Utf8Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// What a path leads to. Links are followed.
fn what_is(path: &Utf8Path) -> Option<&'static str> {
    let meta = std::fs::metadata(path).ok()?;
    Some(if meta.is_dir() { DIRECTORY } else { FILE })
}

/// A remembered answer, as one of the two kinds.
fn kind(is: &str) -> &'static str {
    if is == DIRECTORY { DIRECTORY } else { FILE }
}

/// The place of a path. The links in it are noted.
fn placed(links: &RefCell<Links>, cwd: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    let mut links = links.borrow_mut();
    let placed = links.place(&cwd.join(path), cwd);
    links.follow(&placed);
    placed
}

fn entries_in(path: &Utf8Path) -> Option<Vec<Entry>> {
    let entry = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.ok()?;
        let kind = match entry.file_type() {
            Ok(kind) if kind.is_dir() => Kind::Directory,
            Ok(kind) if kind.is_symlink() => Kind::Link,
            _ => Kind::File,
        };
        Some(Entry { name: entry.file_name().into_string().ok()?, kind })
    };
    let mut entries: Vec<Entry> = std::fs::read_dir(path).ok()?.filter_map(entry).collect();
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    Some(entries)
}

fn listing_sum(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        text.push_str(&entry.name);
        text.push_str(match entry.kind {
            Kind::Directory => "/\0",
            Kind::Link => "@\0",
            Kind::File => "\0",
        });
    }
    SourceSum::of_bytes(text.as_bytes()).to_string()
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
    fn what_stands_for_a_file_answers_and_that_nothing_is_there_is_remembered() {
        let (_dir, facts) = door();
        let cwd = facts.env().cwd.clone();
        std::fs::create_dir(cwd.join("there")).unwrap();
        let entry = |name: &str| Entry { name: name.to_owned(), kind: Kind::File };
        let mut standing = StandIns::default();
        let stands = StandIn { outline: Some("o".into()), text: Some("t".into()), is_frozen: false };
        standing.add_file(cwd.join("gone/a.sv"), stands.clone());
        standing.add_file(cwd.join("there/b.sv"), stands);
        standing.add_dir(cwd.join("gone"), vec![entry("a.sv")]);
        standing.add_dir(cwd.join("there"), vec![entry("b.sv")]);
        facts.stand_in(standing);
        let file = cwd.join("gone/a.sv");
        assert_eq!(facts.read_text(&file).unwrap().as_deref(), Some("t"));
        assert_eq!(facts.outline(&file, str::to_owned).as_deref(), Some("o"));
        assert!(facts.exists(&file) && facts.is_dir(&cwd.join("gone")) && facts.is_stood_for(&file));
        assert_eq!(facts.list(&cwd.join("gone")), ["a.sv"]);
        // The directory exists, so it lists only the files that are in it.
        assert_eq!(facts.list(&cwd.join("there")), Vec::<String>::new());
        assert!(facts.exists(&cwd.join("there/b.sv")) && !facts.exists(&cwd.join("there/c.sv")));
        assert_eq!(changes(facts.env(), &facts.seen(), str::to_owned), Vec::<&Query>::new());
        std::fs::create_dir(cwd.join("gone")).unwrap();
        std::fs::write(&file, "real").unwrap();
        let changed = changes(facts.env(), &facts.seen(), str::to_owned).len();
        assert_eq!((changed, facts.read_text(&file).unwrap().as_deref()), (5, Some("real")));
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
    fn a_link_that_leads_elsewhere_is_a_change() {
        let (_dir, facts) = door();
        let cwd = facts.env().cwd.clone();
        for name in ["v1", "v2"] {
            std::fs::create_dir(cwd.join(name)).unwrap();
            std::fs::write(cwd.join(name).join("a.sv"), "").unwrap();
        }
        std::os::unix::fs::symlink("v1", cwd.join("rtl")).unwrap();
        assert!(facts.exists(Utf8Path::new("rtl/a.sv")));
        assert_eq!(changes(facts.env(), &facts.seen(), str::to_owned), Vec::<&Query>::new());
        std::fs::remove_file(cwd.join("rtl")).unwrap();
        std::os::unix::fs::symlink("v2", cwd.join("rtl")).unwrap();
        let changed = [&Query::Link(cwd.join("rtl").into_string())];
        assert_eq!(changes(facts.env(), &facts.seen(), str::to_owned), changed);
    }

    #[test]
    fn a_file_in_the_place_of_a_directory_is_a_change() {
        let (_dir, facts) = door();
        let path = facts.env().cwd.join("rtl");
        std::fs::create_dir(&path).unwrap();
        assert!(facts.is_dir(&path));
        facts.list(&facts.env().cwd);
        std::fs::remove_dir(&path).unwrap();
        std::fs::write(&path, "").unwrap();
        let changed = [&Query::Dir(facts.env().cwd.to_string()), &Query::Exists(path.into_string())];
        assert_eq!(changes(facts.env(), &facts.seen(), str::to_owned), changed);
    }

    #[test]
    fn a_file_below_another_name_of_the_project_is_the_projects() {
        let (_dir, facts) = door();
        let cwd = facts.real(&facts.env().cwd);
        std::fs::create_dir(cwd.join("p")).unwrap();
        std::os::unix::fs::symlink("p", cwd.join("link")).unwrap();
        let root = cwd.join("p");
        let places = Places { cwd: root.clone(), root: root.clone(), workdir: root.join(".fudsv/x") };
        let called =
            |path: &str| facts.work_path(&places, &UserPath::new(cwd.join(path))).unwrap().to_string();
        assert_eq!(called("link/rtl/a.sv"), "../../rtl/a.sv");
        assert_eq!(called("p/a.sv"), "../../a.sv");
        assert_eq!(called("a.sv"), cwd.join("a.sv").as_str());
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
