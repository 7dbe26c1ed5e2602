//! The hosts of a model, a folder each with its generator, its names, its templates and the step that writes it.
//! They know the interface of a design and not where it was read from. Every other host drives the model through `c`.

pub mod assassyn;
pub mod c;
pub mod cxx;
pub mod python;
pub mod rust;
pub mod template;
