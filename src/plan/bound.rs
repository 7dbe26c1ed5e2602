//! Lower bounds: sets of steps of which every plan contains one, and what they must cost together.
//! It does not know how the search uses them.
//!
//! There are two sources. The makers of a fact that every plan needs, found backwards from the goal, are such a set. And so
//! are cuts of the graph of longest waits, on the remaining costs: the LM-cut bound of Helmert and Domshlak (ICAPS 2009).

use super::lists::{FactId, StepId, WayId};
use super::problem::Problem;
use super::spread::{Join, NEVER, Spread, spread};

/// What the search has settled about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StepChoice {
    /// Nothing.
    Open,
    /// It is in the plan, and paid.
    In,
    /// It is not in the plan.
    Out,
}

/// How much work may still be done; counted, not timed, so that the same request has the same answer everywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget(u64);

impl Budget {
    /// Room for so many looks at an element of a problem.
    pub fn new(looks: u64) -> Budget {
        Budget(looks)
    }

    /// Takes from the budget; returns false if nothing is left.
    pub fn spend(&mut self, looks: u64) -> bool {
        self.0 = self.0.saturating_sub(looks);
        self.is_left()
    }

    /// Whether there is room.
    pub fn is_left(&self) -> bool {
        self.0 > 0
    }
}

/// What can be said about all plans that keep to the marks.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    /// They cost at least this.
    pub least: u64,
    /// Each plan contains one of these; `None` if the chosen steps are a plan already.
    pub branch: Option<Vec<StepId>>,
}

/// A lower bound for the cheapest plans that keep to the marks; `None` if there is no such plan. It stops once the bound is
/// above `enough`, or when the budget is spent.
pub(super) fn bound(
    problem: &Problem,
    marks: &[StepChoice],
    enough: u64,
    budget: &mut Budget,
) -> Option<Bound> {
    budget.spend(4 * problem.size());
    let full = spread(problem, Join::Max, |step| price(problem, marks, step));
    let longest = full.value[problem.goal().index()];
    if longest == NEVER {
        return None;
    }
    let paid = problem.all_steps().filter(|step| marks[step.index()] == StepChoice::In);
    let paid: u64 = paid.map(|step| problem.cost(step)).sum();
    let left = problem.all_steps().map(|step| price(problem, marks, step)).collect();
    let mut tally = Tally { problem, left, sum: paid, branch: None };
    for set in needed(problem, marks, &full)? {
        tally.claim(set);
    }
    let mut least = tally.sum.max(paid + longest);
    while least <= enough && budget.spend(2 * problem.size()) && tally.cut() {
        least = least.max(tally.sum);
    }
    Some(Bound { least, branch: tally.branch })
}

/// The cost of a step under the marks; `None` if it may not be used.
pub(super) fn price(problem: &Problem, marks: &[StepChoice], step: StepId) -> Option<u64> {
    match marks[step.index()] {
        StepChoice::Open => Some(problem.cost(step)),
        StepChoice::In => Some(0),
        StepChoice::Out => None,
    }
}

/// The open makers of every fact that all plans need, the smallest sets first; `None` if a chosen step cannot run.
fn needed(problem: &Problem, marks: &[StepChoice], full: &Spread) -> Option<Vec<Vec<StepId>>> {
    let mut open = vec![problem.goal()];
    for step in problem.all_steps().filter(|step| marks[step.index()] == StepChoice::In) {
        let ways: Vec<WayId> = usable(problem.ways.of(step), full);
        open.extend(shared(problem, &ways));
        if ways.is_empty() {
            return None;
        }
    }
    let mut seen = problem.start.clone();
    let mut sets = vec![];
    while let Some(fact) = open.pop() {
        if std::mem::replace(&mut seen[fact.index()], true) {
            continue;
        }
        let ways = usable(problem.makers.of(fact), full);
        open.extend(shared(problem, &ways));
        let mut steps: Vec<StepId> = ways.iter().map(|&way| problem.step(way)).collect();
        steps.sort_unstable();
        steps.dedup();
        if steps.iter().all(|step| marks[step.index()] == StepChoice::Open) {
            sets.push(steps);
        }
    }
    sets.sort_by_key(Vec::len);
    Some(sets)
}

