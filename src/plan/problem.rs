//! The data of the search: facts, ways to get from facts to others, steps that pay for ways; plain index arrays.
//! It does not know files, names or parameters; `expand` makes it from a graph and a request.

use super::lists::{FactId, Index, Lists, StepId, WayId};
use crate::graph::{OpId, StateId};

/// A state, and how many of the ops to go through are on the way to its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Fact {
    /// The state; `None` for the goal.
    pub state: Option<StateId>,
    /// How many ops to go through have been passed.
    pub level: u32,
}

/// One use of an op, and the price of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Step {
    /// The op; `None` for the step that takes the wanted files and makes the goal.
    pub op: Option<OpId>,
    /// The level it starts from.
    pub from: u32,
    /// The level of its outputs: one higher if it is the next op to go through.
    pub to: u32,
    /// What it costs.
    pub cost: u64,
}

/// A directed hypergraph with a start and a goal. The order of the steps breaks ties; the last one makes the goal, which is
/// the last fact.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// The meaning of each fact.
    pub facts: Vec<Fact>,
    /// What each step is.
    pub steps: Vec<Step>,
    /// The step that pays for a way.
    pub step_of: Vec<StepId>,
    /// The state that carries the level of a way; `None` at level 0.
    pub carrier: Vec<Option<StateId>>,
    /// What a way takes, each once.
    pub takes: Lists<WayId, FactId>,
    /// What a way makes, each once, nothing that it takes.
    pub makes: Lists<WayId, FactId>,
    /// The ways that take a fact.
    pub takers: Lists<FactId, WayId>,
    /// The ways that make a fact.
    pub makers: Lists<FactId, WayId>,
    /// The ways of a step.
    pub ways: Lists<StepId, WayId>,
    /// Which facts are true from the start.
    pub start: Vec<bool>,
}

/// The parts of a problem, before the arrays are turned round.
pub(super) struct Draft {
    pub facts: Vec<Fact>,
    pub steps: Vec<Step>,
    pub step_of: Vec<StepId>,
    pub carrier: Vec<Option<StateId>>,
    pub takes: Lists<WayId, FactId>,
    pub makes: Lists<WayId, FactId>,
    pub start: Vec<bool>,
}

impl Draft {
    /// The problem of these parts.
    pub fn finish(self) -> Problem {
        let Draft { facts, steps, step_of, carrier, takes, makes, start } = self;
        let mut paid: Lists<WayId, StepId> = Lists::new();
        step_of.iter().for_each(|&step| paid.push([step]));
        let (takers, makers) = (takes.turned(facts.len()), makes.turned(facts.len()));
        let ways = paid.turned(steps.len());
        Problem { facts, steps, step_of, carrier, takes, makes, takers, makers, ways, start }
    }
}

impl Problem {
    /// The fact to reach.
    pub fn goal(&self) -> FactId {
        FactId::new(self.facts.len() - 1)
    }

    /// The step that pays for a way.
    pub fn step(&self, way: WayId) -> StepId {
        self.step_of[way.index()]
    }

    /// What a step costs.
    pub fn cost(&self, step: StepId) -> u64 {
        self.steps[step.index()].cost
    }

    /// What these steps cost.
    pub fn total(&self, steps: &[StepId]) -> u64 {
        steps.iter().map(|&step| self.cost(step)).sum()
    }

    /// All ways.
    pub fn all_ways(&self) -> impl Iterator<Item = WayId> + use<> {
        (0..self.step_of.len()).map(WayId::new)
    }

    /// All steps.
    pub fn all_steps(&self) -> impl Iterator<Item = StepId> + use<> {
        (0..self.steps.len()).map(StepId::new)
    }

    /// How much work a look at every way is.
    pub fn size(&self) -> u64 {
        (self.takes.weight() + self.makes.weight() + self.facts.len() + self.step_of.len()) as u64
    }

    /// The problem with only the ways that `keep` names, and the steps and facts that they need.
    pub fn restricted(&self, keep: &[bool]) -> Problem {
        let kept: Vec<WayId> = self.all_ways().filter(|way| keep[way.index()]).collect();
        let mut used = vec![false; self.facts.len()];
        let mut paid = vec![false; self.steps.len()];
        used[self.goal().index()] = true;
        for &way in &kept {
            paid[self.step(way).index()] = true;
            let ends = self.takes.of(way).iter().chain(self.makes.of(way));
            ends.for_each(|fact| used[fact.index()] = true);
        }
        let (fact_at, step_at) = (renumber(&used), renumber(&paid));
        let rename = |list: &[FactId]| list.iter().map(|f| fact_at[f.index()]).collect::<Vec<FactId>>();
        let (mut takes, mut makes) = (Lists::new(), Lists::new());
        for &way in &kept {
            takes.push(rename(self.takes.of(way)));
            makes.push(rename(self.makes.of(way)));
        }
        let step_of = kept.iter().map(|&way| step_at[self.step(way).index()]).collect();
        let carrier = kept.iter().map(|&way| self.carrier[way.index()]).collect();
        let (facts, steps) = (filtered(&self.facts, &used), filtered(&self.steps, &paid));
        let start = filtered(&self.start, &used);
        Draft { facts, steps, step_of, carrier, takes, makes, start }.finish()
    }
}

/// New ids for those that stay, in their old order.
fn renumber<K: Index>(keep: &[bool]) -> Vec<K> {
    let mut next = 0;
    let number = |&kept: &bool| {
        next += usize::from(kept);
        K::of(next.saturating_sub(1))
    };
    keep.iter().map(number).collect()
}

/// Those that stay.
fn filtered<T: Copy>(all: &[T], keep: &[bool]) -> Vec<T> {
    all.iter().zip(keep).filter(|(_, kept)| **kept).map(|(item, _)| *item).collect()
}
