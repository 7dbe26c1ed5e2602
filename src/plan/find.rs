//! From a request to its plan: the whole way, as one function.
//! It does not know how each part works.

use super::ask::Ask;
use super::choose::{Chosen, choose, discriminating};
use super::expand::expand;
use super::greedy::firing;
use super::names::named;
use super::no_path;
use super::plan_data::{FileSource, Plan, Tie};
use super::reach::relevant;
use super::request::Request;
use super::route::{Route, route};
use super::settle::{check, check_bindings, settle};
use super::unclear::listed;
use crate::diag::{Error, Result};
use crate::graph::{OpGraph, OpId, Param};
use crate::shell::ShellWord;

/// The cheapest plan for a request. Among plans of the same cost, it is the one with the first op, by origin, among the
/// ops in which they differ; the plan names one other.
///
/// # Errors
/// No route from given to wanted files; a parameter that several given files could fill; a required file that no op takes;
/// a binding that fits no parameter; with `strict`, two plans of the same cost.
pub fn find(graph: &OpGraph, request: &Request) -> Result<Plan> {
    check(graph, request)?;
    let (states, mut notes) = settle(graph, request);
    let mut ask = Ask::new(graph, request, states);
    check_bindings(&ask)?;
    let clear = attempt(&ask);
    let (chosen, found) = match clear {
        Some((chosen, Ok(found))) if found.unused.is_empty() => (chosen, found),
        other => {
            ask.lenient = true;
            match attempt(&ask) {
                Some((_, Err(unclear))) => return Err(unclear),
                Some((chosen, Ok(found))) if found.unused.is_empty() => (chosen, found),
                _ => {
                    let Some((_, found)) = other else { return Err(no_path::error(&ask)) };
                    let unused = found.as_ref().map_or(&[][..], |found| &found.unused);
                    return match without(request, unused) {
                        Some((smaller, kept)) => find(graph, &smaller).map(|plan| renumbered(plan, &kept)),
                        None => Err(refused(&ask, found)),
                    };
                }
            }
        }
    };
    all_bindings_used(&ask, &found)?;
    let tie = tie(&ask, &chosen).filter(|_| other_is_whole(&ask, &chosen));
    if let (Some(tie), true) = (&tie, request.strict) {
        return Err(tied(graph, &found, tie));
    }
    let files = named(graph, request, &found)?;
    notes.extend(found.notes);
    Ok(Plan { uses: found.uses, files, results: found.results, tie, proved: chosen.proved, notes })
}

/// The request without these files, and the old positions of the others; `None` if the user asked for one of these files.
fn without(request: &Request, files: &[usize]) -> Option<(Request, Vec<usize>)> {
    let is_bound = |file: usize| request.bind.iter().any(|bind| bind.file == file);
    if files.is_empty() || files.iter().any(|&file| request.given[file].required || is_bound(file)) {
        return None;
    }
    let kept: Vec<usize> = (0..request.given.len()).filter(|file| !files.contains(file)).collect();
    let mut smaller = request.clone();
    smaller.given = kept.iter().map(|&file| request.given[file].clone()).collect();
    smaller.bind.iter_mut().for_each(|bind| bind.file = kept.partition_point(|&file| file < bind.file));
    Some((smaller, kept))
}

/// The plan for some of the files, as one for all of them.
fn renumbered(mut plan: Plan, kept: &[usize]) -> Plan {
    for file in &mut plan.files {
        if let FileSource::Given(at) = &mut file.source {
            *at = kept[*at];
        }
    }
    plan
}

/// The best steps and their files; `None` without a plan.
pub(super) fn attempt(ask: &Ask) -> Option<(Chosen, Result<Route>)> {
    let chosen = choose(ask, &relevant(&expand(ask))?)?;
    let found = route(ask, &chosen.problem, &chosen.steps);
    Some((chosen, found))
}

/// Why a plan was rejected.
fn refused(ask: &Ask, found: Result<Route>) -> Box<Error> {
    match found {
        Err(error) => error,
        Ok(found) => unused(ask, &found),
    }
}

/// A given file would be silently ignored.
fn unused(ask: &Ask, found: &Route) -> Box<Error> {
    let shown: Vec<&str> = found.unused.iter().map(|&file| ask.request.given[file].shown.as_str()).collect();
    let message = match &shown[..] {
        [one] => format!("no op of the plan takes the given file `{one}`"),
        several => format!("no op of the plan takes the given files {}", listed(several)),
    };
    let ops: Vec<&str> = found.uses.iter().map(|op_use| ask.graph.op_name(op_use.op)).collect();
    let plan = if ops.is_empty() { "no ops: a given file is the result".to_owned() } else { ops.join(", ") };
    let error = Error::request(message).detail("plan", plan);
    if let Some(bind) = bind_instead(ask, found) {
        return error.hint(bind);
    }
    match through_instead(ask, found) {
        Some(op) => error.hint(format!("`--through {op}` takes it")),
        None => error.hint("leave it out, or name its state with `--from`"),
    }
}

