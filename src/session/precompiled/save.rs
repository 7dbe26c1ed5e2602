//! Saves the results of requests as a database.
//! It leaves to others how a database is written, and how results are kept.

use super::read_files::ReadFiles;
use crate::database::{
    Directory, Draft, Manifest, Name, SCHEMA, SavedRequest, SavedStep, Source, SystemFile,
};
use crate::design::outline;
use crate::diag::{Error, Result};
use crate::digest::{Digest, SourceSum};
use crate::facts::{Answer, Facts, Kind, Query};
use crate::paths::normal;
use crate::session::databases::tools;
use crate::session::emit::emit;
use crate::session::open::Session;
use crate::session::tell::Tell;
use crate::session::typed::typed;
use crate::shelf::{Place, Renames, StandIns};
use crate::step::keep_recorded;
use crate::store::{self, Address};
use crate::workdir::{Lock, Workdir};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// How a database is saved.
#[derive(Clone, Debug)]
pub struct SaveSettings {
    /// The place, absolute.
    pub target: Utf8PathBuf,
    /// Its name; by default the last part of its place.
    pub name: Option<String>,
    /// Whether precompiled headers are left out.
    pub without_headers: bool,
}

/// What was saved.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// How many results.
    pub results: usize,
    /// How many sources.
    pub sources: usize,
    /// The steps whose results are not in it, each with the reason.
    pub left_out: Vec<(String, &'static str)>,
}

/// Saves the results of these requests, which have been built.
///
/// # Errors
/// A source does not exist, or the database cannot be written.
pub fn save(sessions: &[Session], settings: &SaveSettings, tell: &mut dyn Tell) -> Result<Saved> {
    let mut loaded = sessions.iter().flat_map(|session| &session.databases.loaded);
    if let Some(loaded) = loaded.find(|loaded| loaded.stands()) {
        let message = format!("database `{}` stands for sources of this request", loaded.name);
        return Err(Error::request(message)
            .hint("only a build whose sources exist here and were compared can be saved"));
    }
    let draft = Draft::begin(&settings.target)?;
    let store = draft.store();
    let shelf = store::open(&Address { text: store.as_str(), read_only: false })?;
    let place = Place { database: None, stands: StandIns::default(), renames: Renames::default(), shelf };
    let (mut manifest, mut saved) = (empty(settings), Saved::default());
    let mut toolchain: BTreeMap<Utf8PathBuf, Digest> = BTreeMap::new();
    for session in sessions {
        manifest.root = session.places.root.clone();
        let mut read = ReadFiles::default();
        keep_steps(session, &place, settings, &mut manifest, &mut read, &mut saved, tell)?;
        let planned = session.looked_at_by_design()?;
        add_planned(session, &planned, &mut manifest, &mut read)?;
        let (sources, rest) = read.parted(session);
        toolchain.extend(rest);
        for (path, digest) in sources {
            add_source(session, &planned, &mut manifest, &path, digest)?;
        }
    }
    manifest.toolchain = toolchain.into_iter().map(|(path, sha256)| SystemFile { path, sha256 }).collect();
    saved.sources = manifest.sources.len();
    draft.publish(&manifest)?;
    Ok(saved)
}

fn empty(settings: &SaveSettings) -> Manifest {
    let name = settings.name.clone();
    let name = name.unwrap_or_else(|| settings.target.file_name().unwrap_or_default().to_owned());
    Manifest {
        schema: SCHEMA,
        name,
        fudsv: env!("CARGO_PKG_VERSION").to_owned(),
        root: Utf8PathBuf::new(),
        requests: vec![],
        tools: vec![],
        toolchain: vec![],
        sources: vec![],
        directories: vec![],
    }
}

/// Keeps the results of the steps of a request.
fn keep_steps(
    session: &Session,
    place: &Place,
    settings: &SaveSettings,
    manifest: &mut Manifest,
    read: &mut ReadFiles,
    saved: &mut Saved,
    tell: &mut dyn Tell,
) -> Result<()> {
    let workdir = Workdir::existing(&session.places.workdir);
    let _lock = Lock::take(&workdir, "fudsv precompile save", |holder| tell.waits(holder))?;
    let emitted = emit(session, &mut Silent)?;
    // Steps resolve paths from the build directory, in which they run.
    let cannot = |e| Error::machine(format!("cannot go to `{}`", workdir.path())).because(e);
    std::env::set_current_dir(workdir.path()).map_err(cannot)?;
    let is_header = |path: &Utf8Path| matches!(path.extension(), Some("gch" | "pch"));
    let skips = |path: &Utf8Path| {
        (settings.without_headers && is_header(path)).then_some("precompiled headers are left out")
    };
    let mut steps = vec![];
    // Whoever loads the database edits the design at once: what saves time then is made, though this build needed none.
    let on_demand = emitted.steps.iter().filter(|step| step.on_demand && !settings.without_headers);
    for step in on_demand {
        let program = &session.facts.env().exe;
        let started = Command::new(program).args(["tool", "run"]).args(&step.words).status();
        started.map_err(|e| Error::machine(format!("cannot start `{program}`")).because(e))?;
    }
    for step in &emitted.steps {
        let recorded = keep_recorded(&step.words, &session.facts.env().vars, place, &skips)?;
        for (path, digest, declares) in recorded.read {
            read.add(normal(&workdir.path().join(path)), digest, declares);
        }
        match recorded.left_out {
            None => saved.results += 1,
            Some(why) => saved.left_out.push((step.description.clone(), why)),
        }
        let left_out = recorded.left_out.map(str::to_owned);
        steps.push(SavedStep { name: recorded.step, stated: recorded.stated, left_out });
    }
    std::env::set_current_dir(&session.places.cwd).map_err(cannot)?;
    let (words, design) = (typed(session, "exec"), session.design.name.clone());
    manifest.requests.push(SavedRequest { words, design, steps });
    for tool in tools(&emitted.tools) {
        if !manifest.tools.contains(&tool) {
            manifest.tools.push(tool);
        }
    }
    Ok(())
}

