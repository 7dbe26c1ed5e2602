//! What users of Marlin rely on, done with `fudsv::runtime`: models that are built, loaded and driven from tests.
//! It does not know how a model is built: the program does that.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test says what is wrong by panicking

mod dpi;
mod errors;
#[path = "../toolchain/mod.rs"]
mod machine;
mod place;
mod ports;
mod rebuilds;
mod typed;
