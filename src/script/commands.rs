//! `shell` and `shell_deps`: the commands of a body.
//! It does not know what names of dependencies mean; `finish` resolves them when the body has ended.

use super::marks::FileUse;
use super::pieces::pieces;
use super::session::Session;
use super::step::{FileOrName, MadeFile, Step, WaitKind};
use super::step_options::read_options;
use super::waits::{targets, wait};
use crate::diag::{Error, Result};
use crate::lower::Piece;
use crate::paths::WorkPath;
use rhai::{Dynamic, Engine, Map, NativeCallContext};
use std::rc::Rc;

/// Registers the functions.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    let s = session.clone();
    engine.register_fn("shell", move |ctx: NativeCallContext, command: &str| {
        s.answer(&ctx, || shell(&s, &ctx, command, Map::new()))
    });
    let s = session.clone();
    engine.register_fn("shell", move |ctx: NativeCallContext, command: &str, options: Map| {
        s.answer(&ctx, || shell(&s, &ctx, command, options))
    });
    let s = session.clone();
    engine.register_fn(
        "shell_deps",
        move |ctx: NativeCallContext, command: &str, deps: Dynamic, made: Dynamic| {
            s.answer(&ctx, || shell_deps(&s, &ctx, command, (deps, made), Map::new()))
        },
    );
    let s = session.clone();
    engine.register_fn(
        "shell_deps",
        move |ctx: NativeCallContext, command: &str, deps: Dynamic, made: Dynamic, options: Map| {
            s.answer(&ctx, || shell_deps(&s, &ctx, command, (deps, made), options))
        },
    );
}

/// One more command of the one step.
fn shell(session: &Session, ctx: &NativeCallContext, command: &str, options: Map) -> Result<()> {
    let (before, first_output) = session.record("shell", |recording| match recording.steps.first() {
        Some(step) => Err(mixed(step)),
        None => {
            Ok((recording.shell.take(), recording.outputs.first().map(|(_, target)| target.path.clone())))
        }
    })?;
    let place = session.place(ctx);
    let script = ctx.call_source().unwrap_or_default().to_owned();
    let mut step =
        before.unwrap_or_else(|| Step { place: Some(place), script, first_output, ..Step::default() });
    let pieces = pieces(session, command, &mut step)?;
    step.commands.push(pieces);
    read_options(session, "shell", options, &mut step)?;
    session.record("shell", |recording| {
        recording.shell = Some(step);
        Ok(())
    })
}

/// A separate step.
fn shell_deps(
    session: &Session,
    ctx: &NativeCallContext,
    command: &str,
    (deps, made): (Dynamic, Dynamic),
    options: Map,
) -> Result<()> {
    session.record("shell_deps", |recording| match &recording.shell {
        Some(step) => Err(mixed(step)),
        None => Ok(()),
    })?;
    let script = ctx.call_source().unwrap_or_default().to_owned();
    let mut step = Step { place: Some(session.place(ctx)), script, ..Step::default() };
    targets(session, made, &mut step)?;
    let mark = session.record("shell_deps", |recording| {
        WorkPath::new(format!("{}.{}.ran", recording.call_name, recording.steps.len() + 1))
    })?;
    step.first_output = Some(first_output(session, &step)?.unwrap_or_else(|| mark.clone()));
    let pieces = pieces(session, command, &mut step)?;
    step.commands.push(pieces);
    wait(session, deps, WaitKind::Explicit, &mut step)?;
    read_options(session, "shell_deps", options, &mut step)?;
    if step.targets.is_empty() {
        run_for_itself(&mut step, mark);
    }
    session.record("shell_deps", |recording| {
        recording.steps.push(step);
        Ok(())
    })
}

/// The first file that a step makes; a name may name an output of the op.
fn first_output(session: &Session, step: &Step) -> Result<Option<WorkPath>> {
    let name = match step.targets.first().map(|made| &made.what) {
        None => return Ok(None),
        Some(FileOrName::File(file)) => return Ok(Some(file.path.clone())),
        Some(FileOrName::Name(name)) => name,
    };
    session.record("shell_deps", |recording| {
        let output = recording.outputs.iter().find(|(output, _)| output == name);
        output.map_or_else(|| WorkPath::new(name), |(_, target)| Ok(target.path.clone())).map(Some)
    })
}

/// A step that makes nothing that anybody waits for leaves a mark that it ran.
fn run_for_itself(step: &mut Step, mark: WorkPath) {
    step.commands.push(vec![Piece::Text(": > ".into()), Piece::File(mark.clone())]);
    step.targets.push(MadeFile { what: FileOrName::File(FileUse::needed(mark)), directory: false });
    step.options.for_itself = true;
}

/// `shell` and `shell_deps` in one body.
fn mixed(other: &Step) -> Box<Error> {
    let error = Error::request("a body uses either `shell` or `shell_deps`, not both");
    let error = match &other.place {
        Some(place) => error.detail("the other", format!("{}:{}:{}", place.file, place.line, place.column)),
        None => error,
    };
    error.hint("commands of `shell` run in turn as one step; each `shell_deps` is a step of its own")
}
