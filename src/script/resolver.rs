//! `import "name"`: finds the script, evaluates it once, and reports scripts that import each other in a circle.
//! It does not know what the scripts declare.

use super::closure::{SharedModule, bind_exports};
use super::errors;
use super::library::Script;
use super::limits::with_stack;
use super::marks::forged;
use super::session::Session;
use super::syntax::{endless_comment, syntax};
use super::thrown::{Answer, Thrown};
use crate::diag::{Error, Place, Result};
use rhai::{Engine, Module, ModuleResolver, Position, Scope};
use std::rc::{Rc, Weak};

/// Answers the engine's imports.
pub struct Resolver {
    session: Weak<Session>,
}

impl Resolver {
    /// A resolver for the scripts of a session.
    pub fn new(session: &Rc<Session>) -> Resolver {
        Resolver { session: Rc::downgrade(session) }
    }
}

impl ModuleResolver for Resolver {
    fn resolve(
        &self,
        engine: &Engine,
        source: Option<&str>,
        path: &str,
        position: Position,
    ) -> Answer<SharedModule> {
        let Some(session) = self.session.upgrade() else { return Err("the scripts are gone".into()) };
        let place = session.place_of(source, position);
        let from = source.and_then(|source| session.library.script(source));
        let found = session.library.imported(path, from.as_deref());
        let module = found
            .map_err(|error| located(error, &place))
            .and_then(|script| evaluate(engine, &session, &script, Some(&place)));
        module.map_err(|error| Thrown::raise(error, position))
    }
}

/// The module of a script, evaluated now unless it was before.
///
/// # Errors
/// Whatever is wrong in the script, or a circle of imports.
pub fn evaluate(
    engine: &Engine,
    session: &Session,
    script: &Rc<Script>,
    from: Option<&Place>,
) -> Result<SharedModule> {
    if let Some(module) = session.modules.borrow().get(&script.shown) {
        return Ok(module.clone());
    }
    let circle = circle(session, script);
    if let (Some(names), Some(place)) = (circle, from) {
        return Err(
            Error::request(format!("scripts import each other in a circle: {names}")).at(place.clone())
        );
    }
    session.loading.borrow_mut().push(script.clone());
    session.watch.start();
    let module = with_stack(|| run(engine, session, script));
    session.watch.start();
    session.loading.borrow_mut().pop();
    let module = module.map_err(|error| match from {
        Some(place) => error.detail("imported at", format!("{}:{}:{}", place.file, place.line, place.column)),
        None => error,
    })?;
    session.modules.borrow_mut().insert(script.shown.clone(), module.clone());
    Ok(module)
}

/// Compiles and runs one script.
fn run(engine: &Engine, session: &Session, script: &Script) -> Result<SharedModule> {
    if let Some(at) = forged(&script.text) {
        let before = script.text.get(..at).unwrap_or_default();
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let place = session.library.place(&script.shown, before.matches('\n').count() + 1, column);
        return Err(Error::request("the control characters 1 and 2 cannot be written in a script").at(place));
    }
    let parsed = engine.compile(&script.text);
    let mut ast = parsed.map_err(|error| syntax(session, error, &script.shown))?;
    if let Some(error) = endless_comment(session, &script.text, &script.shown) {
        return Err(error);
    }
    ast.set_source(script.shown.as_str());
    let module = Module::eval_ast_as_new(Scope::new(), &ast, engine)
        .map_err(|error| errors::report(session, *error, Some(&script.shown)))?;
    Ok(bind_exports(engine, module).into())
}

/// The circle that importing `script` now would close: `a` → `b` → `a`.
fn circle(session: &Session, script: &Rc<Script>) -> Option<String> {
    let loading = session.loading.borrow();
    let start = loading.iter().position(|other| other.shown == script.shown)?;
    let names = loading.iter().skip(start).chain([script]).map(|script| format!("`{}`", script.name));
    Some(names.collect::<Vec<_>>().join(" → "))
}

fn located(error: Box<Error>, place: &Place) -> Box<Error> {
    if error.place.is_some() { error } else { error.at(place.clone()) }
}
