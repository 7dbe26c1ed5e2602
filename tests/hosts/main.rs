//! Builds models with the real Verilators and compilers, and drives them from other languages than C.
//! It does not know how they are built: `fudsv exec` does that.

// A test says what is wrong by panicking, and hides from programs what it was started with.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod assassyn;
mod cpp;
#[path = "../toolchain/mod.rs"]
mod machine;
mod picorv32;
mod python;
mod toolchain;
mod vectors;
