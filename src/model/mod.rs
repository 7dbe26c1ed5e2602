//! What a built model offers: its ports as Verilator sees them, and what each host needs to drive it.
//! It does not know Ninja, scripts or the command line: files and plain structs come in, text and files go out.

pub mod direction;
pub mod dpi;
pub mod files;
pub mod hosts;
pub mod interface;
mod kind;
pub mod manifest;
pub mod names;
pub mod ports;
