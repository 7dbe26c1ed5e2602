//! Models for Rust programs: built when they are needed, loaded, and driven by the names of their ports.
//! It does not know how a model is built: the program `fudsv` does that, and is asked to.
//!
//! ```no_run
//! use fudsv::runtime::{Config, Error, Runtime};
//!
//! fn main() -> Result<(), Error> {
//!     let runtime = Runtime::new("target/models", ["rtl/adder.sv"])?;
//!     let mut dut = runtime.create_model("adder", &Config::new())?;
//!     dut.pin("a", 3)?;
//!     dut.pin("b", 4)?;
//!     dut.eval()?;
//!     assert_eq!(dut.read("sum")?, 7);
//!     Ok(())
//! }
//! ```
//!
//! [`Runtime`] builds, [`Library`] is what was built, [`Model`] is one instance of it. Nothing that a design does ends
//! the program: `$stop`, `$error`, `$fatal` and the like are an [`Error`]. The program `fudsv` is needed on PATH or in
//! the variable `FUDSV`, unless a library is loaded that was built before.
//!
//! In tests, depend on `fudsv` with `default-features = false`: that is this module, and brings no other package.

#![warn(rustdoc::private_intra_doc_links, rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags)]

mod abi;
mod callee;
mod config;
mod dl;
mod dpi;
mod error;
mod library;
mod model;
mod program;
mod running;
mod sources;
mod typed;
mod value;

pub use callee::LogicWord;
pub use config::{Config, Waves};
#[doc(hidden)]
pub use dpi::call;
pub use dpi::{DpiArgument, DpiFunction, DpiResult};
pub use error::{Error, Kind};
pub use library::{Library, Parameter};
pub use model::{Builder, Model, Trace};
pub use sources::Runtime;
pub use value::{Direction, Port, PortKind, Role, Value};
