//! `op`, `op_multi` and `rule`: what scripts call to declare low-level ops, and how their bodies run.
//! It does not know the emitter's methods.

use super::body::{LowBody, StatementSource};
use super::emitter;
use super::evaluate::evaluate;
use super::setups::{ListedSetup, Setup, SetupName};
use super::staging::{MADE, STAGED, copy, safe_name};
use super::statements::{Emitter, Statements};
use crate::diag::{Error, Result};
use crate::graph::{Count, OpProperties, StateId};
use crate::lower::{Call, Resource};
use crate::paths::WorkPath;
use crate::script::body::Body;
use crate::script::closure::Closure;
use crate::script::declared::{OpDeclared, ParamDeclared};
use crate::script::errors;
use crate::script::session::Session;
use crate::script::states::named;
use crate::script::step::Step;
use rhai::{Array, Dynamic, Engine, FnPtr, NativeCallContext};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Registers the functions.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    emitter::register(engine, session);
    engine.register_type_with_name::<SetupName>("setup");
    let s = session.clone();
    engine.register_fn("get_setup", move |ctx: NativeCallContext, name: &str| SetupName {
        name: name.to_owned(),
        place: s.place(&ctx),
    });
    let s = session.clone();
    engine.register_fn(
        "op",
        move |ctx: NativeCallContext, name: &str, setups: Array, from: Dynamic, to: Dynamic, says: FnPtr| {
            s.answer(&ctx, || {
                let says = StatementSource::One(keep(&ctx, &says));
                declare(
                    &s,
                    &ctx,
                    name,
                    setups,
                    (params(&s, &ctx, "in", vec![from])?, params(&s, &ctx, "out", vec![to])?),
                    says,
                )
            })
        },
    );
    let s = session.clone();
    engine.register_fn(
        "op_multi",
        move |ctx: NativeCallContext, name: &str, setups: Array, from: Array, to: Array, says: FnPtr| {
            s.answer(&ctx, || {
                let says = StatementSource::Many(keep(&ctx, &says));
                declare(
                    &s,
                    &ctx,
                    name,
                    setups,
                    (params(&s, &ctx, "in", from)?, params(&s, &ctx, "out", to)?),
                    says,
                )
            })
        },
    );
    let s = session.clone();
    engine.register_fn(
        "rule",
        move |ctx: NativeCallContext, setups: Array, from: Dynamic, to: Dynamic, rule: &str| {
            s.answer(&ctx, || {
                let says = StatementSource::Rule(rule.to_owned());
                declare(
                    &s,
                    &ctx,
                    rule,
                    setups,
                    (params(&s, &ctx, "in", vec![from])?, params(&s, &ctx, "out", vec![to])?),
                    says,
                )
            })
        },
    );
}

fn keep(ctx: &NativeCallContext, function: &FnPtr) -> Closure {
    Closure::keep_sharing(function, ctx.global_runtime_state(), ctx.call_position())
}

/// One parameter is called `in` or `out`, several `in0`, `in1`, ….
fn params(
    session: &Session,
    ctx: &NativeCallContext,
    name: &str,
    states: Array,
) -> Result<Vec<ParamDeclared>> {
    let place = session.place(ctx);
    let several = states.len() > 1;
    let param = |(number, state)| {
        let name = if several { format!("{name}{number}") } else { name.to_owned() };
        Ok(ParamDeclared { name, state: named(session, state, &place)?, count: Count::One })
    };
    states.into_iter().enumerate().map(param).collect()
}

/// Adds the op to what is declared.
fn declare(
    session: &Session,
    ctx: &NativeCallContext,
    name: &str,
    setups: Array,
    (inputs, outputs): (Vec<ParamDeclared>, Vec<ParamDeclared>),
    says: StatementSource,
) -> Result<()> {
    if name.trim().is_empty() {
        return Err(Error::request("the name of an op is empty"));
    }
    let setups = setups.into_iter().map(|setup| listed(session, ctx, setup)).collect::<Result<Vec<_>>>()?;
    let (place, script) = (session.place(ctx), session.script(ctx)?);
    let description = script.doc_above(place.line);
    let body = Some(Body::Low(LowBody { setups, says }));
    let (name, origin) = (name.to_owned(), script.origin(place));
    let (needs, properties) = (vec![], OpProperties::default());
    let op = OpDeclared { name, inputs, outputs, cost: 1, description, needs, properties, origin, body };
    session.add_op(op)
}

/// A setup as an op lists it: a function, or what `get_setup` returned.
fn listed(session: &Session, ctx: &NativeCallContext, setup: Dynamic) -> Result<ListedSetup> {
    let setup = setup.flatten();
    if let Some(name) = setup.clone().try_cast::<SetupName>() {
        return Ok(ListedSetup::Named(name));
    }
    let function = setup.try_cast::<FnPtr>().ok_or_else(|| {
        Error::request("a setup must be a function").hint("`fn setup(e) { … }`, named without `()`")
    })?;
    Ok(ListedSetup::Known(session.setups.of(ctx, &function)))
}

