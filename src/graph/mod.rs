//! The op graph: states, and the ops that lead from some states to others, as data.
//! It does not know scripts: an op's body is an id that `lower::Bodies` runs.

mod ids;
mod names;
mod op;
mod op_graph;
mod properties;
mod state;

pub(crate) use ids::id;
pub use ids::{BodyId, OpId, StateId};
pub use names::BUILTIN;
pub use op::{Count, Op, Param};
pub use op_graph::OpGraph;
pub use properties::{OpProperties, StateProperties, TopPorts};
pub use state::{Origin, State};
