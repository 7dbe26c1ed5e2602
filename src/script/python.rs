//! `python("gen.py")`: a Python script as a value in a command.
//! It does not know how it runs; see `pieces`.

use super::files::{RSRC_HINT, resource, runner};
use super::marks::{FileUse, PythonProgram, PythonUse};
use super::options::Options;
use super::session::Session;
use super::tool_finder::ToolAsked;
use super::values::plain;
use super::wording::kind_of;
use crate::diag::{Error, Result};
use crate::paths::UserPath;
use rhai::{Dynamic, Engine, Map, NativeCallContext};
use std::rc::Rc;

/// The program that runs scripts: its name among the resources.
const RUNNER: &str = "fudsv_python.py";

/// Registers the function.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    let s = session.clone();
    engine.register_fn("python", move |ctx: NativeCallContext, script: Dynamic| {
        s.answer(&ctx, || python(&s, &ctx, script_of(&s, &ctx, script)?, Map::new()))
    });
    let s = session.clone();
    engine.register_fn("python", move |ctx: NativeCallContext, script: Dynamic, options: Map| {
        s.answer(&ctx, || python(&s, &ctx, script_of(&s, &ctx, script)?, options))
    });
    let s = session.clone();
    engine.register_fn("python", move |ctx: NativeCallContext, flag: &str, module: &str| {
        s.answer(&ctx, || python(&s, &ctx, module_of(&s, &ctx, flag, module)?, Map::new()))
    });
    let s = session.clone();
    engine.register_fn("python", move |ctx: NativeCallContext, flag: &str, module: &str, options: Map| {
        s.answer(&ctx, || python(&s, &ctx, module_of(&s, &ctx, flag, module)?, options))
    });
}

fn python(
    session: &Session,
    ctx: &NativeCallContext,
    runs: PythonProgram,
    options: Map,
) -> Result<PythonUse> {
    let mut options = Options::new("python", options, &["at_least", "key"])?;
    let tool = ToolAsked {
        name: "python".to_owned(),
        key: options.text("key")?,
        at_least: options.text("at_least")?,
    };
    Ok(PythonUse { tool, runs, runner: runner(session, RUNNER)?, place: session.place(ctx) })
}

/// A script beside the plugin, or a file value.
fn script_of(session: &Session, ctx: &NativeCallContext, script: Dynamic) -> Result<PythonProgram> {
    let script = script.flatten();
    if let Some(file) = script.clone().try_cast::<FileUse>() {
        return Ok(PythonProgram::Script(file));
    }
    let kind = kind_of(script.type_name());
    let name = script.into_string().map_err(|_| {
        Error::request(format!(
            "`python` takes the name of a script beside the plugin, or a file, not {kind}"
        ))
    })?;
    let name = plain(session, &name);
    let found = resource(session, &*session.script(ctx)?, &name)?;
    found.map(PythonProgram::Script).ok_or_else(|| {
        Error::request(format!("there is no script `{name}` beside the plugin"))
            .hint(format!("{RSRC_HINT}; a script of the user is `python(path(\"{name}\"))`"))
    })
}

/// A module that Python looks for beside the plugin first.
fn module_of(session: &Session, ctx: &NativeCallContext, flag: &str, module: &str) -> Result<PythonProgram> {
    if flag != "-m" {
        return Err(Error::request(format!("`{flag}` is not an option of `python`"))
            .hint("`python(\"-m\", module)` runs a module; put arguments of a script after `${python(…)}` in the command"));
    }
    let script = session.script(ctx)?;
    let dir = script.directory().unwrap_or(&session.places().cwd);
    let dir = session.facts.work_path(session.places(), &UserPath::new(dir))?;
    Ok(PythonProgram::Module { name: module.to_owned(), dir })
}
