//! The interface of a design as data: ports, types, parameters; the content of `ports.json`.
//! It does not know where it was read from, and contains no file name and no line, so that a comment changes nothing.

pub use super::direction::Direction;
use super::dpi::Dpi;
pub use super::kind::{Kind, Plain};
use serde::{Deserialize, Serialize};

/// The version of `ports.json`; grows when a field changes its meaning.
pub const SCHEMA: u32 = 1;

/// The ports, types and parameters of a top module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// See [`SCHEMA`].
    pub schema: u32,
    /// The top module, as in the source.
    pub top: String,
    /// Power of ten of a second.
    pub time_unit: i32,
    /// Power of ten of a second: what the model's time counts.
    pub time_precision: i32,
    /// In the order of the source.
    pub ports: Vec<Port>,
    /// Signals inside of the design, named by their paths below the top, in the order in which they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<Port>,
    /// Parameters that can be set from outside and have one value, in the order of the source.
    pub parameters: Vec<Parameter>,
    /// Enums, packed structs and unions of the ports, each before what contains it.
    pub types: Vec<Type>,
    /// What the design calls in its host, and its host in it.
    #[serde(default, skip_serializing_if = "Dpi::is_empty")]
    pub dpi: Dpi,
}

/// One port of the top module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Port {
    /// As in the source, without the backslash of an escaped name.
    pub name: String,
    /// The member of the Verilated class.
    pub cname: String,
    /// Seen from the design.
    pub direction: Direction,
    /// What a value is.
    pub kind: Kind,
    /// Bits of one element; 0 unless [`Kind::Bits`].
    pub width: u32,
    /// Index of the leftmost bit, as declared.
    pub msb: i32,
    /// Index of the rightmost bit, as declared.
    pub lsb: i32,
    /// Declared as `[0:7]`.
    pub ascending: bool,
    /// Whether the value is a signed number. Structs and unions never are.
    pub signed: bool,
    /// Packed dimensions, outermost first; empty for a scalar.
    pub packed: Vec<Range>,
    /// Unpacked dimensions, outermost first.
    pub unpacked: Vec<Range>,
    /// Elements that the unpacked dimensions make; 1 without any.
    pub elements: u32,
    /// 32-bit words of one element.
    pub words: u32,
    /// Bytes of one element in the Verilated class.
    pub storage: u32,
    /// Index into [`Interface::types`], when the innermost element has such a type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_index: Option<usize>,
    /// Recognised by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// Bounds as declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first bound.
    pub left: i32,
    /// The second bound.
    pub right: i32,
}

impl Range {
    /// How many elements it spans.
    pub fn len(self) -> u32 {
        self.left.abs_diff(self.right) + 1
    }

    /// A range is never empty.
    pub fn is_empty(self) -> bool {
        false
    }
}

/// What a port is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A clock.
    Clock,
    /// A reset that is active while it is 1.
    ResetHigh,
    /// A reset that is active while it is 0.
    ResetLow,
}

/// A parameter of the top module and the value it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// As in the source.
    pub name: String,
    /// What the value is.
    pub kind: Kind,
    /// Bits; 0 unless [`Kind::Bits`].
    pub width: u32,
    /// Whether it is a signed number.
    pub signed: bool,
    /// Decimal to 64 bits, `0x…` beyond, `4'b1x0z` with unknown bits, or the text itself.
    pub value: String,
}

/// An enum, or a packed struct or union.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Type {
    /// `package::name`, or named after the first port or member that has it.
    pub name: String,
    /// Bits.
    pub width: u32,
    /// Its names or its members.
    #[serde(flatten)]
    pub shape: Shape,
}

/// What is inside a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Shape {
    /// Names for values.
    Enum {
        /// Whether the values are signed numbers.
        signed: bool,
        /// In the order of the source.
        items: Vec<Item>,
    },
    /// Members one after the other, the first in the highest bits.
    Struct {
        /// In the order of the source.
        members: Vec<Member>,
    },
    /// Members on top of each other.
    Union {
        /// In the order of the source.
        members: Vec<Member>,
    },
}

/// One name of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// As in the source.
    pub name: String,
    /// As [`Parameter::value`].
    pub value: String,
}

/// One member of a packed struct or union.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// As in the source.
    pub name: String,
    /// Its lowest bit in the value.
    pub lsb: u32,
    /// Bits.
    pub width: u32,
    /// Whether it is a signed number.
    pub signed: bool,
    /// Index into [`Interface::types`].
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_index: Option<usize>,
}
