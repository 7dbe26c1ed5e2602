//! The planner against a slow one that tries everything, on small random graphs.
//! It does not know how the planner works; it shares only the graph and the checker of plans with it.

use super::ask::Ask;
use super::find::attempt;
use super::fixture::origin;
use super::names::named;
use super::plan_data::{FileSource, Plan};
use super::request::{Given, Request};
use crate::graph::{BodyId, Count, Op, OpGraph, OpId, OpProperties, Param, State, StateId, StateProperties};
use crate::paths::WorkPath;
use proptest::prelude::*;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

/// A random graph and request, by numbers: states, ops as inputs, outputs and cost, how many files each input takes,
/// given, wanted, ops to go through.
#[derive(Clone, Debug)]
struct Case {
    states: usize,
    ops: Vec<(Vec<usize>, Vec<usize>, u32)>,
    /// Of all inputs in turn, again and again.
    counts: Vec<Count>,
    given: Vec<usize>,
    wanted: Vec<usize>,
    through: Vec<usize>,
}

fn case(
    states: usize,
    ops: usize,
    ins: usize,
    outs: usize,
    costs: u32,
    through: usize,
) -> impl Strategy<Value = Case> {
    let some = move |most: usize| prop::collection::vec(0..states, 1..=most);
    let op = (some(ins), some(outs), 1..=costs);
    (prop::collection::vec(op, 1..=ops), some(2), some(2), prop::collection::vec(0..1000usize, 0..=through))
        .prop_map(move |(ops, mut given, wanted, through)| {
            given.sort_unstable();
            given.dedup();
            let through = through.into_iter().map(|n| n % ops.len()).collect();
            Case { states, ops, counts: vec![Count::One], given, wanted, through }
        })
}

/// A random graph in which most ops lead from the states just before to the next ones, so that plans are long and share.
fn deep_case(states: usize, ops: usize, outs: usize) -> impl Strategy<Value = Case> {
    let back = prop::collection::vec(1..=3usize, 1..=3);
    let on = prop::collection::vec(0..=2usize, 1..=outs);
    let op = (1..states, back, on, 1..=4u32);
    prop::collection::vec(op, ops / 2..=ops).prop_map(move |ops| {
        let op = |(at, back, on, cost): (usize, Vec<usize>, Vec<usize>, u32)| {
            let inputs = back.into_iter().map(|back| at.saturating_sub(back)).collect();
            (inputs, on.into_iter().map(|on| (at + on) % states).collect(), cost)
        };
        let ops = ops.into_iter().map(op).collect();
        let wanted = vec![states - 1, states - 2];
        Case { states, ops, counts: vec![Count::One], given: vec![0], wanted, through: vec![] }
    })
}

impl Case {
    /// The graph with the ops added in this order; their origins do not depend on it.
    fn graph(&self, order: &[usize]) -> OpGraph {
        let mut graph = OpGraph::new();
        for state in 0..self.states {
            let (extensions, pattern, description) = (vec![format!("e{state}")], None, None);
            let (name, origin) = (format!("s{state}"), origin(0, state + 1));
            let properties = StateProperties::default();
            let state =
                State { name, extensions, directory: false, pattern, description, properties, origin };
            graph.add_state(state);
        }
        for &index in order {
            let (inputs, outputs, cost) = &self.ops[index];
            let param = |at: usize, state: &usize, count: Count| {
                let (name, state) = (format!("p{at}"), StateId::new(*state));
                Param { name, state, count }
            };
            let count = |at| self.count(index, at);
            let inputs = inputs.iter().enumerate().map(|(at, state)| param(at, state, count(at))).collect();
            let outputs =
                outputs.iter().enumerate().map(|(at, state)| param(at, state, Count::One)).collect();
            let (name, cost, origin) = (format!("op{index:02}"), *cost, origin(0, index + 100));
            let (description, needs, body) = (None, vec![], BodyId::new(0));
            let properties = OpProperties::default();
            graph.add_op(Op { name, inputs, outputs, cost, description, needs, properties, origin, body });
        }
        graph
    }

