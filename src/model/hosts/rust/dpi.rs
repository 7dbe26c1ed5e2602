//! The functions that a design imports, as methods of a trait, and the code between them and C.
//! It does not know ports.

use super::names::{Names, plain, scope, written};
use super::value::{Value, bits_type, integer};
use crate::model::dpi::{Argument, Function, Kind, Value as Passed};
use crate::model::interface::Direction;
use crate::model::manifest::Manifest;

/// What the frame of the functions is filled with.
pub struct Functions {
    /// The methods of the trait.
    pub methods: String,
    /// The calls that bind them.
    pub bindings: String,
    /// The functions that the design calls.
    pub functions: String,
}

/// The functions that a design imports.
pub fn functions(manifest: &Manifest, names: &Names) -> Functions {
    let mut taken = scope("");
    let mut all = Functions { methods: String::new(), bindings: String::new(), functions: String::new() };
    for (index, function) in manifest.dpi.imports.iter().enumerate() {
        let name = taken.free(&function.name);
        let callee = Callee { manifest, names, function, name: &name };
        all.methods += &callee.method();
        all.functions += &callee.function();
        all.bindings += &format!("    running.bind({index}, call_{name} as *const (), user)?;\n");
    }
    all
}

/// Words of the widest value of a function.
pub fn widest(manifest: &Manifest) -> u32 {
    let functions = manifest.dpi.imports.iter().chain(&manifest.dpi.exports);
    let values = functions.flat_map(|function| function.arguments.iter().map(|argument| &argument.value));
    values.map(words).max().unwrap_or_default()
}

pub(super) fn words(value: &Passed) -> u32 {
    value.width.div_ceil(32).max(1)
}

/// A function with the words of the crate.
pub(super) struct Callee<'m> {
    pub manifest: &'m Manifest,
    pub names: &'m Names,
    pub function: &'m Function,
    pub name: &'m str,
}

