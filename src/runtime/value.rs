//! Ports by name: what they are, and values of any kind.
//! It does not know where a value is kept.

use super::error::{Error, Kind};
use std::fmt;

/// One port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Port {
    /// As in the source.
    pub name: &'static str,
    /// Seen from the design.
    pub direction: Direction,
    /// What a value is.
    pub kind: PortKind,
    /// Bits of one element; 0 for real numbers and texts.
    pub width: u32,
    /// Whether the value is a signed number.
    pub signed: bool,
    /// How many elements the unpacked dimensions make; 1 without any.
    pub elements: usize,
    /// What it is for, recognised by name.
    pub role: Option<Role>,
}

/// The direction of a port, seen from the design.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Written by the host.
    In,
    /// Read by the host.
    Out,
    /// Read by the host.
    Inout,
    /// A signal inside of the design, read by the host.
    Probe,
}

/// What the value of a port is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PortKind {
    /// A number of bits.
    Bits,
    /// A real number.
    Real,
    /// A text.
    Text,
}

impl PortKind {
    /// The kind that has this number in C.
    #[allow(dead_code)] // a crate knows its ports
    pub(super) fn numbered(number: u32) -> PortKind {
        match number {
            0 => PortKind::Bits,
            1 => PortKind::Real,
            _ => PortKind::Text,
        }
    }
}

/// What a port is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A clock.
    Clock,
    /// A reset that is active while it is 1.
    ResetHigh,
    /// A reset that is active while it is 0.
    ResetLow,
}

/// A value of any port. It compares with numbers and texts: `dut.get("count")? == 7`.
///
/// Bits are equal when their numbers are, however many there are of them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Value {
    /// Up to 128 bits.
    Unsigned(u128),
    /// Up to 128 bits of a signed port.
    Signed(i128),
    /// More bits, as words of 32 bits, lowest first.
    Wide(Vec<u32>),
    /// More bits of a signed port, as words of 32 bits, lowest first; the last one has the sign.
    WideSigned(Vec<u32>),
    /// A real number.
    Real(f64),
    /// A text.
    Text(String),
}

impl Value {
    /// The value of these words, lowest first.
    pub(super) fn of_words(port: &Port, words: Vec<u32>) -> Value {
        if port.width > 128 {
            return if port.signed { Value::WideSigned(words) } else { Value::Wide(words) };
        }
        let number = words.iter().rev().fold(0, |value, word| value << 32 | u128::from(*word));
        if port.signed {
            Value::Signed(extended(number, port.width))
        } else {
            Value::Unsigned(low_bits(number, port.width))
        }
    }

    /// `count` words of 32 bits, lowest first, extended by the sign; nothing for a real number or a text.
    pub fn words(&self, count: usize) -> Option<Vec<u32>> {
        let (mut words, fill) = match self {
            Value::Unsigned(value) => (words_of(*value).to_vec(), 0),
            Value::Signed(value) => {
                (words_of(*value as u128).to_vec(), if *value < 0 { u32::MAX } else { 0 })
            }
            Value::Wide(words) => (words.clone(), 0),
            Value::WideSigned(words) => (words.clone(), if self.is_negative() { u32::MAX } else { 0 }),
            Value::Real(_) | Value::Text(_) => return None,
        };
        words.resize(count, fill);
        Some(words)
    }

    /// Whether the value fits into so many bits, at least one; a negative value in two's complement.
    pub fn fits(&self, width: u32) -> bool {
        match self {
            Value::Unsigned(value) => low_bits(*value, width) == *value,
            Value::Signed(value) if *value >= 0 => low_bits(*value as u128, width) == *value as u128,
            Value::Signed(value) => extended(*value as u128, width) == *value,
            Value::WideSigned(words) if self.is_negative() => {
                words.iter().enumerate().all(|(index, word)| used(width - 1, index, !word))
            }
            Value::Wide(words) | Value::WideSigned(words) => {
                words.iter().enumerate().all(|(index, word)| used(width, index, *word))
            }
            Value::Real(_) | Value::Text(_) => false,
        }
    }

    fn is_negative(&self) -> bool {
        match self {
            Value::Signed(value) => *value < 0,
            Value::WideSigned(words) => matches!(words.last(), Some(word) if word >> 31 == 1),
            _ => false,
        }
    }

