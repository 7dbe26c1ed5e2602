//! fudsv: a build-graph driver for hardware designs. This file is the map of the house, in the order data flows.
//!
//! args → config → graph → request → plan → lowered → Ninja → run. Each folder is a stage and is named after its
//! main type: `config::Config`, `graph::OpGraph`, `plan::Plan`, `ninja::File`, `run::Outcome`. Programs of users need
//! [`runtime`] alone.

// Leaves: they know nothing of ours.
#[cfg(feature = "program")]
pub mod diag;
#[cfg(feature = "program")]
pub mod digest;
#[cfg(feature = "program")]
pub mod env;
#[cfg(feature = "program")]
pub mod parts;
#[cfg(feature = "program")]
pub mod paths;
#[cfg(feature = "program")]
pub mod patterns;
#[cfg(feature = "program")]
pub mod secret;
#[cfg(feature = "program")]
pub mod shelf;
#[cfg(feature = "program")]
pub mod shell;

// The one door to the world while planning.
#[cfg(feature = "program")]
pub mod facts;

// What the user asks, and with which settings.
#[cfg(feature = "program")]
pub mod cli;
#[cfg(feature = "program")]
pub mod config;
#[cfg(feature = "program")]
pub mod design;

// The first configuration of a project.
#[cfg(feature = "program")]
pub mod starter;

// Scripts declare states and ops; the graph stores them as data.
#[cfg(feature = "program")]
pub mod graph;
#[cfg(feature = "program")]
pub mod script;

// From a request to a Ninja file.
#[cfg(feature = "program")]
pub mod lower;
#[cfg(feature = "program")]
pub mod ninja;
#[cfg(feature = "program")]
pub mod plan;

// The graph and plans as pictures.
#[cfg(feature = "program")]
pub mod draw;

// Running it, and what Ninja calls while it runs.
#[cfg(feature = "program")]
pub mod run;
#[cfg(feature = "program")]
pub mod step;
#[cfg(feature = "program")]
pub mod store;

// What the built-in ops need beside scripts.
#[cfg(feature = "program")]
pub mod lint;
#[cfg(feature = "program")]
pub mod model;
#[cfg(feature = "program")]
pub mod tools;

// For programs of users: no stage of this program, and the only part without it.
pub mod runtime;
