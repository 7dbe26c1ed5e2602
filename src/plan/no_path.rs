//! Why there is no plan: what can be reached, what could make the target, and the gap between the two.
//! It does not know how to find a plan.

use super::ask::Ask;
use super::expand::expand;
use super::problem::Problem;
use super::reach::{Reach, backward, closure, forward};
use super::unclear::listed;
use crate::diag::Error;
use crate::graph::{OpId, StateId};
use std::collections::HashSet;

/// How many names a list shows.
const SHOWN: usize = 12;

/// The error for a request without a plan; `ask` is lenient.
pub(super) fn error(ask: &Ask) -> Box<Error> {
    let mut free = Ask::new(ask.graph, ask.request, ask.states.clone());
    (free.lenient, free.through) = (true, vec![]);
    let reach = forward(&free);
    let wanted = distinct(ask.request.wanted.iter().copied());
    let missing: Vec<StateId> = wanted.iter().copied().filter(|s| !reach.states[s.index()]).collect();
    let cut = if missing.is_empty() { cut(ask) } else { None };
    let target = if missing.is_empty() { &wanted } else { &missing };
    let mut message = format!("no way {}to {}", from(ask), quoted(ask, target));
    if cut.is_some() {
        let ops: Vec<&str> = ask.through.iter().map(|op| ask.graph.op_name(*op)).collect();
        message = format!("{message} through {}", listed(&ops));
    }
    let mut error = Error::request(message);
    if !ask.request.given.is_empty() {
        error = error.detail("given", given(ask));
    }
    error = error.detail("wanted", quoted(ask, &wanted));
    match cut {
        Some(cut) => error.hint(cut_hint(ask, &reach, &cut, &wanted)),
        None => error.detail("reachable", reachable(ask, &reach)).hint(gap_hint(ask, &reach, &missing)),
    }
}

/// ``from `a` and `b` ``; empty without given files.
fn from(ask: &Ask) -> String {
    let states = distinct(ask.states.iter().flatten().copied());
    if states.is_empty() { String::new() } else { format!("from {} ", quoted(ask, &states)) }
}

fn name<'a>(ask: &'a Ask, state: StateId) -> &'a str {
    ask.graph.state_name(state)
}

fn quoted(ask: &Ask, states: &[StateId]) -> String {
    listed(&states.iter().map(|state| name(ask, *state)).collect::<Vec<_>>())
}

/// One line per given file, with its state and how that is known.
fn given(ask: &Ask) -> String {
    let line = |(given, states): (&super::request::Given, &Vec<StateId>)| {
        let how = if given.stated { "as `--from` says" } else { "from its extension" };
        format!("{} ({}, {how})", given.shown, quoted(ask, states))
    };
    let mut lines: Vec<String> = ask.request.given.iter().zip(&ask.states).map(line).take(SHOWN).collect();
    if ask.request.given.len() > SHOWN {
        lines.push(format!("and {} more", ask.request.given.len() - SHOWN));
    }
    lines.join("\n")
}

