//! What to build: the sources of a request in their order, and the settings of options, filelists and the section
//! `[design.NAME]`. Its main type is [`Design`].
//! It does not know states, ops or how Verilator is called.

mod allowed;
mod bounds;
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
mod vocabulary;

pub use bounds::Bounds;
<<<<<<< HEAD
pub use matrix::{Choice, Matrix, split as split_choice};
=======
pub use exported::{Form, exported};
>>>>>>> e8f7cd4 (EDAM is read and written, filelists are exported; findings as JSON, SARIF and annotations, with a baseline)
pub use order::{Move, Ordered, in_order};
pub use outline::outline;
pub use resolve::Design;
pub use section::names;
pub use settings::{KEYS, defined_macros};
pub use source::Source;
pub use top::{OddPort, Oddity, modules, odd_ports, parameters};
pub use vocabulary::{Meaning, meaning};
