//! The step runner, `fudsv tool run`: runs one step of the Ninja file. The build directory only ever contains whole results
//! of steps that succeeded, and a step runs only if the content of something that it reads changed.
//! It does not know ops, states or Ninja's graph: a step is its command line ([`args::Step`]).
//!
//! The order of one run ([`runner`]) makes it safe to kill at any point:
//! lock → look at inputs → key → *hit*: write the dependency file, done → else remove the dependency file (from now on
//! Ninja holds the step for dirty) → run into temporary names → publish by rename → record → dependency file.
//!
//! Tools do not end with the runner: `PR_SET_PDEATHSIG` needs code between `fork` and `exec`, which is unsafe. A tool that
//! outlives a killed runner writes into a temporary directory that no later run uses. A runner that outlives a killed Ninja
//! publishes nothing ([`parent`]).

pub mod args;
pub mod cause;
pub mod explain;
pub mod mend;
pub mod scan;
pub mod shell_script;

mod added;
mod arguments;
mod commands;
pub(crate) mod depfile;
mod directory;
mod entries;
mod environment;
mod events;
mod found;
mod hiding;
mod index;
pub(crate) mod index_bytes;
mod key;
mod lock;
mod lock_fd;
mod look;
mod names;
mod now;
mod on_demand;
mod outputs;
mod parent;
mod portable;
mod programs;
mod publish;
mod reads;
mod record;
mod recorded;
mod room;
mod runner;
mod seat;
mod shadow;
mod shelved;
pub(crate) mod splice;
mod standing;
mod sure;
pub(crate) mod verilator_files;
mod watched;

pub use key::Basis;
pub use look::{Seen, Site};
pub use names::SUMS;
pub use record::Record;
pub use recorded::{Recorded, keep as keep_recorded};
pub use runner::main;
pub use standing::DatabaseFiles;