impl Callee<'_> {
    /// The method of the trait.
    fn method(&self) -> String {
        let mut taken = scope("");
        let arguments = self.function.arguments.iter().map(|argument| {
            let name = taken.free(&argument.name);
            format!(", {}: {}", written(&name), self.rust_type(argument))
        });
        let arguments: String = arguments.collect();
        format!(
            "    /// `{}`\n    fn {}(&mut self{arguments}){} {{\n        missing()\n    }}\n",
            plain(&self.function.prototype),
            written(self.name),
            self.result_type()
        )
    }

    /// The function that the design calls.
    fn function(&self) -> String {
        let arguments = || self.function.arguments.iter().enumerate();
        let given: String =
            arguments().map(|(at, argument)| format!(", p{at}: {}", self.c_type(argument))).collect();
        let begin: String = arguments().map(|(at, argument)| self.begin(at, argument)).collect();
        let passed: Vec<String> = arguments().map(|(at, argument)| passed(at, argument)).collect();
        let end: String = arguments().map(|(at, argument)| self.end(at, argument)).collect();
        let (c_result, nothing, to_c) = self.result();
        format!(
            "unsafe extern \"C\" fn call_{}(user: *mut c_void{given}){c_result} {{\n    \
             // SAFETY: the design passes what the prototype says, and the host that was kept.\n    unsafe {{\n        \
             call(user, {:?}, {nothing}, |host: &mut Host, texts| {{\n{begin}            \
             let result = host.{}({});\n{end}            {to_c}\n        }})\n    }}\n}}\n\n",
            self.name,
            self.function.name,
            written(self.name),
            passed.join(", ")
        )
    }

    /// A value of bits in Rust.
    fn bits(&self, value: &Passed) -> Value {
        Value::new(self.manifest, self.names, value.width.max(1), value.signed, None)
    }

    /// One element: its type in Rust.
    pub(super) fn element(&self, value: &Passed) -> String {
        match value.kind {
            Kind::Void => "()".to_owned(),
            Kind::Integer => int(value),
            Kind::Bit | Kind::Logic => "bool".to_owned(),
            Kind::BitVector | Kind::LogicVector => self.bits(value).taken(),
            Kind::Real => real(value).to_owned(),
            Kind::String => "String".to_owned(),
            Kind::Chandle | Kind::OpenArray => "*mut c_void".to_owned(),
        }
    }

    pub(super) fn rust_type(&self, argument: &Argument) -> String {
        let Argument { value, direction, .. } = argument;
        let is_input = *direction == Direction::In;
        match (value.kind, value.elements) {
            (Kind::OpenArray, _) => "*mut c_void".to_owned(),
            (Kind::String, 1) if is_input => "&str".to_owned(),
            (_, 1) if is_input => self.element(value),
            (_, 1) => format!("&mut {}", self.element(value)),
            (_, elements) => {
                format!("&{}[{}; {elements}]", if is_input { "" } else { "mut " }, raw(value))
            }
        }
    }

    pub(super) fn result_type(&self) -> String {
        match self.function.result.kind {
            Kind::Void => String::new(),
            _ => format!(" -> {}", self.element(&self.function.result)),
        }
    }

    pub(super) fn c_type(&self, argument: &Argument) -> String {
        let Argument { value, direction, .. } = argument;
        let by_value = value.elements == 1 && *direction == Direction::In;
        match value.kind {
            Kind::OpenArray => "*mut c_void".to_owned(),
            Kind::BitVector | Kind::LogicVector if by_value => format!("*const {}", word(value)),
            _ if by_value => raw(value),
            Kind::BitVector | Kind::LogicVector if value.elements == 1 => format!("*mut {}", word(value)),
            _ => format!("*mut {}", raw(value)),
        }
    }

    /// The lines that make `v0` of `p0`.
    fn begin(&self, at: usize, argument: &Argument) -> String {
        let Argument { value, direction, .. } = argument;
        let initial = match (value.kind, value.elements, direction) {
            (Kind::OpenArray, ..) => format!("p{at}"),
            (_, 1, Direction::In) => self.of_c(value, &format!("p{at}"), &format!("p{at}")),
            (_, 1, Direction::Inout) => self.of_c(value, &format!("*p{at}"), &format!("p{at}")),
            (Kind::String, 1, Direction::Out) => "String::new()".to_owned(),
            (Kind::Chandle, 1, Direction::Out) => "ptr::null_mut()".to_owned(),
            (Kind::Bit | Kind::Logic, 1, Direction::Out) => "false".to_owned(),
            (_, 1, Direction::Out) => format!("{}::default()", angled(&self.element(value))),
            (_, elements, Direction::Out) => format!("[{}; {elements}]", zero(value)),
            (_, elements, _) => format!("p{at}.cast::<[{}; {elements}]>().read()", raw(value)),
        };
        format!("            let mut v{at} = {initial};\n")
    }

    /// The line that writes `v0` to where `p0` points.
    fn end(&self, at: usize, argument: &Argument) -> String {
        let Argument { value, direction, .. } = argument;
        let name = format!("v{at}");
        let line = match (value.kind, value.elements) {
            _ if *direction == Direction::In => return String::new(),
            (Kind::OpenArray, _) => return String::new(),
            (Kind::BitVector, 1) => format!("callee::set_bits(p{at}, {})", self.words_of(value, &name)),
            (Kind::LogicVector, 1) => format!("callee::set_logic(p{at}, {})", self.words_of(value, &name)),
            (_, 1) => format!("p{at}.write({})", self.to_c(value, &name)),
            (_, elements) => format!("p{at}.cast::<[{}; {elements}]>().write({name})", raw(value)),
        };
        format!("            {line};\n")
    }

    /// A Rust value from a passed one, or for vectors from a pointer to it.
    pub(super) fn of_c(&self, value: &Passed, passed: &str, pointer: &str) -> String {
        match value.kind {
            Kind::Bit => format!("{passed} & 1 != 0"),
            Kind::Logic => format!("{passed} == 1"),
            Kind::String => format!("callee::text({passed}).into_owned()"),
            Kind::BitVector | Kind::LogicVector => {
                let function = if value.kind == Kind::BitVector { "bits" } else { "logic" };
                let read = format!("callee::{function}::<{}>({pointer})", words(value));
                self.of_words(value, &read)
            }
            _ => passed.to_owned(),
        }
    }

    fn of_words(&self, value: &Passed, read: &str) -> String {
        let bits = match integer(value.width) {
            None => format!("Bits::<{}>::from_words(&{read})", value.width),
            Some(_) => {
                let number = format!("value::low_bits(callee::number({read}), {})", value.width);
                format!("({number} as {})", bits_type(value.width))
            }
        };
        self.bits(value).of_bits(&bits)
    }

    pub(super) fn words_of(&self, value: &Passed, name: &str) -> String {
        let bits = self.bits(value).bits_of(name);
        match integer(value.width) {
            None => format!("callee::words::<{}>(({bits}).words())", words(value)),
            Some(_) => format!("callee::words::<{}>(&value::words_of(({bits}) as u128))", words(value)),
        }
    }

    /// The argument for a Rust value that is not a vector.
    pub(super) fn to_c(&self, value: &Passed, name: &str) -> String {
        match value.kind {
            Kind::Bit | Kind::Logic => format!("u8::from({name})"),
            Kind::String => format!("callee::lend(texts, {name})"),
            _ => name.to_owned(),
        }
    }

    /// The result in C, the value if there is no result, and the expression of `result`.
    fn result(&self) -> (String, String, String) {
        let value = &self.function.result;
        let (c_type, nothing, to_c) = match value.kind {
            Kind::Void if value.c_type == "void" => return (String::new(), "()".into(), "result".into()),
            // A task.
            Kind::Void => ("i32".to_owned(), "0".to_owned(), "0".to_owned()),
            Kind::BitVector => {
                ("u32".to_owned(), "0".to_owned(), format!("{}[0]", self.words_of(value, "result")))
            }
            _ => (raw(value), zero(value), self.to_c(value, "result")),
        };
        (format!(" -> {c_type}"), nothing, to_c)
    }
}

