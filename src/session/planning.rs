//! From a session to a plan: scripts, request, planner; and the notes about the plan.
//! It does not know what becomes of it.

use super::odd_ports;
use super::open::Session;
use super::request::{self, ResolvedRequest, ResultPlaces};
use super::scripts;
use crate::diag::{Error, Place, Result};
use crate::graph::{OpGraph, OpId, StateId};
use crate::plan::{self, Plan};
use crate::script::Duplicate;
use std::collections::BTreeMap;

/// What to say of ops of the plan whose name their own scripts give twice.
fn twice(loaded: &scripts::LoadedScripts, plan: &Plan) -> Vec<String> {
    let graph = loaded.graph();
    let used = |name: &str| plan.uses.iter().any(|op_use| graph.op(op_use.op).name == name);
    let twice = loaded.scripts().duplicates().iter().filter(|twice| twice.what == "op" && used(&twice.name));
    twice.map(op_twice).collect()
}

/// What to say of an op whose name its script gives twice.
pub fn op_twice(twice: &Duplicate) -> String {
    let place = |place: &Place| format!("{}:{}", place.file, place.line);
    let (name, first, second) = (&twice.name, place(&twice.first), place(&twice.second));
    format!("the op `{name}` is declared twice, at {first} and {second}; `--through {name}` means the first")
}

/// Finds the plan.
///
/// # Errors
/// Whatever is wrong with scripts or the request.
pub fn plan(session: &Session) -> Result<(scripts::LoadedScripts, ResultPlaces, Plan)> {
    let loaded = scripts::load(session)?;
    let graph = loaded.graph();
    if let Some(file) = &session.options.plan {
        let mut plan = request::saved_plan(session, graph, file)?;
        plan.notes.extend(odd_ports::check(session, graph, &plan)?);
        let states: Vec<StateId> = plan.results.iter().map(|id| plan.file(*id).state).collect();
        let asked = request::outputs(session, graph, &states)?;
        return Ok((loaded, asked, plan));
    }
    let ResolvedRequest { request, each, notes } = request::resolve(session, graph)?;
    if session.options.each.is_none() {
        let asked = ResultPlaces { notes, ..request::outputs(session, graph, &request.wanted)? };
        let mut plan = plan::find(graph, &request)?;
        plan.notes.extend(asked.notes.iter().cloned());
        plan.notes.extend(twice(&loaded, &plan));
        plan.notes.extend(odd_ports::check(session, graph, &plan)?);
        return Ok((loaded, asked, plan));
    }
    let mut plan = plan::find_each(graph, &request, &each)?;
    plan.notes.extend(odd_ports::check(session, graph, &plan)?);
    check_one_name(session, graph, &plan)?;
    plan.notes.extend(notes.iter().cloned());
    let asked = ResultPlaces { notes, ..request::outputs_of_each(session, &plan)? };
    Ok((loaded, asked, plan))
}

/// A name in the configuration names one crate or package; several models would replace each other.
fn check_one_name(session: &Session, graph: &OpGraph, plan: &Plan) -> Result<()> {
    let mut uses: BTreeMap<(&str, OpId), usize> = BTreeMap::new();
    for op_use in &plan.uses {
        if let Some(key) = &graph.op(op_use.op).properties.named_by {
            *uses.entry((key, op_use.op)).or_default() += 1;
        }
    }
    for ((key, _), uses) in uses.into_iter().filter(|(_, uses)| *uses > 1) {
        if let Some(found) = session.config.get(key) {
            return Err(Error::request(format!("`{key}` gives one name to {uses} models"))
                .detail("set by", found.origin.to_string())
                .hint("without it, each model has the name of its file, and `--each` numbers models with the same name"));
        }
    }
    Ok(())
}
