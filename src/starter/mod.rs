//! The content of a folder of designs, and the first `fud.toml` for it.
//! It does not know how designs are built, nor where the text goes.

mod folder;
mod outline;
mod proposal;
mod text;

pub use folder::{FILES, Folder, look};
pub use outline::testbenches;
pub use proposal::{Candidates, Extent, Proposal, candidates, described};
pub use text::fud_toml;
