//! How the bodies of a plan run.
//! It does not know Ninja or quoting: it fills the emissions that lowering takes.

use super::body::Body;
use super::errors::report;
use super::finish::finish;
use super::limits::with_stack;
use super::load::{Scripts, evaluate_own};
use super::marks::FileUse;
use super::recording::Recording;
use super::resolver::evaluate;
use super::step::Step;
use crate::diag::{Error, Place, Result};
use crate::graph::{BodyId, Count, Op};
use crate::lower::{Bodies, Call, Emission, Resource, Target};
use crate::paths::WorkPath;
use rhai::{Array, Dynamic};
use std::rc::Rc;

impl Bodies for Scripts {
    fn start(&self, ops: &[&Op]) {
        drop(self.session.setups.defined.take());
        self.session.start_plan(ops);
    }

    fn run(&self, body: BodyId, call: &Call) -> Result<Vec<Emission>> {
        with_stack(|| match self.bodies.get(body.index()) {
            Some(Some(body)) => self.run_body(body, call),
            _ => self.run_body(&*self.read(call.op)?, call),
        })
    }
}

impl Scripts {
    /// The body of an op that a catalog declared. Its script is parsed if it was not so far; of the user's scripts all are,
    /// since `get_setup` finds what any of them has.
    pub(super) fn read(&self, op: &Op) -> Result<Rc<Body>> {
        let key = |name: &str, place: &Place| (place.file.clone(), place.line, place.column, name.to_owned());
        let (wanted, place) = (key(&op.name, &op.origin.place), &op.origin.place);
        if let Some(body) = self.read_late.borrow().get(&wanted) {
            return Ok(body.clone());
        }
        let lost = || Error::request("this op has no body").at(place.clone());
        if op.origin.builtin {
            let script = self.session.library.script(&place.file).ok_or_else(lost)?;
            evaluate(self.engine(), &self.session, &script, None)?;
        } else {
            evaluate_own(self.engine(), &self.session)?;
        }
        let late = self.session.declared.take().into_bodies();
        let mut known = self.read_late.borrow_mut();
        let late = late.filter_map(|(name, origin, body)| Some((key(&name, &origin.place), Rc::new(body?))));
        known.extend(late);
        known.get(&wanted).cloned().ok_or_else(lost)
    }

    fn run_body(&self, body: &Body, call: &Call) -> Result<Vec<Emission>> {
        let outputs = call.op.outputs.iter().zip(&call.outputs).map(|(param, path)| {
            let directory = self.graph().state(param.state).directory;
            (param.name.clone(), Target { path: path.clone(), directory })
        });
        let inputs = call.op.inputs.iter().zip(&call.inputs);
        let recording = Recording {
            op: call.op.name.clone(),
            call_name: call.name.clone(),
            declared: call.op.origin.place.clone(),
            inputs: inputs.map(|(param, files)| (param.name.clone(), files.clone())).collect(),
            outputs: outputs.collect(),
            statements: matches!(body, Body::Low(_)),
            shell: None,
            steps: vec![],
        };
        *self.session.recording.borrow_mut() = Some(recording);
        self.session.watch.start();
        let done = self.say(body, call);
        let recording = self.session.recording.borrow_mut().take();
        let (steps, resources) = done?;
        let Some(mut recording) = recording else { return Ok(vec![]) };
        recording.steps.extend(steps);
        let mut emissions = finish(&self.session, recording)?;
        emissions.iter_mut().take(1).for_each(|first| first.resources.extend(resources.iter().cloned()));
        Ok(emissions)
    }

    /// Runs the script part: what a `defop` says is recorded, what an `op` says is returned.
    fn say(&self, body: &Body, call: &Call) -> Result<(Vec<Step>, Vec<Resource>)> {
        match body {
            Body::High(block) => match block.run(self.engine(), &arguments(call)) {
                Ok(()) => Ok((vec![], vec![])),
                Err(error) => Err(report(&self.session, *error, block.source())),
            },
            Body::Low(body) => {
                body.run(self.engine(), &self.session, call, |state| self.graph().state(state).directory)
            }
        }
    }
}

/// The values of the parameters, inputs first.
fn arguments(call: &Call) -> Vec<Dynamic> {
    let input = |path: &WorkPath| Dynamic::from(FileUse::needed(path.clone()));
    let inputs = call.op.inputs.iter().zip(&call.inputs).map(|(param, files)| match param.count {
        Count::Many | Count::Any => files.iter().map(input).collect::<Array>().into(),
        Count::One | Count::Optional => files.first().map_or(Dynamic::UNIT, input),
    });
    inputs.chain(call.outputs.iter().map(|path| Dynamic::from(FileUse::made(path.clone())))).collect()
}
