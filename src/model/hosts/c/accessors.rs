//! The typed functions of every port: declaration, definition and exported names.
//! It does not know the tables; a function reaches the member of the Verilated class directly.

use super::names;
use super::text::comment_text;
use crate::model::interface::{Direction, Interface, Kind, Port, Range};

/// The functions of one port.
pub struct Accessor {
    /// For the header, with a comment.
    pub declaration: String,
    /// For the source.
    pub definition: String,
    /// Exported names.
    pub functions: Vec<String>,
}

/// The functions of all ports of a model whose functions begin with `symbol`.
pub fn of(interface: &Interface, symbol: &str) -> Vec<Accessor> {
    let names = names::of_ports(interface);
    let ports = interface.ports.iter().chain(&interface.probes).zip(&names).enumerate();
    ports.map(|(index, (port, name))| Form::of(port, index).accessor(symbol, name)).collect()
}

/// How a port is passed in C.
struct Form<'p> {
    port: &'p Port,
    index: usize,
    /// `, uint32_t element` for arrays.
    element: &'static str,
    /// The storage of the element that is meant.
    place: String,
}

impl Form<'_> {
    fn of(port: &Port, index: usize) -> Form<'_> {
        let array = !port.unpacked.is_empty();
        let stride =
            if is_wide(port) { format!(" + element * {}", port.words) } else { " + element".to_owned() };
        let offset = if array { stride.as_str() } else { "" };
        let place = match array || is_wide(port) || port.direction == Direction::Probe {
            true => format!("at<{}>(model, {index}){offset}", stored_type(port)),
            false => format!("&top_of(model).{}", port.cname),
        };
        Form { port, index, element: if array { ", uint32_t element" } else { "" }, place }
    }

    fn accessor(&self, symbol: &str, name: &str) -> Accessor {
        let getter = format!("{symbol}_get_{name}");
        let setter = format!("{symbol}_set_{name}");
        let mut signatures = vec![(self.get_signature(&getter), self.get_body())];
        let mut functions = vec![getter];
        if self.port.direction == Direction::In {
            signatures.insert(0, (self.set_signature(&setter), self.set_body()));
            functions.insert(0, setter);
        }
        let declared =
            signatures.iter().map(|(signature, _)| format!("FUDSV_API {signature} FUDSV_NOEXCEPT;\n"));
        let defined = signatures.iter().map(|(signature, body)| {
            format!("{signature} FUDSV_NOEXCEPT {{\n    using namespace fudsv_wrapper;\n{body}}}\n\n")
        });
        Accessor {
            declaration: format!("/** {} */\n{}", describe(self.port), declared.collect::<String>()),
            definition: defined.collect(),
            functions,
        }
    }

    fn set_signature(&self, function: &str) -> String {
        let (port, element) = (self.port, self.element);
        match port.kind {
            Kind::Bits if is_wide(port) => {
                format!(
                    "int32_t {function}(fudsv_model* model{element}, const uint32_t words[{}])",
                    port.words
                )
            }
            Kind::String => format!("int32_t {function}(fudsv_model* model{element}, const char* value)"),
            _ => format!("int32_t {function}(fudsv_model* model{element}, {} value)", value_type(port)),
        }
    }

    fn get_signature(&self, function: &str) -> String {
        let (port, element) = (self.port, self.element);
        match port.kind {
            Kind::Bits if is_wide(port) => {
                format!("void {function}(const fudsv_model* model{element}, uint32_t words[{}])", port.words)
            }
            _ => format!("{} {function}(const fudsv_model* model{element})", value_type(port)),
        }
    }

    fn set_body(&self) -> String {
        let (port, place) = (self.port, &self.place);
        let element = if port.unpacked.is_empty() { "0" } else { "element" };
        let Port { width, words, signed, .. } = port;
        let (fits, set) = match port.kind {
            Kind::Bits if is_wide(port) => (
                format!("fudsv::words_fit(words, {words}, {width}, {signed})"),
                format!("fudsv::write_words({place}, words, {width})"),
            ),
            Kind::Bits => {
                let bits = format!("fudsv::masked<{width}>(static_cast<{}>(value))", stored_type(port));
                (format!("fudsv::fits<{width}>(value)"), format!("*({place}) = {bits}"))
            }
            Kind::String => {
                return format!("    return api().set_string(model, {}, {element}, value);\n", self.index);
            }
            _ => (String::new(), format!("*({place}) = value")),
        };
        let fits = if fits.is_empty() { fits } else { format!("    if (!{fits}) return FUDSV_EWIDTH;\n") };
        format!("{}{fits}    {set};\n    return FUDSV_OK;\n", self.guard("return FUDSV_ENOPORT"))
    }

    fn get_body(&self) -> String {
        let (port, place) = (self.port, &self.place);
        let (missing, get) = match port.kind {
            Kind::Bits if is_wide(port) => {
                let call = format!("fudsv::read_words(words, {place}, {}, {})", port.width, port.signed);
                (format!("return void(std::memset(words, 0, {}))", port.words * 4), call)
            }
            Kind::Bits if port.signed => {
                let value = format!("fudsv::extended<{}, {}>(*({place}))", value_type(port), port.width);
                ("return 0".to_owned(), format!("return {value}"))
            }
            Kind::Bits => {
                ("return 0".to_owned(), format!("return fudsv::masked<{}>(*({place}))", port.width))
            }
            Kind::String => ("return \"\"".to_owned(), format!("return ({place})->c_str()")),
            _ => ("return 0".to_owned(), format!("return *({place})")),
        };
        format!("{}    {get};\n", self.guard(&missing))
    }

    /// Refuses elements that do not exist.
    fn guard(&self, otherwise: &str) -> String {
        if self.port.unpacked.is_empty() {
            return String::new();
        }
        format!("    if (element >= {}) {otherwise};\n", self.port.elements)
    }
}

