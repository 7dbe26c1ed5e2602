//! Assigns files to parameters, for a set of steps that reaches the goal.
//! It does not know other sets, or the names of the files.

use super::ask::Ask;
use super::greedy::firing;
use super::lists::{StepId, WayId};
use super::plan_data::{FileId, FileSource, OpUse};
use super::problem::{Problem, Step};
use super::unclear;
use crate::diag::Result;
use crate::graph::{Count, OpId, StateId};
use std::collections::HashMap;

/// Op uses with files that have no names yet.
#[derive(Debug, Default)]
pub(super) struct Route {
    /// The uses, in an order that can run; each is of use.
    pub uses: Vec<OpUse>,
    /// State and source of every file, the given ones first.
    pub files: Vec<(StateId, FileSource)>,
    /// For each wanted state its file.
    pub results: Vec<FileId>,
    /// Choices among several made files, for the user.
    pub notes: Vec<String>,
    /// The given files that nothing takes.
    pub unused: Vec<usize>,
}

/// Gives every parameter of the steps its files.
///
/// # Errors
/// Several given files could fill a parameter that takes one.
pub(super) fn route(ask: &Ask, problem: &Problem, steps: &[StepId]) -> Result<Route> {
    let mut router = Router::new(ask);
    for way in firing(problem, steps) {
        let step = problem.steps[problem.step(way).index()];
        match step.op {
            Some(op) => router.add_use(op, step, problem.carrier[way.index()])?,
            None => router.add_results(problem, way)?,
        }
    }
    Ok(router.finish())
}

/// An existing file, and its level.
#[derive(Clone, Copy, Debug)]
struct PresentFile {
    file: FileId,
    level: u32,
}

/// What a parameter asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// The op; `None` for a result.
    pub op: Option<OpId>,
    /// Position among the op's inputs.
    pub param: usize,
    /// The state of its files.
    state: StateId,
    /// The level that the file must have.
    least: u32,
    /// The level that it had better have.
    best: u32,
}

struct Router<'a> {
    ask: &'a Ask<'a>,
    route: Route,
    /// The id of each given file; a path and state that is given twice has the id of the first.
    given: Vec<FileId>,
    /// By state: the files there are, given ones first, then in the order in which they are made.
    held: HashMap<StateId, Vec<PresentFile>>,
    /// Per use what there is to say about it.
    notes: Vec<Vec<String>>,
}

