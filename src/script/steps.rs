//! `shell` and `shell_deps`: the commands that a body asks for.
//! It does not know what dependencies given by name mean; that is settled when the body is done.

use super::marks::{FileUse, Inline, Part, is_marked};
use super::session::Session;
use super::states::kind_of;
use super::step_options::read_options;
use super::tool_finder::ToolAsked;
use super::values::{ToolValue, Word, plain};
use crate::diag::{Error, Place, Result};
use crate::lower::{Piece, StepOptions};
use crate::paths::WorkPath;
use rhai::{Array, Dynamic, Engine, Map, NativeCallContext};
use std::rc::Rc;

/// One step as the body said it.
#[derive(Default)]
pub struct Step {
    /// Its commands.
    pub commands: Vec<Vec<Piece>>,
    /// What it waits for.
    pub waits: Vec<Wait>,
    /// What it makes.
    pub targets: Vec<Made>,
    /// How it runs.
    pub options: StepOptions,
    /// Tools it uses, with their identity files.
    pub tools: Vec<(String, WorkPath)>,
    /// Files that its commands name and must wait for.
    pub named: Vec<FileUse>,
    /// Where it was asked for.
    pub place: Option<Place>,
    /// The script that asked for it, as its places show it.
    pub script: String,
}

/// Something that a step waits for.
pub struct Wait {
    /// What.
    pub what: Asked,
    /// How.
    pub how: How,
}

/// How a step waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It is listed.
    Explicit,
    /// It is not listed.
    Implicit,
    /// Its change alone runs nothing.
    OrderOnly,
}

/// A dependency as the script gave it.
#[derive(Clone, Debug)]
pub enum Asked {
    /// A file.
    File(FileUse),
    /// A name whose meaning is settled when the body is done.
    Name(String),
}

/// A target as the script gave it.
#[derive(Clone, Debug)]
pub struct Made {
    /// The file, or its name.
    pub what: Asked,
    /// Whether its name ends in a slash.
    pub directory: bool,
}

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
    session.record("shell", |recording| match recording.steps.first() {
        Some(step) => Err(mixed(step)),
        None => Ok(()),
    })?;
    let place = session.place(ctx);
    let before = session.record("shell", |recording| Ok(recording.shell.take()))?;
    let mut step = before.unwrap_or_else(|| Step {
        place: Some(place.clone()),
        script: ctx.call_source().unwrap_or_default().to_owned(),
        ..Step::default()
    });
    let pieces = pieces(session, command, &mut step)?;
    step.commands.push(pieces);
    read_options(session, "shell", options, &mut step)?;
    session.record("shell", |recording| {
        recording.shell = Some(step);
        Ok(())
    })
}

/// A step of its own.
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
    let pieces = pieces(session, command, &mut step)?;
    step.commands.push(pieces);
    wait(session, deps, How::Explicit, &mut step)?;
    targets(session, made, &mut step)?;
    read_options(session, "shell_deps", options, &mut step)?;
    session.record("shell_deps", |recording| {
        if step.targets.is_empty() {
            run_for_itself(
                &mut step,
                WorkPath::new(format!("{}.{}.ran", recording.call_name, recording.steps.len() + 1))?,
            );
        }
        recording.steps.push(step);
        Ok(())
    })
}

