//! Scripts: this folder finds them, loads them into an op graph, and runs their bodies when a plan is lowered.
//! This folder does not know plans or Ninja; nothing outside of it knows the script language.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

// Where scripts are, and their text.
mod builtin;
mod library;
mod search_path;

// The language, apart from what scripts are for.
mod block;
mod closure;
mod limits;
mod names;
mod scan;
mod thrown;
mod wording;

// What scripts say, as data.
mod body;
mod declared;
mod marks;
mod recording;
mod step;
mod tool_finder;

// What the functions of one engine share.
mod session;

// The functions that scripts call.
mod commands;
mod defop;
mod files;
mod low_level;
mod options;
mod pieces;
mod python;
mod settings;
mod states;
mod step_options;
mod values;
mod waits;
mod words;

// The engine that has them, and its errors.
mod engine;
mod errors;
mod resolver;
mod syntax;

// A load from beginning to end.
mod catalog;
mod finish;
mod load;
mod overrides;
mod own_catalog;
mod run;

#[cfg(test)]
mod harness;
#[cfg(test)]
mod tests;

pub use builtin::Builtin;
pub use declared::Duplicate;
pub use load::{Request, Scripts, say_on_stderr};
pub use search_path::{Source, search_path};
pub use session::Say;
pub use tool_finder::{FoundTool, ToolAsked, Tools};