impl<'a> Router<'a> {
    fn new(ask: &'a Ask<'a>) -> Router<'a> {
        let mut router =
            Router { ask, route: Route::default(), given: vec![], held: HashMap::new(), notes: vec![] };
        let mut known: HashMap<(&str, StateId), FileId> = HashMap::new();
        for (index, given) in ask.request.given.iter().enumerate() {
            let Some(&state) = ask.states[index].first() else { continue };
            let next = FileId(router.route.files.len());
            let file = *known.entry((given.path.as_str(), state)).or_insert(next);
            if file == next {
                router.add_file(state, FileSource::Given(index), 0);
            }
            router.given.push(file);
        }
        router
    }

    fn add_file(&mut self, state: StateId, source: FileSource, level: u32) -> FileId {
        let file = FileId(self.route.files.len());
        self.route.files.push((state, source));
        self.held.entry(state).or_default().push(PresentFile { file, level });
        file
    }

    fn add_use(&mut self, op: OpId, step: Step, carrier: Option<StateId>) -> Result<()> {
        let graph = self.ask.graph;
        self.notes.push(vec![]);
        let mut inputs = vec![];
        for (param, input) in graph.op(op).inputs.iter().enumerate() {
            let carries = carrier == Some(input.state);
            let least = if carries { step.from } else { 0 };
            let slot = Slot { op: Some(op), param, state: input.state, least, best: step.from };
            inputs.push(self.fill(slot, input.count)?);
        }
        self.note_twice(op, &inputs);
        let op_use = self.route.uses.len();
        let make = |(output, made): (usize, &crate::graph::Param)| {
            self.add_file(made.state, FileSource::Made { op_use, output }, step.to)
        };
        let outputs = graph.op(op).outputs.iter().enumerate().map(make).collect();
        self.route.uses.push(OpUse { op, inputs, outputs });
        Ok(())
    }

    fn add_results(&mut self, problem: &Problem, way: WayId) -> Result<()> {
        let carrier = problem.carrier[way.index()];
        let best = problem.steps[problem.step(way).index()].from;
        self.notes.push(vec![]);
        for &state in &self.ask.request.wanted {
            let least = if carrier == Some(state) { best } else { 0 };
            let slot = Slot { op: None, param: 0, state, least, best };
            let file = self.one(slot)?;
            self.route.results.extend(file);
        }
        Ok(())
    }

    /// The files of a parameter.
    fn fill(&mut self, slot: Slot, count: Count) -> Result<Vec<FileId>> {
        let bound = slot.op.map_or(vec![], |op| self.ask.bound(op, slot.param));
        if !bound.is_empty() {
            return Ok(bound.into_iter().map(|file| self.given[file]).collect());
        }
        if slot.op.is_some_and(|op| !self.ask.fills_itself(op, slot.param)) {
            return Ok(vec![]);
        }
        match count {
            Count::One => self.one(slot),
            Count::Many => Ok(self.all(slot)),
            Count::Any if slot.least > 0 => Ok(self.all(slot)),
            Count::Any => Ok(self.given_for(slot).into_iter().map(|file| self.given[file]).collect()),
            Count::Optional if slot.least > 0 => self.one(slot),
            Count::Optional => self.only(slot),
        }
    }

    /// The one file that fits best: of the wanted level, else of the next one below, else above; given before made.
    fn one(&mut self, slot: Slot) -> Result<Vec<FileId>> {
        let Some(level) = self.level(slot) else { return Ok(vec![]) };
        let given = if level == 0 { self.only(slot)? } else { vec![] };
        if let [file] = given[..] {
            self.note_given(slot, file);
        }
        Ok(if given.is_empty() { self.made(slot, level).into_iter().collect() } else { given })
    }

    /// The level of the files that a parameter takes; `None` without files.
    fn level(&self, slot: Slot) -> Option<u32> {
        let levels = self.held.get(&slot.state)?.iter().map(|held| held.level);
        let fit = levels.filter(|level| *level >= slot.least);
        fit.min_by_key(|&level| (level > slot.best, level.abs_diff(slot.best)))
    }

    /// The one given file of the state, when there is one.
    fn only(&self, slot: Slot) -> Result<Vec<FileId>> {
        let files = self.given_for(slot);
        if files.len() > 1 {
            return Err(unclear::error(self.ask, slot.op, slot.param, slot.state, &files));
        }
        Ok(files.into_iter().map(|file| self.given[file]).collect())
    }

    fn given_for(&self, slot: Slot) -> Vec<usize> {
        match slot.op {
            Some(op) => self.ask.candidates(op, slot.param),
            None => self.ask.given(slot.state).to_vec(),
        }
    }

    /// The file of this level that was made first.
    fn made(&mut self, slot: Slot, level: u32) -> Option<FileId> {
        let held = self.held.get(&slot.state).map_or(&[][..], Vec::as_slice);
        let is_made = |held: &&PresentFile| held.level == level && !self.is_given(held.file);
        let files: Vec<FileId> = held.iter().filter(is_made).map(|held| held.file).collect();
        if let [first, second, ..] = files[..] {
            let note = self.note(slot, first, second);
            self.notes.last_mut()?.push(note);
        }
        files.first().copied()
    }

    fn is_given(&self, file: FileId) -> bool {
        matches!(self.route.files[file.0].1, FileSource::Given(_))
    }

    /// All given files; or the made one; at a level both, without what the made one is made of.
    fn all(&mut self, slot: Slot) -> Vec<FileId> {
        let level = self.level(slot).unwrap_or(0);
        let mut files: Vec<FileId> = self.given_for(slot).into_iter().map(|f| self.given[f]).collect();
        if level == 0 && !files.is_empty() {
            return files;
        }
        let made = self.made(slot, level);
        let sources = self.sources(made);
        files.retain(|file| !sources[file.0]);
        files.extend(made);
        files
    }

    /// The files that a file is made of, directly or not.
    fn sources(&self, of: Option<FileId>) -> Vec<bool> {
        let mut seen = vec![false; self.route.files.len()];
        let mut open: Vec<FileId> = of.into_iter().collect();
        while let Some(file) = open.pop() {
            if std::mem::replace(&mut seen[file.0], true) {
                continue;
            }
            if let FileSource::Made { op_use, .. } = self.route.files[file.0].1 {
                open.extend(self.route.uses[op_use].inputs.iter().flatten());
            }
        }
        seen
    }

    /// One file for two parameters is what the user may not have meant.
    fn note_twice(&mut self, op: OpId, inputs: &[Vec<FileId>]) {
        let params = &self.ask.graph.op(op).inputs;
        let free = |at: &usize| params[*at].count == Count::One && self.ask.bound(op, *at).is_empty();
        let single: Vec<usize> = (0..params.len()).filter(free).collect();
        let same = |first: &usize| single.iter().find(|at| *at > first && inputs[**at] == inputs[*first]);
        let twice = single.iter().find_map(|first| same(first).map(|second| (*first, *second)));
        if let (Some((first, second)), Some(notes)) = (twice, self.notes.last_mut()) {
            let (name, a, b) = (self.ask.graph.op_name(op), &params[first].name, &params[second].name);
            notes.push(format!("`{name}.{a}` and `{name}.{b}` are the same file"));
        }
    }

    /// A given file has precedence over one that the plan makes.
    fn note_given(&mut self, slot: Slot, file: FileId) {
        let held = self.held.get(&slot.state).map_or(&[][..], Vec::as_slice);
        let made =
            held.iter().find(|held| held.level == 0 && !self.is_given(held.file)).map(|held| held.file);
        let FileSource::Given(given) = self.route.files[file.0].1 else { return };
        if let Some(made) = made {
            let (who, maker) = (self.who(slot), self.maker(made));
            let shown = &self.ask.request.given[given].shown;
            let note = format!("{who} is the given `{shown}`, not what `{maker}` makes");
            self.notes.last_mut().into_iter().for_each(|notes| notes.push(note.clone()));
        }
    }

    /// The name of the op that makes a file.
    fn maker(&self, file: FileId) -> &str {
        match self.route.files[file.0].1 {
            FileSource::Made { op_use, .. } => self.ask.graph.op_name(self.route.uses[op_use].op),
            FileSource::Given(_) => "",
        }
    }

    /// A parameter, or the result, for a note.
    fn who(&self, slot: Slot) -> String {
        let graph = self.ask.graph;
        match slot.op {
            Some(op) => format!("`{}.{}`", graph.op_name(op), graph.op(op).inputs[slot.param].name),
            None => format!("the result `{}`", graph.state_name(slot.state)),
        }
    }

    fn note(&self, slot: Slot, first: FileId, second: FileId) -> String {
        let (who, state) = (self.who(slot), self.ask.graph.state_name(slot.state));
        format!(
            "{who} is the `{state}` that `{}` makes, not that of `{}`",
            self.maker(first),
            self.maker(second)
        )
    }

    /// Leaves out the uses that lead to no result, and says which given files are not used.
    fn finish(mut self) -> Route {
        let mut needed = vec![false; self.route.files.len()];
        let mut live = vec![false; self.route.uses.len()];
        self.route.results.iter().for_each(|file| needed[file.0] = true);
        for (index, op_use) in self.route.uses.iter().enumerate().rev() {
            live[index] = op_use.outputs.iter().any(|file| needed[file.0]);
            if live[index] {
                op_use.inputs.iter().flatten().for_each(|file| needed[file.0] = true);
            }
        }
        let given = self.given.iter().enumerate();
        self.route.unused = given.filter(|(_, file)| !needed[file.0]).map(|(index, _)| index).collect();
        self.drop_dead(&live);
        self.route
    }

    /// Renumbers what is left.
    fn drop_dead(&mut self, live: &[bool]) {
        let said = std::mem::take(&mut self.notes).into_iter().enumerate();
        let kept = said.filter(|(index, _)| live.get(*index).copied().unwrap_or(true));
        self.route.notes = kept.flat_map(|(_, notes)| notes).collect();
        if live.iter().all(|live| *live) {
            return;
        }
        let (mut files, mut names) = (vec![], HashMap::new());
        let mut before = 0;
        let position = |live: &bool| {
            before += usize::from(*live);
            before.saturating_sub(1)
        };
        let uses_at: Vec<usize> = live.iter().map(position).collect();
        for (old, &(state, source)) in self.route.files.iter().enumerate() {
            let source = match source {
                FileSource::Made { op_use, .. } if !live[op_use] => continue,
                FileSource::Made { op_use, output } => FileSource::Made { op_use: uses_at[op_use], output },
                given => given,
            };
            names.insert(FileId(old), FileId(files.len()));
            files.push((state, source));
        }
        self.route.files = files;
        let mut index = 0..live.len();
        self.route.uses.retain(|_| index.next().is_some_and(|index| live[index]));
        for op_use in &mut self.route.uses {
            let inputs = op_use.inputs.iter_mut().flatten();
            inputs.chain(&mut op_use.outputs).for_each(|file| *file = names[file]);
        }
        self.route.results.iter_mut().for_each(|file| *file = names[file]);
    }
}
