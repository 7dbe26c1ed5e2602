//! Plans and lowers a request: it returns the Ninja file as text and writes nothing.
//! It does not know where the file goes.

use super::freshness::ResultFile;
use super::open::Session;
use super::other_way;
use super::planning::plan;
use super::secrets;
use super::tell::Tell;
use super::typed::typed;
use crate::diag::{Error, Place, Result};
use crate::facts::Query;
use crate::graph::OpGraph;
use crate::lower::{self, Frame, Lowered, Step};
use crate::ninja::{self, PathText, Statement};
use crate::paths::{WorkPath, relative};
use crate::plan::{self, Plan};
use crate::tools::ToolIdentity;
use crate::workdir::names;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;

/// A request that was planned and lowered, and nothing written yet.
pub struct Emitted {
    /// The text of the Ninja file.
    pub text: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The results, as Ninja and the user see them.
    pub results: Vec<ResultFile>,
    pub(super) to_stdout: Vec<usize>,
    pub(super) notes: Vec<String>,
    stamps: Vec<(WorkPath, String)>,
    resources: Vec<lower::Resource>,
    /// The tools by which the steps run.
    pub(super) tools: Vec<ToolIdentity>,
}

impl Emitted {
    /// Files among these that steps may start as programs, or must not.
    pub fn modes(&self) -> impl Iterator<Item = (&WorkPath, bool)> {
        self.resources.iter().map(|resource| (&resource.path, resource.is_executable))
    }

    /// Files that are written into the build directory before Ninja runs, with their content.
    pub fn written(&self) -> impl Iterator<Item = (&WorkPath, &[u8])> {
        let stamps = self.stamps.iter().map(|(path, text)| (path, text.as_bytes()));
        stamps.chain(self.resources.iter().map(|resource| (&resource.path, &*resource.content)))
    }
}

/// Plans and lowers.
///
/// # Errors
/// As [`plan`], and whatever is wrong in the body of an op.
pub fn emit(session: &Session, tell: &mut dyn Tell) -> Result<Emitted> {
    session.design.warnings.iter().for_each(|warning| tell.warns(warning));
    let (loaded, asked, plan) = plan(session)?;
    let lowered = lower::lower(loaded.graph(), &plan, loaded.bodies(), &session.places, &asked.copies)
        .map_err(|error| other_way::hinted(session, &loaded, &plan, error))?;
    check_sources(session, &lowered)?;
    secrets::check(session, &lowered.steps)?;
    let (results, steps) = (results(loaded.graph(), &plan, &lowered), lowered.steps.clone());
    let resources = lowered.resources.clone();
    let frame = Frame { made_by: typed(session, "exec"), regenerate: regenerate_inputs(session)? };
    let file = without_absent(session, frame.around(lowered)?)?;
    ninja::check(&file)?;
    let (text, stamps, toolbox) = (file.to_string(), loaded.stamps(), loaded.toolbox());
    toolbox.save();
    let tools = toolbox.identities();
    let (to_stdout, notes) = (asked.to_stdout, asked.notes);
    Ok(Emitted { text, steps, results, to_stdout, notes, stamps, resources, tools })
}

/// A file that a step waits for and that nobody makes must be there: said here in the user's words, not by Ninja.
fn check_sources(session: &Session, lowered: &Lowered) -> Result<()> {
    let internal = |path: &WorkPath| path.as_path().starts_with(names::INTERNAL);
    for (path, place) in lowered.sources.iter().filter(|(path, _)| !internal(path)) {
        if !session.facts.exists(&session.places.absolute(path)) {
            let message = format!("no file `{}`, and no step makes it", session.places.for_user(path));
            return Err(match setting_of(session, &session.places.absolute(path)) {
                Some(setting) => Error::request(message).detail("set by", setting),
                None => Error::request(message).at(place.clone()).maybe_hint(beside_script(place)),
            });
        }
    }
    Ok(())
}

