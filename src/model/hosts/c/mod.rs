//! The C interface of a model: typed functions over a Verilated class, and the units in which both are compiled.
//! It does not know the languages that call it.

pub mod accessors;
mod classes;
mod dpi;
mod evaluation;
mod fatal_places;
mod layout;
pub mod names;
mod seen;
pub mod step;
mod tables;
pub mod text;
mod units;
mod wrapper;