/// A step that makes nothing that anybody waits for leaves a mark that it ran.
fn run_for_itself(step: &mut Step, mark: WorkPath) {
    step.commands.push(vec![Piece::Text(": > ".into()), Piece::File(mark.clone())]);
    step.targets.push(Made { what: Asked::File(FileUse::needed(mark)), directory: false });
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

/// The pieces of a command; the files and tools that it names are noted in `step`.
///
/// # Errors
/// A tool that is not found.
pub fn pieces(session: &Session, text: &str, step: &mut Step) -> Result<Vec<Piece>> {
    let mut pieces = vec![];
    for part in session.marks.parts(text) {
        match part {
            Part::Text(text) => pieces.push(Piece::Text(text)),
            part => held(session, part, step, &mut pieces)?,
        }
    }
    Ok(pieces)
}

/// What stands for something else in a text; a word may hold files itself.
fn held(session: &Session, part: Part, step: &mut Step, pieces: &mut Vec<Piece>) -> Result<()> {
    match part {
        Part::Text(text) => pieces.push(Piece::Words(vec![text])),
        Part::Inline(Inline::Word(word)) if !is_marked(&word) => pieces.push(Piece::Words(vec![word])),
        Part::Inline(Inline::Word(word)) => {
            for part in session.marks.parts(&word) {
                held(session, part, step, pieces)?;
            }
        }
        Part::Inline(Inline::Tool(asked, place)) => pieces.extend(use_tool(session, &asked, &place, step)?),
        Part::Inline(Inline::File(file)) => {
            pieces.push(Piece::File(file.path.clone()));
            step.named.push(file);
        }
        Part::Inline(Inline::Value { kind, shown }) => {
            let error = Error::request(format!("a command cannot hold {kind}"));
            return Err(error.detail("it is", shown).hint("put its parts into the command one by one"));
        }
        Part::Cut => {
            return Err(Error::request("the name of a file, a word or a tool was cut to pieces")
                .hint("what is plain text can be taken apart: `file.path`, `word.text`, `tool.name`"));
        }
    }
    Ok(())
}

/// Finds a tool and notes that the step depends on it.
fn use_tool(session: &Session, asked: &ToolAsked, place: &Place, step: &mut Step) -> Result<Vec<Piece>> {
    let found = session.tools.find(asked, place)?;
    let used = (asked.name.clone(), found.stamp);
    if !step.tools.contains(&used) {
        step.tools.push(used);
    }
    Ok(found.command)
}

/// Notes what the step waits for: files, names, tools, and lists of them.
///
/// # Errors
/// A value that is none of these.
pub fn wait(session: &Session, value: Dynamic, how: How, step: &mut Step) -> Result<()> {
    let value = value.flatten();
    if let Some(list) = value.clone().try_cast::<Array>() {
        return list.into_iter().try_for_each(|item| wait(session, item, how, step));
    }
    if let Some(tool) = value.clone().try_cast::<ToolValue>() {
        return use_tool(session, &tool.asked, &tool.place, step).map(drop);
    }
    for what in asked(session, value, "a step can wait for files, resources and tools")? {
        step.waits.push(Wait { what, how });
    }
    Ok(())
}

/// Notes what the step makes.
fn targets(session: &Session, value: Dynamic, step: &mut Step) -> Result<()> {
    for what in asked(session, value, "a step makes files")? {
        let directory = match &what {
            Asked::Name(name) => name.ends_with('/'),
            Asked::File(file) => file.directory,
        };
        step.targets.push(Made { what, directory });
    }
    Ok(())
}

/// The files and names of a value; lists are flattened, `()` is an absent optional file.
fn asked(session: &Session, value: Dynamic, rule: &str) -> Result<Vec<Asked>> {
    let value = value.flatten();
    if value.is_unit() {
        return Ok(vec![]);
    }
    if value.is_array() {
        let lists = value.cast::<Array>().into_iter().map(|item| asked(session, item, rule));
        return Ok(lists.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect());
    }
    if let Some(file) = value.clone().try_cast::<FileUse>() {
        return Ok(vec![Asked::File(file)]);
    }
    if let Some(word) = value.clone().try_cast::<Word>() {
        return named(session, &word.0).map(|one| vec![one]);
    }
    let kind = value.type_name();
    let text = value.into_string().map_err(|_| Error::request(format!("{rule}, not {}", kind_of(kind))))?;
    named(session, &text).map(|one| vec![one])
}

/// A text as a file when it was glued from one, else as a name.
fn named(session: &Session, text: &str) -> Result<Asked> {
    if !is_marked(text) {
        return Ok(Asked::Name(text.to_owned()));
    }
    if let [Part::Inline(Inline::File(file))] = session.marks.parts(text).as_slice() {
        return Ok(Asked::File(file.clone()));
    }
    let path = WorkPath::new(plain(session, text))?;
    Ok(Asked::File(FileUse::needed(path)))
}
