//! What is drawn: boxes of two kinds and arrows between them.
//! It does not know where on the sheet they will stand.

use crate::graph::{Count, OpGraph, Param, StateId};
use crate::plan::{FileId, Plan};

/// Boxes and arrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// The boxes.
    pub nodes: Vec<Node>,
    /// From which box to which; positions among the boxes.
    pub arrows: Vec<Arrow>,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its text.
    pub label: String,
    /// Its meaning.
    pub kind: Kind,
    /// What else is known of it.
    pub about: Option<String>,
}

/// The meaning of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A state, or a file.
    Thing,
    /// A file that the user gave, or a result.
    End,
    /// An op.
    Op,
}

/// An arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// Where it starts.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Whether nothing may go along it.
    pub optional: bool,
}

impl Picture {
    /// All states and ops.
    pub fn of_graph(graph: &OpGraph) -> Picture {
        let mut picture = Picture::default();
        for (id, state) in graph.states() {
            picture.add(graph.state_name(id), Kind::Thing, state.description.clone());
        }
        for (id, op) in graph.ops() {
            let node = picture.add(graph.op_name(id), Kind::Op, op.description.clone());
            for input in distinct(&op.inputs) {
                picture.arrow(input.state.index(), node, matches!(input.count, Count::Optional | Count::Any));
            }
            for output in distinct(&op.outputs) {
                picture.arrow(node, output.state.index(), false);
            }
        }
        picture
    }

    /// The files and ops of a plan; files are called what `shown` makes of them.
    pub fn of_plan(graph: &OpGraph, plan: &Plan, shown: impl Fn(FileId) -> String) -> Picture {
        let mut picture = Picture::default();
        for id in plan.ids() {
            let end = plan.maker(id).is_none() || plan.results.contains(&id);
            let kind = if end { Kind::End } else { Kind::Thing };
            picture.add(&shown(id), kind, Some(graph.state_name(plan.file(id).state).to_owned()));
        }
        for op_use in &plan.uses {
            let op = graph.op(op_use.op);
            let node = picture.add(graph.op_name(op_use.op), Kind::Op, op.description.clone());
            for file in op_use.inputs.iter().flatten() {
                picture.arrow(file.0, node, false);
            }
            for file in &op_use.outputs {
                picture.arrow(node, file.0, false);
            }
        }
        picture
    }

    fn add(&mut self, label: &str, kind: Kind, about: Option<String>) -> usize {
        self.nodes.push(Node { label: label.to_owned(), kind, about });
        self.nodes.len() - 1
    }

    fn arrow(&mut self, from: usize, to: usize, optional: bool) {
        self.arrows.push(Arrow { from, to, optional });
    }
}

/// One parameter for each state.
fn distinct(params: &[Param]) -> impl Iterator<Item = &Param> {
    let mut seen: Vec<StateId> = vec![];
    params.iter().filter(move |param| {
        let new = !seen.contains(&param.state);
        seen.push(param.state);
        new
    })
}
