//! A request with the state (or the possible states) of every given file, and which files may go where.
//! It does not know which ops will be used.

use super::request::Request;
use crate::graph::{Count, OpGraph, OpId, Param, StateId};
use std::collections::{HashMap, HashSet};

/// A request as the search sees it.
pub(super) struct Ask<'a> {
    pub graph: &'a OpGraph,
    pub request: &'a Request,
    /// For each given file the states it counts as.
    pub states: Vec<Vec<StateId>>,
    /// The ops that the plan must go through.
    pub through: Vec<OpId>,
    /// Whether an op counts as usable although two files could fill one of its parameters.
    pub lenient: bool,
    by_state: HashMap<StateId, Vec<usize>>,
    bound: HashMap<OpId, Vec<(usize, usize)>>,
}

/// What a parameter asks of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// A file of its state must be there.
    File,
    /// It may stay empty, or the user has bound files to it.
    Nothing,
    /// Several given files could fill it.
    Unclear,
}

impl<'a> Ask<'a> {
    /// The request with these states for its given files.
    pub fn new(graph: &'a OpGraph, request: &'a Request, states: Vec<Vec<StateId>>) -> Ask<'a> {
        let mut by_state: HashMap<StateId, Vec<usize>> = HashMap::new();
        let mut known = HashSet::new();
        for (file, states) in states.iter().enumerate() {
            for &state in states {
                if known.insert((state, &request.given[file].path)) {
                    by_state.entry(state).or_default().push(file);
                }
            }
        }
        let mut bound: HashMap<OpId, Vec<(usize, usize)>> = HashMap::new();
        for bind in &request.bind {
            let param = graph.op(bind.op).inputs.iter().position(|p| p.name == bind.param);
            bound.entry(bind.op).or_default().extend(param.map(|param| (param, bind.file)));
        }
        let through = request.through.clone();
        Ask { graph, request, states, through, lenient: false, by_state, bound }
    }

    /// The given files of a state, each path once, in the order of the user.
    pub fn given(&self, state: StateId) -> &[usize] {
        self.by_state.get(&state).map_or(&[], Vec::as_slice)
    }

    /// The files bound to a parameter, in the order of the user.
    pub fn bound(&self, op: OpId, param: usize) -> Vec<usize> {
        let of_op = self.bound.get(&op).map_or(&[][..], Vec::as_slice);
        of_op.iter().filter(|(at, _)| *at == param).map(|(_, file)| *file).collect()
    }

    /// The given files that could fill an unbound parameter: the files of its state, without files that are bound to another
    /// parameter of the op unless there are no others.
    pub fn candidates(&self, op: OpId, param: usize) -> Vec<usize> {
        let all = self.given(self.graph.op(op).inputs[param].state);
        let taken = self.bound.get(&op).map_or(&[][..], Vec::as_slice);
        let free: Vec<usize> =
            all.iter().copied().filter(|file| !taken.iter().any(|(_, other)| other == file)).collect();
        if free.is_empty() { all.to_vec() } else { free }
    }

    /// Whether a parameter takes files that nothing binds to it. An optional one does not when another free parameter of
    /// the op has the same state: which of the two a file is for would be a guess.
    pub fn fills_itself(&self, op: OpId, param: usize) -> bool {
        let inputs = &self.graph.op(op).inputs;
        let rival = |(at, input): (usize, &Param)| {
            at != param && input.state == inputs[param].state && self.bound(op, at).is_empty()
        };
        !inputs[param].count.may_be_empty() || !inputs.iter().enumerate().any(rival)
    }

    /// What a parameter asks for when it does not carry a level.
    pub fn demand(&self, op: OpId, param: usize) -> Demand {
        let input = &self.graph.op(op).inputs[param];
        if !self.bound(op, param).is_empty() || !self.fills_itself(op, param) {
            return Demand::Nothing;
        }
        let several = || self.given(input.state).len() > 1 && self.candidates(op, param).len() > 1;
        match input.count {
            Count::One | Count::Optional if !self.lenient && several() => Demand::Unclear,
            Count::Optional | Count::Any => Demand::Nothing,
            Count::One | Count::Many => Demand::File,
        }
    }
}
