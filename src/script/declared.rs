//! The states and ops that scripts declared so far, by name; turned into the op graph once all are known.
//! It does not know the language. The result depends on the scripts alone, never on the order of loading.

use super::body::Body;
use crate::diag::{Place, Result};
use crate::graph::{BodyId, Count, Op, OpGraph, Origin, Param, State, StateId};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

/// A state as a script names it; found when all scripts are loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateName {
    /// Its name.
    pub name: String,
    /// Where it was named.
    pub place: Place,
}

/// A parameter whose state is still a name.
#[derive(Clone, Debug)]
pub struct ParamDeclared {
    /// Its name in the body.
    pub name: String,
    /// Its state.
    pub state: StateName,
    /// How many files it takes.
    pub count: Count,
}

/// An op whose states are still names.
pub struct OpDeclared {
    /// Its name.
    pub name: String,
    /// What it takes.
    pub inputs: Vec<ParamDeclared>,
    /// What it makes.
    pub outputs: Vec<ParamDeclared>,
    /// What the planner pays.
    pub cost: u32,
    /// One line.
    pub description: Option<String>,
    /// Tools it declares to need.
    pub needs: Vec<String>,
    /// Where it stands.
    pub origin: Origin,
    /// What it does.
    pub body: Body,
}

/// One name for two states, or for two ops, of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twice {
    /// `state` or `op`.
    pub what: &'static str,
    /// The name.
    pub name: String,
    /// The one that is meant.
    pub first: Place,
    /// The other.
    pub second: Place,
}

/// Everything declared so far.
#[derive(Default)]
pub struct Declared {
    states: Vec<State>,
    ops: Vec<OpDeclared>,
}

impl Declared {
    /// Adds a state. Of several with one name the nearest to the user is meant.
    pub fn add_state(&mut self, state: State) {
        self.states.push(state);
    }

    /// Adds an op.
    pub fn add_op(&mut self, op: OpDeclared) {
        self.ops.push(op);
    }

    /// The names of built-in ops and states.
    pub fn builtin_names(&self) -> impl Iterator<Item = &str> {
        self.names().filter(|(_, _, origin)| origin.builtin).map(|(_, name, _)| name)
    }

    /// What is not built-in and has the name of what is: `op` or `state`, the name, where it stands.
    pub fn replacing(&self) -> impl Iterator<Item = (&'static str, &str, &Origin)> {
        let builtin: BTreeSet<(&str, &str)> = self
            .names()
            .filter(|(_, _, origin)| origin.builtin)
            .map(|(what, name, _)| (what, name))
            .collect();
        self.names().filter(move |(what, name, origin)| !origin.builtin && builtin.contains(&(*what, *name)))
    }

    fn names(&self) -> impl Iterator<Item = (&'static str, &str, &Origin)> {
        let states = self.states.iter().map(|state| ("state", state.name.as_str(), &state.origin));
        states.chain(self.ops.iter().map(|op| ("op", op.name.as_str(), &op.origin)))
    }

    /// What one source declares twice under one name, by name: of such states the first is meant, of such ops both
    /// stay.
    fn twice(&self) -> Vec<Twice> {
        let states = self.states.iter().map(|state| ("state", &state.name, &state.origin));
        let ops = self.ops.iter().map(|op| ("op", &op.name, &op.origin));
        let mut first: HashMap<(&str, &str, u32), &Place> = HashMap::new();
        let mut twice = vec![];
        for (what, name, origin) in states.chain(ops) {
            let place = *first.entry((what, name, origin.rank)).or_insert(&origin.place);
            if *place != origin.place {
                let (first, second) = (place.clone(), origin.place.clone());
                twice.push(Twice { what, name: name.clone(), first, second });
            }
        }
        twice
    }

    /// The graph, the bodies by id, and what is declared twice.
    ///
    /// # Errors
    /// A state that nobody declared, with the place where it was named.
    pub fn into_graph(mut self) -> Result<(OpGraph, Vec<Body>, Vec<Twice>)> {
        self.states.sort_by(|a, b| order(&a.origin, &b.origin).then_with(|| a.name.cmp(&b.name)));
        self.ops.sort_by(|a, b| order(&a.origin, &b.origin).then_with(|| a.name.cmp(&b.name)));
        let twice = self.twice();
        let mut graph = OpGraph::new();
        let mut known = HashMap::new();
        for state in self.states {
            if !known.contains_key(&state.name) {
                let name = state.name.clone();
                known.insert(name, graph.add_state(state)?);
            }
        }
        let find = |graph: &OpGraph, wanted: &StateName| match known.get(&wanted.name) {
            Some(id) => Ok(*id),
            None => graph.resolve_state(&wanted.name).map_err(|error| error.at(wanted.place.clone())),
        };
        let mut bodies = vec![];
        for op in self.ops {
            let inputs = params(op.inputs, |state| find(&graph, state))?;
            let outputs = params(op.outputs, |state| find(&graph, state))?;
            let OpDeclared { name, cost, description, needs, origin, body, .. } = op;
            let id = BodyId::new(bodies.len());
            bodies.push(body);
            graph.add_op(Op { name, inputs, outputs, cost, description, needs, origin, body: id });
        }
        Ok((graph, bodies, twice))
    }
}

fn order(a: &Origin, b: &Origin) -> Ordering {
    a.order().cmp(&b.order())
}

fn params(declared: Vec<ParamDeclared>, find: impl Fn(&StateName) -> Result<StateId>) -> Result<Vec<Param>> {
    let known =
        |param: ParamDeclared| Ok(Param { state: find(&param.state)?, name: param.name, count: param.count });
    declared.into_iter().map(known).collect()
}
