//! Plans and lowers a request: the Ninja file as text, and nothing written yet.
//! It does not know where it goes.

use super::freshness::ResultFile;
use super::open::Session;
use super::planning::plan;
use super::secrets;
use super::tell::Tell;
use super::typed::typed;
use crate::diag::{Error, Result};
use crate::facts::Query;
use crate::graph::OpGraph;
use crate::lower::{self, Frame, Lowered, Step};
use crate::ninja;
use crate::paths::{WorkPath, relative};
use crate::plan::{self, Plan};
use crate::tools::Toolbox;
use crate::workdir::names;
use camino::{Utf8Path, Utf8PathBuf};
use std::rc::Rc;

/// A request that was planned and lowered, and nothing written yet.
pub struct Emitted {
    /// The text of the Ninja file.
    pub text: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The results, as Ninja and the user see them.
    pub results: Vec<ResultFile>,
    pub(super) to_stdout: Vec<usize>,
    stamps: Vec<(WorkPath, String)>,
    resources: Vec<lower::Resource>,
    pub(super) toolbox: Rc<Toolbox>,
}

impl Emitted {
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
    let lowered = lower::lower(loaded.graph(), &plan, loaded.bodies(), &session.places, &asked.copies)?;
    check_sources(session, &lowered)?;
    secrets::check(session, &lowered.steps)?;
    let (results, steps) = (results(loaded.graph(), &plan, &lowered), lowered.steps.clone());
    let resources = lowered.resources.clone();
    let frame = Frame { made_by: typed(session, "exec"), regenerate: regenerate_inputs(session)? };
    let file = frame.around(lowered)?;
    ninja::check(&file)?;
    let (text, stamps, toolbox) = (file.to_string(), loaded.stamps(), loaded.toolbox());
    Ok(Emitted { text, steps, results, to_stdout: asked.to_stdout, stamps, resources, toolbox })
}

/// A file that a step waits for and that nobody makes must be there: said here in the user's words, not by Ninja.
fn check_sources(session: &Session, lowered: &Lowered) -> Result<()> {
    let internal = |path: &WorkPath| path.as_path().starts_with(names::INTERNAL);
    for (path, place) in lowered.sources.iter().filter(|(path, _)| !internal(path)) {
        if !session.facts.exists(&session.places.absolute(path)) {
            let message = format!("no file `{}`, and no step makes it", session.places.for_user(path));
            return Err(match setting_of(session, &session.places.absolute(path)) {
                Some(setting) => Error::request(message).detail("set by", setting),
                None => Error::request(message).at(place.clone()),
            });
        }
    }
    Ok(())
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

/// Scripts, configuration files and plugin directories that are there: a change of one makes another Ninja file.
fn regenerate_inputs(session: &Session) -> Result<Vec<WorkPath>> {
    let mut paths = vec![];
    for (query, answer) in session.facts.seen() {
        let (Query::File(path) | Query::Outline(path) | Query::Dir(path)) = query else { continue };
        let path = Utf8PathBuf::from(path);
        let inside = path.starts_with(&session.places.workdir);
        let holds_builds = session.places.workdir.starts_with(&path);
        if answer.is.is_none() || inside || holds_builds {
            continue;
        }
        let near = path.starts_with(&session.places.root) || path.starts_with(&session.places.cwd);
        let path = if near { relative(&session.places.workdir, &path) } else { path };
        paths.push(WorkPath::new(path)?);
    }
    paths.dedup();
    Ok(paths)
}
