//! An error of fudsv on its way through the script engine, which a script may catch.
//! It does not know how errors of the engine itself are worded.

use crate::diag::Error;
use rhai::{Dynamic, EvalAltResult, Position};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

/// What a function returns to a script.
pub type Answer<T> = std::result::Result<T, Box<EvalAltResult>>;

/// The error, until somebody takes it out.
#[derive(Clone)]
pub struct Thrown(Rc<RefCell<Option<Box<Error>>>>);

impl Thrown {
    /// The engine's error that carries `error`.
    pub fn raise(error: Box<Error>, position: Position) -> Box<EvalAltResult> {
        let thrown = Thrown(Rc::new(RefCell::new(Some(error))));
        Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(thrown), position))
    }

    /// The error, if it is still there.
    pub fn take(&self) -> Option<Box<Error>> {
        self.0.borrow_mut().take()
    }
}

impl fmt::Display for Thrown {
    /// The message alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.borrow().as_ref().map_or(Ok(()), |error| f.write_str(&error.message))
    }
}
