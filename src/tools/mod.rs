//! Tools: fudsv finds them through configuration, then PATH, and identifies them by content, so an upgrade is a change.
//! It does not know ops: scripts ask for a tool by name, and steps depend on the stamp that holds its identity.

mod cocotb;
mod find;
mod identity;
mod known;
mod missing;
mod probe;
mod survey;
mod toolbox;

pub use find::{Program, program};
pub use missing::{how_to_install, missing};
pub use survey::ToolReport;
pub use toolbox::{Tool, ToolIdentity, Toolbox};