fn usable(ways: &[WayId], full: &Spread) -> Vec<WayId> {
    ways.iter().copied().filter(|way| full.usable[way.index()]).collect()
}

/// What all of these ways take.
fn shared(problem: &Problem, ways: &[WayId]) -> Vec<FactId> {
    let Some((&first, others)) = ways.split_first() else { return vec![] };
    let mut facts = problem.takes.of(first).to_vec();
    for &way in others {
        if facts.is_empty() {
            break;
        }
        facts.retain(|fact| problem.takes.of(way).contains(fact));
    }
    facts
}

/// Sets found so far, and the costs that no set has laid claim to.
struct Tally<'a> {
    problem: &'a Problem,
    left: Vec<Option<u64>>,
    sum: u64,
    branch: Option<Vec<StepId>>,
}

impl Tally<'_> {
    /// Every plan contains one of these: the least cost is added, and no longer counts for other sets. A set with a step of cost
    /// 0 adds nothing; a cut never contains such a step.
    fn claim(&mut self, set: Vec<StepId>) {
        let least = set.iter().filter_map(|step| self.left[step.index()]).min().unwrap_or(0);
        self.sum += least;
        for step in &set {
            self.left[step.index()] = self.left[step.index()].map(|cost| cost - least);
        }
        if self.branch.as_ref().is_none_or(|best| set.len() < best.len()) {
            self.branch = Some(set);
        }
    }

    /// Finds one more set; false when the goal can be reached for what is left at no cost.
    fn cut(&mut self) -> bool {
        let found = spread(self.problem, Join::Max, |step| self.left[step.index()]);
        if found.value[self.problem.goal().index()] == 0 {
            return false;
        }
        let zone = self.zone(&found);
        let set = self.border(&found, &zone);
        let is_set = !set.is_empty();
        if is_set {
            self.claim(set);
        }
        is_set
    }

    /// The facts from which the goal is reached for nothing, when a way waits only for the last fact it takes.
    fn zone(&self, found: &Spread) -> Vec<bool> {
        let mut zone = vec![false; self.problem.facts.len()];
        let mut open = vec![self.problem.goal()];
        while let Some(fact) = open.pop() {
            if std::mem::replace(&mut zone[fact.index()], true) {
                continue;
            }
            let makers = self.problem.makers.of(fact).iter().filter(|way| found.usable[way.index()]);
            let free = makers.filter(|&&way| self.left[self.problem.step(way).index()] == Some(0));
            open.extend(free.filter_map(|way| found.last[way.index()]));
        }
        zone
    }

    /// The steps that lead into the zone from what is reached without it.
    fn border(&self, found: &Spread, zone: &[bool]) -> Vec<StepId> {
        let problem = self.problem;
        let mut seen = vec![false; problem.facts.len()];
        let mut set = vec![];
        let mut open: Vec<FactId> =
            (0..seen.len()).map(FactId::new).filter(|fact| problem.start[fact.index()]).collect();
        let mut enter = |way: WayId, open: &mut Vec<FactId>| {
            let makes = problem.makes.of(way);
            if makes.iter().any(|fact| zone[fact.index()]) {
                set.push(problem.step(way));
            }
            open.extend(makes.iter().filter(|fact| !zone[fact.index()]));
        };
        let at_once = problem.all_ways().filter(|way| problem.takes.of(*way).is_empty());
        at_once.filter(|way| found.usable[way.index()]).for_each(|way| enter(way, &mut open));
        while let Some(fact) = open.pop() {
            if std::mem::replace(&mut seen[fact.index()], true) {
                continue;
            }
            let waits = |way: &&WayId| found.usable[way.index()] && found.last[way.index()] == Some(fact);
            problem.takers.of(fact).iter().filter(waits).for_each(|&way| enter(way, &mut open));
        }
        set.sort_unstable();
        set.dedup();
        set
    }
}
