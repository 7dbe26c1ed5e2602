//! The step runner, as Ninja calls it: the real program, a real `sh`, real files, real Ninja where it matters.
//! Each test states the step and what is there afterwards; nothing here looks at timing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod inputs;
mod ninja;
mod rests;
mod running;
mod sandbox;
mod scan;
mod store;
#[path = "../toolchain/mod.rs"]
mod toolchain;
mod verilator;
