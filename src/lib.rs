//! fudsv: a build-graph driver for hardware designs. This file is the map of the house, in the order data flows.
//!
//! args → config → graph → request → plan → lowered → Ninja → run. Each folder is a stage and is named after its
//! main type: `config::Config`, `graph::OpGraph`, `plan::Plan`, `ninja::File`, `run::Outcome`. Programs of users need
//! [`runtime`] alone: the rest is public for fudsv's own tests and benches, changes without notice, and is not shown.

// Only `runtime` is documented for others: hidden items link to private ones, and their help texts contain `<NAME>`.
#![allow(rustdoc::private_intra_doc_links, rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags)]

// Leaves: they use nothing of fudsv. The macro of the first is used everywhere.
#[cfg(feature = "program")]
#[macro_use]
#[doc(hidden)]
pub mod stderr;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod beneath;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod diag;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod digest;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod env;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod excerpt;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod parts;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod paths;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod patterns;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod secret;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod shelf;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod shell;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod stack;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod sums;

// The build directory: what is kept in it and how it gets there.
#[doc(hidden)]
pub mod workdir;

// The one door to the world while planning.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod facts;

// What the user asks, and with which settings.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod config;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod describe;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod design;
#[doc(hidden)]
pub mod options;

// The first configuration of a project.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod starter;

// Scripts declare states and ops; the graph stores them as data.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod graph;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod script;

// From a request to a Ninja file.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod lower;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod ninja;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod plan;

// The graph and plans as pictures.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod draw;

// Running it, and what Ninja calls while it runs.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod run;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod runs;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod step;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod store;

// Results of whole requests, to be shared.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod database;

// What the built-in ops need beside scripts.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod lint;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod model;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod tools;

// The work behind commands, and the commands.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod session;

// For fuzzers and their test.
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod fuzz;

// For programs of users: no stage of this program, and the only part without it.
pub mod runtime;
