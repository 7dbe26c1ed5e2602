//! The parameters of a design as constants.
//! It does not know ports.

use super::names::{plain, scope, written};
use super::value::integer;
use crate::model::interface::{Kind, Parameter};

/// One constant for each parameter; a value that fits no Rust type is a text.
pub fn constants(parameters: &[Parameter]) -> String {
    let mut taken = scope("");
    let constant = |parameter: &Parameter| {
        let name = taken.free(&parameter.name);
        let (of, value) = typed(parameter);
        let original = plain(&parameter.name);
        format!("    /// `{original}`.\n    pub const {}: {of} = {value};\n", written(&name))
    };
    parameters.iter().map(constant).collect()
}

/// Type and value of a constant.
fn typed(parameter: &Parameter) -> (String, String) {
    let Parameter { kind, width, signed, value, .. } = parameter;
    let text = || ("&str".to_owned(), format!("{value:?}"));
    match kind {
        Kind::Real => match value.parse::<f64>() {
            Ok(number) if number.is_finite() => ("f64".to_owned(), format!("{number:?}")),
            _ => text(),
        },
        Kind::Bits if *width == 1 && !signed && matches!(value.as_str(), "0" | "1") => {
            ("bool".to_owned(), (value == "1").to_string())
        }
        Kind::Bits if value.parse::<i128>().is_ok() => {
            let sign = if *signed { 'i' } else { 'u' };
            (format!("{sign}{}", integer(*width).unwrap_or(64)), value.clone())
        }
        Kind::Bits if !signed && *width <= 128 && value.starts_with("0x") => {
            ("u128".to_owned(), value.clone())
        }
        _ => text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_a_constant() {
        let parameter = |name: &str, kind, width, signed, value: &str| Parameter {
            name: name.into(),
            kind,
            width,
            signed,
            value: value.into(),
        };
        let all = [
            parameter("WIDTH", Kind::Bits, 32, true, "-3"),
            parameter("type", Kind::Bits, 1, false, "1"),
            parameter("MASK", Kind::Bits, 80, false, "0xdead"),
            parameter("WIDE", Kind::Bits, 200, false, "0xdead"),
            parameter("DIRTY", Kind::Bits, 4, false, "4'b1x0z"),
            parameter("RATIO", Kind::Real, 0, false, "0.1"),
            parameter("TEXT", Kind::String, 0, false, "a \"b\""),
        ];
        let lines = constants(&all);
        let lines: Vec<&str> = lines.lines().map(str::trim).filter(|line| line.starts_with("pub")).collect();
        assert_eq!(
            lines,
            [
                "pub const WIDTH: i32 = -3;",
                "pub const r#type: bool = true;",
                "pub const MASK: u128 = 0xdead;",
                "pub const WIDE: &str = \"0xdead\";",
                "pub const DIRTY: &str = \"4'b1x0z\";",
                "pub const RATIO: f64 = 0.1;",
                "pub const TEXT: &str = \"a \\\"b\\\"\";",
            ]
        );
    }
}