impl LowBody {
    /// Says what one use of the op needs; setups that ran for another use are not run again.
    ///
    /// # Errors
    /// What is wrong in the script.
    pub fn run(
        &self,
        engine: &Engine,
        session: &Session,
        call: &Call,
        directory: impl Fn(StateId) -> bool,
    ) -> Result<(Vec<Step>, Vec<Resource>)> {
        let setups = self.setups.iter().map(|listed| match listed {
            ListedSetup::Known(setup) => Ok(setup.clone()),
            ListedSetup::Named(name) => session.setups.named(name),
        });
        let mut distinct: Vec<Rc<Setup>> = vec![];
        for setup in setups {
            let setup = setup?;
            if !distinct.iter().any(|other| Rc::ptr_eq(other, &setup)) {
                distinct.push(setup);
            }
        }
        let mut said: Vec<&Statements> = distinct
            .iter()
            .map(|setup| setup.said(|closure| said(engine, session, closure, vec![])))
            .collect::<Result<_>>()?;
        let params = call.op.inputs.iter().zip(&call.inputs);
        let inputs = params.flat_map(|(param, files)| files.iter().map(|file| (param.state, file)));
        let outputs = call.op.outputs.iter().map(|param| param.state).zip(&call.outputs);
        let mut staged = StagedFiles { copies: vec![], directory };
        let located = |error: Box<Error>| error.at(call.op.origin.place.clone());
        let inputs = inputs.map(|(state, file)| staged.text(state, file, CopyTime::Before));
        let inputs = inputs.collect::<Result<Vec<Dynamic>>>().map_err(located)?;
        let outputs = outputs.map(|(state, file)| staged.text(state, file, CopyTime::After));
        let outputs = outputs.collect::<Result<Vec<Dynamic>>>().map_err(located)?;
        let own = self.own(engine, session, call, inputs, outputs)?;
        said.push(&own);
        let mut steps = staged.copies;
        let outside: BTreeSet<&(WorkPath, WorkPath)> = said.iter().flat_map(|said| &said.staged).collect();
        let is_input = |from: &WorkPath| call.inputs.iter().flatten().any(|input| input == from);
        steps
            .extend(outside.into_iter().filter(|(from, _)| !is_input(from)).map(|(from, to)| copy(from, to)));
        let mut resources: Vec<Resource> = said.iter().flat_map(|said| said.resources.clone()).collect();
        steps.extend(evaluate(session, &said, &mut resources)?);
        Ok((steps, resources))
    }

    /// What the op itself says.
    fn own(
        &self,
        engine: &Engine,
        session: &Session,
        call: &Call,
        inputs: Vec<Dynamic>,
        outputs: Vec<Dynamic>,
    ) -> Result<Statements> {
        match &self.says {
            StatementSource::One(closure) => {
                said(engine, session, closure, inputs.into_iter().chain(outputs).collect())
            }
            StatementSource::Many(closure) => {
                said(engine, session, closure, vec![Dynamic::from(inputs), Dynamic::from(outputs)])
            }
            StatementSource::Rule(rule) => {
                let emitter = Emitter::default();
                emitter.build_all(rule, inputs, outputs, call.op.origin.place.clone());
                Ok(emitter.0.take())
            }
        }
    }
}

/// What a function says with an emitter and these arguments.
fn said(
    engine: &Engine,
    session: &Session,
    closure: &Closure,
    arguments: Vec<Dynamic>,
) -> Result<Statements> {
    let emitter = Emitter::default();
    let first = Dynamic::from(emitter.clone());
    let done = closure.call(engine, std::iter::once(first).chain(arguments).collect());
    done.map(drop).map_err(|error| errors::report(session, *error, closure.source()))?;
    Ok(emitter.0.take())
}

/// Whether a file is copied before the op runs, or after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CopyTime {
    Before,
    After,
}

/// The files of one use as text.
struct StagedFiles<F> {
    copies: Vec<Step>,
    directory: F,
}

impl<F: Fn(StateId) -> bool> StagedFiles<F> {
    /// A file as plain text, as the functions of such scripts take it apart; under another name where the text could
    /// not carry its own.
    fn text(&mut self, state: StateId, path: &WorkPath, copied: CopyTime) -> Result<Dynamic> {
        let safe = safe_name(path, if copied == CopyTime::Before { STAGED } else { MADE })?;
        if safe == *path {
            return Ok(path.to_string().into());
        }
        if (self.directory)(state) {
            return Err(Error::request(format!("this op cannot carry the directory name `{path}`"))
                .hint("ops made with `op` and `rule` paste names into Ninja text; `defop` takes any name"));
        }
        let step = match copied {
            CopyTime::Before => copy(path, &safe),
            CopyTime::After => copy(&safe, path),
        };
        if !self.copies.iter().any(|other| other.commands == step.commands) {
            self.copies.push(step);
        }
        Ok(safe.to_string().into())
    }
}
