//! How a value of a design looks in C++, and the expressions that convert between the value and its bits.
//! It does not know ports or members.

use super::names::Names;
use crate::model::interface::{Interface, Shape};

/// A value of so many bits.
pub struct Value {
    width: u32,
    form: Form,
}

enum Form {
    Bool,
    Unsigned,
    Signed,
    Wide,
    Enum(String),
    Struct(String),
}

impl Value {
    /// A value of a type of the interface, or plain bits if no type has exactly this width. A packed union is plain bits too,
    /// since its members overlap.
    pub fn new(interface: &Interface, names: &Names, width: u32, signed: bool, of: Option<usize>) -> Value {
        let typed = of.and_then(|index| Some((interface.types.get(index)?, names.types.get(index)?)));
        let typed = typed.filter(|(of, _)| of.width == width);
        let form = match typed.map(|(of, name)| (&of.shape, name.clone())) {
            Some((Shape::Enum { .. }, name)) if width <= 64 => Form::Enum(name),
            Some((Shape::Struct { .. }, name)) => Form::Struct(name),
            _ if width > 64 => Form::Wide,
            _ if signed => Form::Signed,
            _ if width == 1 => Form::Bool,
            _ => Form::Unsigned,
        };
        Value { width, form }
    }

    /// Its type.
    pub fn name(&self) -> String {
        match &self.form {
            Form::Bool => "bool".to_owned(),
            Form::Unsigned => integer(self.width, false),
            Form::Signed => integer(self.width, true),
            Form::Wide => bits(self.width),
            Form::Enum(name) | Form::Struct(name) => name.clone(),
        }
    }

    /// Whether it is passed by value.
    pub fn is_small(&self) -> bool {
        !matches!(self.form, Form::Wide | Form::Struct(_))
    }

    /// Whether it is a number of C++ or a `bool`.
    pub fn is_integer(&self) -> bool {
        matches!(self.form, Form::Bool | Form::Unsigned | Form::Signed)
    }

    /// The value of an expression for `Bits` of its width.
    pub fn of_bits(&self, expression: &str) -> String {
        match &self.form {
            Form::Bool => format!("{expression}.bit(0)"),
            Form::Unsigned | Form::Enum(_) => format!("static_cast<{}>({expression}.to_u64())", self.name()),
            Form::Signed => format!("static_cast<{}>({expression}.to_i64())", self.name()),
            Form::Wide => expression.to_owned(),
            Form::Struct(name) => format!("{name}::from_bits({expression})"),
        }
    }

    /// `Bits` of its width, from an expression for the value; it throws if they cannot hold the value.
    pub fn bits_of(&self, expression: &str) -> String {
        match &self.form {
            Form::Wide => expression.to_owned(),
            Form::Struct(_) => format!("{expression}.bits()"),
            Form::Enum(_) => format!("{}(static_cast<uint64_t>({expression}))", bits(self.width)),
            _ => format!(
                "{}(static_cast<uint64_t>(fudsv::Number<{}, {}>({expression}).checked()))",
                bits(self.width),
                self.width,
                self.name()
            ),
        }
    }

    /// The value of an expression for an integer of C, when it has one.
    pub fn of_integer(&self, expression: &str) -> String {
        match &self.form {
            Form::Bool => format!("{expression} != 0"),
            Form::Struct(_) => self.of_bits(&format!("{}({expression})", bits(self.width))),
            _ => format!("static_cast<{}>({expression})", self.name()),
        }
    }

    /// An integer of C, of an expression for the value.
    pub fn integer_of(&self, expression: &str, integer: &str) -> String {
        match &self.form {
            Form::Struct(_) => format!("static_cast<{integer}>({expression}.bits().to_u64())"),
            _ => format!("static_cast<{integer}>({expression})"),
        }
    }
}

/// The type of so many bits.
pub fn bits(width: u32) -> String {
    format!("fudsv::Bits<{width}>")
}

/// The smallest integer type with so many bits.
pub fn integer(width: u32, signed: bool) -> String {
    let size = [8, 16, 32].into_iter().find(|size| width <= *size).unwrap_or(64);
    format!("{}int{size}_t", if signed { "" } else { "u" })
}
