//! From a request to a plan: which ops run, on which files, in which order.
//! It does not know scripts, commands or disks; it only reads the graph.

mod plan_data;
mod request;

pub use plan_data::{FileId, FileSource, OpUse, Plan, PlannedFile, Tie};
pub use request::{Bind, Given, Request};
