//! `state` and `get_state`: scripts call them to declare and to name states; also the descriptions above a declaration.
//! It does not know ops.

use super::declared::StateName;
use super::options::{Options, texts};
use super::session::Session;
use super::thrown::Answer;
use super::wording::kind_of;
use crate::diag::{Error, Place, Result};
use crate::graph::{Count, State, StateProperties};
use rhai::{Array, Dynamic, Engine, Map, NativeCallContext};
use std::rc::Rc;

/// All options.
const KNOWN: [&str; 7] = ["directory", "pattern", "description", "hdl", "listed", "model", "beside_models"];

/// What follows the colon of a parameter: a state and how many files of it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The state.
    pub state: StateName,
    /// How many files.
    pub count: Count,
}

/// Registers the functions.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    engine.register_type_with_name::<StateName>("state");
    engine.register_type_with_name::<Wanted>("optional state");
    engine.register_fn("to_string", |state: &mut StateName| state.name.clone());
    engine.register_get("name", |state: &mut StateName| state.name.clone());
    let s = session.clone();
    engine.register_fn("state", move |ctx: NativeCallContext, name: Dynamic, extensions: Array| {
        s.answer(&ctx, || declare(&s, &ctx, name, extensions, Map::new()))
    });
    let s = session.clone();
    engine.register_fn(
        "state",
        move |ctx: NativeCallContext, name: Dynamic, extensions: Array, options: Map| {
            s.answer(&ctx, || declare(&s, &ctx, name, extensions, options))
        },
    );
    let s = session.clone();
    engine.register_fn("get_state", move |ctx: NativeCallContext, name: &str| {
        StateName::at(name.to_owned(), &s, s.place(&ctx))
    });
    let s = session.clone();
    engine.register_fn("optional", move |ctx: NativeCallContext, state: Dynamic| -> Answer<Wanted> {
        s.answer(&ctx, || {
            let Wanted { state, count } = wanted(&s, state, &s.place(&ctx))?;
            let count = if count == Count::Many { Count::Any } else { Count::Optional };
            Ok(Wanted { state, count })
        })
    });
}

/// `state(name, [ext…], #{…})`.
fn declare(
    session: &Session,
    ctx: &NativeCallContext,
    name: Dynamic,
    extensions: Array,
    options: Map,
) -> Result<StateName> {
    let name = name.into_string().map_err(|_| Error::request("the name of a state must be text"))?;
    if name.trim().is_empty() {
        return Err(Error::request("the name of a state is empty"));
    }
    let extensions = texts(extensions)
        .ok_or_else(|| Error::request(format!("the extensions of the state `{name}` must be text")))?;
    let extensions = extensions.iter().map(|ext| ext.trim_start_matches('.').to_owned()).collect();
    let mut options = Options::new("state", options, &KNOWN)?;
    let pattern = options.text("pattern")?;
    if pattern.as_ref().is_some_and(|pattern| !pattern.contains("{}")) {
        return Err(options.wrong("pattern", "text with `{}` where the stem goes, such as `lib{}.so`"));
    }
    let place = session.place(ctx);
    let script = session.script(ctx)?;
    let description = options.text("description")?.or_else(|| script.doc_above(place.line));
    let directory = options.flag("directory")?.unwrap_or(false);
    let (properties, origin) = (properties(&mut options)?, script.origin(place.clone()));
    let own = name.clone();
    session.add_state(State {
        name: own,
        extensions,
        directory,
        pattern,
        description,
        properties,
        origin,
    })?;
    Ok(StateName { name, builtin: script.is_builtin(), place })
}

/// What the state declares beside its files.
fn properties(options: &mut Options) -> Result<StateProperties> {
    let beside_models = options.text("beside_models")?;
    if beside_models.as_ref().is_some_and(|when| !when.contains('=')) {
        return Err(options.wrong("beside_models", "text such as `manifest.compat=assassyn`"));
    }
    let mut flag = |key: &str| options.flag(key).map(Option::unwrap_or_default);
    let (hdl, listed, model) = (flag("hdl")?, flag("listed")?, flag("model")?);
    Ok(StateProperties { hdl, listed, model, beside_models })
}

impl StateName {
    /// A name in the script of this place.
    fn at(name: String, session: &Session, place: Place) -> StateName {
        let builtin = session.library.script(&place.file).is_some_and(|script| script.is_builtin());
        StateName { name, builtin, place }
    }
}

/// The state that a value names: a state, or text.
///
/// # Errors
/// It is something else.
pub fn named(session: &Session, value: Dynamic, place: &Place) -> Result<StateName> {
    let value = value.flatten();
    if let Some(state) = value.clone().try_cast::<StateName>() {
        return Ok(StateName { place: place.clone(), ..state });
    }
    let kind = value.type_name();
    let name = value.into_string();
    name.map(|name| StateName::at(name, session, place.clone()))
        .map_err(|_| Error::request(format!("a state is expected here, not {}", kind_of(kind))))
}

/// What stands after the colon of a parameter: `s`, `[s]`, `optional(s)` or `optional([s])`.
///
/// # Errors
/// It is something else.
pub fn wanted(session: &Session, value: Dynamic, place: &Place) -> Result<Wanted> {
    let value = value.flatten();
    if let Some(wanted) = value.clone().try_cast::<Wanted>() {
        return Ok(wanted);
    }
    match value.clone().try_cast::<Array>() {
        None => Ok(Wanted { state: named(session, value, place)?, count: Count::One }),
        Some(list) => match <[Dynamic; 1]>::try_from(list) {
            Ok([state]) => Ok(Wanted { state: named(session, state, place)?, count: Count::Many }),
            Err(_) => Err(Error::request("a list parameter names exactly one state")
                .hint("`srcs: [verilog]` takes all files of the state `verilog`")),
        },
    }
}
