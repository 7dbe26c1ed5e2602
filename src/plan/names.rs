//! Names for the files of a route.
//! It does not know the disk: a name is free if no other file of the plan has it.
//!
//! A result has the name of the request and the pattern of its state. So has an intermediate file, unless that name is
//! taken: then its name, or a directory around it if the pattern has no place for a stem, contains the op that makes it.

use super::plan_data::{FileSource, PlannedFile};
use super::request::Request;
use super::route::Route;
use crate::diag::Result;
use crate::graph::OpGraph;
use crate::paths::WorkPath;
use crate::workdir::names::KEPT;
use std::collections::HashSet;

/// The files of a route with their paths.
///
/// # Errors
/// A name that no Ninja file can carry.
pub(super) fn named(graph: &OpGraph, request: &Request, route: &Route) -> Result<Vec<PlannedFile>> {
    let mut taken = UsedNames::default();
    for name in KEPT {
        taken.claim(&WorkPath::new(name)?);
    }
    for given in request.given.iter().filter(|given| given.path.is_inside()) {
        taken.claim(&given.path);
    }
    let mut paths: Vec<Option<WorkPath>> = vec![None; route.files.len()];
    let made = route.uses.iter().flat_map(|op_use| &op_use.outputs);
    for &file in route.results.iter().chain(made) {
        let (state, source) = route.files[file.0];
        if paths[file.0].is_some() {
            continue;
        }
        paths[file.0] = Some(match source {
            FileSource::Given(index) => request.given[index].path.clone(),
            FileSource::Made { op_use, output } => {
                let op = graph.op(route.uses[op_use].op);
                let extra = [clean(&op.name), clean(&op.outputs[output].name)];
                taken.first_free(&request.name, &extra, |stem| graph.state(state).file_name(stem))?
            }
        });
    }
    let with_path = |(index, path): (usize, Option<WorkPath>)| {
        let (state, source) = route.files[index];
        let given = match source {
            FileSource::Given(given) => Some(request.given[given].path.clone()),
            FileSource::Made { .. } => None,
        };
        path.or(given).map(|path| PlannedFile { path, state, source })
    };
    Ok(paths.into_iter().enumerate().filter_map(with_path).collect())
}

/// The characters that are safe in a file name everywhere.
fn clean(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    name.chars().map(plain).collect()
}

/// The names in use, and the directories around them.
#[derive(Default)]
struct UsedNames {
    names: HashSet<String>,
    above: HashSet<String>,
}

impl UsedNames {
    fn claim(&mut self, path: &WorkPath) {
        self.names.insert(path.as_str().to_owned());
        self.above.extend(above(path).map(str::to_owned));
    }

    /// Whether no file has this name, is inside of it, or is a directory around it.
    fn is_free(&self, path: &WorkPath) -> bool {
        let name = path.as_str();
        let inside = above(path).any(|directory| self.names.contains(directory));
        !inside && !self.names.contains(name) && !self.above.contains(name)
    }

    /// The name of the stem, else with the first extra, with both, with a number.
    fn first_free(
        &mut self,
        stem: &str,
        [op, param]: &[String; 2],
        file_name: impl Fn(&str) -> String,
    ) -> Result<WorkPath> {
        let plain = [stem.to_owned(), format!("{stem}-{op}"), format!("{stem}-{op}-{param}")];
        let numbered = (2u64..).map(|number| format!("{stem}-{op}-{param}-{number}"));
        for stem in plain.into_iter().chain(numbered) {
            let name = file_name(&stem);
            let fixed = name == file_name("") && self.names.contains(&name);
            let path = WorkPath::new(if fixed { format!("{stem}/{name}") } else { name })?;
            if self.is_free(&path) {
                self.claim(&path);
                return Ok(path);
            }
        }
        WorkPath::new(file_name(stem))
    }
}

/// The directories around a path, inside of the build directory.
fn above(path: &WorkPath) -> impl Iterator<Item = &str> {
    path.as_path().ancestors().skip(1).map(camino::Utf8Path::as_str).filter(|name| !name.is_empty())
}
