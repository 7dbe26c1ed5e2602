//! From a graph and a request to a problem: one way per op, level and state that carries the level.
//! It does not know which ways are good.
//!
//! A file is at level `n` if the first `n` ops to go through are on one path to it; it also serves every lower level. A use
//! of an op at a level needs one input at that level, which carries it; the other inputs may be at any level. The next op to
//! go through raises the level. At least one wanted file must be at the last level.

use super::ask::{Ask, Demand};
use super::lists::{FactId, Lists, StepId};
use super::problem::{Draft, Fact, Problem, Step};
use super::reach::{Reach, backward, forward};
use crate::graph::{Count, OpId, StateId};

/// The problem of a request: only ops on a route from given to wanted files.
pub(super) fn expand(ask: &Ask) -> Problem {
    let reach = backward(ask, &forward(ask));
    let mut expansion = Expansion::new(ask, &reach);
    let relevant = ask.graph.ops().map(|(id, _)| id).filter(|id| reach.ops[id.index()]);
    for op in ask.graph.in_order(relevant.collect()) {
        for level in 0..=expansion.last {
            expansion.add_step(op, level);
        }
    }
    expansion.add_goal();
    expansion.draft.finish()
}

struct Expansion<'a> {
    ask: &'a Ask<'a>,
    /// The level of one wanted file.
    last: u32,
    /// By state: its position among the relevant ones, by name.
    rank: Vec<Option<usize>>,
    draft: Draft,
}

impl<'a> Expansion<'a> {
    fn new(ask: &'a Ask<'a>, reach: &Reach) -> Expansion<'a> {
        let last = ask.through.len() as u32;
        let graph = ask.graph;
        let mut states: Vec<StateId> =
            graph.states().map(|(id, _)| id).filter(|id| reach.states[id.index()]).collect();
        states.sort_by(|&a, &b| graph.state(a).name.cmp(&graph.state(b).name));
        let mut rank = vec![None; graph.state_count()];
        states.iter().enumerate().for_each(|(at, state)| rank[state.index()] = Some(at));
        let levels = |state| (0..=last).map(move |level| Fact { state: Some(state), level });
        let mut facts: Vec<Fact> = states.iter().flat_map(|&state| levels(state)).collect();
        facts.push(Fact { state: None, level: last });
        let there = |fact: &Fact| fact.level == 0 && fact.state.is_some_and(|s| !ask.given(s).is_empty());
        let start = facts.iter().map(there).collect();
        let (steps, step_of, carrier) = (vec![], vec![], vec![]);
        let (takes, makes) = (Lists::new(), Lists::new());
        Expansion { ask, last, rank, draft: Draft { facts, steps, step_of, carrier, takes, makes, start } }
    }

    /// The fact of a state and level; `None` if the state does not matter.
    fn fact(&self, state: StateId, level: u32) -> Option<FactId> {
        let per_state = self.last as usize + 1;
        self.rank[state.index()].map(|rank| FactId::new(rank * per_state + level as usize))
    }

    /// One use of an op from a level: its ways, when it has any.
    fn add_step(&mut self, op: OpId, level: u32) {
        let to = level + u32::from(self.ask.through.get(level as usize) == Some(&op));
        let made: Vec<FactId> = self.made(op, to);
        let step = Step { op: Some(op), from: level, to, cost: u64::from(self.ask.graph.op(op).cost.max(1)) };
        let ways = self.ways(op, level);
        let useful = ways.into_iter().filter_map(|(carrier, takes)| {
            let makes: Vec<FactId> = made.iter().copied().filter(|fact| !takes.contains(fact)).collect();
            (!makes.is_empty()).then_some((carrier, takes, makes))
        });
        let useful: Vec<_> = useful.collect();
        self.push(step, useful);
    }

    /// Adds a step with its ways.
    fn push(&mut self, step: Step, ways: Vec<(Option<StateId>, Vec<FactId>, Vec<FactId>)>) {
        if ways.is_empty() {
            return;
        }
        self.draft.steps.push(step);
        for (carrier, takes, makes) in ways {
            self.draft.step_of.push(StepId::new(self.draft.steps.len() - 1));
            self.draft.carrier.push(carrier);
            self.draft.takes.push(takes);
            self.draft.makes.push(makes);
        }
    }

    /// What an op makes at a level, and so at all lower ones; not what is there from the start.
    fn made(&self, op: OpId, level: u32) -> Vec<FactId> {
        let states = distinct(self.ask.graph.op(op).outputs.iter().map(|output| output.state));
        let facts = states.into_iter().flat_map(|state| (0..=level).filter_map(move |l| self.fact(state, l)));
        facts.filter(|fact| !self.draft.start[fact.index()]).collect()
    }

    /// The ways to use an op from a level: which state carries it, and what is taken.
    fn ways(&self, op: OpId, level: u32) -> Vec<(Option<StateId>, Vec<FactId>)> {
        let op_data = self.ask.graph.op(op);
        let inputs: Vec<(StateId, Count, Demand)> = op_data
            .inputs
            .iter()
            .enumerate()
            .map(|(index, input)| (input.state, input.count, self.ask.demand(op, index)))
            .collect();
        if level == 0 {
            return self.way(&inputs, None, 0).map(|takes| (None, takes)).into_iter().collect();
        }
        let free = (0..inputs.len())
            .filter(|&index| self.ask.bound(op, index).is_empty() && self.ask.fills_itself(op, index));
        let carriers = distinct(free.map(|index| inputs[index].0));
        let way = |carrier| self.way(&inputs, Some(carrier), level).map(|takes| (Some(carrier), takes));
        carriers.into_iter().filter_map(way).collect()
    }

    /// The inputs if `carrier` is at `level`; `None` if a parameter would be unclear.
    fn way(
        &self,
        inputs: &[(StateId, Count, Demand)],
        carrier: Option<StateId>,
        level: u32,
    ) -> Option<Vec<FactId>> {
        let mut takes: Vec<FactId> = vec![];
        takes.extend(carrier.and_then(|state| self.fact(state, level)));
        for &(state, _, demand) in inputs.iter().filter(|input| Some(input.0) != carrier) {
            match demand {
                Demand::Unclear => return None,
                Demand::File => takes.push(self.fact(state, 0)?),
                Demand::Nothing => {}
            }
        }
        (carrier.is_none() || !takes.is_empty()).then(|| distinct(takes))
    }

    /// The last step: it takes all wanted files, one of them at the last level.
    fn add_goal(&mut self) {
        let step = Step { op: None, from: self.last, to: self.last, cost: 0 };
        let goal = FactId::new(self.draft.facts.len() - 1);
        let wanted: Vec<(StateId, Count, Demand)> = distinct(self.ask.request.wanted.iter().copied())
            .into_iter()
            .map(|state| (state, Count::One, self.wanted_demand(state)))
            .collect();
        let carriers: Vec<Option<StateId>> =
            if self.last == 0 { vec![None] } else { wanted.iter().map(|w| Some(w.0)).collect() };
        let way = |carrier| Some((carrier, self.way(&wanted, carrier, self.last)?, vec![goal]));
        let ways = carriers.into_iter().filter_map(way).collect();
        self.push(step, ways);
    }

    /// A wanted state of which several files are given is as unclear as a parameter.
    fn wanted_demand(&self, state: StateId) -> Demand {
        let several = self.ask.given(state).len() > 1 && !self.ask.lenient;
        if several { Demand::Unclear } else { Demand::File }
    }
}

/// Each item once, in order of first appearance.
fn distinct<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen: Vec<T> = vec![];
    for item in items {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    seen
}
