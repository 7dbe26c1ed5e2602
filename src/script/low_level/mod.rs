//! Ops that say their steps as Ninja statements, as fud2's `op` and `rule` do; they end up as the same emissions.
//! This folder does not know how `defop` works.

mod emitter;
mod evaluate;
mod ninja_text;
mod ops;
mod setups;
mod staging;

pub use ops::{LowBody, register};
pub use setups::{Setups, bound_name};
