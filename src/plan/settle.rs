//! Chooses the state of each given file whose extension several states share.
//! It does not know costs: a state is possible if the wanted files can be reached from it.

use super::ask::Ask;
use super::expand::expand;
use super::reach::{forward, relevant};
use super::request::{Given, Request};
use crate::diag::{Error, Result};
use crate::graph::{OpGraph, StateId};

/// One state per given file, and notes about those that were chosen among several.
pub(super) fn settle(graph: &OpGraph, request: &Request) -> (Vec<Vec<StateId>>, Vec<String>) {
    let mut states: Vec<Vec<StateId>> = request.given.iter().map(|given| given.states.clone()).collect();
    for bind in &request.bind {
        let input = graph.op(bind.op).inputs.iter().find(|input| input.name == bind.param);
        let state = input.map(|input| input.state).filter(|state| states[bind.file].contains(state));
        states[bind.file] = state.map_or(std::mem::take(&mut states[bind.file]), |state| vec![state]);
    }
    let mut notes = vec![];
    while let Some(open) = states.iter().position(|states| states.len() > 1) {
        let choice = states[open].clone();
        let fits: Vec<StateId> =
            choice.iter().copied().filter(|&state| fits(graph, request, &states, &choice, state)).collect();
        let chosen = fits.first().copied().unwrap_or(choice[0]);
        if let [first, others @ ..] = &fits[..]
            && !others.is_empty()
        {
            let given = request.given.iter().zip(&states).filter(|(_, states)| **states == choice);
            notes.push(note(graph, &given.map(|(given, _)| given).collect::<Vec<_>>(), *first, others));
        }
        states.iter_mut().filter(|states| **states == choice).for_each(|states| *states = vec![chosen]);
    }
    (states, notes)
}

/// Whether the wanted files can be reached when all files with this choice are in `state`, and such a file is of use.
fn fits(
    graph: &OpGraph,
    request: &Request,
    states: &[Vec<StateId>],
    choice: &[StateId],
    state: StateId,
) -> bool {
    let decide = |states: &Vec<StateId>| if states == choice { vec![state] } else { states.clone() };
    let mut ask = Ask::new(graph, request, states.iter().map(decide).collect());
    ask.lenient = true;
    let Some(problem) = relevant(&expand(&ask)) else { return false };
    let mut ops = problem.steps.iter().filter_map(|step| step.op);
    request.wanted.contains(&state)
        || ops.any(|op| graph.op(op).inputs.iter().any(|input| input.state == state))
}

fn note(graph: &OpGraph, given: &[&Given], chosen: StateId, others: &[StateId]) -> String {
    let name = |state: &StateId| format!("`{}`", graph.state_name(*state));
    let files = match given {
        [one] => format!("`{}` is", one.shown),
        [first, rest @ ..] => format!("`{}` and {} more are", first.shown, rest.len()),
        [] => String::new(),
    };
    let others: Vec<String> = others.iter().map(name).collect();
    format!("{files} taken as {}; `--from` can say {} instead", name(&chosen), others.join(" or "))
}

/// The states of a wanted file that can be made from the given files, in order of declaration; if no state can, the first.
pub fn wanted_of(graph: &OpGraph, given: &[Given], states: &[StateId]) -> Vec<StateId> {
    let [first, _, ..] = states else { return states.to_vec() };
    let request = Request {
        name: String::new(),
        given: given.to_vec(),
        wanted: vec![],
        through: vec![],
        bind: vec![],
        without: vec![],
        strict: false,
    };
    let ask = Ask::new(graph, &request, given.iter().map(|given| given.states.clone()).collect());
    let reach = forward(&ask);
    let reached: Vec<StateId> = states.iter().copied().filter(|state| reach.states[state.index()]).collect();
    if reached.is_empty() { vec![*first] } else { reached }
}

/// Refuses a request without a target, and bindings of unknown parameters or files.
///
/// # Errors
/// As described; each names the option.
pub(super) fn check(graph: &OpGraph, request: &Request) -> Result<()> {
    if request.wanted.is_empty() {
        return Err(Error::request("no target is given").hint("`--to STATE` names the target"));
    }
    request.bind.iter().try_for_each(|bind| {
        let op = graph.op(bind.op);
        let known = op.inputs.iter().map(|input| input.name.as_str());
        if known.clone().any(|name| name == bind.param) {
            return Ok(());
        }
        let takes: Vec<String> = known.clone().map(|name| format!("`{name}`")).collect();
        Err(Error::request(format!("`{}` has no input `{}`", graph.op_name(bind.op), bind.param))
            .hint(format!("it takes {}", takes.join(", ")))
            .maybe_hint(crate::diag::did_you_mean(&bind.param, known)))
    })
}

/// Refuses bindings that contradict each other, or the state of a file.
///
/// # Errors
/// A file of another state than the parameter's; two files for a parameter that takes one.
pub(super) fn check_bindings(ask: &Ask) -> Result<()> {
    let graph = ask.graph;
    for bind in &ask.request.bind {
        let op = graph.op(bind.op);
        let place = format!("{}.{}", graph.op_name(bind.op), bind.param);
        let Some((index, input)) = op.inputs.iter().enumerate().find(|(_, i)| i.name == bind.param) else {
            continue;
        };
        let shown = &ask.request.given[bind.file].shown;
        if ask.states[bind.file] != [input.state] {
            let wants = graph.state_name(input.state);
            let is: Vec<&str> = ask.states[bind.file].iter().map(|s| graph.state_name(*s)).collect();
            return Err(Error::request(format!(
                "`{shown}` is `{}`, but `{place}` takes `{wants}`",
                is.join("` or `")
            ))
            .hint(format!("`--from {wants}` treats the file as one")));
        }
        let bound = ask.bound(bind.op, index);
        if let ([first, second, ..], true) = (&bound[..], !input.count.may_be_several()) {
            let name = |file: &usize| ask.request.given[*file].shown.as_str();
            return Err(Error::request(format!(
                "`{}` and `{}` are both bound to `{place}`, which takes one file",
                name(first),
                name(second)
            )));
        }
    }
    Ok(())
}
