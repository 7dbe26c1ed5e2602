//! Ops that write their steps as Ninja statements, as fud2's `op` and `rule` do; they become the same emissions.
//! This folder does not know how `defop` works.

pub mod body;
mod emitter;
mod evaluate;
mod ninja_text;
mod ops;
pub mod setups;
mod staging;
mod statements;

pub use ops::register;
