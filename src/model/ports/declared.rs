//! Ports and parameters with their types as declared: the content of both of Verilator's tree formats, in one shape.
//! It does not know widths in bytes, C++ names or roles.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::constant::Constant;
use crate::model::interface::{Direction, Kind, Range};
use crate::model::kind::PLAIN;

/// What to do when a tree lacks what every Verilator wrote so far.
pub const TOO_NEW: &str =
    "this Verilator may be newer than this fudsv: use an older Verilator or a newer fudsv";

/// The top module.
#[derive(Debug, Default)]
pub struct Declared {
    pub top: String,
    pub ports: Vec<DeclaredPort>,
    pub parameters: Vec<DeclaredParameter>,
    pub functions: Vec<DeclaredFunction>,
    pub probes: Vec<DeclaredProbe>,
}

/// A signal inside of the design that was asked for.
#[derive(Debug)]
pub struct DeclaredProbe {
    /// Below the top.
    pub path: String,
    pub dtype: Dtype,
}

/// A function or task anywhere in the design that may be one of DPI.
#[derive(Debug)]
pub struct DeclaredFunction {
    /// Only JSON says it.
    pub c_name: Option<String>,
    /// Only XML says it.
    pub file: Option<String>,
    /// Where its name stands, from 1.
    pub line: u32,
    pub column: u32,
    pub arguments: Vec<(Direction, Dtype)>,
    pub result: Option<Dtype>,
}

/// A port; `mangled` is Verilator's name for it in C++, except that words of C++ are prefixed there.
#[derive(Debug)]
pub struct DeclaredPort {
    pub name: String,
    pub mangled: String,
    pub direction: Direction,
    pub dtype: Dtype,
    /// The file and the line, from 1, if the tree has them.
    pub place: Option<(String, usize)>,
}

/// A parameter with a single value.
#[derive(Debug)]
pub struct DeclaredParameter {
    pub name: String,
    pub dtype: Dtype,
    pub value: Constant,
}

/// A data type, references resolved.
#[derive(Clone, Debug)]
pub enum Dtype {
    /// `logic`, `int`, …: no range is one bit.
    Bits {
        range: Option<Range>,
        signed: bool,
    },
    /// One of [`PLAIN`].
    Plain(Kind),
    Enum {
        name: String,
        base: Box<Dtype>,
        items: Vec<(String, Constant)>,
    },
    Struct {
        name: String,
        members: Vec<(String, Dtype)>,
    },
    Union {
        name: String,
        members: Vec<(String, Dtype)>,
    },
    Packed {
        range: Range,
        of: Box<Dtype>,
    },
    Unpacked {
        range: Range,
        of: Box<Dtype>,
    },
    /// A type that no port of a C++ class can have; its name in Verilator.
    Other(String),
}

impl Dtype {
    /// The type of a keyword; every other keyword is a vector.
    pub fn basic(keyword: &str, range: Option<Range>, signed: bool) -> Dtype {
        if let Some(plain) = PLAIN.iter().find(|plain| plain.keywords.contains(&keyword)) {
            return Dtype::Plain(plain.kind);
        }
        match keyword {
            "chandle" | "event" => Dtype::Other(keyword.to_owned()),
            _ => Dtype::Bits { range, signed },
        }
    }
}

/// `package::name` for people: without `$unit::`, empty when Verilator made the name up.
pub fn type_name(name: &str) -> String {
    let last = last_part(name);
    if last.starts_with("__typeimp") {
        return String::new();
    }
    name.strip_prefix("$unit::").unwrap_or(name).to_owned()
}

/// The name without its package or module.
pub fn last_part(name: &str) -> &str {
    name.rsplit([':', '.']).next().unwrap_or(name)
}
