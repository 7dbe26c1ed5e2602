//! The emitter `e`, which fudsv passes to a low-level op: its methods record Ninja statements, in order.
//! It does not know what they evaluate to.

use super::staging::{STAGED, safe_name};
use super::statements::{Build, Emitter, Statement};
use crate::diag::{Error, Result};
use crate::lower::Resource;
use crate::paths::{UserPath, WorkPath};
use crate::script::options::texts;
use crate::script::session::Session;
use crate::script::settings;
use crate::script::values::{plain, text_of};
use rhai::{Array, Dynamic, Engine, NativeCallContext};
use std::borrow::Cow;
use std::rc::Rc;

/// Registers the methods.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    engine.register_type_with_name::<Emitter>("emitter");
    register_variables(engine, session);
    register_statements(engine, session);
    let s = session.clone();
    engine.register_fn("rsrc", move |ctx: NativeCallContext, e: &mut Emitter, name: &str| {
        s.answer(&ctx, || rsrc(&s, &ctx, e, name))
    });
    let s = session.clone();
    engine.register_fn("external_path", move |ctx: NativeCallContext, e: &mut Emitter, path: &str| {
        s.answer(&ctx, || external_path(&s, e, path))
    });
    let s = session.clone();
    engine.register_fn("add_file", move |ctx: NativeCallContext, e: &mut Emitter, name: &str, text: &str| {
        s.answer(&ctx, || {
            let content = Cow::Owned(plain(&s, text).into_bytes());
            let path = WorkPath::new(name)?;
            e.0.borrow_mut().resources.push(Resource { path, content, is_executable: false });
            Ok(())
        })
    });
}

/// `var_` and what asks the configuration.
fn register_variables(engine: &mut Engine, session: &Rc<Session>) {
    let s = session.clone();
    engine.register_fn(
        "var_",
        move |ctx: NativeCallContext, e: &mut Emitter, name: &str, mut value: Dynamic| {
            e.say(Statement::Var(name.to_owned(), text_of(&s, &ctx, &mut value)));
        },
    );
    let s = session.clone();
    engine.register_fn(
        "config_var",
        move |ctx: NativeCallContext, e: &mut Emitter, name: &str, key: &str| {
            s.answer(&ctx, || set(&s, &ctx, e, name, value_of(&s, key, None)?))
        },
    );
    let s = session.clone();
    engine.register_fn(
        "config_var_or",
        move |ctx: NativeCallContext, e: &mut Emitter, name: &str, key: &str, default: Dynamic| {
            s.answer(&ctx, || match s.config().get(key) {
                Some(found) if !found.value.is_table() => set(&s, &ctx, e, name, value_of(&s, key, None)?),
                _ => {
                    e.say(Statement::Var(name.to_owned(), text_of(&s, &ctx, &mut default.clone())));
                    Ok(())
                }
            })
        },
    );
    let s = session.clone();
    engine.register_fn("config_val", move |ctx: NativeCallContext, _: &mut Emitter, key: &str| {
        s.answer(&ctx, || Ok(text_of(&s, &ctx, &mut value_of(&s, key, None)?)))
    });
    let s = session.clone();
    engine.register_fn(
        "config_or",
        move |ctx: NativeCallContext, _: &mut Emitter, key: &str, default: Dynamic| {
            s.answer(&ctx, || Ok(text_of(&s, &ctx, &mut value_of(&s, key, Some(default))?)))
        },
    );
    let s = session.clone();
    engine.register_fn(
        "config_constrained_val",
        move |ctx: NativeCallContext, _: &mut Emitter, key: &str, allowed: Array| {
            s.answer(&ctx, || constrained(&s, &ctx, key, allowed, None))
        },
    );
    let s = session.clone();
    engine.register_fn(
        "config_constrained_or",
        move |ctx: NativeCallContext, _: &mut Emitter, key: &str, allowed: Array, default: Dynamic| {
            s.answer(&ctx, || constrained(&s, &ctx, key, allowed, Some(default)))
        },
    );
}

