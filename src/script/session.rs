//! What all functions of scripts share: the facts, the configuration, the scripts, and the declarations so far.
//! It does not know those functions.

use super::closure::SharedModule;
use super::declared::{Declared, OpDeclared};
use super::library::{Library, Script};
use super::limits::Watch;
use super::low_level::setups::Setups;
use super::marks::Marks;
use super::recording::Recording;
use super::thrown::{Answer, Thrown};
use super::tool_finder::{FoundTool, ToolAsked, Tools};
use crate::config::{Config, Origin};
use crate::diag::{Error, Place, Result};
use crate::facts::Facts;
use crate::graph::{Op, State};
use crate::paths::Places;
use rhai::{NativeCallContext, Position};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The receiver of `print` and `debug`: the script's name and the text.
pub type Say = Rc<dyn Fn(&str, &str)>;

/// What all functions of one engine share.
pub struct Session {
    /// The door to the world.
    pub facts: Rc<Facts>,
    /// What scripts may ask while they are loaded.
    pub loaded_config: Rc<Config>,
    /// What scripts may ask now: bodies also see what the ops of their plan set.
    pub config: RefCell<Rc<Config>>,
    /// Where the user stands, and where Ninja runs.
    pub all_places: Places,
    /// Finds tools.
    pub tools: Rc<dyn Tools>,
    /// The receiver of `print` and `debug`.
    pub say: Say,
    /// Whether a script asked for more than facts, or printed something: then what it declares is not saved.
    pub did_more: Cell<bool>,
    /// The scripts.
    pub library: Library,
    /// What travels inside text.
    pub marks: Marks,
    /// Functions that low-level ops list as setups.
    pub setups: Setups,
    /// States and ops so far.
    pub declared: RefCell<Declared>,
    /// What the running body said so far.
    pub recording: RefCell<Option<Recording>>,
    /// Scripts that were evaluated, by the file they show.
    pub modules: RefCell<BTreeMap<String, SharedModule>>,
    /// Scripts being evaluated, outermost first.
    pub loading: RefCell<Vec<Rc<Script>>>,
    /// Stops a script that gets nothing done.
    pub watch: Rc<Watch>,
}

impl Session {
    /// What scripts may ask now.
    pub fn config(&self) -> Rc<Config> {
        self.did_more.set(true);
        self.config.borrow().clone()
    }

    /// Where the user stands, and where Ninja runs, which is another directory for each request.
    pub fn places(&self) -> &Places {
        self.did_more.set(true);
        &self.all_places
    }

    /// The tool that a script asks for.
    ///
    /// # Errors
    /// It is missing or too old.
    pub fn find_tool(&self, asked: &ToolAsked, place: &Place) -> Result<FoundTool> {
        self.did_more.set(true);
        self.tools.find(asked, place)
    }

    /// Prints what a script says.
    pub fn say(&self, script: &str, text: &str) {
        self.did_more.set(true);
        (self.say)(script, text);
    }

    /// Sets what these ops of a plan set; of two that set one key the first counts, and the other can see it.
    pub fn start_plan(&self, ops: &[&Op]) {
        let mut config = self.loaded_config.clone();
        let sets: BTreeMap<&String, &String> = ops.iter().rev().flat_map(|op| &op.properties.sets).collect();
        for (key, value) in sets {
            let origin = Origin::Inputs("the target".to_owned());
            Rc::make_mut(&mut config).set(key, value.as_str().into(), origin);
        }
        *self.config.borrow_mut() = config;
    }

    /// Where the script stands that calls the function of `ctx`.
    pub fn place(&self, ctx: &NativeCallContext) -> Place {
        self.place_of(ctx.call_source(), ctx.call_position())
    }

    /// A position as a place.
    pub fn place_of(&self, source: Option<&str>, position: Position) -> Place {
        let (line, column) = (position.line().unwrap_or(0), position.position().unwrap_or(0));
        self.library.place(source.unwrap_or_default(), line, column)
    }

    /// The script that calls the function of `ctx`.
    pub fn script(&self, ctx: &NativeCallContext) -> Result<Rc<Script>> {
        let known = ctx.call_source().and_then(|source| self.library.script(source));
        known.ok_or_else(|| Error::request("a function was called outside of any script"))
    }

    /// Runs a function for a script; an error without a place gets the place of the call.
    pub fn answer<T>(&self, ctx: &NativeCallContext, done: impl FnOnce() -> Result<T>) -> Answer<T> {
        done().map_err(|mut error| {
            error.place.get_or_insert_with(|| self.place(ctx));
            Thrown::raise(error, ctx.call_position())
        })
    }

    /// Declares a state.
    ///
    /// # Errors
    /// There are too many, or a body runs.
    pub fn add_state(&self, state: State) -> Result<()> {
        self.check_loading(&state.name)?;
        self.watch.start();
        self.declared.borrow_mut().add_state(state)
    }

    /// Declares an op.
    ///
    /// # Errors
    /// There are too many, or a body runs.
    pub fn add_op(&self, op: OpDeclared) -> Result<()> {
        self.check_loading(&op.name)?;
        self.watch.start();
        self.declared.borrow_mut().add_op(op)
    }

    /// Refuses a declaration that a body makes itself, and not by importing a script.
    fn check_loading(&self, name: &str) -> Result<()> {
        match self.recording.borrow().is_some() && self.loading.borrow().is_empty() {
            true => Err(Error::request(format!("the body of an op cannot declare `{name}`"))
                .hint("declare states and ops outside of it: a body runs only for a plan")),
            false => Ok(()),
        }
    }

    /// Changes what the running body said.
    ///
    /// # Errors
    /// No body runs.
    pub fn record<T>(&self, function: &str, change: impl FnOnce(&mut Recording) -> Result<T>) -> Result<T> {
        self.watch.start();
        match &mut *self.recording.borrow_mut() {
            Some(recording) => change(recording),
            None => Err(Error::request(format!("`{function}` works only in the body of an op")).hint(
                "code outside of a `defop` runs while scripts are loaded: it only declares states and ops",
            )),
        }
    }
}
