//! What can be made at all: forwards from the given files, backwards from the wanted ones.
//! It does not know costs, or the order of the ops to go through.

use super::ask::{Ask, Demand};
use super::lists::{FactId, WayId};
use super::problem::Problem;
use crate::graph::{Count, OpId, StateId};
use petgraph::Direction::{Incoming, Outgoing};

/// A set of states and ops of one graph.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// By state: whether it is in.
    pub states: Vec<bool>,
    /// By op: whether it is in.
    pub ops: Vec<bool>,
}

/// The states that can be made from the given files, and the ops that can run.
pub(super) fn forward(ask: &Ask) -> Reach {
    let graph = ask.graph;
    let mut reach = Reach { states: vec![false; graph.state_count()], ops: vec![false; graph.op_count()] };
    let missing = |id: OpId| match ask.request.without.contains(&id) {
        true => u32::MAX,
        false => needed(ask, id).count() as u32,
    };
    let mut missing: Vec<u32> = graph.ops().map(|(id, _)| missing(id)).collect();
    let mut open: Vec<StateId> = ask.states.iter().flatten().copied().collect();
    for (id, op) in graph.ops().filter(|(id, _)| missing[id.index()] == 0) {
        reach.ops[id.index()] = true;
        open.extend(op.outputs.iter().map(|output| output.state));
    }
    while let Some(state) = open.pop() {
        if std::mem::replace(&mut reach.states[state.index()], true) {
            continue;
        }
        let mut takers: Vec<OpId> = graph.neighbours(state, Outgoing).collect();
        takers.sort_unstable();
        takers.dedup();
        for op in takers {
            let fewer = needed(ask, op).filter(|&(_, needs)| needs == state).count() as u32;
            missing[op.index()] -= fewer;
            if missing[op.index()] == 0 && !std::mem::replace(&mut reach.ops[op.index()], true) {
                open.extend(graph.op(op).outputs.iter().map(|output| output.state));
            }
        }
    }
    reach
}

/// The parameters of an op, with their states, that need a file; the unclear ones too, for they may carry a level.
pub(super) fn needed<'a>(ask: &'a Ask, op: OpId) -> impl Iterator<Item = (usize, StateId)> + 'a {
    let inputs = ask.graph.op(op).inputs.iter().enumerate();
    let needs = move |index: usize, count: Count| match ask.demand(op, index) {
        Demand::Nothing => false,
        Demand::File => true,
        Demand::Unclear => count == Count::One,
    };
    inputs.filter(move |(index, input)| needs(*index, input.count)).map(|(index, input)| (index, input.state))
}

/// The part of `possible` that may be on the way to the target.
pub(super) fn backward(ask: &Ask, possible: &Reach) -> Reach {
    let graph = ask.graph;
    let mut reach = Reach { states: vec![false; graph.state_count()], ops: vec![false; graph.op_count()] };
    let mut open: Vec<StateId> = ask.request.wanted.clone();
    while let Some(state) = open.pop() {
        if std::mem::replace(&mut reach.states[state.index()], true) {
            continue;
        }
        for op in graph.neighbours(state, Incoming).filter(|op| possible.ops[op.index()]) {
            if !std::mem::replace(&mut reach.ops[op.index()], true) {
                let asked = graph.op(op).inputs.iter().enumerate();
                let takes = asked.filter(|(index, _)| ask.bound(op, *index).is_empty());
                open.extend(takes.map(|(_, input)| input.state));
            }
        }
    }
    reach
}

/// The facts that are true after every usable way was used, and these ways.
pub(super) fn closure(problem: &Problem, allowed: impl Fn(WayId) -> bool) -> (Vec<bool>, Vec<bool>) {
    let mut holds = vec![false; problem.facts.len()];
    let mut usable = vec![false; problem.step_of.len()];
    let mut missing: Vec<u32> = problem.all_ways().map(|way| problem.takes.of(way).len() as u32).collect();
    let mut open: Vec<FactId> =
        (0..problem.facts.len()).map(FactId::new).filter(|f| problem.start[f.index()]).collect();
    for way in problem.all_ways().filter(|way| missing[way.index()] == 0 && allowed(*way)) {
        usable[way.index()] = true;
        open.extend(problem.makes.of(way));
    }
    while let Some(fact) = open.pop() {
        if std::mem::replace(&mut holds[fact.index()], true) {
            continue;
        }
        for &way in problem.takers.of(fact) {
            missing[way.index()] -= 1;
            if missing[way.index()] == 0 && allowed(way) {
                usable[way.index()] = true;
                open.extend(problem.makes.of(way));
            }
        }
    }
    (holds, usable)
}

/// The problem without unusable steps and steps on no way to the goal; `None` if the goal cannot be reached.
pub(super) fn relevant(problem: &Problem) -> Option<Problem> {
    let (holds, usable) = closure(problem, |_| true);
    let goal = problem.goal();
    if !holds[goal.index()] {
        return None;
    }
    let mut keep = vec![false; problem.step_of.len()];
    let mut seen = vec![false; problem.facts.len()];
    let mut open = vec![goal];
    while let Some(fact) = open.pop() {
        if std::mem::replace(&mut seen[fact.index()], true) || problem.start[fact.index()] {
            continue;
        }
        for &way in problem.makers.of(fact).iter().filter(|way| usable[way.index()]) {
            if !std::mem::replace(&mut keep[way.index()], true) {
                open.extend(problem.takes.of(way));
            }
        }
    }
    Some(problem.restricted(&keep))
}
