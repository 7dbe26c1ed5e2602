//! The typed stub of a package: enums, structs, and an attribute for each port.
//! It does not know how values are read and written.

use super::names::{Names, in_enum, in_struct, label, plain};
use crate::model::interface::{Direction, Item, Member, Port, Range, Shape, Type};
use crate::model::manifest::Manifest;

/// The lines that name the classes of the library in the package.
pub fn aliases(names: &Names) -> String {
    let line = |(inside, name): &(String, String)| format!("{name} = library.types.{inside}\n");
    names.types.iter().flatten().map(line).collect()
}

/// The classes of all types.
pub fn types(manifest: &Manifest, names: &Names) -> String {
    let types = manifest.types.iter().zip(&names.types);
    let class = |(of, name): (&Type, &Option<(String, String)>)| {
        let (_, name) = name.as_ref()?;
        Some(match &of.shape {
            Shape::Enum { items, .. } => enumeration(of, name, items),
            Shape::Struct { members } | Shape::Union { members } => {
                record(manifest, names, of, name, members)
            }
        })
    };
    types.filter_map(class).collect()
}

fn enumeration(of: &Type, name: &str, items: &[Item]) -> String {
    let mut taken = in_enum();
    let value = |value: &str| if value.contains('\'') { "...".to_owned() } else { value.to_owned() };
    let line = |item: &Item| format!("    {} = {}\n", taken.free(&label(&item.name)), value(&item.value));
    format!("class {name}(IntEnum):\n{}{}\n", about(of), items.iter().map(line).collect::<String>())
}

fn record(manifest: &Manifest, names: &Names, of: &Type, name: &str, members: &[Member]) -> String {
    let mut taken = in_struct();
    let (mut fields, mut arguments) = (String::new(), String::new());
    for member in members.iter().filter(|member| member.width > 0) {
        let value = Value::new(manifest, names, member.width, member.type_index);
        let field = taken.free(&member.name);
        let doc = format!("{}{}", bits(member.width), if member.signed { ", signed" } else { "" });
        fields += &attribute(&field, &value.read(), Some(&value.written()), &doc);
        arguments += &format!(", {field}: {} = 0", value.written());
    }
    format!(
        "class {name}(Struct):\n{}{fields}    def __init__(self, bits: int = 0, /, *{arguments}) -> None: ...\n\n",
        about(of)
    )
}

fn about(of: &Type) -> String {
    format!("    \"\"\"`{}`, {}.\"\"\"\n\n", plain(&of.name), bits(of.width))
}

fn bits(width: u32) -> String {
    format!("{width} bit{}", if width == 1 { "" } else { "s" })
}

/// An attribute of every port of the model.
pub fn ports(manifest: &Manifest, names: &Names) -> String {
    let attribute = |(port, name): (&Port, &String)| {
        let value = match port.kind.plain() {
            Some(plain) => Value::Plain(plain.in_python),
            None => Value::new(manifest, names, port.width, port.type_index),
        };
        let depth = port.unpacked.len();
        let nested =
            |list: &str, of: String| format!("{}{of}{}", format!("{list}[").repeat(depth), "]".repeat(depth));
        let written = (port.direction == Direction::In).then(|| nested("Sequence", value.written()));
        attribute(name, &nested("Array", value.read()), written.as_deref(), &describe(port))
    };
    let all: String = manifest.ports.iter().zip(&names.ports).map(attribute).collect();
    if all.is_empty() { "    ...\n".to_owned() } else { all }
}

/// One attribute: a property that cannot be set without `written`.
fn attribute(name: &str, read: &str, written: Option<&str>, doc: &str) -> String {
    let doc = format!("\"\"\"{doc}\"\"\"");
    let getter = format!("    @property\n    def {name}(self) -> {read}:\n        {doc}\n");
    match written {
        Some(written) if written == read => format!("    {name}: {read}\n    {doc}\n"),
        Some(written) => {
            format!("{getter}    @{name}.setter\n    def {name}(self, value: {written}) -> None: ...\n")
        }
        None => getter,
    }
}

/// How a value is typed.
enum Value<'n> {
    Plain(&'n str),
    Enum(&'n str),
    Record(&'n str),
}

impl<'n> Value<'n> {
    /// A value of a type of the manifest, or an integer if no type has exactly this width.
    fn new(manifest: &Manifest, names: &'n Names, width: u32, type_index: Option<usize>) -> Value<'n> {
        let typed = type_index.and_then(|index| Some((manifest.types.get(index)?, names.types.get(index)?)));
        match typed {
            Some((of, Some((_, name)))) if of.width == width => match of.shape {
                Shape::Enum { .. } => Value::Enum(name),
                Shape::Struct { .. } | Shape::Union { .. } => Value::Record(name),
            },
            _ => Value::Plain("int"),
        }
    }

    fn read(&self) -> String {
        match self {
            Value::Plain(name) | Value::Record(name) => (*name).to_owned(),
            Value::Enum(name) => format!("{name} | int"),
        }
    }

    fn written(&self) -> String {
        match self {
            Value::Record(name) => format!("{name} | Mapping[str, Any] | int"),
            _ => self.read(),
        }
    }
}

/// `input, 8 bits [7:0], signed`.
fn describe(port: &Port) -> String {
    let range = |range: &Range| format!("[{}:{}]", range.left, range.right);
    let ranges = |all: &[Range]| all.iter().map(range).collect::<String>();
    let direction = match port.direction {
        Direction::In => "input",
        Direction::Out => "output",
        Direction::Inout => "inout, which can only be read",
        Direction::Probe => "signal",
    };
    let value = port.kind.plain().map_or_else(|| bits(port.width), |plain| plain.word.to_owned());
    let mut text = format!("`{}`: {direction}, {value}", plain(&port.name));
    if !port.packed.is_empty() {
        text += &format!(" {}", ranges(&port.packed));
    }
    if port.signed {
        text += ", signed";
    }
    if !port.unpacked.is_empty() {
        text += &format!(", array {}", ranges(&port.unpacked));
    }
    text
}
