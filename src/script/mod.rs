//! Scripts: they are found, loaded into an op graph, and their bodies run when a plan is lowered.
//! This folder does not know plans or Ninja; nothing outside of it knows the script language.

mod block;
mod body;
mod builtin;
mod catalog;
mod closure;
mod declared;
mod defop;
mod engine;
mod errors;
mod files;
mod finish;
#[cfg(test)]
mod harness;
mod library;
mod limits;
mod load;
mod low_level;
mod marks;
mod options;
mod overrides;
mod parts;
mod resolver;
mod scan;
mod search_path;
mod session;
mod settings;
mod states;
mod step_options;
mod steps;
mod syntax;
#[cfg(test)]
mod tests;
mod thrown;
mod tool_finder;
mod values;
mod words;

pub use builtin::Builtin;
pub use declared::Twice;
pub use load::{Request, Scripts, say_on_stderr};
pub use search_path::{Source, search_path};
pub use session::Say;
pub use tool_finder::{FoundTool, ToolAsked, Tools};
