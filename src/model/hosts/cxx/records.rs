//! The enums and structs of a design in C++.
//! It does not know ports.

use super::names::{Names, scope};
use super::value::{Value, bits, integer};
use crate::model::hosts::c::text::comment_text;
use crate::model::interface::{Interface, Item, Member, Shape, Type};

/// The definitions of all types.
pub fn definitions(interface: &Interface, names: &Names) -> String {
    let types = interface.types.iter().zip(&names.types);
    let definition = |(of, name): (&Type, &String)| match &of.shape {
        Shape::Enum { signed, items } if of.width <= 64 => Some(enumeration(of, name, *signed, items)),
        Shape::Struct { members } => Some(record(interface, names, of, name, members)),
        Shape::Enum { .. } | Shape::Union { .. } => None,
    };
    types.filter_map(definition).collect()
}

fn title(of: &Type) -> String {
    format!("/// `{}`, {} bit{}.\n", comment_text(&of.name), of.width, if of.width == 1 { "" } else { "s" })
}

/// Values with unknown bits cannot occur in a model, and are left out.
fn enumeration(of: &Type, name: &str, signed: bool, items: &[Item]) -> String {
    let mut taken = scope("");
    let known = items.iter().filter_map(|item| Some((item, item.value.parse::<i128>().ok()?)));
    let number = integer(of.width, signed);
    let lines = known.map(|(item, value)| {
        let label = taken.free(&item.name);
        let bits = value as u64;
        let value =
            if bits < 1 << 31 { bits.to_string() } else { format!("static_cast<{number}>({bits}ULL)") };
        format!("    {label} = {value},\n")
    });
    format!("{}enum class {name} : {number} {{\n{}}};\n\n", title(of), lines.collect::<String>())
}

fn record(interface: &Interface, names: &Names, of: &Type, name: &str, members: &[Member]) -> String {
    let mut taken = scope("from_bits bits");
    taken.free(name);
    let whole = bits(of.width);
    let (mut fields, mut read, mut write, mut same) = (String::new(), String::new(), String::new(), vec![]);
    for member in members.iter().filter(|member| member.width > 0) {
        let Member { lsb, width, signed, .. } = member;
        let field = taken.free(&member.name);
        let value = Value::new(interface, names, *width, *signed, member.type_index);
        let sign = if *signed { ", signed" } else { "" };
        fields += &format!(
            "    {} {field}{{}};  ///< {width} bit{}{sign}\n",
            value.name(),
            if *width == 1 { "" } else { "s" }
        );
        read +=
            &format!("        value.{field} = {};\n", value.of_bits(&format!("bits.slice<{width}>({lsb})")));
        write += &format!("        bits.set_slice<{width}>({lsb}, {});\n", value.bits_of(&field));
        same.push(format!("a.{field} == b.{field}"));
    }
    format!(
        "{}struct {name} {{\n{fields}\n    static {name} from_bits(const {whole}& bits) {{\n        {name} value;\n{read}        \
         return value;\n    }}\n    /// Throws when a member has bits beyond its width.\n    {whole} bits() const {{\n        \
         {whole} bits;\n{write}        return bits;\n    }}\n    friend bool operator==(const {name}& a, const {name}& b) {{\n        \
         return {};\n    }}\n    friend bool operator!=(const {name}& a, const {name}& b) {{ return !(a == b); }}\n}};\n\n",
        title(of),
        same.join(" && "),
    )
}
