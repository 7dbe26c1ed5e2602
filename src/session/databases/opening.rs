//! What databases are opened for.
//! It does not know what opening one takes.

use crate::config::{Config, Settings};
use crate::facts::Facts;
use crate::session::tell::Tell;
use camino::Utf8Path;
use std::rc::Rc;

/// What databases are opened for.
pub struct Opening<'a, 't> {
    /// The door to the world.
    pub facts: &'a Rc<Facts>,
    /// The configuration.
    pub config: &'a Config,
    /// What fudsv reads of it.
    pub settings: &'a Settings,
    /// Where the project is.
    pub root: &'a Utf8Path,
    /// Where its build directories are.
    pub builds: &'a Utf8Path,
    /// Databases of the command line, which come first.
    pub named: &'a [String],
    /// Whoever hears of commands that make databases; nobody where nothing may be started.
    pub builder: Option<&'a mut (dyn Tell + 't)>,
}
