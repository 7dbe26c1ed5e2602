//! From what Verilator says about a design to its [`Interface`].
//! It does not know which Verilator said it: XML (to 5.044) and JSON (from 5.022) give the same interface.

mod constant;
mod declared;
mod header;
mod json;
mod resolve;
mod roles;
mod sources;
mod timescale;
mod xml;

pub use sources::sources;

use crate::diag::Result;
use crate::model::interface::Interface;

/// What Verilator wrote about a design, as text.
pub struct Given<'a> {
    /// `V….xml` of `--xml-only` or `V….tree.json` of `--json-only`.
    pub tree: &'a str,
    /// The header of the Verilated class, `V….h`.
    pub header: &'a str,
    /// `V…__Syms*.cpp`, which set the time scale.
    pub symbols: &'a str,
}

/// The interface of the top module.
///
/// # Errors
/// A tree that can't be understood, a port of a type that can't be passed, a header that contradicts the tree.
pub fn parse(given: &Given<'_>) -> Result<Interface> {
    let tree = given.tree.trim_start();
    let declared = if tree.starts_with('{') { json::parse(tree)? } else { xml::parse(tree)? };
    let timescale = timescale::parse(given.symbols);
    resolve::resolve(&declared, &header::parse(given.header), timescale)
}
