//! Loading: from the search path to the op graph and its bodies.
//! It does not know requests or plans.

use super::body::Body;
use super::builtin::Builtin;
use super::declared::{Declared, Twice};
use super::engine::engine;
use super::library::Library;
use super::limits::Watch;
use super::marks::Marks;
use super::overrides;
use super::resolver::evaluate;
use super::search_path::Source;
use super::session::{Say, Session};
use super::tool_finder::Tools;
use crate::config::Config;
use crate::diag::Result;
use crate::facts::Facts;
use crate::graph::{OpGraph, OpId};
use crate::paths::Places;
use rhai::Engine;
use std::rc::Rc;

/// Scripts may nest deeply; this much stack is enough for the deepest that the limits allow.
const STACK: usize = 64 << 20;

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

/// The loaded scripts: the op graph, and the bodies of its ops.
pub struct Scripts {
    pub(super) engine: Engine,
    pub(super) session: Rc<Session>,
    pub(super) bodies: Vec<Body>,
    graph: OpGraph,
    twice: Vec<Twice>,
}

impl Scripts {
    /// Runs all scripts and collects what they declare.
    ///
    /// # Errors
    /// The first thing that is wrong in a script, with its place; then nothing is loaded.
    pub fn load(request: Request) -> Result<Scripts> {
        with_stack(|| load(request))
    }

    /// What the scripts declared.
    pub fn graph(&self) -> &OpGraph {
        &self.graph
    }

    /// Names that one source gives twice.
    pub fn twice(&self) -> &[Twice] {
        &self.twice
    }

    /// The parameters of an op that its body never mentions; known of a `defop` only.
    pub fn unused(&self, op: OpId) -> Vec<&str> {
        match self.bodies.get(self.graph.op(op).body.index()) {
            Some(Body::High(block)) => block.unused(),
            Some(Body::Low(_)) | None => vec![],
        }
    }
}

fn load(request: Request) -> Result<Scripts> {
    let Request { sources, builtin, facts, config, places, tools, say } = request;
    let library = Library::new(sources, builtin, facts.clone(), places.clone());
    let session = Rc::new(Session {
        facts,
        config,
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
    let engine = engine(&session);
    for script in session.library.roots()? {
        evaluate(&engine, &session, &script, None)?;
    }
    let mut declared: Declared = session.declared.take();
    declared.replace(&overrides::listed(&session.config, &declared)?);
    let (graph, bodies, twice) = declared.into_graph()?;
    Ok(Scripts { engine, session, bodies, graph, twice })
}

/// Does something that may need a deep stack.
pub(super) fn with_stack<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK / 2, STACK, work)
}

/// Prints what scripts say on standard error, each line after the script's name.
pub fn say_on_stderr() -> Say {
    Rc::new(|script, text| text.lines().for_each(|line| anstream::eprintln!("{script}: {line}")))
}
