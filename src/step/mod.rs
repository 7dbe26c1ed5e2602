//! The step runner, `fudsv tool run`: runs one step of the Ninja file so that what stands in the build directory is
//! always the whole result of a step that succeeded, and so that nothing runs whose content did not change.
//! It does not know ops, states or Ninja's graph: a step is its command line ([`args::Step`]).
//!
//! The order of one run ([`runner`]) is what makes it safe to kill at any point:
//! lock → look at inputs → key → *hit*: write the dependency file, done → else remove the dependency file (from now on
//! Ninja holds the step for dirty) → run into temporary names → publish by rename → record → dependency file.
//!
//! Tools are not tied to the runner's life: `PR_SET_PDEATHSIG` needs code between `fork` and `exec`, which is unsafe. A
//! tool that outlives a killed runner writes into a temporary directory that no later run uses, and a runner that
//! outlives a killed Ninja publishes nothing ([`parent`]).

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
pub use standing::Standing;