    /// How many files an input of an op takes.
    fn count(&self, op: usize, input: usize) -> Count {
        let before: usize = self.ops[..op].iter().map(|(inputs, ..)| inputs.len()).sum();
        self.counts[(before + input) % self.counts.len()]
    }

    /// The states that an op cannot do without.
    fn needs(&self, op: usize) -> impl Iterator<Item = usize> + '_ {
        let inputs = self.ops[op].0.iter().enumerate();
        inputs.filter(move |(at, _)| !self.count(op, *at).may_be_empty()).map(|(_, state)| *state)
    }

    fn request(&self, graph: &OpGraph) -> Request {
        let given = self.given.iter().map(|&state| Given {
            path: WorkPath::new(format!("../in{state}.e{state}")).unwrap(),
            shown: format!("in{state}"),
            states: vec![StateId::new(state)],
            stated: true,
            required: true,
        });
        let through = self.through.iter().map(|op| graph.resolve_op(&format!("op{op:02}")).unwrap());
        Request {
            name: "top".into(),
            given: given.collect(),
            wanted: self.wanted.iter().map(|&state| StateId::new(state)).collect(),
            through: through.collect(),
            bind: vec![],
            without: vec![],
            strict: false,
        }
    }

    /// The planner's answer, checked: no plan, or the plan.
    fn plan(&self, graph: &OpGraph) -> Option<Plan> {
        let request = self.request(graph);
        let states = request.given.iter().map(|given| given.states.clone()).collect();
        let ask = Ask::new(graph, &request, states);
        let (chosen, found) = attempt(&ask)?;
        let found = found.unwrap();
        let files = named(graph, &request, &found).unwrap();
        let plan = Plan {
            uses: found.uses,
            files,
            results: found.results,
            tie: super::find::tie(&ask, &chosen),
            proved: chosen.proved,
            notes: vec![],
        };
        plan.check(graph).unwrap();
        assert!(goes_through(&plan, &request), "a result is behind the ops to go through");
        assert!(every_use_is_of_use(&plan));
        assert!(plan.proved);
        Some(plan)
    }

    /// The least cost of any plan: Dijkstra over what is there at which level.
    fn least(&self) -> Option<u64> {
        let last = self.through.len() as u8;
        let mut there = vec![0u8; self.states];
        self.given.iter().for_each(|&state| there[state] = 1);
        let mut best: HashMap<Vec<u8>, u64> = HashMap::from([(there.clone(), 0)]);
        let mut heap = BinaryHeap::from([(std::cmp::Reverse(0u64), there)]);
        while let Some((std::cmp::Reverse(cost), there)) = heap.pop() {
            if best[&there] < cost {
                continue;
            }
            let all = self.wanted.iter().all(|&state| there[state] > 0);
            if all && self.wanted.iter().any(|&state| there[state] == last + 1) {
                return Some(cost);
            }
            for (index, (inputs, outputs, price)) in self.ops.iter().enumerate() {
                if self.needs(index).any(|state| there[state] == 0) {
                    continue;
                }
                let level = inputs.iter().map(|&state| there[state].max(1)).max().unwrap();
                let raised = level + u8::from(self.through.get(level as usize - 1) == Some(&index));
                let mut next = there.clone();
                outputs.iter().for_each(|&state| next[state] = next[state].max(raised));
                let cost = cost + u64::from(*price);
                if best.get(&next).is_none_or(|&old| cost < old) {
                    best.insert(next.clone(), cost);
                    heap.push((std::cmp::Reverse(cost), next));
                }
            }
        }
        None
    }

    /// All sets of ops of this cost that are plans, ignoring ops to go through.
    fn all_plans(&self, cost: u64) -> Vec<BTreeSet<usize>> {
        let sets = (0u32..1 << self.ops.len())
            .map(|bits| (0..self.ops.len()).filter(|op| bits >> op & 1 == 1).collect::<BTreeSet<usize>>());
        let price = |set: &BTreeSet<usize>| set.iter().map(|&op| u64::from(self.ops[op].2)).sum::<u64>();
        sets.filter(|set| price(set) == cost && self.reaches(set)).collect()
    }

    fn reaches(&self, set: &BTreeSet<usize>) -> bool {
        let mut there = vec![false; self.states];
        self.given.iter().for_each(|&state| there[state] = true);
        for _ in set {
            for &op in set {
                if self.needs(op).all(|state| there[state]) {
                    self.ops[op].1.iter().for_each(|&state| there[state] = true);
                }
            }
        }
        self.wanted.iter().all(|&state| there[state])
    }

    /// The numbers of the ops of a plan.
    fn ops_of(&self, graph: &OpGraph, plan: &Plan) -> BTreeSet<usize> {
        plan.uses.iter().map(|op_use| self.number(graph, op_use.op)).collect()
    }

    fn number(&self, graph: &OpGraph, op: OpId) -> usize {
        graph.op(op).name[2..].parse().unwrap()
    }
}

