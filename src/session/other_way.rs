//! Another route to the target, for when a tool of the planned route is missing. fudsv names it but never takes it, since
//! what is built does not depend on what happens to be installed.
//! It does not know tools.

use super::open::Session;
use super::request;
use super::scripts::LoadedScripts;
use crate::diag::{Error, Kind};
use crate::graph::OpId;
use crate::lower;
use crate::plan::{self, Plan, Request};

/// The error, with the way that does without what is missing, where there is one.
pub fn hinted(session: &Session, loaded: &LoadedScripts, plan: &Plan, error: Box<Error>) -> Box<Error> {
    if error.kind != Kind::Machine || session.options.plan.is_some() || session.options.each.is_some() {
        return error;
    }
    match through(session, loaded, plan) {
        None => error,
        Some(op) => {
            let before = error.hint.as_ref().map(|hint| format!("{hint}; ")).unwrap_or_default();
            error.hint(format!("{before}`--through {op}` works without it"))
        }
    }
}

/// The op by which the user can ask for another plan, of which every body runs.
fn through(session: &Session, loaded: &LoadedScripts, plan: &Plan) -> Option<String> {
    let graph = loaded.graph();
    let asked = request::resolve(session, graph).ok()?.request;
    let mut used: Vec<OpId> = plan.uses.iter().map(|op_use| op_use.op).collect();
    used.sort_unstable();
    used.dedup();
    let lowers = |request: &Request| {
        let other = plan::find(graph, request).ok()?;
        lower::lower(graph, &other, loaded.bodies(), &session.places, &[]).ok()?;
        Some(other)
    };
    let others = used.iter().filter(|op| !asked.through.contains(op)).filter_map(|op| {
        let other = lowers(&Request { without: vec![*op], ..asked.clone() })?;
        let mut new = other.uses.iter().map(|op_use| op_use.op);
        new.find(|op| !used.contains(op) && graph.can_be_called(*op))
    });
    let is_reached = |op: &OpId| {
        let through = asked.through.iter().copied().chain([*op]).collect();
        lowers(&Request { through, ..asked.clone() }).is_some()
    };
    others.into_iter().find(is_reached).map(|op| graph.op_name(op).to_owned())
}