fn is_wide(port: &Port) -> bool {
    port.width > 64
}

/// The type of one element in the Verilated class.
fn stored_type(port: &Port) -> &'static str {
    match (port.kind.plain(), port.storage) {
        (Some(plain), _) => plain.stored,
        _ if is_wide(port) => "EData",
        (_, 1) => "CData",
        (_, 2) => "SData",
        (_, 4) => "IData",
        _ => "QData",
    }
}

/// The type of a value in C: 32 or 64 bits. A function that returns fewer leaves the rest of the register as it was,
/// and a caller that knows no types, as Python's ctypes, reads all of an `int`.
fn value_type(port: &Port) -> &'static str {
    match (port.kind.plain(), port.signed, port.storage) {
        (Some(plain), ..) => plain.in_c,
        (_, true, 8) => "int64_t",
        (_, false, 8) => "uint64_t",
        (_, true, _) => "int32_t",
        (_, false, _) => "uint32_t",
    }
}

/// `input, 8 bits [7:0], signed`.
pub fn describe(port: &Port) -> String {
    let range = |range: &Range| format!("[{}:{}]", range.left, range.right);
    let ranges = |all: &[Range]| all.iter().map(range).collect::<String>();
    let direction = match port.direction {
        Direction::In => "Input",
        Direction::Out => "Output",
        Direction::Inout => "Inout (read only)",
        Direction::Probe => "Signal",
    };
    let mut text = format!("{direction} `{}`: ", comment_text(&port.name));
    match port.kind.plain() {
        None => text.push_str(&format!("{} bit{}", port.width, if port.width == 1 { "" } else { "s" })),
        Some(plain) => text.push_str(plain.word),
    }
    if port.kind == Kind::String {
        text.push_str("; valid until the model is evaluated or freed");
    }
    if !port.packed.is_empty() {
        text.push_str(&format!(" {}", ranges(&port.packed)));
    }
    if port.signed {
        text.push_str(", signed");
    }
    if !port.unpacked.is_empty() {
        text.push_str(&format!(", array {}", ranges(&port.unpacked)));
    }
    text
}
