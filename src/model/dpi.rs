//! The DPI functions of a design as data: the functions that it calls in its host, and those that its host may call.
//! It does not know where they were read from, and contains no place in a source, so that a comment changes nothing.

use super::direction::Direction;
use serde::{Deserialize, Serialize};

/// The DPI functions of a design, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dpi {
    /// Called by the design.
    pub imports: Vec<Function>,
    /// Called by the host.
    pub exports: Vec<Function>,
}

impl Dpi {
    /// Whether there are no functions.
    pub fn is_empty(&self) -> bool {
        self.imports.is_empty() && self.exports.is_empty()
    }
}

/// A function, as C sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// In C.
    pub name: String,
    /// As Verilator declares it: `int f(int a, svBitVecVal* b)`.
    pub prototype: String,
    /// What it returns; a task returns nothing, though its type in C is `int`, and its host returns 0.
    pub result: Value,
    /// In order.
    pub arguments: Vec<Argument>,
}

/// An argument of a [`Function`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// In C.
    pub name: String,
    /// Seen from the function.
    pub direction: Direction,
    /// What is passed, or pointed to.
    #[serde(flatten)]
    pub value: Value,
}

/// What is passed or returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// As in the prototype: `const svBitVecVal*`.
    pub c_type: String,
    /// What one element is.
    pub kind: Kind,
    /// Bits of one element; 0 for types without bits: real, string, chandle, void.
    pub width: u32,
    /// Whether one element is a signed number.
    pub signed: bool,
    /// Elements of an unpacked array, one after the other; 1 if it is not an array, 0 for an open array.
    pub elements: u32,
}

/// What one element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Nothing.
    Void,
    /// `char`, `short`, `int`, `long long`, or one of them unsigned.
    Integer,
    /// `svBit`: 0 or 1 in a byte.
    Bit,
    /// `svLogic`: `sv_0`, `sv_1`, `sv_z` or `sv_x` in a byte.
    Logic,
    /// `svBitVecVal`: words of 32 bits, lowest first.
    BitVector,
    /// `svLogicVecVal`: pairs of words, lowest first.
    LogicVector,
    /// `double` or `float`.
    Real,
    /// `const char*`.
    String,
    /// `void*`.
    Chandle,
    /// `svOpenArrayHandle`.
    OpenArray,
}
