//! The kinds of port values. A kind without bits is one entry of a table: how SystemVerilog declares it, how C++ stores it,
//! and what each host language calls it.
//! It does not know how values are read and written.

use serde::{Deserialize, Serialize};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Two-state bits.
    Bits,
    /// A double.
    Real,
    /// Text.
    String,
}

/// A kind of values without bits.
#[derive(Debug)]
pub struct Plain {
    /// Which.
    pub kind: Kind,
    /// What people read.
    pub word: &'static str,
    /// The keywords that declare it.
    pub keywords: &'static [&'static str],
    /// The type of one element in the Verilated class.
    pub stored: &'static str,
    /// Bytes of one element there; 0 where only the compiler knows.
    pub storage: u32,
    /// Its constant in `fudsv_model.h`.
    pub constant: &'static str,
    /// The type of a value in C.
    pub in_c: &'static str,
    /// The type of a value in Python.
    pub in_python: &'static str,
    /// The variant of `PortKind` in Rust.
    pub rust_kind: &'static str,
    /// The type of a value that is read in Rust.
    pub rust_given: &'static str,
    /// The type of a value that is written in Rust.
    pub rust_taken: &'static str,
}

/// All kinds but bits.
pub const PLAIN: &[Plain] = &[
    Plain {
        kind: Kind::Real,
        word: "real",
        keywords: &["real", "realtime", "shortreal"],
        stored: "double",
        storage: 8,
        constant: "FUDSV_REAL",
        in_c: "double",
        in_python: "float",
        rust_kind: "Real",
        rust_given: "f64",
        rust_taken: "f64",
    },
    Plain {
        kind: Kind::String,
        word: "string",
        keywords: &["string"],
        stored: "std::string",
        storage: 0,
        constant: "FUDSV_STRING",
        in_c: "const char*",
        in_python: "str",
        rust_kind: "Text",
        rust_given: "String",
        rust_taken: "&str",
    },
];

impl Kind {
    /// Its entry; `None` for bits.
    pub fn plain(self) -> Option<&'static Plain> {
        PLAIN.iter().find(|plain| plain.kind == self)
    }
}
