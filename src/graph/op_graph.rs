//! The graph itself: a bipartite petgraph of state nodes and op nodes, with look-up by name.
//! It does not know requests; the search for a path is in `plan`.

use super::ids::{OpId, StateId};
use super::names::Names;
use super::op::Op;
use super::state::State;
use crate::diag::{Error, Result, did_you_mean};
use petgraph::Direction::{self, Incoming, Outgoing};
use petgraph::graph::{DiGraph, NodeIndex};

/// All states and ops of the loaded scripts.
#[derive(Clone, Debug, Default)]
pub struct OpGraph {
    states: Vec<State>,
    ops: Vec<Op>,
    /// An edge leads from each state an op takes to the op, and from the op to each state it makes; one edge per
    /// parameter.
    links: DiGraph<Node, ()>,
    state_nodes: Vec<NodeIndex>,
    op_nodes: Vec<NodeIndex>,
    state_names: Names<StateId>,
    op_names: Names<OpId>,
}

/// The meaning of a node of the petgraph.
#[derive(Clone, Copy, Debug)]
enum Node {
    State,
    Op(OpId),
}

impl OpGraph {
    /// An empty graph.
    pub fn new() -> OpGraph {
        OpGraph::default()
    }

    /// Adds a state; states of one name are all kept.
    pub fn add_state(&mut self, state: State) -> StateId {
        let id = StateId::new(self.states.len());
        self.state_nodes.push(self.links.add_node(Node::State));
        self.states.push(state);
        let states = &self.states;
        self.state_names.add(id, &states[id.index()].name, |id: StateId| &states[id.index()].origin);
        id
    }

    /// Adds an op; ops of one name are all kept.
    pub fn add_op(&mut self, op: Op) -> OpId {
        let id = OpId::new(self.ops.len());
        let node = self.links.add_node(Node::Op(id));
        for input in &op.inputs {
            self.links.add_edge(self.state_nodes[input.state.index()], node, ());
        }
        for output in &op.outputs {
            self.links.add_edge(node, self.state_nodes[output.state.index()], ());
        }
        self.op_nodes.push(node);
        self.ops.push(op);
        let ops = &self.ops;
        self.op_names.add(id, &ops[id.index()].name, |id: OpId| &ops[id.index()].origin);
        id
    }

    /// The state of an id this graph gave.
    pub fn state(&self, id: StateId) -> &State {
        &self.states[id.index()]
    }

    /// The op of an id this graph gave.
    pub fn op(&self, id: OpId) -> &Op {
        &self.ops[id.index()]
    }

    /// How many states there are.
    pub fn state_count(&self) -> usize {
        self.states.len()
    }

    /// How many ops there are.
    pub fn op_count(&self) -> usize {
        self.ops.len()
    }

    /// All states, in order of declaration.
    pub fn states(&self) -> impl Iterator<Item = (StateId, &State)> {
        self.states.iter().enumerate().map(|(index, state)| (StateId::new(index), state))
    }

    /// All ops, in order of declaration.
    pub fn ops(&self) -> impl Iterator<Item = (OpId, &Op)> {
        self.ops.iter().enumerate().map(|(index, op)| (OpId::new(index), op))
    }

    /// The ops that make files of this state, each once, the nearest to the user first.
    pub fn makers(&self, state: StateId) -> Vec<OpId> {
        self.in_order(self.neighbours(state, Incoming).collect())
    }

    /// The ops that take files of this state, each once, the nearest to the user first.
    pub fn takers(&self, state: StateId) -> Vec<OpId> {
        self.in_order(self.neighbours(state, Outgoing).collect())
    }

    /// The ops at the other ends of a state's edges, in no order; once per parameter.
    pub(crate) fn neighbours(&self, state: StateId, side: Direction) -> impl Iterator<Item = OpId> {
        let nodes = self.links.neighbors_directed(self.state_nodes[state.index()], side);
        nodes.filter_map(|node| match self.links[node] {
            Node::Op(op) => Some(op),
            Node::State => None,
        })
    }

    /// These ops, each once, by what breaks ties: origin, then name, which sets apart what a loop declared.
    pub fn in_order(&self, mut ops: Vec<OpId>) -> Vec<OpId> {
        ops.sort_by(|&a, &b| self.order(a).cmp(&self.order(b)));
        ops.dedup();
        ops
    }

