//! The content of a folder of designs, and the first `fud.toml` for it.
//! It does not know how designs are built, nor where the text goes.

mod folder;
mod outline;
mod text;

pub use folder::{Folder, look};
pub use outline::testbenches;
pub use text::{command, fud_toml};
