//! The methods of every port in C++, over its typed functions in C.
//! It does not know how the functions are implemented.

use super::names::Names;
use super::value::{Value, bits, integer};
use crate::model::hosts::c::accessors::describe;
use crate::model::hosts::c::names::of_ports;
use crate::model::interface::{Direction, Interface, Kind, Port};

/// The methods of all ports; C functions begin with `symbol`.
pub fn methods(interface: &Interface, names: &Names, symbol: &str) -> String {
    let functions = of_ports(interface);
    let ports = interface.ports.iter().chain(&interface.probes).zip(&names.ports).zip(&functions);
    let text = |((port, name), function): ((&Port, &String), &String)| {
        let value = (port.kind == Kind::Bits)
            .then(|| Value::new(interface, names, port.width, port.signed, port.type_index));
        let get = format!("{symbol}_get_{function}");
        let set = format!("{symbol}_set_{function}");
        Methods { port, name, get, set, value }.text()
    };
    ports.map(text).collect::<Vec<_>>().join("\n")
}

struct Methods<'p> {
    port: &'p Port,
    name: &'p str,
    get: String,
    set: String,
    /// `None` for types without bits.
    value: Option<Value>,
}

impl Methods<'_> {
    fn text(&self) -> String {
        let about = format!("    /// {}\n", describe(self.port));
        let settable = self.port.direction == Direction::In;
        let (read, write) = if self.port.unpacked.is_empty() {
            (self.getter(self.name, ""), self.setter(&format!("set_{}", self.name), ""))
        } else {
            (self.array_getters(), self.array_setters())
        };
        let write = if settable { write } else { String::new() };
        format!("{about}{read}{write}")
    }

    /// The type of one element.
    fn element(&self) -> String {
        let plain = self.port.kind.plain().map_or("", |plain| plain.stored);
        self.value.as_ref().map_or_else(|| plain.to_owned(), Value::name)
    }

    /// Its type as an argument.
    fn argument(&self) -> String {
        let small = self.value.as_ref().map_or(self.port.kind != Kind::String, Value::is_small);
        let element = self.element();
        if self.value.as_ref().is_some_and(Value::is_integer) {
            return format!("fudsv::Number<{}, {element}>", self.port.width);
        }
        if small { element } else { format!("const {element}&") }
    }

    /// Reads an element; `indices` are arguments like `size_t i, size_t j`.
    fn getter(&self, method: &str, indices: &str) -> String {
        let (place, width) = (self.place(), self.port.width);
        let call = format!("{}(handle(){place})", self.get);
        let body = match &self.value {
            None => format!("return {call};"),
            Some(value) if width > 64 => format!(
                "{0}::Words words{{}}; {1}(handle(){place}, words.data()); return {2};",
                bits(width),
                self.get,
                value.of_bits(&format!("{}(words)", bits(width)))
            ),
            Some(value) => format!("return {};", value.of_integer(&call)),
        };
        format!("    {} {method}({indices}) const {{ {body} }}\n", self.element())
    }

    fn setter(&self, method: &str, indices: &str) -> String {
        let (place, port) = (self.place(), self.port);
        let body = match &self.value {
            None if port.kind == Kind::String => {
                format!("accept({}(handle(){place}, value.c_str()));", self.set)
            }
            None => format!("accept({}(handle(){place}, value));", self.set),
            Some(value) if port.width > 64 => {
                format!("accept({}(handle(){place}, {}.words().data()));", self.set, value.bits_of("value"))
            }
            Some(value) => {
                let integer = integer(port.width.max(32), port.signed);
                let number = if value.is_integer() { "value.checked()" } else { "value" };
                format!("accept({}(handle(){place}, {}));", self.set, value.integer_of(number, &integer))
            }
        };
        let comma = if indices.is_empty() { "" } else { ", " };
        format!("    void {method}({indices}{comma}{} value) {{ {body} }}\n", self.argument())
    }

    /// The element as an argument of the function in C.
    fn place(&self) -> String {
        let sizes = self.port.unpacked.iter().map(|range| range.len());
        let number = sizes.zip(indices(self.port)).fold(String::new(), |number, (size, index)| {
            if number.is_empty() { index } else { format!("({number}) * {size} + {index}") }
        });
        if number.is_empty() { number } else { format!(", static_cast<uint32_t>({number})") }
    }

    fn array(&self) -> String {
        let sizes = self.port.unpacked.iter().rev();
        sizes.fold(self.element(), |inner, range| format!("std::array<{inner}, {}>", range.len()))
    }

    /// Loops over all elements around a statement.
    fn each(&self, statement: &str) -> String {
        let loops =
            self.port.unpacked.iter().zip(indices(self.port)).map(|(range, index)| {
                format!("for (size_t {index} = 0; {index} < {}; ++{index}) ", range.len())
            });
        format!("        {}{statement}\n", loops.collect::<String>())
    }

    fn array_getters(&self) -> String {
        let (name, array) = (self.name, self.array());
        let (arguments, given, subscripts) = self.indices();
        let one = format!("all{subscripts} = {name}_at({given});");
        format!(
            "    {array} {name}() const {{\n        {array} all{{}};\n{}        return all;\n    }}\n    \
             /// One element, which must exist.\n{}",
            self.each(&one),
            self.getter(&format!("{name}_at"), &arguments)
        )
    }

    fn array_setters(&self) -> String {
        let name = self.name;
        let (arguments, given, subscripts) = self.indices();
        let one = format!("set_{name}_at({given}, all{subscripts});");
        format!(
            "    void set_{name}(const {}& all) {{\n{}    }}\n    /// One element, which must exist.\n{}",
            self.array(),
            self.each(&one),
            self.setter(&format!("set_{name}_at"), &arguments)
        )
    }

    /// `size_t i, size_t j`; `i, j`; `[i][j]`.
    fn indices(&self) -> (String, String, String) {
        let all = indices(self.port);
        let arguments: Vec<String> = all.iter().map(|index| format!("size_t {index}")).collect();
        (arguments.join(", "), all.join(", "), all.iter().map(|index| format!("[{index}]")).collect())
    }
}

/// A variable for each dimension.
fn indices(port: &Port) -> Vec<String> {
    (0..port.unpacked.len()).map(|n| format!("i{n}")).collect()
}
