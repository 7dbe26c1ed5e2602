//! The graph itself: a bipartite petgraph of state nodes and op nodes, with look-up by name.
//! It does not know requests; the search for a path is in `plan`.

use super::{Op, OpId, State, StateId};
use crate::diag::{Error, Place, Result, did_you_mean};
use petgraph::Direction::{self, Incoming, Outgoing};
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

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
    state_names: HashMap<String, StateId>,
    op_names: HashMap<String, Vec<OpId>>,
}

/// What a node of the petgraph stands for.
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

    /// Adds a state.
    ///
    /// # Errors
    /// A state of this name is there already; names both places.
    pub fn add_state(&mut self, state: State) -> Result<StateId> {
        let id = StateId::new(self.states.len());
        match self.state_names.entry(state.name.clone()) {
            Entry::Occupied(there) => return Err(duplicate(&self.states[there.get().index()], &state)),
            Entry::Vacant(free) => free.insert(id),
        };
        self.state_nodes.push(self.links.add_node(Node::State));
        self.states.push(state);
        Ok(id)
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
        self.op_names.entry(op.name.clone()).or_default().push(id);
        self.ops.push(op);
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

    /// The state of this name.
    pub fn find_state(&self, name: &str) -> Option<StateId> {
        self.state_names.get(name).copied()
    }

    /// The state of this name.
    ///
    /// # Errors
    /// No such state; offers the nearest name.
    pub fn resolve_state(&self, name: &str) -> Result<StateId> {
        self.find_state(name).ok_or_else(|| {
            Error::request(format!("no state is called `{name}`"))
                .hint("`fudsv list states` shows them all")
                .maybe_hint(did_you_mean(name, self.states.iter().map(|s| s.name.as_str())))
        })
    }

    /// All ops of this name, the nearest to the user first.
    pub fn ops_named(&self, name: &str) -> Vec<OpId> {
        self.in_order(self.op_names.get(name).cloned().unwrap_or_default())
    }

    /// The op that this name means: of several, the one nearest to the user.
    pub fn find_op(&self, name: &str) -> Option<OpId> {
        let named = self.op_names.get(name)?;
        named.iter().copied().min_by(|&a, &b| self.order(a).cmp(&self.order(b)))
    }

    /// The op that this name means: of several, the one nearest to the user.
    ///
    /// # Errors
    /// No such op; offers the nearest name.
    pub fn resolve_op(&self, name: &str) -> Result<OpId> {
        self.find_op(name).ok_or_else(|| {
            Error::request(format!("no op is called `{name}`"))
                .hint("`fudsv list ops` shows them all")
                .maybe_hint(did_you_mean(name, self.ops.iter().map(|op| op.name.as_str())))
        })
    }
}

/// The same name twice.
fn duplicate(first: &State, second: &State) -> Box<Error> {
    let place = |p: &Place| format!("{}:{}:{}", p.file, p.line, p.column);
    Error::request(format!("the state `{}` is declared twice", second.name))
        .at(second.origin.place.clone())
        .detail("first", place(&first.origin.place))
        .hint("`get_state` takes a state that another script declares")
}

#[cfg(test)]
mod tests {
    use super::super::{BodyId, Count, Origin, Param};
    use super::*;

    fn origin(rank: u32, script: &str, line: usize) -> Origin {
        let place = Place { file: format!("{script}.rhai"), line, column: 1, source: None, width: 1 };
        Origin { rank, script: script.into(), builtin: rank > 0, place }
    }

    fn state(name: &str, line: usize) -> State {
        let origin = origin(0, "s", line);
        let (extensions, pattern, description) = (vec![name.to_owned()], None, None);
        State { name: name.into(), extensions, directory: false, pattern, description, origin }
    }

    fn op(name: &str, from: StateId, to: StateId, origin: Origin) -> Op {
        let param = |name: &str, state| Param { name: name.into(), state, count: Count::One };
        let (inputs, outputs) = (vec![param("a", from)], vec![param("b", to)]);
        let (description, needs, body) = (None, vec![], BodyId::new(0));
        Op { name: name.into(), inputs, outputs, cost: 1, description, needs, origin, body }
    }

    #[test]
    fn a_state_declared_twice_is_refused_with_both_places() {
        let mut graph = OpGraph::new();
        graph.add_state(state("sv", 3)).unwrap();
        let text = graph.add_state(state("sv", 9)).unwrap_err().to_string();
        assert!(text.contains("`sv` is declared twice"), "{text}");
        assert!(text.contains("s.rhai:9:1") && text.contains("s.rhai:3:1"), "{text}");
        assert_eq!(graph.state_count(), 1);
    }

    #[test]
    fn of_two_ops_of_one_name_the_nearer_is_meant_and_both_are_kept() {
        let mut graph = OpGraph::new();
        let (a, b) = (graph.add_state(state("a", 1)).unwrap(), graph.add_state(state("b", 2)).unwrap());
        let far = graph.add_op(op("x", a, b, origin(2, "far", 1)));
        let near = graph.add_op(op("x", a, b, origin(0, "near", 7)));
        assert_eq!(graph.resolve_op("x").unwrap(), near);
        assert_eq!(graph.ops_named("x"), [near, far]);
        assert_eq!(graph.makers(b), [near, far]);
        assert_eq!(graph.takers(a), [near, far]);
        assert!(graph.makers(a).is_empty());
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let mut graph = OpGraph::new();
        graph.add_state(state("verilog", 1)).unwrap();
        let text = graph.resolve_state("verilgo").unwrap_err().to_string();
        assert!(text.ends_with("hint: did you mean `verilog`?"), "{text}");
    }
}
