//! `config`, `config_or` and the functions for one type: they read the configuration for scripts and keep its types.
//! It does not know which keys exist.

use super::marks::{FileUse, is_marked};
use super::session::Session;
use super::values::Word;
use crate::config::{Found, Origin};
use crate::diag::{Error, Result, did_you_mean};
use crate::paths::{UserPath, relative};
use rhai::{Array, Dynamic, Engine, Map, NativeCallContext};
use std::rc::Rc;
use toml::Value;

/// Registers the functions.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    let s = session.clone();
    engine.register_fn("config", move |ctx: NativeCallContext, key: &str| {
        s.answer(&ctx, || value(&s, key, None))
    });
    let s = session.clone();
    engine.register_fn("config_or", move |ctx: NativeCallContext, key: &str, default: Dynamic| {
        s.answer(&ctx, || like(&s, key, default))
    });
    register_paths(engine, session);
    register_numbers_and_flags(engine, session);
}

/// `config_path` and `config_paths`.
fn register_paths(engine: &mut Engine, session: &Rc<Session>) {
    let s = session.clone();
    engine.register_fn("config_path", move |ctx: NativeCallContext, key: &str| {
        s.answer(&ctx, || path(&s, key, None))
    });
    let s = session.clone();
    engine.register_fn("config_path", move |ctx: NativeCallContext, key: &str, default: Dynamic| {
        s.answer(&ctx, || path(&s, key, Some(default)))
    });
    let s = session.clone();
    engine.register_fn("config_paths", move |ctx: NativeCallContext, key: &str| {
        s.answer(&ctx, || paths(&s, key))
    });
}

/// `config_int` and `config_bool`.
fn register_numbers_and_flags(engine: &mut Engine, session: &Rc<Session>) {
    let s = session.clone();
    engine.register_fn("config_int", move |ctx: NativeCallContext, key: &str| {
        s.answer(&ctx, || number(&s, key, None))
    });
    let s = session.clone();
    engine.register_fn("config_int", move |ctx: NativeCallContext, key: &str, default: i64| {
        s.answer(&ctx, || number(&s, key, Some(default)))
    });
    let s = session.clone();
    engine.register_fn("config_bool", move |ctx: NativeCallContext, key: &str| {
        s.answer(&ctx, || flag(&s, key, None))
    });
    let s = session.clone();
    engine.register_fn("config_bool", move |ctx: NativeCallContext, key: &str, default: bool| {
        s.answer(&ctx, || flag(&s, key, Some(default)))
    });
}

/// The value of a key; where the default is a number, it is one too.
fn like(session: &Session, key: &str, default: Dynamic) -> Result<Dynamic> {
    match session.config().get(key) {
        Some(found) if default.is_int() && !found.value.is_integer() && !found.value.is_float() => {
            Err(wrong(key, &found, "a number"))
        }
        _ => value(session, key, Some(default)),
    }
}

fn number(session: &Session, key: &str, default: Option<i64>) -> Result<i64> {
    match session.config().get(key) {
        Some(found) => found.value.as_integer().ok_or_else(|| wrong(key, &found, "a whole number")),
        None => default.ok_or_else(|| missing(session, key)),
    }
}

fn flag(session: &Session, key: &str, default: Option<bool>) -> Result<bool> {
    match session.config().get(key) {
        Some(found) => found.value.as_bool().ok_or_else(|| wrong(key, &found, "`true` or `false`")),
        None => default.ok_or_else(|| missing(session, key)),
    }
}

/// A setting of the wrong type.
fn wrong(key: &str, found: &Found, wanted: &str) -> Box<Error> {
    Error::request(format!("`{key}` is {}, not {wanted}", found.value))
        .detail("set by", found.origin.to_string())
}

/// The paths of a key: one path, a list of paths, or an empty list if the key has no value.
fn paths(session: &Session, key: &str) -> Result<Array> {
    let one_or_more = path(session, key, Some(Array::new().into()))?;
    Ok(if one_or_more.is_array() { one_or_more.cast() } else { vec![one_or_more] })
}

/// The value of a key with its type, else the default.
///
/// # Errors
/// Neither is there.
pub fn value(session: &Session, key: &str, default: Option<Dynamic>) -> Result<Dynamic> {
    match (session.config().get(key), default) {
        (Some(found), _) => scripted(key, found.value),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(missing(session, key)),
    }
}

/// A value of the configuration as a value of the script language.
fn scripted(key: &str, value: &Value) -> Result<Dynamic> {
    Ok(match value {
        Value::String(text) if is_marked(text) => {
            return Err(Error::request(format!("the value of `{key}` contains a control character")));
        }
        Value::String(text) => text.into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Boolean(flag) => (*flag).into(),
        Value::Datetime(time) => time.to_string().into(),
        Value::Array(list) => {
            let item = |item: &Value| match item {
                Value::String(text) => Ok(Dynamic::from(Word(text.clone()))),
                other => scripted(key, other),
            };
            list.iter().map(item).collect::<Result<Array>>()?.into()
        }
        Value::Table(table) => {
            let entries = table.iter().map(|(name, value)| Ok((name.as_str().into(), scripted(key, value)?)));
            entries.collect::<Result<Map>>()?.into()
        }
    })
}

/// A path, or a list of them: relative to the file that set it.
fn path(session: &Session, key: &str, default: Option<Dynamic>) -> Result<Dynamic> {
    let config = session.config();
    let Some(found) = config.get(key) else { return default.ok_or_else(|| missing(session, key)) };
    let wrong = || {
        Error::request(format!("`{key}` must be a path or a list of paths"))
            .detail("set by", found.origin.to_string())
    };
    match found.value {
        Value::String(text) => Ok(Dynamic::from(file(session, &found, text)?)),
        Value::Array(list) => {
            let one = |item: &Value| match item.as_str() {
                Some(text) => Ok(Dynamic::from(file(session, &found, text)?)),
                None => Err(wrong()),
            };
            Ok(list.iter().map(one).collect::<Result<Array>>()?.into())
        }
        _ => Err(wrong()),
    }
}

/// One path that a setting names.
fn file(session: &Session, found: &Found, text: &str) -> Result<FileUse> {
    let base = match found.origin {
        Origin::File(file) => file.parent().unwrap_or(&session.places().cwd),
        _ => &session.places().cwd,
    };
    // A relative path stays relative, also outside of the project: a tree that is moved with what lies beside it is the same.
    let user = UserPath::new(match text.starts_with('/') {
        true => text.into(),
        false => relative(&session.places().cwd, &session.facts.place(base.join(text))),
    });
    Ok(FileUse::needed(session.facts.work_path(session.places(), &user)?))
}

/// A script needs a key that has no value.
fn missing(session: &Session, key: &str) -> Box<Error> {
    let how = match key.rsplit_once('.') {
        Some((table, name)) => format!("`--set {key}=VALUE`, or `{name} = …` under `[{table}]` in fud.toml"),
        None => format!("`--set {key}=VALUE`, or `{key} = …` in fud.toml"),
    };
    let near = did_you_mean(key, session.config().keys());
    Error::request(format!("the configuration has no `{key}`"))
        .hint(near.map_or(how.clone(), |near| format!("{near} Else {how}")))
}
