//! The documentation is true: its examples are run, its help texts and lists of keys are compared with the program.
//! It does not know how the program works, nor scripts: the examples of docs/scripting.md have tests of their own.
#![allow(clippy::panic)]

mod examples;
mod help;
mod keys;
mod markdown;
mod sandbox;
#[path = "../toolchain/mod.rs"]
mod toolchain;
