//! A quick first plan, good but not proved optimal; and the order in which a set of steps can run.
//! It does not know whether there is a cheaper one.

use super::lists::{FactId, StepId, WayId};
use super::problem::Problem;
use super::spread::{Join, spread};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Steps that reach the goal, in order of their ids; `None` if no steps do. A step of cost `None` may not be used; a step of
/// cost 0 is part of the plan already.
pub(super) fn greedy(problem: &Problem, cost: impl Fn(StepId) -> Option<u64>) -> Option<Vec<StepId>> {
    let by_max = extract(problem, Join::Max, &cost)?;
    let by_sum = extract(problem, Join::Sum, &cost)?;
    let cheaper = problem.total(&by_sum) < problem.total(&by_max);
    Some(if cheaper { by_sum } else { by_max })
}

/// The steps on the way back from the goal by each fact's maker, without those that the others make superfluous.
fn extract(problem: &Problem, join: Join, cost: &impl Fn(StepId) -> Option<u64>) -> Option<Vec<StepId>> {
    let found = spread(problem, join, cost);
    let mut steps = vec![false; problem.steps.len()];
    let mut seen = vec![false; problem.facts.len()];
    let mut open = vec![problem.goal()];
    while let Some(fact) = open.pop() {
        if problem.start[fact.index()] || std::mem::replace(&mut seen[fact.index()], true) {
            continue;
        }
        let way = found.maker[fact.index()]?;
        steps[problem.step(way).index()] = true;
        open.extend(problem.takes.of(way));
    }
    Some(reduced(problem, problem.all_steps().filter(|step| steps[step.index()]).collect()))
}

/// Without the steps whose results the others make earlier, until each is of use.
pub(super) fn reduced(problem: &Problem, mut steps: Vec<StepId>) -> Vec<StepId> {
    loop {
        let fired = firing(problem, &steps);
        let mut maker: Vec<Option<WayId>> = vec![None; problem.facts.len()];
        for &way in fired.iter().rev() {
            problem.makes.of(way).iter().for_each(|fact| maker[fact.index()] = Some(way));
        }
        let mut used = vec![false; problem.steps.len()];
        let mut open: Vec<FactId> = vec![problem.goal()];
        while let Some(fact) = open.pop() {
            let Some(way) = maker[fact.index()].take().filter(|_| !problem.start[fact.index()]) else {
                continue;
            };
            used[problem.step(way).index()] = true;
            open.extend(problem.takes.of(way));
        }
        let before = steps.len();
        steps.retain(|step| used[step.index()]);
        if steps.len() == before {
            return steps;
        }
    }
}

/// The given steps in an order that can run, each by the first of its ways that can be used: among those that are
/// ready the first in the order of steps. Steps that cannot run are left out.
pub(super) fn firing(problem: &Problem, steps: &[StepId]) -> Vec<WayId> {
    let mut chosen = vec![false; problem.steps.len()];
    steps.iter().for_each(|step| chosen[step.index()] = true);
    let mut missing = vec![0u32; problem.step_of.len()];
    let mut holds = problem.start.clone();
    let mut ready: BinaryHeap<Reverse<(StepId, WayId)>> = BinaryHeap::new();
    for &way in steps.iter().flat_map(|&step| problem.ways.of(step)) {
        let open = problem.takes.of(way).iter().filter(|fact| !holds[fact.index()]).count();
        missing[way.index()] = open as u32;
        if open == 0 {
            ready.push(Reverse((problem.step(way), way)));
        }
    }
    let mut fired = Vec::with_capacity(steps.len());
    while let Some(Reverse((step, way))) = ready.pop() {
        if !std::mem::replace(&mut chosen[step.index()], false) {
            continue;
        }
        fired.push(way);
        for &fact in problem.makes.of(way) {
            if std::mem::replace(&mut holds[fact.index()], true) {
                continue;
            }
            for &next in problem.takers.of(fact).iter().filter(|next| chosen[problem.step(**next).index()]) {
                missing[next.index()] -= 1;
                if missing[next.index()] == 0 {
                    ready.push(Reverse((problem.step(next), next)));
                }
            }
        }
    }
    fired
}
