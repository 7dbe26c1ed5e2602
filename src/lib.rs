//! fudsv: a build-graph driver for hardware designs. This file is the map of the house, in the order data flows.
//!
//! args → config → graph → request → plan → lowered → Ninja → run. Each folder is a stage and is named after its
//! main type: [`config::Config`], [`graph::OpGraph`], [`plan::Plan`], [`ninja::File`], [`run::Outcome`].

// Leaves: they know nothing of ours.
pub mod diag;
pub mod digest;
pub mod env;
pub mod parts;
pub mod paths;
pub mod secret;
pub mod shelf;
pub mod shell;

// The one door to the world while planning.
pub mod facts;

// What the user asks, and with which settings.
pub mod cli;
pub mod config;
pub mod design;

// The first configuration of a project.
pub mod starter;

// Scripts declare states and ops; the graph stores them as data.
pub mod graph;
pub mod script;

// From a request to a Ninja file.
pub mod lower;
pub mod ninja;
pub mod plan;

// The graph and plans as pictures.
pub mod draw;

// Running it, and what Ninja calls while it runs.
pub mod run;
pub mod step;
pub mod store;

// What the built-in ops need beside scripts.
pub mod lint;
pub mod model;
pub mod tools;
