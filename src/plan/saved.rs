//! A plan as it is written to disk: ops and states by name, files by path.
//! It does not know the disk; loading checks everything against the graph.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::plan_data::{FileId, FileSource, OpUse, Plan, PlannedFile};
use crate::diag::{Error, Result, did_you_mean};
use crate::graph::{OpGraph, OpId, Param, StateId};
use crate::paths::WorkPath;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A plan that can be stored, edited and compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `given`, `uses` and `results`")]
pub struct Saved {
    /// The given files, in the order of the user.
    pub given: Vec<SavedFile>,
    /// The uses, each after the makers of its inputs.
    pub uses: Vec<SavedUse>,
    /// The wanted files.
    pub results: Vec<SavedFile>,
}

/// A file and what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `path` and `state`")]
pub struct SavedFile {
    /// A given file as the user would type it, `-` for standard input; another one inside the build directory.
    pub path: String,
    /// The name of its state.
    pub state: String,
}

/// One use of an op.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `op`, `inputs` and `outputs`")]
pub struct SavedUse {
    /// What the op is called, as `--through` takes it.
    pub op: String,
    /// The files of each input parameter; an empty one may be left out.
    #[serde(default)]
    pub inputs: BTreeMap<String, Vec<String>>,
    /// By output parameter its file.
    pub outputs: BTreeMap<String, String>,
}

impl Plan {
    /// The plan by names; given files are called what `shown` makes of their paths.
    pub fn to_saved(&self, graph: &OpGraph, shown: impl Fn(&WorkPath) -> String) -> Saved {
        let made = self.ids().filter(|id| self.maker(*id).is_some());
        let made: HashSet<&str> = made.map(|id| self.file(id).path.as_str()).collect();
        let path = |id: &FileId| {
            let path = &self.file(*id).path;
            match self.maker(*id) {
                Some(_) => path.to_string(),
                None => Some(shown(path))
                    .filter(|text| !made.contains(text.as_str()))
                    .unwrap_or_else(|| format!("./{}", shown(path))),
            }
        };
        let saved = |file: FileId| SavedFile {
            path: path(&file),
            state: graph.state_name(self.file(file).state).to_owned(),
        };
        let uses = self.uses.iter().map(|op_use| {
            let op = graph.op(op_use.op);
            let inputs = op.inputs.iter().zip(&op_use.inputs).filter(|(_, files)| !files.is_empty());
            let outputs = op.outputs.iter().zip(&op_use.outputs);
            SavedUse {
                op: graph.op_name(op_use.op).to_owned(),
                inputs: inputs.map(|(p, files)| (p.name.clone(), files.iter().map(path).collect())).collect(),
                outputs: outputs.map(|(p, file)| (p.name.clone(), path(file))).collect(),
            }
        });
        Saved {
            given: self.ids().filter(|id| self.maker(*id).is_none()).map(saved).collect(),
            uses: uses.collect(),
            results: self.results.iter().copied().map(saved).collect(),
        }
    }

    /// The plan of a saved one; it counts as proved, for it is what the user asked for. `given` finds a given file.
    ///
    /// # Errors
    /// An op, parameter or state that the scripts do not declare; a parameter with too few or too many files, or of
    /// another state; a file that is taken before it is made, or made twice; a path that no Ninja file can carry.
    pub fn from_saved(
        graph: &OpGraph,
        saved: &Saved,
        given: impl Fn(&str) -> Result<WorkPath>,
    ) -> Result<Plan> {
        let find = given;
        let mut reader =
            Reader { graph, plan: Plan { proved: true, ..Plan::default() }, known: HashMap::new() };
        for (index, given) in saved.given.iter().enumerate() {
            let state = graph.resolve_state(&given.state)?;
            reader.add(&given.path, find(&given.path)?, state, FileSource::Given(index));
        }
        for op_use in &saved.uses {
            reader.add_use(op_use)?;
        }
        for result in &saved.results {
            let state = graph.resolve_state(&result.state)?;
            let file = reader.file(&result.path, state).ok_or_else(|| {
                Error::request(format!("no use makes the result `{}` as `{}`", result.path, result.state))
            })?;
            reader.plan.results.push(file);
        }
        reader.plan.check(graph)?;
        Ok(reader.plan)
    }
}

