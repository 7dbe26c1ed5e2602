//! The part of a session that opening its databases needs.
//! It does not know how a database is opened.

use crate::config::{Config, Settings};
use crate::facts::Facts;
use crate::session::tell::Tell;
use camino::Utf8Path;
use std::rc::Rc;

/// What opening databases needs to know of a session.
pub struct Opening<'a, 't> {
    /// The door to the world.
    pub facts: &'a Rc<Facts>,
    /// The configuration.
    pub config: &'a Config,
    /// The settings that fudsv reads from it.
    pub settings: &'a Settings,
    /// The directory of the project.
    pub root: &'a Utf8Path,
    /// The directory of its build directories.
    pub builds: &'a Utf8Path,
    /// The databases of the command line; they come first.
    pub named: &'a [String],
    /// Gets messages about `build-cmd`; `None` if no command may be started.
    pub builder: Option<&'a mut (dyn Tell + 't)>,
}
