//! Graphs and requests for tests, written as short text.
//! It does not know what the tests are about.

use super::find::find;
use super::plan_data::Plan;
use super::request::{Bind, Given, Request};
use crate::diag::{Place, Result};
use crate::graph::{
    BodyId, Count, Op, OpGraph, OpId, OpProperties, Origin, Param, State, StateId, StateProperties,
};
use crate::paths::WorkPath;

/// A graph of lines such as `trace 2: sim sv* cfg? -> vcd log`: name, cost when it is not 1, inputs, outputs.
/// Parameters are called `a`, `b`, … and `x`, `y`, …; states have themselves as extension.
pub(super) fn graph(text: &str) -> OpGraph {
    let mut graph = OpGraph::new();
    for (index, line) in text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()) {
        let (head, tail) = line.split_once(':').unwrap();
        let (inputs, outputs) = tail.split_once("->").unwrap();
        let mut head = head.split_whitespace();
        let name = head.next().unwrap().to_owned();
        let cost = head.next().map_or(1, |cost| cost.parse().unwrap());
        let inputs = params(&mut graph, inputs, 'a');
        let outputs = params(&mut graph, outputs, 'x');
        let (description, needs, body) = (None, vec![], BodyId::new(0));
        let origin = origin(0, index + 1);
        let properties = OpProperties::default();
        graph.add_op(Op { name, inputs, outputs, cost, description, needs, properties, origin, body });
    }
    graph
}

pub(super) fn origin(rank: u32, line: usize) -> Origin {
    let place = Place { file: "test.rhai".into(), line, column: 1, source: None, width: 1 };
    Origin { rank, script: "test".into(), builtin: false, place }
}

fn params(graph: &mut OpGraph, text: &str, first: char) -> Vec<Param> {
    let param = |(index, word): (usize, &str)| {
        let count = match word.chars().last() {
            Some('*') => Count::Many,
            Some('?') => Count::Optional,
            Some('+') => Count::Any,
            _ => Count::One,
        };
        let state = state(graph, word.trim_end_matches(['*', '?', '+']));
        let name = char::from_u32(first as u32 + index as u32).unwrap().to_string();
        Param { name, state, count }
    };
    text.split_whitespace().enumerate().map(param).collect()
}

/// The state of this name, which is added if it does not exist.
pub(super) fn state(graph: &mut OpGraph, name: &str) -> StateId {
    if let Some(state) = graph.find_state(name) {
        return state;
    }
    let (extensions, pattern, description) = (vec![name.to_owned()], None, None);
    let origin = origin(0, graph.state_count() + 1);
    let (name, properties) = (name.to_owned(), StateProperties::default());
    let state = State { name, extensions, directory: false, pattern, description, properties, origin };
    graph.add_state(state)
}

pub(super) fn op(graph: &OpGraph, name: &str) -> OpId {
    graph.resolve_op(name).unwrap()
}

/// A request for `wanted` states from given files; a file's states are those in its extension, as `a.sv|verilog`.
pub(super) fn request(graph: &OpGraph, given: &str, wanted: &str, through: &str) -> Request {
    let find = |name: &str| graph.find_state(name).unwrap_or_else(|| panic!("no state {name}"));
    let given = given.split_whitespace().map(|file| {
        let (stem, states) = file.rsplit_once('.').unwrap();
        let states: Vec<StateId> = states.split('|').map(find).collect();
        let shown = format!("{stem}.{}", graph.state(states[0]).extensions[0]);
        let path = WorkPath::new(format!("../../{shown}")).unwrap();
        Given { path, shown, states, stated: false, required: true }
    });
    Request {
        name: "top".into(),
        given: given.collect(),
        wanted: wanted.split_whitespace().map(find).collect(),
        through: through.split_whitespace().map(|name| op(graph, name)).collect(),
        bind: vec![],
        without: vec![],
        strict: false,
    }
}

/// Adds `OP.PARAM=N` bindings, `N` the position of a given file.
pub(super) fn bind(graph: &OpGraph, request: &mut Request, text: &str) {
    for one in text.split_whitespace() {
        let (place, file) = one.split_once('=').unwrap();
        let (name, param) = place.split_once('.').unwrap();
        let file = file.parse().unwrap();
        request.bind.push(Bind { op: op(graph, name), param: param.into(), file });
    }
}

/// The plan for a request, checked.
pub(super) fn plan(graph: &OpGraph, given: &str, wanted: &str, through: &str) -> Result<Plan> {
    checked(graph, &request(graph, given, wanted, through))
}

pub(super) fn checked(graph: &OpGraph, request: &Request) -> Result<Plan> {
    let plan = find(graph, request)?;
    plan.check(graph).unwrap();
    assert_eq!(plan.results.iter().map(|file| plan.file(*file).state).collect::<Vec<_>>(), request.wanted);
    Ok(plan)
}

/// The names of the ops that the plan uses, in order.
pub(super) fn ops(graph: &OpGraph, plan: &Plan) -> String {
    let names: Vec<&str> = plan.uses.iter().map(|op_use| graph.op(op_use.op).name.as_str()).collect();
    names.join(" ")
}

/// The error of a request, as the user sees it.
pub(super) fn error(graph: &OpGraph, given: &str, wanted: &str, through: &str) -> String {
    match plan(graph, given, wanted, through) {
        Ok(plan) => panic!("there is a plan: {}", ops(graph, &plan)),
        Err(error) => error.to_string(),
    }
}
