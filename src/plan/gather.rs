//! Files that each go the same way to one state and are then taken together by an op: map, then merge.
//! It does not know how a plan of one way is found.

use super::each::{Joined, find_each};
use super::find::find as find_one_way;
use super::plan_data::{FileId, FileSource, Plan};
use super::request::{Given, Request};
use super::unclear::listed;
use crate::diag::Result;
use crate::graph::{Count, OpGraph, StateId};

/// The cheapest plan for a request; where there is none because several files of one kind are given, one in which what
/// is made of each is gathered by an op that takes a list.
///
/// # Errors
/// As [`find_one_way`].
pub fn find(graph: &OpGraph, request: &Request) -> Result<Plan> {
    find_one_way(graph, request).or_else(|error| gathered(graph, request).ok_or(error))
}

/// The cheapest of the plans that gather; of two that cost the same the one whose gathered state is declared first.
fn gathered(graph: &OpGraph, request: &Request) -> Option<Plan> {
    let groups = groups(request);
    let lists = graph.states().map(|(id, _)| id).filter(|id| is_gathered(graph, *id));
    let pairs = lists.flat_map(|state| groups.iter().map(move |group| (state, group)));
    let plans = pairs.filter_map(|(state, group)| by(graph, request, group, state));
    let cost = |plan: &Plan| -> u32 { plan.uses.iter().map(|of| graph.op(of.op).cost).sum() };
    plans.min_by_key(cost)
}

/// The files that were typed and may be in the same states, where there are several and no binding names one.
fn groups(request: &Request) -> Vec<Vec<usize>> {
    let is_free = |at: usize| request.given[at].required && !request.bind.iter().any(|bind| bind.file == at);
    let mut groups: Vec<Vec<usize>> = vec![];
    for at in (0..request.given.len()).filter(|at| is_free(*at)) {
        let states = &request.given[at].states;
        match groups.iter_mut().find(|group| request.given[group[0]].states == *states) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// Whether an op makes the state and another one takes a list of it.
fn is_gathered(graph: &OpGraph, state: StateId) -> bool {
    let is_list = |count: Count| matches!(count, Count::Many | Count::Any);
    let mut inputs = graph.ops().flat_map(|(_, op)| &op.inputs);
    !graph.makers(state).is_empty() && inputs.any(|input| input.state == state && is_list(input.count))
}

/// The plan that makes `state` of each file of the group and what is wanted of all these.
fn by(graph: &OpGraph, request: &Request, group: &[usize], state: StateId) -> Option<Plan> {
    if request.given[group[0]].states.contains(&state) || request.wanted.contains(&state) {
        return None;
    }
    let mut first = Request { wanted: vec![state], through: vec![], ..request.clone() };
    let others: Vec<usize> = (0..request.given.len()).filter(|at| !group.contains(at)).collect();
    others.iter().for_each(|at| first.given[*at].required = false);
    let each = find_each(graph, &first, group).ok().filter(|plan| plan.results.len() == group.len())?;
    let is_used = |at: usize| each.files.iter().any(|file| file.source == FileSource::Given(at));
    let mut given: Vec<Given> = others.iter().map(|&at| request.given[at].clone()).collect();
    for (given, at) in given.iter_mut().zip(&others) {
        given.required &= !is_used(*at);
    }
    given.extend(each.results.iter().map(|id| {
        let path = each.file(*id).path.clone();
        Given { shown: path.to_string(), path, states: vec![state], stated: true, required: true }
    }));
    let mut bind = request.bind.clone();
    bind.retain_mut(|bind| others.binary_search(&bind.file).map(|at| bind.file = at).is_ok());
    let then = find_one_way(graph, &Request { given, bind, ..request.clone() }).ok()?;
    joined(request, &each, &then, state, &others).map(|mut plan| {
        let shown: Vec<&str> = group.iter().map(|at| request.given[*at].shown.as_str()).collect();
        let state = graph.state_name(state);
        plan.notes.push(format!("what is made of {} is gathered as `{state}`", listed(&shown)));
        plan
    })
}

/// Both plans as one: what the first makes is given to the second.
fn joined(request: &Request, each: &Plan, then: &Plan, state: StateId, others: &[usize]) -> Option<Plan> {
    let mut joined = Joined::default();
    let all: Vec<usize> = (0..request.given.len()).collect();
    joined.add(each, &all).ok()?;
    let made: Vec<FileId> = std::mem::take(&mut joined.plan.results);
    for id in made {
        let path = joined.plan.file(id).path.to_string();
        joined.given.insert((path, state), id);
    }
    let kept: Vec<usize> = others.iter().copied().chain(std::iter::repeat_n(0, each.results.len())).collect();
    joined.add(then, &kept).ok()?;
    Some(joined.plan)
}