struct Reader<'a> {
    graph: &'a OpGraph,
    plan: Plan,
    /// By path the files so far; a given one may be there in several states.
    known: HashMap<&'a str, Vec<FileId>>,
}

impl<'a> Reader<'a> {
    /// Adds a file that the plan calls `name`.
    fn add(&mut self, name: &'a str, path: WorkPath, state: StateId, source: FileSource) -> FileId {
        let file = FileId(self.plan.files.len());
        self.plan.files.push(PlannedFile { path, state, source });
        self.known.entry(name).or_default().push(file);
        file
    }

    /// The file of a path, preferably in this state.
    fn file(&self, path: &str, state: StateId) -> Option<FileId> {
        let files = self.known.get(path)?;
        let exact = files.iter().find(|file| self.plan.file(**file).state == state);
        exact.or(files.first()).copied()
    }

    fn add_use(&mut self, saved: &'a SavedUse) -> Result<()> {
        let op = self.op(saved)?;
        let data = self.graph.op(op);
        check_names(&saved.op, "input", &data.inputs, saved.inputs.keys())?;
        check_names(&saved.op, "output", &data.outputs, saved.outputs.keys())?;
        let mut inputs = vec![];
        for param in &data.inputs {
            let paths = saved.inputs.get(&param.name).map(Vec::as_slice).unwrap_or_default();
            let file = |path: &String| {
                self.file(path, param.state).ok_or_else(|| {
                    let place = format!("{}.{}", saved.op, param.name);
                    Error::request(format!("`{place}` takes `{path}`, which no earlier use makes"))
                        .hint("list it under `given`, or put the use that makes it first")
                })
            };
            inputs.push(paths.iter().map(file).collect::<Result<Vec<FileId>>>()?);
        }
        let op_use = self.plan.uses.len();
        let mut outputs = vec![];
        for (output, param) in data.outputs.iter().enumerate() {
            let path = saved.outputs.get(&param.name).ok_or_else(|| {
                Error::request(format!(
                    "`{}` also makes `{}`, for which no file is listed",
                    saved.op, param.name
                ))
            })?;
            outputs.push(self.add(
                path,
                WorkPath::new(path)?,
                param.state,
                FileSource::Made { op_use, output },
            ));
        }
        self.plan.uses.push(OpUse { op, inputs, outputs });
        Ok(())
    }

    /// The op that is meant: of several in one script the first that takes such files.
    fn op(&self, saved: &SavedUse) -> Result<OpId> {
        let nearest = self.graph.resolve_op(&saved.op)?;
        let has = |path: &String, state: StateId| {
            self.file(path, state).is_some_and(|file| self.plan.file(file).state == state)
        };
        let takes = |op: &OpId| {
            let inputs = &self.graph.op(*op).inputs;
            saved.inputs.iter().all(|(name, paths)| {
                let param = inputs.iter().find(|param| param.name == *name);
                param.is_some_and(|param| paths.iter().all(|path| has(path, param.state)))
            })
        };
        let script = &self.graph.op(nearest).origin.script;
        let called = self.graph.ops_called(&saved.op).into_iter();
        let mut alike = called.filter(|op| self.graph.op(*op).origin.script == *script);
        Ok(alike.find(takes).unwrap_or(nearest))
    }
}

/// Refuses a parameter that the op does not have.
fn check_names<'n>(
    op: &str,
    what: &str,
    params: &[Param],
    mut names: impl Iterator<Item = &'n String>,
) -> Result<()> {
    match names.find(|name| params.iter().all(|param| param.name != **name)) {
        None => Ok(()),
        Some(name) => Err(Error::request(format!("`{op}` has no {what} `{name}`"))
            .maybe_hint(did_you_mean(name, params.iter().map(|param| param.name.as_str())))),
    }
}
