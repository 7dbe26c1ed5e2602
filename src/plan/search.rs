//! Best-first branch and bound: the cheapest set of steps that reaches the goal.
//! It does not know ops or ties; it keeps to the marks and to a budget.

use super::bound::{Bound, Budget, StepChoice, bound, price};
use super::greedy::greedy;
use super::lists::StepId;
use super::problem::Problem;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a search has found.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// The cheapest plan found, by step.
    pub best: Option<Vec<StepId>>,
    /// Whether there is no cheaper plan, or, without a result, no plan at all within the limit.
    pub proved: bool,
}

/// A part of the search: the plans with all steps in `ins` and without any step in `outs`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    least: Reverse<u64>,
    depth: usize,
    born: Reverse<u64>,
    ins: Vec<StepId>,
    outs: Vec<StepId>,
}

/// The cheapest plan that costs at most `limit` and keeps to the marks. Takes the first one found that costs no more
/// than `content`.
pub(super) fn solve(
    problem: &Problem,
    marks: &[StepChoice],
    limit: u64,
    content: u64,
    budget: &mut Budget,
) -> Outcome {
    let mut run = Run { problem, marks, limit: Some(limit), best: None, heap: BinaryHeap::new(), born: 0 };
    run.push(0, vec![], vec![]);
    while let Some(node) = run.heap.pop() {
        if run.limit.is_none_or(|limit| node.least.0 > limit) || run.is_content(content) {
            break;
        }
        run.visit(node, budget);
        if !budget.is_left() {
            break;
        }
    }
    Outcome { best: run.best, proved: budget.is_left() }
}

struct Run<'a> {
    problem: &'a Problem,
    marks: &'a [StepChoice],
    /// The highest interesting cost of a plan; `None` if no cost is.
    limit: Option<u64>,
    best: Option<Vec<StepId>>,
    heap: BinaryHeap<Node>,
    born: u64,
}

impl Run<'_> {
    fn is_content(&self, content: u64) -> bool {
        self.best.as_ref().is_some_and(|best| self.problem.total(best) <= content)
    }

    fn push(&mut self, least: u64, ins: Vec<StepId>, outs: Vec<StepId>) {
        self.born += 1;
        self.heap.push(Node { least: Reverse(least), depth: ins.len(), born: Reverse(self.born), ins, outs });
    }

    /// Bounds a node, takes the plan that it suggests, and splits it by a set of steps of which each of its plans contains one:
    /// plans with the first, plans with the second but not the first, and so on.
    fn visit(&mut self, node: Node, budget: &mut Budget) {
        let Some(limit) = self.limit else { return };
        let marks = self.marks_of(&node);
        let Some(Bound { least, branch }) = bound(self.problem, &marks, limit, budget) else { return };
        if least > limit || !budget.is_left() {
            return;
        }
        budget.spend(6 * self.problem.size());
        self.offer(&marks);
        let mut outs = node.outs;
        for step in branch.unwrap_or_default() {
            let ins = node.ins.iter().copied().chain([step]).collect();
            self.push(least, ins, outs.clone());
            outs.push(step);
        }
    }

    /// A plan that keeps to the marks, when it is good enough.
    fn offer(&mut self, marks: &[StepChoice]) {
        let Some(more) = greedy(self.problem, |step| price(self.problem, marks, step)) else { return };
        let mut used: Vec<bool> = marks.iter().map(|mark| *mark == StepChoice::In).collect();
        more.iter().for_each(|step| used[step.index()] = true);
        let plan: Vec<StepId> = self.problem.all_steps().filter(|step| used[step.index()]).collect();
        let cost = self.problem.total(&plan);
        if self.limit.is_some_and(|limit| cost <= limit) {
            self.limit = cost.checked_sub(1);
            self.best = Some(plan);
        }
    }

    fn marks_of(&self, node: &Node) -> Vec<StepChoice> {
        let mut marks = self.marks.to_vec();
        node.ins.iter().for_each(|step| marks[step.index()] = StepChoice::In);
        node.outs.iter().for_each(|step| marks[step.index()] = StepChoice::Out);
        marks
    }
}