/// The states that can be made, by name.
fn reachable(ask: &Ask, reach: &Reach) -> String {
    let is_made = |state: &StateId| reach.states[state.index()] && ask.given(*state).is_empty();
    let all = ask.graph.states().map(|(id, _)| id).filter(is_made);
    let mut names: Vec<&str> = all.map(|state| name(ask, state)).collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(SHOWN);
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match (shown.is_empty(), more) {
        (true, _) => "nothing else".to_owned(),
        (false, 0) => shown.join(", "),
        (false, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What is nearest to making the first thing that cannot be made.
fn gap_hint(ask: &Ask, reach: &Reach, missing: &[StateId]) -> String {
    let Some(&wanted) = missing.first() else { return "`fudsv list ops` shows all ops".to_owned() };
    let makers = ask.graph.makers(wanted);
    if makers.is_empty() {
        return format!("no op makes `{}`", name(ask, wanted));
    }
    if let Some(hint) = twin_hint(ask, reach) {
        return hint;
    }
    if let Some(op) = nearest_gap(ask, reach, wanted) {
        let needs: Vec<String> = lacking(ask, reach, op).iter().map(|s| a_file_of(name(ask, *s))).collect();
        return format!("`{}`{} also needs {}", ask.graph.op_name(op), makes(ask, op), needs.join(" and "));
    }
    let why = match ask.request.given.is_empty() {
        true => "no file is given (`-` with `--from` is standard input)",
        false => "no op makes that from the given files",
    };
    format!("{}; {why}", made_by(ask, wanted, &makers))
}

/// An available state and a needed one with the same file ending: a project's `verilog` is not the built-in `sv`.
fn twin_hint(ask: &Ask, reach: &Reach) -> Option<String> {
    let graph = ask.graph;
    let all = Reach { states: vec![true; graph.state_count()], ops: vec![true; graph.op_count()] };
    let needed = backward(ask, &all);
    let is_wanting = |id: StateId| needed.states[id.index()] && !reach.states[id.index()];
    let wanting = || graph.states().filter(|(id, _)| is_wanting(*id));
    let there = graph.states().filter(|(id, _)| reach.states[id.index()]);
    let mut pairs =
        there.flat_map(|(id, state)| wanting().map(move |(other, twin)| (id, state, other, twin)));
    pairs.find_map(|(id, state, other, twin)| {
        let shared = state.extensions.iter().find(|extension| twin.extensions.contains(extension))?;
        let (one, other) = (name(ask, id), name(ask, other));
        let way = if ask.given(id).is_empty() {
            format!("no op makes `{other}` from `{one}`")
        } else {
            format!("`--from {other}` treats the file as the other")
        };
        Some(format!("`{one}` and `{other}` are two states, though files of both end in `.{shared}`; {way}"))
    })
}

/// ``a `sv` file``.
fn a_file_of(state: &str) -> String {
    let article = if state.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} `{state}` file")
}

/// `` (which makes `x`)``.
fn makes(ask: &Ask, op: OpId) -> String {
    let outputs = ask.graph.op(op).outputs.iter().map(|output| output.state);
    format!(" (which makes {})", quoted(ask, &distinct(outputs)))
}

/// `` `vcd` is made by `trace` (from `sim`)``.
fn made_by(ask: &Ask, state: StateId, makers: &[OpId]) -> String {
    const MAKERS: usize = 3;
    let one = |op: &OpId| {
        let takes = distinct(ask.graph.op(*op).inputs.iter().map(|input| input.state));
        let takes = if takes.is_empty() { String::new() } else { format!(" (from {})", quoted(ask, &takes)) };
        format!("`{}`{takes}", ask.graph.op_name(*op))
    };
    let shown: Vec<String> = makers.iter().take(MAKERS).map(one).collect();
    format!("`{}` is made by {}", name(ask, state), shown.join(", by "))
}

/// The states that an op needs and that cannot be reached.
fn lacking(ask: &Ask, reach: &Reach, op: OpId) -> Vec<StateId> {
    let inputs = ask.graph.op(op).inputs.iter().enumerate();
    let needed = inputs.filter(|(at, input)| !input.count.may_be_empty() && ask.bound(op, *at).is_empty());
    distinct(needed.map(|(_, input)| input.state).filter(|state| !reach.states[state.index()]))
}

/// Backwards from a state, the first op with some inputs available and the fewest missing.
fn nearest_gap(ask: &Ask, reach: &Reach, wanted: StateId) -> Option<OpId> {
    let mut seen = HashSet::from([wanted]);
    let mut layer = vec![wanted];
    while !layer.is_empty() {
        let ops = distinct(layer.iter().flat_map(|state| ask.graph.makers(*state)));
        let partly = ops.iter().copied().filter(|&op| {
            let mut inputs = ask.graph.op(op).inputs.iter();
            inputs.any(|input| reach.states[input.state.index()])
        });
        if let Some(op) = partly.min_by_key(|&op| lacking(ask, reach, op).len()) {
            return Some(op);
        }
        let next = ops.iter().flat_map(|&op| lacking(ask, reach, op));
        layer = next.filter(|state| seen.insert(*state)).collect();
    }
    None
}

/// The op to go through that cannot be passed.
struct ImpassableOp {
    /// Its position in the request.
    at: usize,
    /// Whether it can be used at its place; if so, the target cannot be made from its outputs.
    usable: bool,
    problem: Problem,
    holds: Vec<bool>,
}

/// Finds the first op to go through after which no plan exists.
fn cut(ask: &Ask) -> Option<ImpassableOp> {
    let mut part = Ask::new(ask.graph, ask.request, ask.states.clone());
    part.lenient = true;
    let (mut low, mut high) = (0, ask.through.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        part.through = ask.through[..=middle].to_vec();
        if reaches_goal(&part) { low = middle + 1 } else { high = middle }
    }
    let at = low;
    part.through = ask.through.get(..=at)?.to_vec();
    let problem = expand(&part);
    let (holds, usable) = closure(&problem, |_| true);
    let passes = |step: &super::problem::Step| step.op == Some(ask.through[at]) && step.to == at as u32 + 1;
    let mut ways = problem.all_ways().filter(|way| usable[way.index()]);
    let usable = ways.any(|way| passes(&problem.steps[problem.step(way).index()]));
    Some(ImpassableOp { at, usable, problem, holds })
}

fn reaches_goal(ask: &Ask) -> bool {
    let problem = expand(ask);
    closure(&problem, |_| true).0[problem.goal().index()]
}

/// Why the plan cannot go through that op.
fn cut_hint(ask: &Ask, reach: &Reach, cut: &ImpassableOp, wanted: &[StateId]) -> String {
    let graph = ask.graph;
    let op = ask.through[cut.at];
    let op_name = graph.op_name(op);
    let inputs = distinct(graph.op(op).inputs.iter().map(|input| input.state));
    let outputs = distinct(graph.op(op).outputs.iter().map(|output| output.state));
    let takes = format!("`{op_name}` takes {} and makes {}", quoted(ask, &inputs), quoted(ask, &outputs));
    let lacking = lacking(ask, reach, op);
    if !lacking.is_empty() {
        return format!("{takes}; no op makes {} from the given files", quoted(ask, &lacking));
    }
    if outputs.is_empty() {
        return format!("`{op_name}` has no output, so no op can follow it");
    }
    let level = cut.at as u32 + 1;
    let holds = |state: StateId| {
        let mut facts = cut.problem.facts.iter().enumerate().filter(|(_, fact)| fact.level == level);
        facts.any(|(index, fact)| fact.state == Some(state) && cut.holds[index])
    };
    match blocked(ask, wanted, &holds) {
        _ if !cut.usable && cut.at > 0 && is_relevant(cut, op) => {
            format!("{takes}; no op makes that once `{}` is required", graph.op_name(ask.through[cut.at - 1]))
        }
        Some((state, maker, needs)) => format!(
            "{}; no op makes `{}` once `{op_name}` is required",
            made_by(ask, state, &[maker]),
            name(ask, needs)
        ),
        None => format!("{takes}; no op makes {} from that", quoted(ask, wanted)),
    }
}

/// Whether the op is part of the problem at all.
fn is_relevant(cut: &ImpassableOp, op: OpId) -> bool {
    cut.problem.steps.iter().any(|step| step.op == Some(op))
}

/// A wanted state that is missing at the level, its nearest maker, and the input of that maker that is missing too.
fn blocked(
    ask: &Ask,
    wanted: &[StateId],
    holds: &impl Fn(StateId) -> bool,
) -> Option<(StateId, OpId, StateId)> {
    let state = wanted.iter().copied().find(|state| !holds(*state))?;
    let maker = *ask.graph.makers(state).first()?;
    let mut inputs = ask.graph.op(maker).inputs.iter().map(|input| input.state);
    let needs = inputs.find(|input| *input != state && !holds(*input))?;
    Some((state, maker, needs))
}

/// Each state or op once, in order of first appearance.
fn distinct<T: Copy + Eq + std::hash::Hash>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|item| seen.insert(*item)).collect()
}
