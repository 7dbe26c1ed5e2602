//! The command line from outside: each test states files and words, and the whole of what fudsv says.
//! It does not know the library.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

mod desk;
mod errors;
mod exec;
mod fud2;
mod golden;
mod graph;
mod kills;
mod lint;
mod names;
mod ninja;
mod output;
mod plugins;
mod run;
mod sandbox;
mod sim;
mod store;
mod trust;
mod verilator;
