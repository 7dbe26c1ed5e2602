//! The command line from outside: each test states files and words, and the whole of what fudsv says.
//! It does not know the library.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

mod as_verilator;
mod authors;
mod cocotb;
mod descriptions;
mod edits;
mod end_to_end;
mod errors;
mod exec;
mod explain;
mod faults;
mod fud2;
mod golden;
mod graph;
mod hiding;
mod hints;
mod hostile;
mod housekeeping;
mod inputs;
mod kills;
mod languages;
mod links;
mod lint;
mod mistakes;
mod names;
mod no_name;
mod odd_ports;
mod on_demand;
mod other_tools;
mod output;
mod own_names;
mod plain_ninja;
mod plugins;
mod precompiled;
mod programs;
mod remote;
mod routes;
mod run;
mod runs;
mod sandbox;
mod servers;
mod sim;
mod simulated;
mod sources;
mod store;
mod stress;
#[path = "../toolchain/mod.rs"]
mod toolchain;
mod training;
mod trust;
mod units;
mod verilator;
