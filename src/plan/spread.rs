//! Knuth's generalisation of Dijkstra's algorithm: the value of every fact, cheapest first.
//! It does not know the meaning of the values; with `Max` they are lower bounds, with `Sum` they guide a first guess.

use super::lists::{FactId, Index, StepId, WayId};
use super::problem::Problem;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What cannot be reached.
pub(super) const NEVER: u64 = u64::MAX;
/// What sums are cut at: still reachable.
const HUGE: u64 = u64::MAX / 4;

/// How the values of what a way takes are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// The largest: never more than the true cost.
    Max,
    /// All of them: the cost if nothing were shared.
    Sum,
}

/// A value for every fact, and how it was reached.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    /// By fact: its value, or [`NEVER`].
    pub value: Vec<u64>,
    /// For each fact, the way that gave it its value; `None` if it is true from the start. The ways contain no circle.
    pub maker: Vec<Option<WayId>>,
    /// For each way, the fact that it waited for longest; `None` if it takes nothing or cannot be used.
    pub last: Vec<Option<FactId>>,
    /// By way: whether all it takes can be reached.
    pub usable: Vec<bool>,
}

/// Values from the start; a step whose cost is `None` may not be used.
pub(super) fn spread(problem: &Problem, join: Join, cost: impl Fn(StepId) -> Option<u64>) -> Spread {
    let (facts, ways) = (problem.facts.len(), problem.step_of.len());
    let mut run = Run {
        problem,
        found: Spread {
            value: vec![NEVER; facts],
            maker: vec![None; facts],
            last: vec![None; ways],
            usable: vec![false; ways],
        },
        settled: vec![false; facts],
        heap: BinaryHeap::new(),
    };
    let mut missing: Vec<u32> = problem.all_ways().map(|way| problem.takes.of(way).len() as u32).collect();
    let mut taken = vec![0u64; if join == Join::Sum { ways } else { 0 }];
    for fact in (0..facts).map(FactId::of).filter(|fact| problem.start[fact.index()]) {
        run.found.value[fact.index()] = 0;
        run.heap.push(Reverse((0, fact)));
    }
    for way in problem.all_ways().filter(|way| missing[way.index()] == 0) {
        run.fire(way, 0, cost(problem.step(way)));
    }
    while let Some(Reverse((value, fact))) = run.heap.pop() {
        if std::mem::replace(&mut run.settled[fact.index()], true) {
            continue;
        }
        for &way in problem.takers.of(fact) {
            missing[way.index()] -= 1;
            if let Some(sum) = taken.get_mut(way.index()) {
                *sum = sum.saturating_add(value).min(HUGE);
            }
            if missing[way.index()] == 0 {
                run.found.last[way.index()] = Some(fact);
                run.fire(way, taken.get(way.index()).copied().unwrap_or(value), cost(problem.step(way)));
            }
        }
    }
    run.found
}

struct Run<'a> {
    problem: &'a Problem,
    found: Spread,
    settled: Vec<bool>,
    heap: BinaryHeap<Reverse<(u64, FactId)>>,
}

impl Run<'_> {
    /// All that the way takes is there, for `taken`; of two ways for one price the step that comes first wins.
    fn fire(&mut self, way: WayId, taken: u64, cost: Option<u64>) {
        let Some(cost) = cost else { return };
        self.found.usable[way.index()] = true;
        let value = taken.saturating_add(cost).min(HUGE);
        for &fact in self.problem.makes.of(way) {
            let at = fact.index();
            let earlier = |other: WayId| self.problem.step(way) < self.problem.step(other);
            let same = value == self.found.value[at] && self.found.maker[at].is_some_and(earlier);
            if self.settled[at] || !(value < self.found.value[at] || same) {
                continue;
            }
            self.found.maker[at] = Some(way);
            if value < self.found.value[at] {
                self.found.value[at] = value;
                self.heap.push(Reverse((value, fact)));
            }
        }
    }
}

/// By fact: the least that must still be paid after it on any path to the goal, its own makers not counted.
pub(super) fn rest(problem: &Problem) -> Vec<u64> {
    let mut value = vec![NEVER; problem.facts.len()];
    let mut heap = BinaryHeap::new();
    let mut done = vec![false; problem.step_of.len()];
    value[problem.goal().index()] = 0;
    heap.push(Reverse((0u64, problem.goal())));
    while let Some(Reverse((here, fact))) = heap.pop() {
        if here > value[fact.index()] {
            continue;
        }
        for &way in problem.makers.of(fact) {
            if std::mem::replace(&mut done[way.index()], true) {
                continue;
            }
            let before = here + problem.cost(problem.step(way));
            for &taken in problem.takes.of(way) {
                if before < value[taken.index()] {
                    value[taken.index()] = before;
                    heap.push(Reverse((before, taken)));
                }
            }
        }
    }
    value
}
