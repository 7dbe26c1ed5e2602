//! The DPI functions in `V…__Dpi.h`, which has the C types, joined with the tree, which has directions and widths.
//! It does not know which format the tree had.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::declared::{DeclaredFunction, Dtype, TOO_NEW};
use super::probes::mangled;
use super::resolve::{is_signed_element, peel_unpacked, width_of};
use crate::diag::{Error, Result};
use crate::model::dpi::{Argument, Dpi, Function, Kind, Value};

/// A function in the header, and where the design declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prototype {
    /// As Verilator was told it.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// In C.
    pub name: String,
    /// Type of the result.
    pub result: String,
    /// Types and names.
    pub arguments: Vec<(String, String)>,
    /// Whether the design has it, and the host calls it.
    pub exported: bool,
}

/// The functions of `V…__Dpi.h`.
pub fn prototypes(header: &str) -> Vec<Prototype> {
    let mut found = vec![];
    for (word, exported) in [("// DPI export at ", true), ("// DPI import at ", false)] {
        let declarations = header.split(word).skip(1);
        found.extend(declarations.filter_map(|text| prototype(text, exported)));
    }
    found
}

/// `d.sv:18:32`, a line break, `extern void f(int a, int* b);`.
fn prototype(text: &str, exported: bool) -> Option<Prototype> {
    let (place, rest) = text.split_once('\n')?;
    let mut numbers = place.trim().rsplitn(3, ':');
    let (column, line, file) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let declaration = rest.trim_start().strip_prefix("extern ")?.split_once(");")?.0;
    let (start, arguments) = declaration.split_once('(')?;
    let (result, name) = start.rsplit_once(' ')?;
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let arguments = arguments.split(',').map(words).filter(|argument| !argument.is_empty());
    Some(Prototype {
        file: file.to_owned(),
        line: line.parse().ok()?,
        column: column.parse().ok()?,
        name: name.to_owned(),
        result: words(result),
        arguments: arguments
            .map(|argument| argument.rsplit_once(' ').map(|(of, name)| (of.to_owned(), name.to_owned())))
            .collect::<Option<_>>()?,
        exported,
    })
}

/// The functions of the header with what the tree knows of them.
///
/// # Errors
/// A function that the tree does not declare.
pub fn resolve(header: &str, declared: &[DeclaredFunction]) -> Result<Dpi> {
    let mut dpi = Dpi::default();
    for prototype in prototypes(header) {
        let declared = declared.iter().find(|function| is_declared_by(&prototype, function));
        let declared = declared.ok_or_else(|| {
            Error::step(format!("Verilator's tree does not declare the DPI function `{}`", prototype.name))
                .hint(TOO_NEW)
        })?;
        let functions = if prototype.exported { &mut dpi.exports } else { &mut dpi.imports };
        functions.push(function(&prototype, declared));
    }
    dpi.imports.sort_by(|a, b| a.name.cmp(&b.name));
    dpi.exports.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(dpi)
}

/// XML does not have the name in C, and JSON not the file. JSON has the name as Verilator mangles it: `a__b` is `a___05Fb`.
fn is_declared_by(prototype: &Prototype, function: &DeclaredFunction) -> bool {
    (function.line, function.column) == (prototype.line, prototype.column)
        && function.arguments.len() == prototype.arguments.len()
        && function
            .c_name
            .as_ref()
            .is_none_or(|name| *name == prototype.name || *name == mangled(&prototype.name))
        && function.file.as_ref().is_none_or(|file| *file == prototype.file)
}

fn function(prototype: &Prototype, declared: &DeclaredFunction) -> Function {
    let named = prototype.arguments.iter().zip(&declared.arguments);
    let arguments = named.map(|((c_type, name), (direction, dtype))| Argument {
        name: name.clone(),
        direction: *direction,
        value: value(c_type, Some(dtype)),
    });
    let listed: Vec<String> =
        prototype.arguments.iter().map(|(c_type, name)| format!("{c_type} {name}")).collect();
    let Prototype { name, result: c_type, .. } = prototype;
    Function {
        name: name.clone(),
        prototype: format!("{c_type} {name}({})", listed.join(", ")),
        result: match &declared.result {
            Some(dtype) => value(c_type, Some(dtype)),
            None => Value { c_type: c_type.clone(), ..value("void", None) },
        },
        arguments: arguments.collect(),
    }
}

/// A value of a C type, with what the tree says of it.
fn value(c_type: &str, dtype: Option<&Dtype>) -> Value {
    let (kind, width, signed) = shape_in_c(c_type);
    let (unpacked, element) = dtype.map(peel_unpacked).unzip();
    let vector = matches!(kind, Kind::BitVector | Kind::LogicVector);
    Value {
        c_type: c_type.to_owned(),
        kind,
        width: if vector { element.and_then(width_of).unwrap_or(0) } else { width },
        signed: if vector { element.is_some_and(is_signed_element) } else { signed },
        elements: match kind {
            Kind::OpenArray => 0,
            _ => unpacked.map_or(1, |ranges| ranges.iter().map(|range| range.len()).product()),
        },
    }
}

