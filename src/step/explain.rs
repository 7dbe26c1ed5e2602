//! Tells which steps will run and why, before anything runs. It makes the runner's own comparison for every step, in the
//! order of the graph.
//! It does not know Ninja, and runs and writes nothing.

use crate::step::args::Step;
use crate::step::cause::{Cause, Difference, Subject};
use crate::step::look::Site;
use crate::step::now::StepState;
use crate::step::record::Record;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, HashMap};

/// A step and its place in the graph; paths are relative to the build directory.
pub struct Node {
    /// The arguments of the runner.
    pub step: Step,
    /// Every file that it waits for.
    pub waits_for: Vec<Utf8PathBuf>,
}

/// A step that will run, or may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedStep {
    /// Its position among the steps.
    pub position: usize,
    /// Whether it will run for certain; otherwise that depends on the results of earlier steps.
    pub is_certain: bool,
    /// Why. [`Subject::Results`] names a step.
    pub causes: Vec<Cause>,
}

/// The steps that will or may run to bring `wanted` up to date, each after the steps that it waits for.
pub fn explain(
    nodes: &[Node],
    wanted: &[Utf8PathBuf],
    variables: &BTreeMap<String, String>,
    site: &Site,
) -> Vec<ExplainedStep> {
    let makers = Makers::of(nodes);
    let mut moved: Vec<ExplainedStep> = vec![];
    for position in makers.order(nodes, wanted) {
        let moves = |path: &Utf8Path| {
            let maker = makers.of_file(path).filter(|maker| *maker != position)?;
            moved.iter().any(|moved| moved.position == maker).then_some(maker)
        };
        moved.extend(look(nodes, position, variables, site, moves));
    }
    moved
}

/// Looks at one step; `moves` returns the step, if any, that may still write a file.
fn look(
    nodes: &[Node],
    position: usize,
    variables: &BTreeMap<String, String>,
    site: &Site,
    moves: impl Fn(&Utf8Path) -> Option<usize>,
) -> Option<ExplainedStep> {
    let step = &nodes[position].step;
    let old = Record::load(&site.workdir, &step.name);
    let StepState { basis, mut why, .. } = StepState::look(step, old.as_ref(), variables, site);
    // A file that an earlier step may write again tells nothing yet, unless it is a new input.
    let is_open = |cause: &Cause| {
        cause.what == Subject::Input
            && matches!(cause.how, Difference::Changed | Difference::Missing)
            && moves(Utf8Path::new(&cause.name)).is_some()
    };
    why.retain(|cause| !is_open(cause));
    let is_certain = !why.is_empty();
    if old.is_some() {
        let mut makers: Vec<usize> = basis.seen().filter_map(|seen| moves(&seen.path)).collect();
        makers.sort_unstable();
        makers.dedup();
        let name = |maker: &usize| nodes[*maker].step.name.as_str();
        why.extend(
            makers.iter().map(|maker| Cause::new(Subject::Results, Difference::MayChange, name(maker))),
        );
    }
    (!why.is_empty()).then_some(ExplainedStep { position, is_certain, causes: why })
}

/// Which step makes a file.
struct Makers(HashMap<Utf8PathBuf, usize>);

impl Makers {
    fn of(nodes: &[Node]) -> Makers {
        let outputs = |(position, node): (usize, &Node)| {
            let paths: Vec<_> =
                node.step.outputs.iter().map(|output| (output.path.clone(), position)).collect();
            paths
        };
        Makers(nodes.iter().enumerate().flat_map(outputs).collect())
    }

    /// The maker of a file, or of the nearest directory above it that a step makes.
    fn of_file(&self, path: &Utf8Path) -> Option<usize> {
        path.ancestors().find_map(|above| self.0.get(above).copied())
    }

    /// The steps that `wanted` needs, each after those that it waits for.
    fn order(&self, nodes: &[Node], wanted: &[Utf8PathBuf]) -> Vec<usize> {
        let needs = |paths: &[Utf8PathBuf]| -> Vec<usize> {
            paths.iter().rev().filter_map(|path| self.of_file(path)).collect()
        };
        let (mut order, mut is_known) = (vec![], vec![false; nodes.len()]);
        // A step is pushed twice: once to be opened, and once to be closed when everything that it waits for is in the
        // order.
        let mut open: Vec<(usize, bool)> = needs(wanted).into_iter().map(|step| (step, false)).collect();
        while let Some((step, is_closing)) = open.pop() {
            if is_closing {
                order.push(step);
            } else if !std::mem::replace(&mut is_known[step], true) {
                open.push((step, true));
                open.extend(needs(&nodes[step].waits_for).into_iter().map(|step| (step, false)));
            }
        }
        order
    }
}
