//! Loading: from the search path to the op graph and its bodies.
//! It does not know requests or plans.

use super::body::Body;
use super::builtin::Builtin;
use super::catalog::Catalog;
use super::declared::{Declared, Duplicate};
use super::engine::engine;
use super::library::{Library, Script};
use super::limits::{Watch, with_stack};
use super::marks::Marks;
use super::overrides;
use super::own_catalog::{CatalogPlace, OwnCatalog};
use super::resolver::evaluate;
use super::search_path::Source;
use super::session::{Say, Session};
use super::tool_finder::Tools;
use crate::config::Config;
use crate::diag::{Error, Result};
use crate::facts::Facts;
use crate::graph::{OpGraph, OpId};
use crate::paths::Places;
use rhai::Engine;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a load needs.
pub struct Request {
    /// Where scripts are, nearest first; see [`super::search_path()`].
    pub sources: Vec<Source>,
    /// The scripts that are part of the program.
    pub builtin: Builtin,
    /// The door to the world.
    pub facts: Rc<Facts>,
    /// What scripts may ask.
    pub config: Rc<Config>,
    /// Where the user stands, and where Ninja runs.
    pub places: Places,
    /// Finds tools.
    pub tools: Rc<dyn Tools>,
    /// Where `print` and `debug` go.
    pub say: Say,
}

/// Bodies by the place of their op and its name.
type ReadLate = BTreeMap<(String, usize, usize, String), Rc<Body>>;

/// The loaded scripts: the op graph, and the bodies of its ops.
pub struct Scripts {
    /// Made when the first script is parsed.
    engine: OnceCell<Engine>,
    pub(super) session: Rc<Session>,
    pub(super) bodies: Vec<Option<Body>>,
    /// Bodies of scripts that were parsed after loading.
    pub(super) read_late: RefCell<ReadLate>,
    graph: OpGraph,
    duplicates: Vec<Duplicate>,
    misfits: Vec<Error>,
}

impl Scripts {
    /// Runs all scripts and collects what they declare.
    ///
    /// # Errors
    /// The first thing that is wrong in a script, with its place; then nothing is loaded.
    pub fn load(request: Request) -> Result<Scripts> {
        load(request)
    }

    /// The engine that runs the scripts.
    pub(super) fn engine(&self) -> &Engine {
        self.engine.get_or_init(|| engine(&self.session))
    }

    /// What the scripts declared.
    pub fn graph(&self) -> &OpGraph {
        &self.graph
    }

    /// Names that one source gives twice.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// What is wrong with the overrides.
    pub fn misfits(&self) -> &[Error] {
        &self.misfits
    }

    /// Whether an op says Ninja statements, whose files are plain text.
    pub fn says_statements(&self, op: OpId) -> bool {
        self.look(op, |body| matches!(body, Body::Low(_))).unwrap_or(false)
    }

    /// The parameters of an op that its body never mentions; known of a `defop` only.
    pub fn unused(&self, op: OpId) -> Vec<String> {
        let unused = self.look(op, |body| match body {
            Body::High(block) => block.unused().into_iter().map(str::to_owned).collect(),
            Body::Low(_) => vec![],
        });
        unused.unwrap_or_default()
    }

    /// Looks at the body of one of the user's ops.
    fn look<T>(&self, op: OpId, look: impl FnOnce(&Body) -> T) -> Option<T> {
        let op = self.graph.op(op);
        match self.bodies.get(op.body.index())? {
            Some(body) => Some(look(body)),
            None if op.origin.builtin => None,
            None => self.read(op).ok().map(|body| look(&body)),
        }
    }
}

fn load(request: Request) -> Result<Scripts> {
    let Request { sources, builtin, facts, config, places, tools, say } = request;
    let library = Library::new(sources, builtin, facts.clone(), places.clone());
    let session = Rc::new(Session {
        facts,
        config: RefCell::new(config.clone()),
        loaded_config: config,
        all_places: places,
        tools,
        say,
        did_more: Cell::new(false),
        library,
        marks: Marks::default(),
        setups: Default::default(),
        declared: Default::default(),
        recording: Default::default(),
        modules: Default::default(),
        loading: Default::default(),
        watch: Rc::new(Watch::default()),
    });
    let engine = OnceCell::new();
    let to_save = evaluate_all(&session, &engine)?;
    let mut declared: Declared = session.declared.take();
    let overridden = overrides::listed(&session.loaded_config, &declared)?;
    let misfits = declared.misfits(&overridden);
    declared.replace(&overridden);
    let (graph, bodies, duplicates) = declared.into_graph()?;
    // Only now it is known that nothing is wrong with them.
    to_save.iter().for_each(OwnCatalog::save);
    Ok(Scripts { engine, session, bodies, read_late: RefCell::default(), graph, duplicates, misfits })
}

/// Declares what all scripts declare; a script runs only if no catalog says it. Returns what is to be saved of the user's
/// scripts.
fn evaluate_all(session: &Rc<Session>, made: &OnceCell<Engine>) -> Result<Option<OwnCatalog>> {
    let run =
        |script: &Rc<Script>| evaluate(made.get_or_init(|| engine(session)), session, script, None).map(drop);
    let to_save = declare_own(session, || evaluate_own(made.get_or_init(|| engine(session)), session))?;
    let builtin = session.library.builtin_roots();
    let mut catalog = Catalog::load(session.facts.env(), session.library.builtin());
    let is_new = catalog.is_empty();
    for script in &builtin {
        let imported = session.modules.borrow().contains_key(&script.shown);
        match catalog.take(script) {
            Some(entry) if !imported => entry.declare(session, script)?,
            _ => run(script)?,
        }
    }
    if is_new && !builtin.is_empty() {
        Catalog::save(session.facts.env(), session.library.builtin(), &session.declared.borrow());
    }
    Ok(to_save)
}

/// Declares what the user's scripts declare, from their catalog if it still holds.
fn declare_own(session: &Session, evaluate: impl FnOnce() -> Result<()>) -> Result<Option<OwnCatalog>> {
    if !session.library.has_own() {
        return Ok(None);
    }
    let Some(place) = CatalogPlace::of(session) else { return evaluate().map(|()| None) };
    if let Some(catalog) = place.load(&session.facts) {
        return catalog.declare(session).map(|()| None);
    }
    let (done, asked) = session.facts.asked_by(evaluate);
    done?;
    Ok(place.catalog(session, asked))
}

/// Runs the user's scripts.
///
/// # Errors
/// The first thing that is wrong in a script.
pub(super) fn evaluate_own(engine: &Engine, session: &Session) -> Result<()> {
    let own = session.library.own_roots()?;
    with_stack(|| own.iter().try_for_each(|script| evaluate(engine, session, script, None).map(drop)))
}

/// Prints what scripts say on standard error, each line after the script's name.
pub fn say_on_stderr() -> Say {
    Rc::new(|script, text| text.lines().for_each(|line| note!("{script}: {line}")))
}
