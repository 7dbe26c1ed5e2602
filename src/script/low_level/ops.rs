//! `op`, `op_multi` and `rule`: what scripts call to declare low-level ops, and how their bodies run.
//! It does not know the emitter's methods.

use super::emitter::{self, Emitter};
use super::evaluate::evaluate;
use crate::diag::{Error, Result};
use crate::graph::Count;
use crate::lower::{Call, Resource};
use crate::paths::WorkPath;
use crate::script::body::Body;
use crate::script::closure::Closure;
use crate::script::declared::{OpDeclared, ParamDeclared};
use crate::script::errors;
use crate::script::session::Session;
use crate::script::states::{named, origin};
use crate::script::steps::Step;
use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext};
use std::rc::Rc;

/// What a low-level op does.
pub struct LowBody {
    setups: Vec<Closure>,
    says: Says,
}

/// How the op's own statements come about.
enum Says {
    /// `|e, input, output|`.
    One(Closure),
    /// `|e, inputs, outputs|`.
    Many(Closure),
    /// One `build` of this rule.
    Rule(String),
}

/// Registers the functions.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    emitter::register(engine, session);
    let s = session.clone();
    engine.register_fn(
        "op",
        move |ctx: NativeCallContext, name: &str, setups: Array, from: Dynamic, to: Dynamic, says: FnPtr| {
            s.answer(&ctx, || {
                let says = Says::One(keep(&ctx, &says));
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
                let says = Says::Many(keep(&ctx, &says));
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
                let says = Says::Rule(rule.to_owned());
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
    Closure::keep(function, ctx.global_runtime_state(), ctx.call_position())
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
        Ok(ParamDeclared { name, state: named(state, &place)?, count: Count::One })
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
    says: Says,
) -> Result<()> {
    let setup = |setup: Dynamic| match setup.flatten().try_cast::<FnPtr>() {
        Some(function) => Ok(keep(ctx, &function)),
        None => {
            Err(Error::request("a setup must be a function").hint("`fn setup(e) { … }`, named without `()`"))
        }
    };
    let setups = setups.into_iter().map(setup).collect::<Result<Vec<Closure>>>()?;
    let (place, script) = (session.place(ctx), session.script(ctx)?);
    let description = script.doc_above(place.line);
    let body = Body::Low(LowBody { setups, says });
    let (name, origin) = (name.to_owned(), origin(&script, place));
    let op = OpDeclared { name, inputs, outputs, cost: 1, description, needs: vec![], origin, body };
    session.declared.borrow_mut().add_op(op);
    Ok(())
}

impl LowBody {
    /// Runs the setups and the op itself for one use.
    ///
    /// # Errors
    /// What is wrong in the script.
    pub fn run(&self, engine: &Engine, session: &Session, call: &Call) -> Result<(Vec<Step>, Vec<Resource>)> {
        let emitter = Emitter::default();
        let said = |closure: &Closure, done: std::result::Result<Dynamic, Box<EvalAltResult>>| {
            done.map(drop).map_err(|error| errors::report(session, *error, closure.source()))
        };
        for setup in &self.setups {
            said(setup, setup.call(engine, vec![Dynamic::from(emitter.clone())]))?;
        }
        let inputs: Vec<&WorkPath> = call.inputs.iter().flatten().collect();
        let declared = |error: Box<Error>| error.at(call.op.origin.place.clone());
        let inputs = inputs.into_iter().map(text).collect::<Result<Vec<Dynamic>>>().map_err(declared)?;
        let outputs = call.outputs.iter().map(text).collect::<Result<Vec<Dynamic>>>().map_err(declared)?;
        let mut arguments = vec![Dynamic::from(emitter.clone())];
        match &self.says {
            Says::One(closure) => {
                arguments.extend(inputs.into_iter().chain(outputs));
                said(closure, closure.call(engine, arguments))?;
            }
            Says::Many(closure) => {
                arguments.extend([Dynamic::from(inputs), Dynamic::from(outputs)]);
                said(closure, closure.call(engine, arguments))?;
            }
            Says::Rule(rule) => emitter.build_all(rule, inputs, outputs, call.op.origin.place.clone()),
        }
        let said = emitter.0.borrow().clone();
        Ok((evaluate(session, &said)?, said.resources))
    }
}

/// A file as plain text, as the functions of such scripts take it apart.
fn text(path: &WorkPath) -> Result<Dynamic> {
    let safe = |c: char| c.is_alphanumeric() || "._-+/@%=,~^".contains(c);
    match path.as_str().chars().find(|c| !safe(*c)) {
        None => Ok(path.to_string().into()),
        Some(c) => Err(Error::request(format!(
            "the file name `{path}` holds `{}`, which this op cannot carry",
            c.escape_debug()
        ))
        .hint("ops made with `op` and `rule` paste names into Ninja text; `defop` takes any name")),
    }
}
