//! The graph itself: a bipartite petgraph of state nodes and op nodes, with look-up by name.
//! It does not know requests; the search for a path is in `plan`.

use super::{Op, OpId, State, StateId};
use crate::diag::{Error, Result, did_you_mean};

/// All states and ops of the loaded scripts.
#[derive(Clone, Debug, Default)]
pub struct OpGraph {
    states: Vec<State>,
    ops: Vec<Op>,
}

impl OpGraph {
    /// An empty graph.
    pub fn new() -> OpGraph {
        OpGraph::default()
    }

    /// Adds a state; the caller has made sure that its name is new.
    pub fn add_state(&mut self, state: State) -> StateId {
        self.states.push(state);
        StateId::new(self.states.len() - 1)
    }

    /// Adds an op.
    pub fn add_op(&mut self, op: Op) -> OpId {
        self.ops.push(op);
        OpId::new(self.ops.len() - 1)
    }

    /// The state of an id this graph gave.
    pub fn state(&self, id: StateId) -> &State {
        &self.states[id.index()]
    }

    /// The op of an id this graph gave.
    pub fn op(&self, id: OpId) -> &Op {
        &self.ops[id.index()]
    }

    /// All states, in order of declaration.
    pub fn states(&self) -> impl Iterator<Item = (StateId, &State)> {
        self.states.iter().enumerate().map(|(index, state)| (StateId::new(index), state))
    }

    /// All ops, in order of declaration.
    pub fn ops(&self) -> impl Iterator<Item = (OpId, &Op)> {
        self.ops.iter().enumerate().map(|(index, op)| (OpId::new(index), op))
    }

    /// The state of this name.
    pub fn find_state(&self, name: &str) -> Option<StateId> {
        self.states().find(|(_, state)| state.name == name).map(|(id, _)| id)
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

    /// The op that this name means: of several, the one nearest to the user.
    ///
    /// # Errors
    /// No such op; offers the nearest name.
    pub fn resolve_op(&self, name: &str) -> Result<OpId> {
        let named = self.ops().filter(|(_, op)| op.name == name);
        named.min_by(|(_, a), (_, b)| a.origin.order().cmp(&b.origin.order())).map(|(id, _)| id).ok_or_else(
            || {
                Error::request(format!("no op is called `{name}`"))
                    .hint("`fudsv list ops` shows them all")
                    .maybe_hint(did_you_mean(name, self.ops.iter().map(|op| op.name.as_str())))
            },
        )
    }
}
