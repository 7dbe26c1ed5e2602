//! The direction of a value.
//! It does not know what passes the value: a port, or an argument of a DPI function.

use serde::{Deserialize, Serialize};

/// The direction of a port, seen from the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Written by the host.
    In,
    /// Read by the host.
    Out,
    /// Read by the host; writing it needs more from Verilator than it offers by default.
    Inout,
    /// A signal inside of the design, read by the host.
    Probe,
}
