//! The precompiled databases that a session loads: which ones, whether they fit, and which sources they stand for. The main
//! type is [`Databases`]. It does not know sessions, nor how steps take results.

mod build_cmd;
mod compare;
mod fit;
mod load;
mod opening;

pub use compare::{Compared, State, compare};
pub use fit::tools;
pub use load::{Databases, LoadedDatabase, PassedOver};
pub use opening::Opening;
