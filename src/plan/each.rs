//! The same plan for each of many files, joined to one plan.
//! It does not know which files the user meant; it gets their positions.

use super::find::find;
use super::plan_data::{FileId, FileSource, OpUse, Plan, PlannedFile};
use super::request::Request;
use crate::diag::Result;
use crate::graph::{OpGraph, OpId, StateId};
use crate::paths::WorkPath;
use std::collections::{HashMap, HashSet};

/// Plans each of the files at these positions together with all other files, and joins the plans. Steps that several of
/// them share, such as those for a common file, occur once. The results are in the order of the files.
///
/// # Errors
/// As [`find`], naming the file.
pub fn find_each(graph: &OpGraph, request: &Request, each: &[usize]) -> Result<Plan> {
    let mut joined = Joined::default();
    let names = names(request, each);
    let alone: HashSet<usize> = each.iter().copied().collect();
    let common: Vec<usize> = (0..request.given.len()).filter(|file| !alone.contains(file)).collect();
    for (&file, name) in each.iter().zip(names) {
        let (before, after) = common.split_at(common.partition_point(|other| *other < file));
        let kept = [before, &[file], after].concat();
        let at = |old: usize| kept.binary_search(&old).ok();
        let bind = request
            .bind
            .iter()
            .filter_map(|bind| at(bind.file).map(|file| super::request::Bind { file, ..bind.clone() }));
        let one = Request {
            name,
            given: kept.iter().map(|&file| request.given[file].clone()).collect(),
            wanted: request.wanted.clone(),
            through: request.through.clone(),
            bind: bind.collect(),
            without: request.without.clone(),
            strict: request.strict,
        };
        let plan =
            find(graph, &one).map_err(|error| error.detail("for", request.given[file].shown.clone()))?;
        joined.add(&plan, &kept)?;
    }
    Ok(joined.plan)
}

/// The stems of the files that are made for each file: no two are the same name in a program, whose letters are in any
/// case. The first file of a stem keeps it, the others get numbers, in the order of the request.
fn names(request: &Request, each: &[usize]) -> Vec<String> {
    let folded = |name: &str| {
        let plain = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        name.chars().map(plain).collect::<String>()
    };
    let stem = |file: &usize| request.given[*file].path.as_path().file_stem().unwrap_or_default().to_owned();
    let stems: Vec<String> = each.iter().map(stem).collect();
    let mut taken = HashSet::new();
    let keeps: Vec<bool> = stems.iter().map(|stem| taken.insert(folded(stem))).collect();
    let mut name = |(stem, keeps): (&String, bool)| {
        let mut numbered = (2u64..).map(|number| format!("{stem}_{number}"));
        let free = if keeps { None } else { numbered.find(|name| taken.insert(folded(name))) };
        free.unwrap_or_else(|| stem.clone())
    };
    stems.iter().zip(keeps).map(&mut name).collect()
}

/// The plans so far.
pub struct Joined {
    /// What they are together.
    pub plan: Plan,
    /// The given files by path and state.
    pub given: HashMap<(String, StateId), FileId>,
    uses: HashMap<(OpId, Vec<Vec<FileId>>), Vec<FileId>>,
    paths: HashSet<String>,
    notes: HashSet<String>,
}

impl Default for Joined {
    fn default() -> Joined {
        let plan = Plan { proved: true, ..Plan::default() };
        let (given, uses, paths, notes) = Default::default();
        Joined { plan, given, uses, paths, notes }
    }
}

impl Joined {
    /// Adds a plan; its given files are at these positions of the whole request.
    ///
    /// # Errors
    /// A name that cannot be a path.
    pub fn add(&mut self, plan: &Plan, kept: &[usize]) -> Result<()> {
        let mut ids: Vec<FileId> = plan.files.iter().map(|file| self.given_id(file, kept)).collect();
        for op_use in &plan.uses {
            let inputs: Vec<Vec<FileId>> =
                op_use.inputs.iter().map(|files| files.iter().map(|id| ids[id.0]).collect()).collect();
            let outputs = match self.uses.get(&(op_use.op, inputs.clone())) {
                Some(outputs) => outputs.clone(),
                None => self.add_use(plan, op_use, inputs)?,
            };
            for (old, new) in op_use.outputs.iter().zip(outputs) {
                ids[old.0] = new;
            }
        }
        for result in plan.results.iter().map(|id| ids[id.0]) {
            if !self.plan.results.contains(&result) {
                self.plan.results.push(result);
            }
        }
        self.plan.proved &= plan.proved;
        self.plan.tie = self.plan.tie.take().or_else(|| plan.tie.clone());
        self.plan.notes.extend(plan.notes.iter().filter(|note| self.notes.insert((*note).clone())).cloned());
        Ok(())
    }

    /// The id of a given file; of a made one an id that its use will replace.
    fn given_id(&mut self, file: &PlannedFile, kept: &[usize]) -> FileId {
        let FileSource::Given(at) = file.source else { return FileId(usize::MAX) };
        let next = FileId(self.plan.files.len());
        let id = *self.given.entry((file.path.to_string(), file.state)).or_insert(next);
        if id == next {
            self.plan.files.push(PlannedFile { source: FileSource::Given(kept[at]), ..file.clone() });
        }
        id
    }

    fn add_use(&mut self, plan: &Plan, op_use: &OpUse, inputs: Vec<Vec<FileId>>) -> Result<Vec<FileId>> {
        let number = self.plan.uses.len();
        let mut outputs = vec![];
        for (output, id) in op_use.outputs.iter().enumerate() {
            let file = plan.file(*id);
            let path = self.free(&file.path)?;
            let source = FileSource::Made { op_use: number, output };
            self.plan.files.push(PlannedFile { path, state: file.state, source });
            outputs.push(FileId(self.plan.files.len() - 1));
        }
        self.uses.insert((op_use.op, inputs.clone()), outputs.clone());
        self.plan.uses.push(OpUse { op: op_use.op, inputs, outputs: outputs.clone() });
        Ok(outputs)
    }

    /// The path, or one like it that no other file has.
    fn free(&mut self, path: &WorkPath) -> Result<WorkPath> {
        let mut free = path.clone();
        for number in 2.. {
            if self.paths.insert(free.to_string()) {
                break;
            }
            free = WorkPath::new(format!("{number}/{path}"))?;
        }
        Ok(free)
    }
}
