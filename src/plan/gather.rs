//! Plans whose files take a separate route first and are then taken together by an op: the same route for each of several
//! files (map, then merge), or one route for the files of another language.
//! It does not know how a plan of one way is found.

use super::each::{Joined, find_each};
use super::find::find as find_one_way;
use super::plan_data::{FileId, FileSource, Plan};
use super::request::{Given, Request};
use super::unclear::listed;
use crate::diag::Result;
use crate::graph::{Count, OpGraph, StateId};
use std::collections::HashSet;

/// The cheapest plan for a request. Files that it would leave out join the files that it takes if ops can turn them into
/// the same state, as VHDL into Verilog. If there is no plan because several files of one kind are given, an op that takes a
/// list gathers the results of each.
///
/// # Errors
/// As [`find_one_way`].
pub fn find(graph: &OpGraph, request: &Request) -> Result<Plan> {
    match find_one_way(graph, request) {
        Ok(plan) => {
            let unused = unused(request, &plan);
            Ok(turned(graph, request, &unused).unwrap_or(plan))
        }
        Err(error) => {
            let required: Vec<usize> = (0..request.given.len()).filter(|at| is_free(request, *at)).collect();
            let mut plans = kinds(request, &required).into_iter().map(|kind| turned(graph, request, &kind));
            plans.find_map(|plan| plan).or_else(|| gathered(graph, request)).ok_or(error)
        }
    }
}

/// The given files that a plan leaves out.
fn unused(request: &Request, plan: &Plan) -> Vec<usize> {
    let taken = plan.uses.iter().flat_map(|of| of.inputs.iter().flatten()).chain(&plan.results);
    let used: HashSet<usize> = taken
        .filter_map(|id| match plan.file(*id).source {
            FileSource::Given(at) => Some(at),
            FileSource::Made { .. } => None,
        })
        .collect();
    (0..request.given.len()).filter(|at| !used.contains(at) && is_free(request, *at)).collect()
}

/// The plan in which each kind of these files is turned into what an op takes together with the other files.
fn turned(graph: &OpGraph, request: &Request, files: &[usize]) -> Option<Plan> {
    let others: Vec<usize> = (0..request.given.len()).filter(|at| !files.contains(at)).collect();
    let is_beside =
        |state: &StateId| others.iter().any(|at| request.given[*at].states.first() == Some(state));
    let states: Vec<StateId> = graph.states().map(|(id, _)| id).filter(is_beside).collect();
    if files.is_empty() || states.is_empty() {
        return None;
    }
    let (mut joined, mut notes) = (Joined::default(), vec![]);
    let mut given: Vec<Given> = others.iter().map(|&at| request.given[at].clone()).collect();
    for kind in kinds(request, files) {
        // What leads nowhere stays left out.
        let Some((plan, state)) = states.iter().find_map(|state| as_one(graph, request, &kind, *state))
        else {
            continue;
        };
        joined.add(&plan, &kind).ok()?;
        let [id] = std::mem::take(&mut joined.plan.results)[..] else { return None };
        let path = joined.plan.file(id).path.clone();
        joined.given.insert((path.to_string(), state), id);
        given.push(Given {
            shown: path.to_string(),
            path,
            states: vec![state],
            stated: true,
            required: true,
        });
        let shown: Vec<&str> = kind.iter().map(|at| request.given[*at].shown.as_str()).collect();
        notes.push(format!("{} becomes `{}` first", listed(&shown), graph.state_name(state)));
    }
    let made = given.len() - others.len();
    let mut bind = request.bind.clone();
    bind.retain_mut(|bind| others.binary_search(&bind.file).map(|at| bind.file = at).is_ok());
    let then = (made > 0).then(|| find_one_way(graph, &Request { given, bind, ..request.clone() }))?.ok()?;
    let kept: Vec<usize> = others.iter().copied().chain(std::iter::repeat_n(0, made)).collect();
    joined.add(&then, &kept).ok()?;
    joined.plan.notes.extend(notes);
    Some(joined.plan)
}

/// The plan that makes one file of this state of all files of a kind.
fn as_one(graph: &OpGraph, request: &Request, kind: &[usize], state: StateId) -> Option<(Plan, StateId)> {
    let given: Vec<Given> =
        kind.iter().map(|&at| Given { required: true, ..request.given[at].clone() }).collect();
    let name = given.first()?.path.as_path().file_stem().unwrap_or(&request.name).to_owned();
    let (through, bind) = (vec![], vec![]);
    let request = Request { name, given, wanted: vec![state], through, bind, ..request.clone() };
    let plan = find_one_way(graph, &request).ok()?;
    let is_made = |id: &FileId| matches!(plan.file(*id).source, FileSource::Made { .. });
    (plan.results.len() == 1 && plan.results.iter().all(is_made)).then_some((plan, state))
}

/// Whether the user leaves it to the plan what becomes of a file.
fn is_free(request: &Request, at: usize) -> bool {
    !request.bind.iter().any(|bind| bind.file == at)
}

/// These files, those together that may be in the same states.
fn kinds(request: &Request, files: &[usize]) -> Vec<Vec<usize>> {
    let mut kinds: Vec<Vec<usize>> = vec![];
    for &at in files {
        let states = &request.given[at].states;
        match kinds.iter_mut().find(|kind| request.given[kind[0]].states == *states) {
            Some(kind) => kind.push(at),
            None => kinds.push(vec![at]),
        }
    }
    kinds
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
    let is_typed = |at: &usize| request.given[*at].required && is_free(request, *at);
    let typed: Vec<usize> = (0..request.given.len()).filter(is_typed).collect();
    let mut groups = kinds(request, &typed);
    groups.retain(|group| group.len() > 1);
    groups
}

/// Whether an op makes the state and another one takes a list of it.
fn is_gathered(graph: &OpGraph, state: StateId) -> bool {
    let is_list = |count: Count| matches!(count, Count::Many | Count::Any);
    let mut inputs = graph.ops().flat_map(|(_, op)| &op.inputs);
    !graph.makers(state).is_empty() && inputs.any(|input| input.state == state && is_list(input.count))
}

/// The plan that makes `state` from each file of the group, and the target from all of these.
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
        plan.notes.push(format!("the results from {} are gathered as `{state}`", listed(&shown)));
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
