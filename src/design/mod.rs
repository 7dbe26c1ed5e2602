//! What to build: the sources of a request in their order, and the settings of options, filelists and the section
//! `[design.NAME]`. Its main type is [`Design`].
//! It does not know states, ops or how Verilator is called.

mod allowed;
mod bounds;
mod described;
#[cfg(test)]
mod documented;
mod edam;
mod exported;
mod list;
mod macros;
mod matrix;
mod order;
mod outline;
mod resolve;
mod section;
mod settings;
mod source;
mod text;
mod top;
mod trust;
mod variables;
mod veryl;
mod vocabulary;

pub use bounds::Bounds;
pub use exported::{Form, exported};
pub use matrix::{Choice, Matrix, split as split_choice};
pub use order::{Move, Ordered, in_order};
pub use outline::outline;
pub use resolve::Design;
pub use section::names;
pub use settings::{KEYS, defined_macros};
pub use source::Source;
pub use top::{OddPort, Oddity, modules, odd_ports, parameters};
pub use veryl::VerylProject;
pub use vocabulary::{Meaning, meaning};
