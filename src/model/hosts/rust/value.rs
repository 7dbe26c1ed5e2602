//! How a value of a design looks in Rust, and the expressions that convert between the value and its bits.
//! It does not know ports or members: it gets an expression for the bits.

use super::names::{Names, has_type};
use crate::model::interface::Shape;
use crate::model::manifest::Manifest;

/// A value of so many bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// In bits, not 0.
    pub width: u32,
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Bool,
    Unsigned,
    Signed,
    Enum { name: String, signed: bool },
    Record { name: String },
}

impl Value {
    /// A value of a type of the manifest, or plain bits if no type has exactly this width.
    pub fn new(
        manifest: &Manifest,
        names: &Names,
        width: u32,
        signed: bool,
        type_index: Option<usize>,
    ) -> Value {
        let typed = type_index.and_then(|index| Some((manifest.types.get(index)?, names.types.get(index)?)));
        let typed = typed.filter(|(of, _)| of.width == width && has_type(&of.shape, width));
        let form = match typed {
            Some((of, name)) => match of.shape {
                Shape::Enum { signed, .. } => Form::Enum { name: name.clone(), signed },
                Shape::Struct { .. } | Shape::Union { .. } => Form::Record { name: name.clone() },
            },
            None if width == 1 && !signed => Form::Bool,
            None if signed && width <= 128 => Form::Signed,
            None => Form::Unsigned,
        };
        Value { width, form }
    }

    /// Its type when it is written.
    pub fn taken(&self) -> String {
        match &self.form {
            Form::Bool => "bool".to_owned(),
            Form::Unsigned => bits_type(self.width),
            Form::Signed => format!("i{}", integer(self.width).unwrap_or(128)),
            Form::Enum { name, .. } | Form::Record { name } => name.clone(),
        }
    }

    /// Its type when it is read, where each may fail.
    pub fn given(&self) -> String {
        if self.may_fail() { format!("Result<{}, Error>", self.taken()) } else { self.taken() }
    }

    /// Whether some bits are not a value of this type.
    pub fn may_fail(&self) -> bool {
        matches!(self.form, Form::Enum { .. })
    }

    /// The value of bits: an expression of [`bits_type`] in which all bits beyond the width are 0.
    pub fn of_bits(&self, bits: &str) -> String {
        match &self.form {
            Form::Bool => format!("{bits} != 0"),
            Form::Unsigned => bits.to_owned(),
            Form::Signed => self.extended(bits),
            Form::Enum { name, signed: true } => format!("{name}::try_from({})", self.extended(bits)),
            Form::Enum { name, .. } => format!("{name}::try_from({bits})"),
            Form::Record { name } => format!("{name}::from_bits({bits})"),
        }
    }

    /// The bits of a value: an expression of [`bits_type`] in which all bits beyond the width are 0.
    pub fn bits_of(&self, value: &str) -> String {
        match &self.form {
            Form::Bool => format!("u8::from({value})"),
            Form::Unsigned => masked(value, self.width),
            Form::Signed | Form::Enum { .. } => {
                masked(&format!("({value} as {})", bits_type(self.width)), self.width)
            }
            Form::Record { .. } => format!("{value}.bits()"),
        }
    }

    /// The test whether a value of its type has bits beyond the width, where it may have some.
    pub fn is_beyond(&self, value: &str) -> Option<String> {
        let is_exact = integer(self.width).is_none_or(|integer| integer == self.width);
        let largest = || u128::MAX >> (128 - self.width);
        match &self.form {
            _ if is_exact => None,
            Form::Unsigned => Some(format!("{value} > {:#x}", largest())),
            Form::Signed => {
                Some(format!("!(-{:#x}..={:#x}).contains(&{value})", 1_u128 << (self.width - 1), largest()))
            }
            Form::Bool | Form::Enum { .. } | Form::Record { .. } => None,
        }
    }

    /// The lines that refuse a value with bits beyond the width of, for example, "port `a`"; empty if no value has any.
    pub fn check(&self, value: &str, of: &str) -> String {
        let refuse = |test: String| {
            format!(
                "        if {test} {{\n            return Err(value::too_wide(&{value}.into(), {}, {of:?}));\n        }}\n",
                self.width
            )
        };
        self.is_beyond(value).map(refuse).unwrap_or_default()
    }

    /// The bits as a signed number.
    fn extended(&self, bits: &str) -> String {
        let integer = integer(self.width).unwrap_or(128);
        match integer - self.width {
            0 => format!("({bits}) as i{integer}"),
            unused => format!("((({bits}) << {unused}) as i{integer}) >> {unused}"),
        }
    }
}

/// The width of the smallest integer type with so many bits, if there is one.
pub fn integer(width: u32) -> Option<u32> {
    [8, 16, 32, 64, 128].into_iter().find(|integer| width <= *integer)
}

/// The type of so many bits.
pub fn bits_type(width: u32) -> String {
    integer(width).map_or_else(|| format!("Bits<{width}>"), |integer| format!("u{integer}"))
}

/// The low bits of an expression of [`bits_type`].
pub fn masked(bits: &str, width: u32) -> String {
    match integer(width) {
        None => bits.to_owned(),
        Some(integer) if integer == width => bits.to_owned(),
        Some(_) => format!("{bits} & {:#x}", u128::MAX >> (128 - width)),
    }
}