    /// How many words it has.
    fn word_count(&self) -> usize {
        match self {
            Value::Wide(words) | Value::WideSigned(words) => words.len(),
            _ => 4,
        }
    }

    /// What it is, for a message.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Value::Unsigned(_) | Value::Signed(_) | Value::Wide(_) | Value::WideSigned(_) => "bits",
            Value::Real(_) => "a real number",
            Value::Text(_) => "a text",
        }
    }
}

macro_rules! numbers {
    ($variant:ident, $wide:ty: $($number:ty),*) => {$(
        impl From<$number> for Value {
            fn from(value: $number) -> Value {
                Value::$variant(<$wide>::from(value))
            }
        }
    )*};
}

macro_rules! compared {
    ($($number:ty),*) => {$(
        impl PartialEq<$number> for Value {
            fn eq(&self, other: &$number) -> bool {
                match self {
                    Value::Unsigned(value) => <$number>::try_from(*value).map_or(false, |value| value == *other),
                    Value::Signed(value) => <$number>::try_from(*value).map_or(false, |value| value == *other),
                    Value::Wide(_) | Value::WideSigned(_) => {
                        let other = Value::from(*other);
                        *self == other
                    }
                    Value::Real(_) | Value::Text(_) => false,
                }
            }
        }
    )*};
}

macro_rules! taken {
    ($($number:ty),*) => {$(
        impl TryFrom<Value> for $number {
            type Error = Error;
            /// Fails if the value is not a whole number, or too large.
            fn try_from(value: Value) -> Result<$number, Error> {
                let number = match &value {
                    Value::Unsigned(value) => <$number>::try_from(*value).ok(),
                    Value::Signed(value) => <$number>::try_from(*value).ok(),
                    Value::WideSigned(words) if value.is_negative() => {
                        let low = value.fits(128).then(|| low_bits_of(words) as i128);
                        low.and_then(|value| <$number>::try_from(value).ok())
                    }
                    Value::Wide(words) | Value::WideSigned(words) => {
                        value.fits(128).then(|| low_bits_of(words)).and_then(|value| <$number>::try_from(value).ok())
                    }
                    Value::Real(_) | Value::Text(_) => None,
                };
                number.ok_or_else(|| unlike(&value, stringify!($number)))
            }
        }
    )*};
}

numbers!(Unsigned, u128: u8, u16, u32, u64, u128, bool);
numbers!(Signed, i128: i8, i16, i32, i64, i128);
compared!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128);
taken!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128);

impl TryFrom<Value> for bool {
    type Error = Error;
    /// Fails for everything but 0 and 1, and the -1 of one signed bit.
    fn try_from(value: Value) -> Result<bool, Error> {
        match value {
            Value::Unsigned(0) | Value::Signed(0) => Ok(false),
            Value::Unsigned(1) | Value::Signed(1 | -1) => Ok(true),
            other => Err(unlike(&other, "bool")),
        }
    }
}

impl TryFrom<Value> for f64 {
    type Error = Error;
    /// Fails for bits and texts.
    fn try_from(value: Value) -> Result<f64, Error> {
        match value {
            Value::Real(value) => Ok(value),
            other => Err(unlike(&other, "f64")),
        }
    }
}

impl TryFrom<Value> for String {
    type Error = Error;
    /// Fails for bits and real numbers.
    fn try_from(value: Value) -> Result<String, Error> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(unlike(&other, "String")),
        }
    }
}

fn unlike(value: &Value, what: &str) -> Error {
    Error::new(Kind::Type, format!("{value} is not a value of `{what}`"))
}

/// The lowest 128 bits of words.
fn low_bits_of(words: &[u32]) -> u128 {
    words.iter().take(4).rev().fold(0, |value, word| value << 32 | u128::from(*word))
}

/// Whether a word has no bits beyond a width, which counts from the first word.
fn used(width: u32, index: usize, word: u32) -> bool {
    let used = u64::from(width).saturating_sub(32 * index as u64);
    used >= 32 || word >> used == 0
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Unsigned(one), Value::Unsigned(other)) => one == other,
            (Value::Signed(one), Value::Signed(other)) => one == other,
            (Value::Real(one), Value::Real(other)) => one == other,
            (Value::Text(one), Value::Text(other)) => one == other,
            _ => {
                let count = self.word_count().max(other.word_count());
                let same = || matches!((self.words(count), other.words(count)), (Some(one), Some(other)) if one == other);
                self.is_negative() == other.is_negative() && same()
            }
        }
    }
}