/// How the method gets `v0`.
fn passed(at: usize, argument: &Argument) -> String {
    let Argument { value, direction, .. } = argument;
    match (value.kind, value.elements, direction) {
        (Kind::OpenArray, ..) => format!("v{at}"),
        (Kind::String, 1, Direction::In) => format!("&v{at}"),
        (_, 1, Direction::In) => format!("v{at}"),
        (_, _, Direction::In) => format!("&v{at}"),
        _ => format!("&mut v{at}"),
    }
}

fn int(value: &Passed) -> String {
    format!("{}{}", if value.signed { 'i' } else { 'u' }, integer(value.width).unwrap_or(64))
}

fn real(value: &Passed) -> &'static str {
    if value.c_type.contains("float") { "f32" } else { "f64" }
}

/// What a vector is made of.
fn word(value: &Passed) -> &'static str {
    if value.kind == Kind::LogicVector { "LogicWord" } else { "u32" }
}

/// One element as C has it.
pub(super) fn raw(value: &Passed) -> String {
    match value.kind {
        Kind::Void => "()".to_owned(),
        Kind::Integer => int(value),
        Kind::Bit | Kind::Logic => "u8".to_owned(),
        Kind::BitVector | Kind::LogicVector => format!("[{}; {}]", word(value), words(value)),
        Kind::Real => real(value).to_owned(),
        Kind::String => "*const c_char".to_owned(),
        Kind::Chandle | Kind::OpenArray => "*mut c_void".to_owned(),
    }
}

/// The element of which nothing is known.
pub(super) fn zero(value: &Passed) -> String {
    match value.kind {
        Kind::Real => "0.0".to_owned(),
        Kind::String => "ptr::null()".to_owned(),
        Kind::Chandle | Kind::OpenArray => "ptr::null_mut()".to_owned(),
        Kind::BitVector => format!("[0; {}]", words(value)),
        Kind::LogicVector => format!("[LogicWord {{ value: 0, unknown: 0 }}; {}]", words(value)),
        _ => "0".to_owned(),
    }
}

/// A type before `::`.
fn angled(of: &str) -> String {
    of.replace('<', "::<")
}