/// What to write for a file beside the script.
fn beside_script(place: &Place) -> Option<String> {
    place.source.as_ref().filter(|line| line.contains("path(")).map(|_| {
        "`path(…)` is relative to the current directory; a file beside the script is `rsrc(…)`".to_owned()
    })
}

/// The setting that names this path, and where it was set.
fn setting_of(session: &Session, path: &Utf8Path) -> Option<String> {
    let names = |value: &toml::Value| value.as_str().is_some_and(|text| path.ends_with(text));
    session.config.keys().find_map(|key| {
        let found = session.config.get(key)?;
        let items = found.value.as_array().map_or(&[][..], Vec::as_slice);
        let is_named = names(found.value) || items.iter().any(names);
        is_named.then(|| format!("`{key}` ({})", found.origin))
    })
}

fn results(graph: &OpGraph, plan: &Plan, lowered: &Lowered) -> Vec<ResultFile> {
    let result = |(target, id): (&lower::Target, &plan::FileId)| ResultFile {
        path: target.path.clone(),
        directory: target.directory,
        state: graph.state_name(plan.file(*id).state).to_owned(),
    };
    lowered.results.iter().zip(&plan.results).map(result).collect()
}

/// The file without sources that are not there, for which databases stand: Ninja would wait for them. A manifest is there
/// instead.
fn without_absent(session: &Session, mut file: ninja::File) -> Result<ninja::File> {
    let Some(first) = session.databases.loaded.first() else { return Ok(file) };
    let manifest = PathText::new(&WorkPath::new(first.input())?);
    let replace = |paths: &mut Vec<PathText>| {
        let is_absent = |path: &PathText| session.facts.is_stood_for(&session.places.absolute(path.path()));
        let count = paths.len();
        paths.retain(|path| !is_absent(path));
        if paths.len() < count {
            paths.push(manifest.clone());
        }
    };
    for statement in &mut file.statements {
        if let Statement::Build(build) = statement {
            [&mut build.inputs, &mut build.implicit, &mut build.order_only].into_iter().for_each(replace);
        }
    }
    Ok(file)
}

/// The nearest directory that is there, in which something would appear that a database stands for.
fn nearest(session: &Session, query: &Query) -> Option<Utf8PathBuf> {
    let (Query::File(path) | Query::Outline(path) | Query::Dir(path) | Query::Exists(path)) = query else {
        return None;
    };
    let path = Utf8Path::new(path);
    let is_stood_for = session.facts.is_stood_for(path);
    path.ancestors().skip(1).filter(|_| is_stood_for).find(|above| above.is_dir()).map(Utf8Path::to_owned)
}

/// Scripts, configuration files, directories of plugins and of patterns, and directories that hold a link on the way of
/// a file: a change of one may make another Ninja file.
///
/// Ninja follows links, so it notices a link with a new target only by the time of the directory that contains it.
fn regenerate_inputs(session: &Session) -> Result<Vec<WorkPath>> {
    let mut paths = BTreeSet::new();
    let near =
        |path: &Utf8Path| path.starts_with(&session.places.root) || path.starts_with(&session.places.cwd);
    for (query, answer) in session.facts.seen() {
        let path = match query {
            query if answer.is.is_none() => match nearest(session, &query) {
                Some(dir) => dir,
                None => continue,
            },
            Query::File(path) | Query::Outline(path) | Query::Dir(path) => Utf8PathBuf::from(path),
            Query::Link(path) => directory_of(&path),
            Query::ToolLink(path) if near(Utf8Path::new(&path)) => directory_of(&path),
            _ => continue,
        };
        if path.starts_with(&session.places.workdir) {
            continue;
        }
        let path = if near(&path) { relative(&session.places.workdir, &path) } else { path };
        paths.insert(WorkPath::new(path)?);
    }
    for loaded in &session.databases.loaded {
        paths.insert(WorkPath::new(loaded.input())?);
    }
    Ok(paths.into_iter().collect())
}

/// The directory that contains this file.
fn directory_of(path: &str) -> Utf8PathBuf {
    let path = Utf8Path::new(path);
    path.parent().unwrap_or(path).to_owned()
}