impl fmt::Display for Value {
    /// A number in decimal, or beyond 128 bits in hexadecimal; a text in quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unsigned(value) => write!(f, "{value}"),
            Value::Signed(value) => write!(f, "{value}"),
            Value::Wide(words) | Value::WideSigned(words) => {
                write!(f, "0x")?;
                words.iter().rev().try_for_each(|word| write!(f, "{word:08x}"))
            }
            Value::Real(value) => write!(f, "{value}"),
            Value::Text(text) => write!(f, "{text:?}"),
        }
    }
}

impl PartialEq<bool> for Value {
    fn eq(&self, other: &bool) -> bool {
        *self == u8::from(*other)
    }
}

impl PartialEq<f64> for Value {
    fn eq(&self, other: &f64) -> bool {
        matches!(self, Value::Real(value) if value == other)
    }
}

impl PartialEq<&str> for Value {
    fn eq(&self, other: &&str) -> bool {
        matches!(self, Value::Text(text) if text == other)
    }
}

impl<const N: usize> PartialEq<[u32; N]> for Value {
    /// Words of 32 bits, lowest first, of which those that are missing are 0.
    fn eq(&self, other: &[u32; N]) -> bool {
        let count = self.word_count().max(N);
        let mut words = other.to_vec();
        words.resize(count, 0);
        !matches!(self, Value::Signed(..=-1)) && self.words(count) == Some(words)
    }
}

impl<const N: usize> From<[u32; N]> for Value {
    fn from(words: [u32; N]) -> Value {
        Value::Wide(words.to_vec())
    }
}

impl<const N: usize> From<&[u32; N]> for Value {
    fn from(words: &[u32; N]) -> Value {
        Value::Wide(words.to_vec())
    }
}

impl From<&[u32]> for Value {
    fn from(words: &[u32]) -> Value {
        Value::Wide(words.to_vec())
    }
}

impl From<Vec<u32>> for Value {
    fn from(words: Vec<u32>) -> Value {
        Value::Wide(words)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::Real(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

/// The message about a value that does not fit into so many bits, for example of a "port `a`".
pub(super) fn too_wide(value: &Value, width: u32, of: &str) -> Error {
    let bits = if width == 1 { "bit" } else { "bits" };
    Error::new(Kind::Width, format!("{value} does not fit into the {width} {bits} of the {of}"))
}

/// The index of a port.
pub(super) fn find(ports: &[Port], name: &str) -> Result<usize, Error> {
    if let Some(index) = ports.iter().position(|port| port.name == name) {
        return Ok(index);
    }
    let near = ports.iter().map(|port| (distance(port.name, name), port.name)).min();
    let meant = near.filter(|(distance, _)| *distance <= name.chars().count() / 3 + 1);
    let hint = meant.map(|(_, near)| format!(": did you mean `{near}`?")).unwrap_or_default();
    Err(Error::new(Kind::NoPort, format!("there is no port `{name}`{hint}")))
}

/// How many letters must be changed, added or dropped to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.chars().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// The number of an element in an array of this shape.
pub(super) fn element<const N: usize>(
    port: &str,
    shape: [usize; N],
    index: [usize; N],
) -> Result<usize, Error> {
    let mut element = 0;
    for (size, at) in shape.into_iter().zip(index) {
        if at >= size {
            let message = format!("the port `{port}` has no element {at} where it has {size}");
            return Err(Error::new(Kind::NoPort, message));
        }
        element = element * size + at;
    }
    Ok(element)
}

/// The words of a number, lowest first.
pub(super) fn words_of(value: u128) -> [u32; 4] {
    [value as u32, (value >> 32) as u32, (value >> 64) as u32, (value >> 96) as u32]
}

/// The low `width` bits.
pub(super) fn low_bits(value: u128, width: u32) -> u128 {
    if width < 128 { value & ((1 << width) - 1) } else { value }
}

/// The low `width` bits as a signed number.
pub(super) fn extended(value: u128, width: u32) -> i128 {
    let unused = 128 - width.clamp(1, 128);
    ((value << unused) as i128) >> unused
}
