//! Runs of built programs, whose results are kept like the results of steps: which runs a request means, what each depends
//! on, its record, and whether an earlier result still holds. The main type is [`Job`].
//! It does not know how programs are built, nor what is printed.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod basis;
mod execute;
mod expect;
mod job;
mod kept;
mod known;
mod names;
mod order;
mod outcome;
mod queue;
mod record;
mod seeds;
mod spec;
mod step;
mod train;

pub use execute::{Executor, How, Ran};
pub use expect::Expect;
pub use job::{Job, Kind};
pub use names::{RunName, Selection, dir as result_dir, seed_of};
pub use order::{Shard, arrange};
pub use outcome::Outcome;
pub use queue::{News, Queue, run_all};
pub use record::{Past, Record};
pub use seeds::{Seeds, base as seed_base, for_verilator as seed_for_verilator};
pub use spec::{Cacheable, CocotbSpec, Spec};
pub use step::{RunStep, write_result};
pub use train::{TrainStep, write_counts};
