//! The functions that a design exports, as methods that call them.
//! It does not know ports, or what the functions do.

use super::dpi::{Callee, raw, words, zero};
use super::names::{Names, plain, scope, written};
use crate::model::dpi::{Argument, Function, Kind};
use crate::model::interface::Direction;
use crate::model::manifest::Manifest;

/// One method for each function, except functions that take open arrays, which a host cannot make.
pub fn methods(manifest: &Manifest, names: &Names) -> String {
    let mut taken = scope("");
    let mut methods = String::new();
    for (index, function) in manifest.dpi.exports.iter().enumerate() {
        if function.arguments.iter().any(|argument| argument.value.kind == Kind::OpenArray) {
            continue;
        }
        let name = taken.free(&function.name);
        methods += &method(&Callee { manifest, names, function, name: &name }, index);
    }
    methods
}

fn method(callee: &Callee<'_>, index: usize) -> String {
    let function = callee.function;
    let named = argument_names(function);
    let arguments = || function.arguments.iter().zip(&named).enumerate();
    let given = arguments().map(|(_, (argument, name))| format!(", {name}: {}", callee.rust_type(argument)));
    let types = arguments().map(|(_, (argument, _))| format!(", {}", callee.c_type(argument)));
    let begin = arguments().map(|(at, (argument, name))| begin(callee, at, argument, name));
    let passed = arguments().map(|(at, (argument, name))| format!(", {}", passed(at, argument, name)));
    let end = arguments().map(|(at, (argument, name))| end(callee, at, argument, name));
    let (result_type, declared, pointer, result) = result(callee);
    format!(
        "    /// `{}`\n    ///\n    /// # Errors\n    /// What the design complains about, and a design that ended before.\n    \
         pub fn {}(&mut self{}) -> Result<{result_type}, Error> {{\n        \
         type Called = unsafe extern \"C\" fn(*mut Instance{}{}) -> i32;\n{}{declared}        \
         // SAFETY: this is the type of the function, and what it points to lives during the call.\n        \
         self.running.export({index}, |function, instance| unsafe {{\n            \
         std::mem::transmute::<Function, Called>(function)(instance{}{pointer})\n        }})?;\n{}        {result}\n    }}\n\n",
        plain(&function.prototype),
        written(callee.name),
        given.collect::<String>(),
        types.collect::<String>(),
        result_c_type(function),
        begin.collect::<String>(),
        passed.collect::<String>(),
        end.collect::<String>(),
    )
}

/// The names of the arguments in Rust.
fn argument_names(function: &Function) -> Vec<String> {
    let mut taken = scope("function instance result");
    let name = |argument: &Argument| written(&taken.free(&argument.name));
    function.arguments.iter().map(name).collect()
}

/// How an argument is passed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PassingMode {
    /// As it is.
    Value,
    /// As `v0`, which is made of it.
    Made,
    /// The words `v0`.
    Words,
    /// The text `v0`.
    Text,
    /// The elements of the caller's array.
    Elements,
    /// The caller's variable.
    Variable,
    /// The variable `v0`, which is copied into the caller's.
    Copied,
}

fn way(argument: &Argument) -> PassingMode {
    let is_input = argument.direction == Direction::In;
    match (argument.value.kind, argument.value.elements) {
        (_, elements) if elements != 1 => PassingMode::Elements,
        (Kind::BitVector | Kind::LogicVector, _) => PassingMode::Words,
        (Kind::String, _) if is_input => PassingMode::Text,
        (Kind::Bit | Kind::Logic, _) if is_input => PassingMode::Made,
        (Kind::Bit | Kind::Logic | Kind::String, _) => PassingMode::Copied,
        _ if is_input => PassingMode::Value,
        _ => PassingMode::Variable,
    }
}

