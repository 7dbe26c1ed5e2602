//! What a built model offers: its ports as Verilator sees them, the C++ around it, the headers, the manifest, a
//! Rust crate and a Python package.
//! It does not know Ninja, scripts or the command line: plain structs come in, text and files go out.

pub mod assassyn;
pub mod classes;
pub mod cxx_header;
pub mod dpi;
pub mod interface;
pub mod manifest;
pub mod ports;
pub mod py_module;
pub mod resources;
pub mod rust_crate;
pub mod steps;
pub mod wrapper;