/// A parameter of the plan that would take the file if it were bound to it.
fn bind_instead(ask: &Ask, found: &Route) -> Option<String> {
    let &file = found.unused.first()?;
    let place = |op: OpId| {
        let mut inputs = ask.graph.op(op).inputs.iter().enumerate();
        let free = |(at, input): &(usize, &Param)| {
            ask.states[file] == [input.state] && !ask.fills_itself(op, *at) && ask.bound(op, *at).is_empty()
        };
        inputs.find(free).map(|(_, input)| format!("{}.{}", ask.graph.op_name(op), input.name))
    };
    let place = found.uses.iter().find_map(|op_use| place(op_use.op))?;
    let bind = ShellWord::quote(&format!("{place}={}", ask.request.given[file].shown));
    Some(format!("`--bind {bind}` gives it to that parameter"))
}

/// An op that, gone through, makes a plan that leaves out no file.
fn through_instead(ask: &Ask, found: &Route) -> Option<String> {
    const TRIED: usize = 16;
    let graph = ask.graph;
    let takers =
        found.unused.iter().flat_map(|&file| &ask.states[file]).flat_map(|state| graph.takers(*state));
    let named = takers.filter(|&op| graph.can_be_called(op));
    let mut candidates = named.take(TRIED).filter(|_| ask.through.is_empty());
    let works = |op: &OpId| {
        let mut asked = Ask::new(graph, ask.request, ask.states.clone());
        asked.through.push(*op);
        let Some(problem) = relevant(&expand(&asked)) else { return false };
        let chosen = choose(&asked, &problem);
        let found = chosen.map(|chosen| route(&asked, &chosen.problem, &chosen.steps));
        found.is_some_and(|found| found.is_ok_and(|found| found.unused.is_empty()))
    };
    candidates.find(works).map(|op| graph.op_name(op).to_owned())
}

/// A binding for an op that is not in the plan would be silently ignored.
fn all_bindings_used(ask: &Ask, found: &Route) -> Result<()> {
    let used = |op: OpId| found.uses.iter().any(|op_use| op_use.op == op);
    let Some(bind) = ask.request.bind.iter().find(|bind| !used(bind.op)) else { return Ok(()) };
    let op = ask.graph.op_name(bind.op);
    Err(Error::request(format!("a file is bound to `{op}.{}`, but the plan does not use `{op}`", bind.param))
        .hint(format!("`--through {op}` asks for a plan that uses it")))
}

/// Whether the other plan of the same cost leaves out no given file.
fn other_is_whole(ask: &Ask, chosen: &Chosen) -> bool {
    let Some(Ok(found)) = chosen.other.as_ref().map(|other| route(ask, &chosen.problem, other)) else {
        return false;
    };
    found.unused.is_empty() && all_bindings_used(ask, &found).is_ok()
}

/// The other plan of the same cost, by what sets it apart.
pub(super) fn tie(ask: &Ask, chosen: &Chosen) -> Option<Tie> {
    let (problem, other) = (&chosen.problem, chosen.other.as_ref()?);
    let through = discriminating(ask, problem, &chosen.steps, other)?;
    let op_of = |step: super::lists::StepId| problem.steps[step.index()].op;
    let used: Vec<OpId> = chosen.steps.iter().filter_map(|&step| op_of(step)).collect();
    let order = firing(problem, other).into_iter().filter_map(|way| op_of(problem.step(way)));
    let name = |op: OpId| ask.graph.op_name(op).to_owned();
    let instead = order.filter(|op| !used.contains(op)).map(name).collect();
    Some(Tie { instead, through: name(through) })
}

/// With `strict` a tie is an error.
fn tied(graph: &OpGraph, found: &Route, tie: &Tie) -> Box<Error> {
    let chosen: Vec<&str> = found.uses.iter().map(|op_use| graph.op_name(op_use.op)).collect();
    Error::request("two plans cost the same")
        .detail("one", chosen.join(", "))
        .detail("other", format!("{} instead", tie.instead.join(", ")))
        .hint(format!(
            "`--through {}` selects the other; `--through` with an op of the first selects the first",
            tie.through
        ))
}