/// The line that makes `v0`.
fn begin(callee: &Callee<'_>, at: usize, argument: &Argument, name: &str) -> String {
    let Argument { value, direction, .. } = argument;
    let of_caller = if *direction == Direction::In { name.to_owned() } else { format!("(*{name})") };
    let line = match way(argument) {
        PassingMode::Value | PassingMode::Elements | PassingMode::Variable => return String::new(),
        PassingMode::Made => format!("let v{at} = {}", callee.to_c(value, name)),
        PassingMode::Text => format!("let v{at} = callee::c_text({name})?"),
        PassingMode::Words => {
            let words = callee.words_of(value, &of_caller);
            let logic = ".map(|value| LogicWord { value, unknown: 0 })";
            format!("let mut v{at} = {words}{}", if value.kind == Kind::LogicVector { logic } else { "" })
        }
        PassingMode::Copied if value.kind == Kind::String && *direction == Direction::Out => {
            format!("let mut v{at} = {}", zero(value))
        }
        PassingMode::Copied if value.kind == Kind::String => {
            format!("let t{at} = callee::c_text({name})?;\n        let mut v{at} = t{at}.as_ptr()")
        }
        PassingMode::Copied => format!("let mut v{at} = u8::from(*{name})"),
    };
    format!("        {line};\n")
}

/// What the function is called with.
fn passed(at: usize, argument: &Argument, name: &str) -> String {
    let is_input = argument.direction == Direction::In;
    match way(argument) {
        PassingMode::Value => name.to_owned(),
        PassingMode::Made => format!("v{at}"),
        PassingMode::Words if is_input => format!("v{at}.as_ptr()"),
        PassingMode::Words => format!("v{at}.as_mut_ptr()"),
        PassingMode::Text => format!("v{at}.as_ptr()"),
        PassingMode::Elements if is_input => format!("{name}.as_ptr().cast_mut()"),
        PassingMode::Elements => format!("{name}.as_mut_ptr()"),
        PassingMode::Variable => format!("&mut *{name}"),
        PassingMode::Copied => format!("&mut v{at}"),
    }
}

const WRITTEN: &str = "// SAFETY: the design wrote it, and it lives.\n";

/// Whether a value is read through a pointer.
fn points(kind: Kind) -> bool {
    matches!(kind, Kind::String | Kind::BitVector | Kind::LogicVector)
}

/// The line that gives the caller what the function wrote.
fn end(callee: &Callee<'_>, at: usize, argument: &Argument, name: &str) -> String {
    let value = &argument.value;
    match way(argument) {
        PassingMode::Words | PassingMode::Copied if argument.direction != Direction::In => {
            let read = callee.of_c(value, &format!("v{at}"), &format!("v{at}.as_ptr()"));
            format!(
                "        // SAFETY: the design wrote it, and it lives.\n        *{name} = unsafe {{ {read} }};\n"
            )
        }
        _ => String::new(),
    }
}

/// The parameter for the result in C, with its comma.
fn result_c_type(function: &Function) -> String {
    let value = &function.result;
    match value.kind {
        Kind::Void if value.c_type == "void" => String::new(),
        Kind::Void => ", *mut i32".to_owned(),
        Kind::BitVector => format!(", *mut [u32; {}]", words(value)),
        _ => format!(", *mut {}", raw(value)),
    }
}

/// The type of the result, the line that declares it, how it is passed, and the expression that returns it.
fn result(callee: &Callee<'_>) -> (String, String, &'static str, String) {
    let value = &callee.function.result;
    let (unit, nothing) = ("()".to_owned(), "Ok(())".to_owned());
    match value.kind {
        Kind::Void if value.c_type == "void" => return (unit, String::new(), "", nothing),
        // What a task returns says only that it was left.
        Kind::Void => return (unit, String::new(), ", ptr::null_mut()", nothing),
        _ => {}
    }
    let declared = format!("        let mut result = {};\n", zero(value));
    let read = callee.of_c(value, "result", "result.as_ptr()");
    let returned = match points(value.kind) {
        true => format!("{WRITTEN}        Ok(unsafe {{ {read} }})"),
        false => format!("Ok({read})"),
    };
    (callee.element(value), declared, ", &mut result", returned)
}
