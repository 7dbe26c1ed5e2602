//! The command line from outside: each test states files and words, and the whole of what fudsv says.
//! It does not know the library.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

mod changes;
mod errors;
mod exec;
mod explain;
mod faults;
mod golden;
mod kills;
mod names;
mod ninja;
mod plugins;
mod sandbox;
mod trust;
mod verilator;