/// Adds the files that planning read and the directories that it listed.
fn add_planned(
    session: &Session,
    planned: &BTreeMap<Query, Answer>,
    manifest: &mut Manifest,
    read: &mut ReadFiles,
) -> Result<()> {
    let facts = Facts::new(session.facts.env().clone());
    let mut dirs: BTreeSet<Utf8PathBuf> = BTreeSet::new();
    let builds = session.builds();
    let is_of_project = |path: &Utf8Path| {
        path.starts_with(&session.places.root) && path != session.places.root && !path.starts_with(&builds)
    };
    for (query, answer) in planned.iter().filter(|(_, answer)| answer.is.is_some()) {
        match query {
            Query::File(path) => {
                let path = Utf8PathBuf::from(path);
                let digest = Digest::of_file(path.as_std_path());
                let cannot = |e| Error::machine(format!("cannot read `{path}`")).because(e);
                read.add(path.clone(), digest.map_err(cannot)?, true);
            }
            Query::Dir(path) => dirs.extend([path.into()]),
            Query::Exists(path) if answer.is.as_deref() == Some("directory") => dirs.extend([path.into()]),
            _ => {}
        }
    }
    for (query, answer) in session.facts.seen() {
        if let (Query::Exists(path), Some("directory")) = (query, answer.is.as_deref()) {
            dirs.insert(path.into());
        }
    }
    for dir in dirs.into_iter().filter(|dir| is_of_project(dir)) {
        let was_listed = planned.contains_key(&Query::Dir(dir.to_string()));
        let name = |entry: crate::facts::Entry| {
            let is_directory = entry.kind == Kind::Directory || facts.is_dir(&dir.join(&entry.name));
            Name { name: entry.name, is_directory }
        };
        let names = was_listed.then(|| facts.entries(&dir).into_iter().map(name).collect());
        let path = in_project(session, &dir);
        if !manifest.directories.iter().any(|known| known.path == path) {
            manifest.directories.push(Directory { path, names });
        }
    }
    Ok(())
}

/// The path relative to the project, if it is in the project.
fn in_project(session: &Session, path: &Utf8Path) -> Utf8PathBuf {
    path.strip_prefix(&session.places.root).unwrap_or(path).to_owned()
}

fn add_source(
    session: &Session,
    planned: &BTreeMap<Query, Answer>,
    manifest: &mut Manifest,
    path: &Utf8Path,
    sha256: Digest,
) -> Result<()> {
    let short = in_project(session, path);
    // Directories are listed elsewhere in the manifest.
    if path.is_dir() || manifest.sources.iter().any(|known| known.path == short) {
        return Ok(());
    }
    let bytes =
        std::fs::read(path).map_err(|e| Error::machine(format!("cannot read `{path}`")).because(e))?;
    if Digest::of_bytes(&bytes) != sha256 {
        return Err(
            Error::machine(format!("`{path}` changed while the database was saved")).hint("save it again")
        );
    }
    let asked = session.facts.seen();
    let text = String::from_utf8_lossy(&bytes);
    let has_outline = asked.contains_key(&Query::Outline(path.to_string()));
    let is_list = planned.contains_key(&Query::File(path.to_string()));
    manifest.sources.push(Source {
        path: short,
        md5: SourceSum::of_bytes(&bytes).to_string(),
        sha256,
        size: bytes.len() as u64,
        outline: has_outline.then(|| outline(&text)),
        text: is_list.then(|| text.into_owned()),
    });
    Ok(())
}

/// Drops messages: the build of the request has already shown them.
struct Silent;

impl Tell for Silent {
    fn warns(&mut self, _: &str) {}
    fn notes(&mut self, _: &str) {}
    fn waits(&mut self, _: &str) {}
}