/// `rule`, `build`, `build_cmd`, `arg` and `comment`.
fn register_statements(engine: &mut Engine, session: &Rc<Session>) {
    engine.register_fn("rule", |e: &mut Emitter, name: &str, command: &str| {
        e.say(Statement::Rule(name.to_owned(), vec![("command".into(), command.to_owned())]));
    });
    let s = session.clone();
    engine.register_fn(
        "build",
        move |ctx: NativeCallContext, e: &mut Emitter, rule: &str, input: &str, output: &str| {
            let (outputs, inputs) = (vec![output.to_owned()], vec![input.to_owned()]);
            e.say(Statement::Build(build(&s, &ctx, rule, (outputs, inputs, vec![]))));
        },
    );
    let s = session.clone();
    engine.register_fn(
        "build_cmd",
        move |ctx: NativeCallContext,
              e: &mut Emitter,
              outputs: Dynamic,
              rule: &str,
              inputs: Dynamic,
              implicit: Dynamic| {
            s.answer(&ctx, || {
                let list = |value: Dynamic, what: &str| {
                    texts(list_of(value))
                        .ok_or_else(|| Error::request(format!("the {what} of `build_cmd` must be text")))
                };
                let files =
                    (list(outputs, "outputs")?, list(inputs, "inputs")?, list(implicit, "implicit inputs")?);
                e.say(Statement::Build(build(&s, &ctx, rule, files)));
                Ok(())
            })
        },
    );
    let s = session.clone();
    engine.register_fn(
        "arg",
        move |ctx: NativeCallContext, e: &mut Emitter, name: &str, mut value: Dynamic| {
            s.answer(&ctx, || e.bind(name, text_of(&s, &ctx, &mut value)))
        },
    );
    engine.register_fn("comment", |_: &mut Emitter, _: &str| {});
}

/// A setting as fud2 sees it, which knows only text: a section is not a value, so `yxi` may stand beside `yxi.file`.
///
/// # Errors
/// The key has neither a value nor a default.
fn value_of(session: &Session, key: &str, default: Option<Dynamic>) -> Result<Dynamic> {
    let is_section = session.config().get(key).is_some_and(|found| found.value.is_table());
    match default {
        Some(default) if is_section => Ok(default),
        None if is_section => Err(Error::request(format!("`{key}` is a section of the configuration"))
            .hint(format!("ask for one of its keys, as `{key}.NAME`"))),
        default => settings::value(session, key, default),
    }
}

/// A list, or a single item in place of a list.
fn list_of(value: Dynamic) -> Array {
    let value = value.flatten();
    if value.is_array() { value.cast() } else { vec![value] }
}

/// A file of the user as Ninja text.
fn external_path(session: &Session, e: &Emitter, path: &str) -> Result<String> {
    let path = session.facts.work_path(session.places(), &UserPath::new(plain(session, path)))?;
    let safe = safe_name(&path, STAGED)?;
    if safe != path {
        e.0.borrow_mut().staged.push((path, safe.clone()));
    }
    Ok(safe.to_string())
}

/// A build statement of `(outputs, inputs, implicit inputs)`.
fn build(
    session: &Session,
    ctx: &NativeCallContext,
    rule: &str,
    (outputs, inputs, implicit): (Vec<String>, Vec<String>, Vec<String>),
) -> Build {
    let place = session.place(ctx);
    let script = ctx.call_source().unwrap_or_default().to_owned();
    Build { outputs, rule: rule.to_owned(), inputs, implicit, bindings: vec![], place, script }
}

/// Sets a variable to a value of the configuration, in which every `$` is a dollar.
fn set(
    session: &Session,
    ctx: &NativeCallContext,
    e: &Emitter,
    name: &str,
    mut value: Dynamic,
) -> Result<()> {
    let text = text_of(session, ctx, &mut value).replace('$', "$$");
    e.say(Statement::Var(name.to_owned(), text));
    Ok(())
}

/// A setting that must have one of a few values.
fn constrained(
    session: &Session,
    ctx: &NativeCallContext,
    key: &str,
    allowed: Array,
    default: Option<Dynamic>,
) -> Result<String> {
    let text = text_of(session, ctx, &mut value_of(session, key, default)?);
    let allowed = texts(allowed).unwrap_or_default();
    if allowed.contains(&text) {
        return Ok(text);
    }
    let near = crate::diag::did_you_mean(&text, allowed.iter().map(String::as_str));
    Err(Error::request(format!("`{key}` cannot be `{text}`"))
        .hint(format!("it is one of: {}", allowed.join(", ")))
        .maybe_hint(near))
}

/// Lays a resource under its own name into the build directory.
fn rsrc(session: &Session, ctx: &NativeCallContext, e: &Emitter, name: &str) -> Result<String> {
    let script = session.script(ctx)?;
    let (content, is_executable) = crate::script::files::content(session, &script, name)?;
    let path = WorkPath::new(name)?;
    e.0.borrow_mut().resources.push(Resource { path: path.clone(), content, is_executable });
    Ok(path.to_string())
}