/// What one element of a C type is, its bits where C says them, and whether it is signed.
fn shape_in_c(c_type: &str) -> (Kind, u32, bool) {
    let plain = c_type.strip_prefix("const ").unwrap_or(c_type);
    if plain.starts_with("char*") && c_type.starts_with("const ") {
        return (Kind::String, 0, false);
    }
    if plain.starts_with("void*") {
        return (Kind::Chandle, 0, false);
    }
    let name = plain.trim_end_matches('*');
    let unsigned = name.strip_prefix("unsigned ");
    let integer = |width| (Kind::Integer, width, unsigned.is_none());
    match unsigned.unwrap_or(name) {
        "void" => (Kind::Void, 0, false),
        "char" => integer(8),
        "short" => integer(16),
        "long long" => integer(64),
        "double" | "float" => (Kind::Real, 0, false),
        "svBit" => (Kind::Bit, 1, false),
        "svLogic" => (Kind::Logic, 1, false),
        "svBitVecVal" => (Kind::BitVector, 0, false),
        "svLogicVecVal" => (Kind::LogicVector, 0, false),
        "svOpenArrayHandle" => (Kind::OpenArray, 0, false),
        _ => integer(32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::interface::Direction;

    const HEADER: &str = "
    // DPI EXPORTS
    // DPI export at a b/d.sv:33:17
    extern void exp_c(const char* s, svLogicVecVal* z);

    // DPI IMPORTS
    // DPI import at d.sv:23:40
    extern unsigned long long c_name(unsigned char bu, long long* q,
        const svOpenArrayHandle o);
    // DPI import at d.sv:25:32
    extern void f_none();
";

    #[test]
    fn the_header_says_places_types_and_names() {
        let found = prototypes(HEADER);
        let places: Vec<_> =
            found.iter().map(|p| (p.name.as_str(), p.file.as_str(), p.line, p.exported)).collect();
        assert_eq!(
            places,
            [("exp_c", "a b/d.sv", 33, true), ("c_name", "d.sv", 23, false), ("f_none", "d.sv", 25, false)]
        );
    }

    #[test]
    fn c_types_are_kinds_and_the_tree_says_the_rest() {
        let packed = Dtype::Packed {
            range: crate::model::interface::Range { left: 9, right: 0 },
            of: Box::new(Dtype::Bits { range: None, signed: false }),
        };
        let function = |name: &str, line, column, arguments, result| DeclaredFunction {
            c_name: Some(name.to_owned()),
            file: None,
            line,
            column,
            arguments,
            result,
        };
        let bits = || Dtype::Bits { range: None, signed: false };
        let passed = vec![
            (Direction::In, bits()),
            (Direction::Out, bits()),
            (Direction::In, Dtype::Other("x".into())),
        ];
        let declared = [
            function(
                "exp_c",
                33,
                17,
                vec![
                    (Direction::In, Dtype::Plain(crate::model::interface::Kind::String)),
                    (Direction::Inout, packed),
                ],
                None,
            ),
            function("c_name", 23, 40, passed, Some(bits())),
            function("f_none", 25, 32, vec![], None),
        ];
        let dpi = resolve(HEADER, &declared).unwrap();
        let z = &dpi.exports[0].arguments[1];
        assert_eq!((z.direction, z.value.kind, z.value.width), (Direction::Inout, Kind::LogicVector, 10));
        let c_name = &dpi.imports[0];
        assert_eq!(
            c_name.prototype,
            "unsigned long long c_name(unsigned char bu, long long* q, const svOpenArrayHandle o)"
        );
        assert_eq!((c_name.result.width, c_name.result.signed), (64, false));
        let shapes: Vec<_> = c_name
            .arguments
            .iter()
            .map(|a| (a.direction, a.value.kind, a.value.width, a.value.elements))
            .collect();
        assert_eq!(
            shapes,
            [
                (Direction::In, Kind::Integer, 8, 1),
                (Direction::Out, Kind::Integer, 64, 1),
                (Direction::In, Kind::OpenArray, 0, 0)
            ]
        );
        assert_eq!(dpi.imports[1].prototype, "void f_none()");
    }

    #[test]
    fn a_function_that_the_tree_does_not_declare_is_an_error() {
        let error = resolve(HEADER, &[]).unwrap_err();
        assert_eq!(error.message, "Verilator's tree does not declare the DPI function `exp_c`");
    }
}
