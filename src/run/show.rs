//! What whoever shows a build is told while Ninja runs.
//! It does not know when.

use crate::workdir::StepEnd;
use std::cell::LazyCell;
use std::collections::BTreeMap;

/// Step names and their descriptions, made when one is shown.
pub type Descriptions = LazyCell<BTreeMap<String, String>, Box<dyn FnOnce() -> BTreeMap<String, String>>>;

/// Shows steps while they run and as they end.
pub trait Show {
    /// How many edges are done, of how many, the descriptions of the steps that run now, and whether one of them has the
    /// terminal; called again and again.
    fn running(&mut self, done: &str, descriptions: &[&str], is_taken: bool);
    /// A step that runs alone, or that has the terminal, is shown from now on: how many edges are done, its description,
    /// its name.
    fn begins(&mut self, done: &str, description: &str, step: &str);
    /// Whole lines that this step printed.
    fn says(&mut self, step: &str, lines: &str);
    /// A step that ran or was taken from the store: how many edges are done, of how many, its description, its end,
    /// and what it printed, unless that was shown while it ran.
    fn ended(&mut self, done: &str, description: &str, end: &StepEnd, printed: Option<&str>);
}
