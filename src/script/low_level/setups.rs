//! Setups: functions with statements that several ops share. Each runs once, however many ops list it.
//! It does not know the statements of a setup.

use super::statements::{Definitions, Statements};
use crate::diag::{Error, Place, Result, did_you_mean};
use crate::script::closure::{Closure, is_bound, plain_name};
use rhai::{FnPtr, NativeCallContext};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A setup and what it said.
pub struct Setup {
    closure: Closure,
    said: OnceCell<Statements>,
}

/// A setup as an op lists it.
#[derive(Clone)]
pub enum ListedSetup {
    /// The function itself.
    Known(Rc<Setup>),
    /// `get_setup(name)`: some script lists a function of this name as a setup.
    Named(SetupName),
}

/// What `get_setup` returns.
#[derive(Clone, Debug)]
pub struct SetupName {
    /// The function's name.
    pub name: String,
    /// Where it was asked for.
    pub place: Place,
}

/// The setups that ops have listed, by script and function; and what the uses of a plan have defined so far.
#[derive(Default)]
pub struct Setups {
    known: RefCell<BTreeMap<(String, String), Rc<Setup>>>,
    /// What earlier uses of the plan defined and a later one may use without listing the setup, as in one Ninja file.
    pub defined: RefCell<Definitions>,
}

impl Setups {
    /// The setup of a function; the same for the same function.
    pub fn of(&self, ctx: &NativeCallContext, function: &FnPtr) -> Rc<Setup> {
        let keep = || {
            let closure = Closure::keep_sharing(function, ctx.global_runtime_state(), ctx.call_position());
            Rc::new(Setup { closure, said: OnceCell::new() })
        };
        if function.is_curried() {
            return keep();
        }
        let name = function.fn_name().to_owned();
        let home = if is_bound(&name) { "" } else { ctx.call_source().unwrap_or_default() };
        self.known.borrow_mut().entry((home.to_owned(), name)).or_insert_with(keep).clone()
    }

    /// The setup of this name that is first by script.
    ///
    /// # Errors
    /// No op lists such a function; offers the nearest name.
    pub fn named(&self, wanted: &SetupName) -> Result<Rc<Setup>> {
        let known = self.known.borrow();
        let found = known.iter().find(|((_, name), _)| plain_name(name) == wanted.name);
        found.map(|(_, setup)| setup.clone()).ok_or_else(|| {
            Error::request(format!("no op has a setup that is called `{}`", wanted.name))
                .at(wanted.place.clone())
                .hint("`get_setup` finds the functions that ops list as setups, in any script")
                .maybe_hint(did_you_mean(&wanted.name, known.keys().map(|(_, name)| plain_name(name))))
        })
    }
}

impl Setup {
    /// What it says; it runs when this is first asked.
    ///
    /// # Errors
    /// What is wrong in the script.
    pub fn said(&self, run: impl FnOnce(&Closure) -> Result<Statements>) -> Result<&Statements> {
        if let Some(said) = self.said.get() {
            return Ok(said);
        }
        let said = run(&self.closure)?;
        Ok(self.said.get_or_init(|| said))
    }
}
