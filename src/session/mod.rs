//! The work behind commands: from a request and its surroundings to a plan, a Ninja file, a build, and the messages about
//! them. Its main type is [`Session`].
//! It does not know the command line or the terminal: messages go to an implementation of [`Tell`].

mod availability;
mod build;
mod build_dir;
mod carry;
mod compile_commands;
mod databases;
mod emit;
mod explain;
mod freshness;
mod generate;
mod hints;
mod odd_ports;
mod open;
mod other_way;
mod planning;
mod precompiled;
mod regenerate;
mod remote;
mod request;
mod run_store;
mod saved_request;
mod scripts;
mod secrets;
mod standalone;
mod step_texts;
mod store;
mod tell;
mod trail;
mod typed;
mod untrusted;
mod warnings;

pub use availability::{PluginTools, Usability, UsedTool, plugins as plugin_tools, tools as used_tools};
pub use build::{BuildSettings, Built, build};
pub use build_dir::builtin_name;
pub use carry::{Carry, pull, push, push_all, remote_of, verdict as remote_verdict};
pub use databases::{Databases, LoadedDatabase, PassedOver, State};
pub use emit::{Emitted, emit};
pub use explain::{Explanation, explain};
pub use freshness::{Generated, Outdated};
pub use generate::current;
pub use hints::hint;
pub use odd_ports::only_read;
pub use open::Session;
pub use planning::{op_twice, plan};
pub use precompiled::{SaveSettings, Saved, save as save_database};
pub use regenerate::regenerate;
pub use request::typed as typed_file;
pub use run_store::RunStore;
pub use saved_request::SavedRequest;
pub use scripts::{LoadedScripts, load as load_scripts, sources as script_sources};
pub use standalone::{check as check_standalone, write as write_standalone};
pub use step_texts::{StepText, StepTexts, in_user_paths, step_texts};
pub use store::{
    Configured, address as store_address, limits as store_limits, of as store_of, open as open_store,
    tell as tell_store,
};
pub use tell::{Show, Tell};
pub use typed::typed;
pub use warnings::{number as warnings, printed as printed_warnings};