    /// What breaks ties between ops.
    fn order(&self, id: OpId) -> impl Ord + '_ {
        let op = self.op(id);
        (op.origin.order(), op.name.as_str(), id)
    }

    /// The state with this name: for `NAME` the one nearest to the user, for `SCRIPT::NAME` the one of the script, for
    /// `builtin::NAME` the one that the built-in scripts use.
    pub fn find_state(&self, called: &str) -> Option<StateId> {
        self.state_names.find(called, |id| &self.state(id).origin)
    }

    /// The state that is called so.
    ///
    /// # Errors
    /// No such state; offers the nearest name.
    pub fn resolve_state(&self, called: &str) -> Result<StateId> {
        self.find_state(called).ok_or_else(|| {
            let error = Error::request(format!("no state is called `{called}`"))
                .hint("`fudsv list states` shows all states");
            let known = || self.states().map(|(id, _)| self.state_name(id));
            let has_part = |name: &&str| name.split('-').any(|part| part == called);
            let parts: Vec<String> = known().filter(has_part).map(|name| format!("`{name}`")).collect();
            match (self.states_that_end_in(called).as_slice(), parts.as_slice()) {
                ([], []) => error.maybe_hint(did_you_mean(called, known())),
                ([], parts) => error.hint(format!("did you mean {}?", parts.join(" or "))),
                (states, _) => {
                    error.hint(format!("files of the state {} end in `.{called}`", states.join(" or ")))
                }
            }
        })
    }

    /// The names of the states whose files end so: people write `--to so`.
    fn states_that_end_in(&self, ending: &str) -> Vec<String> {
        let ending = format!(".{}", ending.trim_start_matches('.'));
        let ends = |state: &State| match &state.pattern {
            Some(pattern) => pattern.ends_with(&ending),
            None => state.extensions.iter().any(|extension| format!(".{extension}").ends_with(&ending)),
        };
        let found = self.states().filter(|(_, state)| ends(state));
        found.map(|(id, _)| format!("`{}`", self.state_name(id))).collect()
    }

    /// What the state is called so that it is meant: its name, unless that means a nearer one.
    pub fn state_name(&self, id: StateId) -> &str {
        self.state_names.label(id).unwrap_or(&self.state(id).name)
    }

    /// All ops that are called so, the nearest to the user first.
    pub fn ops_called(&self, called: &str) -> Vec<OpId> {
        self.in_order(self.op_names.all(called, |id| &self.op(id).origin))
    }

    /// The op with this name: for `NAME` the one nearest to the user, for `SCRIPT::NAME` the one of the script.
    pub fn find_op(&self, called: &str) -> Option<OpId> {
        self.op_names.find(called, |id| &self.op(id).origin)
    }

    /// The op that is called so.
    ///
    /// # Errors
    /// No such op; offers the nearest name.
    pub fn resolve_op(&self, called: &str) -> Result<OpId> {
        self.find_op(called).ok_or_else(|| {
            Error::request(format!("no op is called `{called}`"))
                .hint("`fudsv list ops` shows all ops")
                .maybe_hint(did_you_mean(called, self.ops().map(|(id, _)| self.op_name(id))))
        })
    }

    /// What the op is called so that it is meant: its name, unless that means a nearer one. Of two ops of one name in
    /// one script the second cannot be called.
    pub fn op_name(&self, id: OpId) -> &str {
        self.op_names.label(id).unwrap_or(&self.op(id).name)
    }

    /// Whether the op's name means this op.
    pub fn can_be_called(&self, id: OpId) -> bool {
        self.find_op(self.op_name(id)) == Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BodyId, Count, OpProperties, Origin, Param, StateProperties};
    use super::*;
    use crate::diag::Place;

    fn origin(rank: u32, script: &str, line: usize) -> Origin {
        let place = Place { file: format!("{script}.rhai"), line, column: 1, source: None, width: 1 };
        Origin { rank, script: script.into(), builtin: rank > 0, place }
    }

    fn state(name: &str, line: usize) -> State {
        let origin = origin(0, "s", line);
        let (extensions, pattern, description) = (vec![name.to_owned()], None, None);
        let properties = StateProperties::default();
        State { name: name.into(), extensions, directory: false, pattern, description, properties, origin }
    }

    fn op(name: &str, from: StateId, to: StateId, origin: Origin) -> Op {
        let param = |name: &str, state| Param { name: name.into(), state, count: Count::One };
        let (inputs, outputs) = (vec![param("a", from)], vec![param("b", to)]);
        let (description, needs, body) = (None, vec![], BodyId::new(0));
        let properties = OpProperties::default();
        Op { name: name.into(), inputs, outputs, cost: 1, description, needs, properties, origin, body }
    }

    #[test]
    fn of_two_states_of_one_name_each_can_be_called() {
        let mut graph = OpGraph::new();
        let far = graph.add_state(State { origin: origin(2, "sim", 1), ..state("sim", 3) });
        let near = graph.add_state(State { origin: origin(0, "mine", 1), ..state("sim", 9) });
        let named = |name: &str| graph.find_state(name);
        assert_eq!([named("sim"), named("mine::sim")], [Some(near); 2]);
        assert_eq!([named("sim::sim"), named("builtin::sim")], [Some(far); 2]);
        assert_eq!([graph.state_name(near), graph.state_name(far)], ["sim", "builtin::sim"]);
        assert_eq!([named("other::sim"), named("mine::other")], [None; 2]);
    }

    #[test]
    fn without_a_built_in_one_the_built_in_scripts_mean_what_is_there() {
        let mut graph = OpGraph::new();
        let mine = graph.add_state(State { origin: origin(0, "mine", 1), ..state("sim", 9) });
        assert_eq!(graph.find_state("builtin::sim"), Some(mine));
    }

    #[test]
    fn of_two_ops_of_one_name_the_nearer_is_meant_and_both_are_kept() {
        let mut graph = OpGraph::new();
        let (a, b) = (graph.add_state(state("a", 1)), graph.add_state(state("b", 2)));
        let far = graph.add_op(op("x", a, b, origin(2, "far", 1)));
        let near = graph.add_op(op("x", a, b, origin(0, "near", 7)));
        assert_eq!(graph.resolve_op("x").unwrap(), near);
        assert_eq!(graph.ops_called("x"), [near, far]);
        assert_eq!([graph.op_name(near), graph.op_name(far)], ["x", "builtin::x"]);
        assert_eq!(graph.resolve_op("far::x").unwrap(), far);
        assert_eq!(graph.makers(b), [near, far]);
        assert_eq!(graph.takers(a), [near, far]);
        assert!(graph.makers(a).is_empty());
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let mut graph = OpGraph::new();
        graph.add_state(state("verilog", 1));
        let text = graph.resolve_state("verilgo").unwrap_err().to_string();
        assert!(text.ends_with("hint: did you mean `verilog`?"), "{text}");
    }
}