/// Whether some result has the ops to go through, in order, on one path to it.
fn goes_through(plan: &Plan, request: &Request) -> bool {
    let mut level = vec![0usize; plan.files.len()];
    for op_use in &plan.uses {
        let from = op_use.inputs.iter().flatten().map(|file| level[file.0]).max().unwrap_or(0);
        let to = from + usize::from(request.through.get(from) == Some(&op_use.op));
        op_use.outputs.iter().for_each(|file| level[file.0] = to);
    }
    plan.results.iter().any(|file| level[file.0] == request.through.len())
}

/// Whether each use makes a result or a file that a later use takes.
fn every_use_is_of_use(plan: &Plan) -> bool {
    let taken: BTreeSet<usize> =
        plan.uses.iter().flat_map(|op_use| op_use.inputs.iter().flatten()).map(|file| file.0).collect();
    let counts = |file: &super::plan_data::FileId| taken.contains(&file.0) || plan.results.contains(file);
    plan.uses.iter().all(|op_use| op_use.outputs.iter().any(counts))
        && plan
            .files
            .iter()
            .all(|file| !matches!(file.source, FileSource::Made { op_use, .. } if op_use >= plan.uses.len()))
}

/// Neither broken, nor invented, nor missed, and as cheap as can be.
fn agrees(case: &Case) {
    let graph = case.graph(&(0..case.ops.len()).collect::<Vec<_>>());
    let plan = case.plan(&graph);
    assert_eq!(plan.as_ref().map(|plan| plan.cost(&graph)), case.least());
}

/// Of the cheapest plans the nearest is chosen, and one other is named when there is one; whatever the loading order.
fn chooses_well(case: &Case) {
    let straight: Vec<usize> = (0..case.ops.len()).collect();
    let graph = case.graph(&straight);
    let Some(plan) = case.plan(&graph) else { return };
    let all = case.all_plans(plan.cost(&graph));
    let nearer = |a: &&BTreeSet<usize>, b: &&BTreeSet<usize>| {
        let first = a.symmetric_difference(b).next();
        if first.is_none_or(|op| a.contains(op)) {
            std::cmp::Ordering::Less
        } else {
            std::cmp::Ordering::Greater
        }
    };
    let chosen = case.ops_of(&graph, &plan);
    assert_eq!(Some(&chosen), all.iter().min_by(nearer));
    assert_eq!(plan.tie.is_some(), all.len() > 1, "{all:?}");
    if let Some(tie) = &plan.tie {
        let through = tie.through[2..].parse().unwrap();
        let other = Case { through: vec![through], ..case.clone() };
        let other = other.plan(&graph).expect("the other plan exists");
        assert_eq!(other.cost(&graph), plan.cost(&graph));
        assert_ne!(case.ops_of(&graph, &other), chosen);
    }
    let backwards: Vec<usize> = straight.into_iter().rev().collect();
    let again = case.graph(&backwards);
    let turned = case.plan(&again).unwrap();
    assert_eq!(turned.plain_text(&again), plan.plain_text(&graph));
}

