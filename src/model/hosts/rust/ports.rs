//! The methods of every port, and the table of ports.
//! It does not know how bits become values.

use super::names::{Names, plain, written};
use super::value::{Value, bits_type, integer, masked};
use crate::model::interface::{Direction, Kind, Plain, Port, Range, Role};
use crate::model::manifest::Manifest;

/// Arrays of more elements are only reached one by one: they would not fit a stack.
const LARGEST_ARRAY: u32 = 1 << 16;

/// The table of ports.
pub fn table(ports: &[Port]) -> String {
    let role = |role| match role {
        None => "None",
        Some(Role::Clock) => "Some(Role::Clock)",
        Some(Role::ResetHigh) => "Some(Role::ResetHigh)",
        Some(Role::ResetLow) => "Some(Role::ResetLow)",
    };
    let kind = |kind: Kind| kind.plain().map_or("Bits", |plain| plain.rust_kind);
    let line = |port: &Port| {
        let Port { name, direction, width, signed, elements, .. } = port;
        format!(
            "    Port {{ name: {name:?}, direction: Direction::{direction:?}, kind: PortKind::{}, width: {width}, \
             signed: {signed}, elements: {elements}, role: {} }},\n",
            kind(port.kind),
            role(port.role)
        )
    };
    ports.iter().map(line).collect()
}

/// The methods of all ports, and of signals inside.
pub fn accessors(manifest: &Manifest, names: &Names) -> String {
    let ports = manifest.ports.iter().chain(&manifest.probes).zip(&names.ports).enumerate();
    let methods = ports.map(|(index, (port, name))| {
        let bits = || Value::new(manifest, names, port.width.max(1), port.signed, port.type_index);
        let element = port.kind.plain().map_or_else(|| Element::Bits(bits()), Element::Plain);
        let accessor = Accessor { port, index, name, element };
        if port.unpacked.is_empty() { accessor.single() } else { accessor.array() }
    });
    methods.collect::<Vec<_>>().join("\n")
}

/// What an element is.
enum Element {
    Bits(Value),
    Plain(&'static Plain),
}

struct Accessor<'p> {
    port: &'p Port,
    index: usize,
    name: &'p str,
    element: Element,
}

