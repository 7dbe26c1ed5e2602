//! Finds steps that depend on each other in a circle, before Ninja does.
//! It does not know which op a step belongs to.

use super::emission::Emission;
use crate::diag::{Error, Result};
use crate::paths::WorkPath;
use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use std::collections::HashMap;

/// Refuses steps that wait for each other.
///
/// # Errors
/// A circle, at the first of its steps, with the others.
pub fn no_circle(steps: &[&Emission]) -> Result<()> {
    let made = |(at, step): (usize, &&Emission)| -> Vec<(WorkPath, usize)> {
        step.targets.iter().map(|target| (target.path.clone(), at)).collect()
    };
    let makers: HashMap<WorkPath, usize> = steps.iter().enumerate().flat_map(made).collect();
    let mut graph: DiGraph<usize, &WorkPath> = DiGraph::new();
    let nodes: Vec<_> = (0..steps.len()).map(|at| graph.add_node(at)).collect();
    for (at, step) in steps.iter().enumerate() {
        for path in step.deps.iter().map(super::emission::Dep::path) {
            if let Some(maker) = makers.get(path) {
                graph.add_edge(nodes[*maker], nodes[at], path);
            }
        }
    }
    if let Some(edge) = graph.raw_edges().iter().find(|edge| edge.source() == edge.target()) {
        let step = steps[graph[edge.source()]];
        return Err(Error::request(format!("this step depends on its own output `{}`", edge.weight))
            .at(step.place.clone())
            .hint("remove it from the dependencies"));
    }
    let Some(mut circle) = tarjan_scc(&graph).into_iter().find(|circle| circle.len() > 1) else {
        return Ok(());
    };
    circle.sort_by_key(|node| graph[*node]);
    let waits = |edge: &&petgraph::graph::Edge<&WorkPath>| {
        circle.contains(&edge.source()) && circle.contains(&edge.target())
    };
    let mut paths: Vec<String> =
        graph.raw_edges().iter().filter(waits).map(|edge| format!("`{}`", edge.weight)).collect();
    paths.sort();
    paths.dedup();
    let message = format!("steps depend on each other in a circle, through {}", paths.join(" and "));
    let error = Error::request(message).at(steps[graph[circle[0]]].place.clone());
    Err(circle.iter().skip(1).fold(error, |error, node| {
        let place = &steps[graph[*node]].place;
        error.detail("another", format!("{}:{}:{}", place.file, place.line, place.column))
    }))
}
