//! The interface through which a running build is shown.
//! It does not know when something is shown, nor how.

use crate::workdir::StepEnd;
use std::cell::LazyCell;
use std::collections::BTreeMap;

/// Step names and their descriptions, computed when the first one is shown.
pub type Descriptions = LazyCell<BTreeMap<String, String>, Box<dyn FnOnce() -> BTreeMap<String, String>>>;

/// Shows steps while they run and as they end.
pub trait Show {
    /// Called again and again with the count of edges (`3/7`), the descriptions of the steps that run now, and whether one
    /// of them has the terminal.
    fn running(&mut self, done: &str, descriptions: &[&str], is_taken: bool);
    /// A step that runs alone, or that has the terminal, is shown from now on: the count of edges, its description, its
    /// name.
    fn begins(&mut self, done: &str, description: &str, step: &str);
    /// Whole lines that this step printed.
    fn says(&mut self, step: &str, lines: &str);
    /// A step ran or was taken from the store: the count of edges, its description, its end, and what it printed, unless
    /// that was shown while it ran.
    fn ended(&mut self, done: &str, description: &str, end: &StepEnd, printed: Option<&str>);
}