impl Accessor<'_> {
    /// The methods of a port without elements.
    fn single(&self) -> String {
        let (about, get) = (self.about(), written(self.name));
        let read = format!(
            "    /// {about}\n    pub fn {get}(&self) -> {} {{\n        {}\n    }}\n",
            self.given(),
            self.read("0")
        );
        if self.port.direction != Direction::In {
            return read;
        }
        let (result, end) = self.outcome();
        format!(
            "{read}\n    /// Sets `{}`.{}\n    pub fn set_{}(&mut self, value: {}){result} {{\n{}        {}{end}\n    }}\n",
            plain(&self.port.name),
            self.errors(),
            self.name,
            self.taken(),
            self.check("value"),
            self.write("0", "value")
        )
    }

    /// The methods of an array: of one element, and of all.
    fn array(&self) -> String {
        let mut methods = vec![self.read_at()];
        if self.port.direction == Direction::In {
            methods.push(self.write_at());
        }
        if self.port.elements <= LARGEST_ARRAY {
            methods.insert(0, self.read_all());
            if self.port.direction == Direction::In {
                methods.insert(1, self.write_all());
            }
        }
        methods.join("\n")
    }

    fn read_at(&self) -> String {
        let (name, original) = (self.name, plain(&self.port.name));
        let (index, element) = self.element_at();
        let read = self.read("element");
        let (given, value) = match &self.element {
            Element::Bits(value) if value.may_fail() => (value.taken(), read),
            _ => (self.given(), format!("Ok({read})")),
        };
        format!(
            "    /// One element of `{original}`.\n    ///\n    /// # Errors\n    /// There is no such element{}.\n    \
             pub fn {name}_at(&self, index: {index}) -> Result<{given}, Error> {{\n        \
             let element = {element}?;\n        {value}\n    }}\n",
            if self.may_fail() { ", or it has no name in the enum" } else { "" }
        )
    }

    fn write_at(&self) -> String {
        let (name, original) = (self.name, plain(&self.port.name));
        let (index, element) = self.element_at();
        let write = match self.is_text() {
            true => self.write("element", "value"),
            false => format!("{};\n        Ok(())", self.write("element", "value")),
        };
        format!(
            "    /// Sets one element of `{original}`.\n    ///\n    /// # Errors\n    /// There is no such element.\n    \
             pub fn set_{name}_at(&mut self, index: {index}, value: {}) -> Result<(), Error> {{\n        \
             let element = {element}?;\n{}        {write}\n    }}\n",
            self.taken(),
            self.check("value")
        )
    }

    /// The type of an index, and the number of the element that it means.
    fn element_at(&self) -> (String, String) {
        let sizes: Vec<String> = self.sizes().iter().map(u32::to_string).collect();
        let (index, value) = match sizes.len() {
            1 => ("usize".to_owned(), "[index]"),
            dimensions => (format!("[usize; {dimensions}]"), "index"),
        };
        (index, format!("value::element({:?}, [{}], {value})", self.port.name, sizes.join(", ")))
    }

    fn read_all(&self) -> String {
        let (sizes, get) = (self.sizes(), written(self.name));
        let variables: Vec<String> = (0..sizes.len()).map(|level| format!("i{level}")).collect();
        let mut all = self.read(&number(&sizes, &variables));
        let mut given = self.given();
        for (size, variable) in sizes.iter().zip(&variables).rev() {
            all = format!("std::array::from_fn(|{variable}| {all})");
            given = format!("[{given}; {size}]");
        }
        let about = self.about();
        format!("    /// {about}\n    pub fn {get}(&self) -> {given} {{\n        {all}\n    }}\n")
    }

    fn write_all(&self) -> String {
        let sizes = self.sizes();
        let variables: Vec<String> = (0..sizes.len()).map(|level| format!("i{level}")).collect();
        let mut taken = self.taken();
        let (mut open, mut from) = (String::new(), "values".to_owned());
        for (level, variable) in variables.iter().enumerate() {
            open += &format!("for ({variable}, v{level}) in {from}.into_iter().enumerate() {{ ");
            from = format!("v{level}");
        }
        for size in sizes.iter().rev() {
            taken = format!("[{taken}; {size}]");
        }
        let (result, _) = self.outcome();
        let hand = if self.is_text() { "?;" } else { ";" };
        let end = if result.is_empty() { "" } else { "\n        Ok(())" };
        let close = " }".repeat(sizes.len());
        // All are looked at before one is set.
        let check = self.check(&from);
        let above =
            |level: usize| level.checked_sub(1).map_or("values".to_owned(), |above| format!("v{above}"));
        let look: String =
            (0..sizes.len()).map(|level| format!("for v{level} in {} {{ ", above(level))).collect();
        let check =
            if check.is_empty() { check } else { format!("        {look}\n{check}        {close}\n") };
        format!(
            "    /// Sets all elements of `{}`.{}\n    pub fn set_{}(&mut self, values: {taken}){result} {{\n{check}        \
             {open}{}{hand}{close}{end}\n    }}\n",
            plain(&self.port.name),
            self.errors(),
            self.name,
            self.write(&number(&sizes, &variables), &from),
        )
    }

    fn sizes(&self) -> Vec<u32> {
        self.port.unpacked.iter().map(|range| range.len()).collect()
    }

    fn is_text(&self) -> bool {
        self.port.kind == Kind::String
    }

    fn may_fail(&self) -> bool {
        matches!(&self.element, Element::Bits(value) if value.may_fail())
    }

    fn given(&self) -> String {
        match &self.element {
            Element::Bits(value) => value.given(),
            Element::Plain(plain) => plain.rust_given.to_owned(),
        }
    }

    fn taken(&self) -> String {
        match &self.element {
            Element::Bits(value) => value.taken(),
            Element::Plain(plain) => plain.rust_taken.to_owned(),
        }
    }

    /// The lines that refuse a value with more bits than the port.
    fn check(&self, value: &str) -> String {
        match &self.element {
            Element::Bits(of) => of.check(value, &format!("port `{}`", self.port.name)),
            Element::Plain(_) => String::new(),
        }
    }

    /// What a setter returns, and what ends its body.
    fn outcome(&self) -> (&'static str, &'static str) {
        match &self.element {
            Element::Plain(_) if self.is_text() => (" -> Result<(), Error>", ""),
            Element::Bits(of) if of.is_beyond("").is_some() => (" -> Result<(), Error>", ";\n        Ok(())"),
            Element::Bits(_) | Element::Plain(_) => ("", ";"),
        }
    }

    fn errors(&self) -> &'static str {
        match &self.element {
            Element::Plain(_) if self.is_text() => {
                "\n    ///\n    /// # Errors\n    /// The text holds a zero byte."
            }
            Element::Bits(of) if of.is_beyond("").is_some() => {
                "\n    ///\n    /// # Errors\n    /// The value has more bits than the port."
            }
            Element::Bits(_) | Element::Plain(_) => "",
        }
    }

    /// The value of an element.
    fn read(&self, element: &str) -> String {
        let (index, Port { width, words, .. }) = (self.index, self.port);
        match &self.element {
            Element::Plain(_) if self.is_text() => format!("self.core.load_text({index}, {element})"),
            Element::Plain(plain) => format!("self.core.load::<{}>({index}, {element})", plain.rust_given),
            Element::Bits(value) => value.of_bits(&match integer(*width) {
                None => format!("self.core.load_bits::<{words}, {width}>({index}, {element})"),
                Some(128) => masked(&format!("self.core.load_u128::<{words}>({index}, {element})"), *width),
                Some(_) => {
                    masked(&format!("self.core.load::<{}>({index}, {element})", bits_type(*width)), *width)
                }
            }),
        }
    }

    /// Sets an element.
    fn write(&self, element: &str, value: &str) -> String {
        let (index, Port { width, words, .. }) = (self.index, self.port);
        match &self.element {
            Element::Plain(_) if self.is_text() => {
                format!("self.core.store_text({index}, {element}, {value})")
            }
            Element::Plain(plain) => {
                format!("self.core.store::<{}>({index}, {element}, {value})", plain.rust_taken)
            }
            Element::Bits(of) => {
                let bits = of.bits_of(value);
                match integer(*width) {
                    None => format!("self.core.store_bits::<{words}, {width}>({index}, {element}, {bits})"),
                    Some(128) => format!("self.core.store_u128::<{words}>({index}, {element}, {bits})"),
                    Some(_) => {
                        format!("self.core.store::<{}>({index}, {element}, {bits})", bits_type(*width))
                    }
                }
            }
        }
    }

    /// One line: ``Input `en`: 1 bit.``
    fn about(&self) -> String {
        let ranges = |ranges: &[Range]| {
            ranges.iter().map(|range| format!("[{}:{}]", range.left, range.right)).collect::<String>()
        };
        let port = self.port;
        let direction = match port.direction {
            Direction::In => "Input",
            Direction::Out => "Output",
            Direction::Inout => "Inout, which can only be read,",
            Direction::Probe => "Signal inside",
        };
        let mut text = format!("{direction} `{}`: ", plain(&port.name));
        text += &match port.kind.plain() {
            Some(plain) => plain.word.to_owned(),
            None => format!("{} bit{}", port.width, if port.width == 1 { "" } else { "s" }),
        };
        if !port.packed.is_empty() {
            text += &format!(" `{}`", ranges(&port.packed));
        }
        if port.signed {
            text += ", signed";
        }
        if !port.unpacked.is_empty() {
            text += &format!(", array `{}`", ranges(&port.unpacked));
        }
        let role = match port.role {
            None => "",
            Some(Role::Clock) => "; a clock",
            Some(Role::ResetHigh) => "; a reset that holds while it is 1",
            Some(Role::ResetLow) => "; a reset that holds while it is 0",
        };
        text + role + "."
    }
}

/// The number of an element by its indices, the last one fastest.
fn number(sizes: &[u32], variables: &[String]) -> String {
    let mut number = String::new();
    for (size, variable) in sizes.iter().zip(variables) {
        number =
            if number.is_empty() { variable.clone() } else { format!("({number}) * {size} + {variable}") };
    }
    number
}