/// Every request ends in an error, or in a plan that can run, uses every given file and goes through the ops.
fn is_sound(case: &Case, files: &[(usize, usize)]) {
    let graph = case.graph(&(0..case.ops.len()).collect::<Vec<_>>());
    let mut request = case.request(&graph);
    request.given.extend(files.iter().enumerate().map(|(index, &(first, second))| {
        let mut states = vec![StateId::new(first % case.states), StateId::new(second % case.states)];
        states.dedup();
        let shown = format!("more{index}");
        let path = WorkPath::new(&shown).unwrap();
        Given { path, shown, states, stated: false, required: true }
    }));
    let Ok(plan) = super::find(&graph, &request) else { return };
    plan.check(&graph).unwrap();
    assert!(goes_through(&plan, &request) && every_use_is_of_use(&plan));
    let taken: BTreeSet<usize> =
        plan.uses.iter().flat_map(|op_use| op_use.inputs.iter().flatten()).map(|file| file.0).collect();
    for (index, file) in plan.files.iter().enumerate() {
        let is_given = matches!(file.source, FileSource::Given(_));
        assert!(
            !is_given || taken.contains(&index) || plan.results.contains(&super::plan_data::FileId(index))
        );
    }
    let saved = plan.to_saved(&graph, WorkPath::to_string);
    let again = Plan::from_saved(&graph, &saved, |path| WorkPath::new(path)).unwrap();
    assert_eq!(again.to_saved(&graph, WorkPath::to_string), saved);
}

/// How many files inputs take, of every kind.
fn counts() -> impl Strategy<Value = Vec<Count>> {
    prop::collection::vec(prop::sample::select(vec![Count::One, Count::Many, Count::Optional, Count::Any]), 5)
}

/// 400 cases of each, or as many as `PROPTEST_CASES` says when that is more.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.max(400), failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn one_in_one_out_agrees_with_trying_everything(case in case(6, 8, 1, 1, 3, 0)) {
        agrees(&case);
    }

    #[test]
    fn two_in_one_out_agrees_with_trying_everything(case in case(8, 12, 2, 1, 3, 0)) {
        agrees(&case);
    }

    #[test]
    fn two_in_two_out_agrees_with_trying_everything(case in case(8, 12, 2, 2, 3, 0)) {
        agrees(&case);
    }

    #[test]
    fn long_plans_agree_with_trying_everything(case in deep_case(9, 26, 2)) {
        agrees(&case);
    }

    #[test]
    fn lists_options_and_many_files_give_an_error_or_a_sound_plan(
        case in case(5, 8, 3, 2, 2, 1),
        counts in counts(),
        files in prop::collection::vec((0..5usize, 0..5usize), 0..4),
    ) {
        is_sound(&Case { counts, ..case }, &files);
    }

    #[test]
    fn lists_and_options_agree_with_trying_everything(case in case(7, 11, 3, 2, 3, 0), counts in counts()) {
        agrees(&Case { counts, ..case });
    }

    #[test]
    fn long_plans_are_chosen_well(case in deep_case(7, 11, 2)) {
        chooses_well(&case);
    }

    #[test]
    fn larger_graphs_agree_with_trying_everything(case in case(11, 24, 3, 2, 4, 0)) {
        agrees(&case);
    }

    #[test]
    fn going_through_ops_agrees_with_trying_everything(case in case(6, 9, 2, 2, 2, 3)) {
        agrees(&case);
    }

    #[test]
    fn the_nearest_plan_is_chosen_and_another_is_named(case in case(6, 9, 2, 2, 2, 0)) {
        chooses_well(&case);
    }
}
