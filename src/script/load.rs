//! Loading: from the search path to the op graph and its bodies.
//! It does not know requests or plans.

use super::body::Body;
use super::builtin::Builtin;
use super::catalog::Catalog;
use super::declared::{Declared, Duplicate};
use super::engine::engine;
use super::library::Library;
use super::limits::{Watch, with_stack};
use super::marks::Marks;
use super::overrides;
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
use std::cell::{OnceCell, RefCell};
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

/// Bodies by the place of their op.
type ReadLate = BTreeMap<(String, usize, usize), Rc<Body>>;

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
        matches!(self.bodies.get(self.graph.op(op).body.index()), Some(Some(Body::Low(_))))
    }

    /// The parameters of an op that its body never mentions; known of a `defop` only.
    pub fn unused(&self, op: OpId) -> Vec<&str> {
        match self.bodies.get(self.graph.op(op).body.index()) {
            Some(Some(Body::High(block))) => block.unused(),
            _ => vec![],
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
        places,
        tools,
        say,
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
    evaluate_all(&session, &engine)?;
    let mut declared: Declared = session.declared.take();
    let overridden = overrides::listed(&session.loaded_config, &declared)?;
    let misfits = declared.misfits(&overridden);
    declared.replace(&overridden);
    let (graph, bodies, duplicates) = declared.into_graph()?;
    Ok(Scripts { engine, session, bodies, read_late: RefCell::default(), graph, duplicates, misfits })
}

/// Declares what all scripts declare: the user's scripts run, the built-in ones only if the catalog lacks them.
fn evaluate_all(session: &Rc<Session>, made: &OnceCell<Engine>) -> Result<()> {
    let run = |script| evaluate(made.get_or_init(|| engine(session)), session, script, None).map(drop);
    let (builtin, own): (Vec<_>, Vec<_>) =
        session.library.roots()?.into_iter().partition(|script| script.is_builtin());
    if !own.is_empty() {
        with_stack(|| own.iter().try_for_each(run))?;
    }
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
    Ok(())
}

/// Prints what scripts say on standard error, each line after the script's name.
pub fn say_on_stderr() -> Say {
    Rc::new(|script, text| text.lines().for_each(|line| note!("{script}: {line}")))
}
