//! Chooses among all plans: the cheapest one, among equals the one nearest to the user, and one other of the same cost.
//! It does not know files; `route` assigns them afterwards.
//!
//! Of two plans, the nearer is the one with the first op, by origin, among the ops of only one of them.

use super::ask::Ask;
use super::bound::{Budget, StepChoice, bound};
use super::greedy::{greedy, reduced};
use super::lists::StepId;
use super::problem::Problem;
use super::search::solve;
use super::spread::{Join, NEVER, rest, spread};
use crate::graph::OpId;
use std::collections::HashMap;

/// The work a request may take before its plan counts as not proved, in looks at elements of the problem.
const LOOKS: u64 = 24_000_000;

/// The chosen set of steps.
pub(super) struct Chosen {
    /// The problem that the steps are of.
    pub problem: Problem,
    /// The steps of the plan.
    pub steps: Vec<StepId>,
    /// Whether there is no cheaper plan.
    pub proved: bool,
    /// Another plan of the same cost, with another set of ops.
    pub other: Option<Vec<StepId>>,
}

/// The cheapest plan for a problem without irrelevant steps; `None` if the goal cannot be reached.
pub(super) fn choose(ask: &Ask, problem: &Problem) -> Option<Chosen> {
    let mut budget = Budget::new(LOOKS);
    let first = greedy(problem, |step| Some(problem.cost(step)))?;
    let cost = problem.total(&first);
    let least = bound(problem, &root(problem), cost.saturating_sub(1), &mut budget)?.least;
    let (problem, mut steps) = narrowed(problem, &first, cost);
    let mut proved = least >= cost;
    if !proved {
        let found = solve(&problem, &root(&problem), cost - 1, least, &mut budget);
        steps = found.best.map_or(steps, |better| reduced(&problem, better));
        proved = found.proved;
    }
    if !proved {
        return Some(Chosen { problem, steps, proved, other: None });
    }
    let cost = problem.total(&steps);
    let (problem, steps) = narrowed(&problem, &steps, cost);
    let mut budget = Budget::new(LOOKS);
    let steps = nearest(&problem, steps, &mut budget);
    let other = other(ask, &problem, &steps, &mut budget);
    Some(Chosen { problem, steps, proved, other })
}

/// Nothing is settled but what costs nothing.
fn root(problem: &Problem) -> Vec<StepChoice> {
    let mark = |step| if problem.cost(step) == 0 { StepChoice::In } else { StepChoice::Open };
    problem.all_steps().map(mark).collect()
}

/// The problem without the ways that no plan of at most this cost can use: what must come before and after costs too
/// much. The steps are renamed.
fn narrowed(problem: &Problem, steps: &[StepId], cost: u64) -> (Problem, Vec<StepId>) {
    let before = spread(problem, Join::Max, |step| Some(problem.cost(step)));
    let after = rest(problem);
    let keep = problem.all_ways().map(|way| {
        let taken = problem.takes.of(way).iter().map(|fact| before.value[fact.index()]).max().unwrap_or(0);
        let still = problem.makes.of(way).iter().map(|fact| after[fact.index()]).min().unwrap_or(NEVER);
        let price = problem.cost(problem.step(way));
        taken.saturating_add(still).saturating_add(price) <= cost
    });
    let narrow = problem.restricted(&keep.collect::<Vec<bool>>());
    let at: HashMap<_, _> = narrow.all_steps().map(|step| (narrow.steps[step.index()], step)).collect();
    let renamed = steps.iter().filter_map(|step| at.get(&problem.steps[step.index()]).copied()).collect();
    (narrow, renamed)
}

/// Of the plans of the same cost the nearest one: each step in turn, in the order that breaks ties, is in the plan when
/// there is such a plan that agrees on all steps before.
fn nearest(problem: &Problem, mut best: Vec<StepId>, budget: &mut Budget) -> Vec<StepId> {
    let cost = problem.total(&best);
    if best.len() == problem.steps.len() {
        return best;
    }
    let mut marks = root(problem);
    let mut paid = 0;
    for step in problem.all_steps().filter(|step| problem.cost(*step) > 0) {
        if paid == cost || !budget.is_left() {
            break;
        }
        marks[step.index()] = StepChoice::In;
        if best.binary_search(&step).is_err() {
            match solve(problem, &marks, cost, cost, budget).best {
                Some(nearer) => best = nearer,
                None => marks[step.index()] = StepChoice::Out,
            }
        }
        if marks[step.index()] == StepChoice::In {
            paid += problem.cost(step);
        }
    }
    best
}

/// Another plan of the same cost that `--through` can ask for.
fn other(ask: &Ask, problem: &Problem, best: &[StepId], budget: &mut Budget) -> Option<Vec<StepId>> {
    if best.len() == problem.steps.len() {
        return None;
    }
    let cost = problem.total(best);
    let mut ops: Vec<OpId> = best.iter().filter_map(|step| problem.steps[step.index()].op).collect();
    ops.retain(|op| !ask.through.contains(op));
    for op in ops {
        let mut marks = root(problem);
        for step in problem.all_steps().filter(|step| problem.steps[step.index()].op == Some(op)) {
            marks[step.index()] = StepChoice::Out;
        }
        let found = solve(problem, &marks, cost, cost, budget).best;
        let found = found.filter(|other| discriminating(ask, problem, best, other).is_some());
        if found.is_some() || !budget.is_left() {
            return found;
        }
    }
    None
}

/// The first op of `other` that `best` does not use, and whose name means it.
pub(super) fn discriminating(
    ask: &Ask,
    problem: &Problem,
    best: &[StepId],
    other: &[StepId],
) -> Option<OpId> {
    let ops = |steps: &[StepId]| -> Vec<OpId> {
        steps.iter().filter_map(|step| problem.steps[step.index()].op).collect()
    };
    let used = ops(best);
    ops(other).into_iter().find(|op| !used.contains(op) && ask.graph.can_be_called(*op))
}
