//! Names in Rust: of the crate, its types, methods, fields and constants.
//! It does not know what they stand for, only which of them are taken.

use crate::model::interface::{Direction, Shape};
use crate::model::manifest::Manifest;
use std::collections::HashSet;

/// Words that can't be names unless they are written as `r#word`.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// Words that can't be names at all.
const NEVER: [&str; 5] = ["_", "self", "Self", "super", "crate"];
/// Crates that every program has, and names that cargo refuses.
const CRATES: [&str; 9] =
    ["alloc", "build", "core", "deps", "examples", "incremental", "proc_macro", "std", "test"];
/// Methods of the model: see `scripts/rsrc/crate/model.rs.in`.
const METHODS: [&str; 29] = [
    "new",
    "builder",
    "eval",
    "tick",
    "ticks",
    "tick_port",
    "apply_reset",
    "time",
    "set_time",
    "run_until",
    "next_event",
    "finished",
    "errors",
    "warnings",
    "close",
    "get",
    "get_at",
    "set",
    "set_at",
    "trace",
    "start_trace",
    "end_trace",
    "write_coverage",
    "clear_coverage",
    "save",
    "restore",
    "exports",
    "drop",
    "fmt",
];
/// Types of the crate, and those that its code uses.
const TYPES: [&str; 32] = [
    "Bits",
    "Box",
    "Builder",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Direction",
    "Dpi",
    "Eq",
    "Err",
    "Error",
    "Exports",
    "From",
    "Hash",
    "Kind",
    "LogicWord",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Port",
    "PortKind",
    "Result",
    "Role",
    "Some",
    "String",
    "Trace",
    "TryFrom",
    "TryInto",
    "Value",
    "Vec",
];

/// The names of one crate.
pub struct Names {
    /// Of the package and the crate.
    pub package: String,
    /// Of the type that is the model.
    pub structure: String,
    /// What the methods of every port, and then of every signal inside, are called after.
    pub ports: Vec<String>,
    /// Of every type of the manifest.
    pub types: Vec<String>,
}

impl Names {
    /// Gives every part of a crate that is called after `name` its name.
    pub fn new(manifest: &Manifest, name: &str) -> Names {
        let mut types = Taken::with(&TYPES);
        let structure = match camel(name) {
            name if types.has(&name) => format!("{name}Model"),
            name => name,
        };
        types.claim(vec![structure.clone()]);
        let type_names = manifest.types.iter().map(|of| {
            let short = camel(of.name.rsplit("::").next().unwrap_or_default());
            let long = camel(&of.name);
            types.free(if types.has(&short) { &long } else { &short }, |name| vec![name.to_owned()])
        });
        let type_names = type_names.collect();
        let mut methods = Taken::with(&METHODS);
        let ports = manifest.ports.iter().chain(&manifest.probes).map(|port| {
            let array = !port.unpacked.is_empty();
            methods.free(&identifier(&port.name), |name| {
                methods_of(name, port.direction == Direction::In, array)
            })
        });
        Names { package: package(name), structure, ports: ports.collect(), types: type_names }
    }

    /// Lines of documentation: what is called otherwise than in the design.
    pub fn notes(&self, manifest: &Manifest) -> String {
        let line = |what: &str, old: &str, new: &str| format!("//! * {what} `{}`: `{new}`\n", plain(old));
        let ports = manifest
            .ports
            .iter()
            .chain(&manifest.probes)
            .zip(&self.ports)
            .filter(|(port, new)| port.name != **new);
        let types = manifest.types.iter().zip(&self.types).filter(|(of, _)| has_type(&of.shape, of.width));
        let ports: String = ports.map(|(port, new)| line("port", &port.name, new)).collect();
        let types: String = types.map(|(of, new)| line("type", &of.name, new)).collect();
        let intro = "//! Methods, fields and constants are called as in the design, with `_` for what Rust does not \
                     allow and a `_` behind\n//! what is taken.";
        match (ports + types.as_str()).as_str() {
            "" => format!("{intro}\n"),
            renamed => format!("{intro} Called otherwise are:\n//!\n{renamed}"),
        }
    }
}

/// The methods that a port has.
fn methods_of(name: &str, set: bool, array: bool) -> Vec<String> {
    let mut methods = vec![name.to_owned()];
    for (there, method) in [
        (set, format!("set_{name}")),
        (array, format!("{name}_at")),
        (set && array, format!("set_{name}_at")),
    ] {
        methods.extend(there.then_some(method));
    }
    methods
}

/// Names that are in use.
#[derive(Default)]
pub struct Taken(HashSet<String>);

impl Taken {
    /// With names that nothing else may have.
    pub fn with(names: &[&str]) -> Taken {
        Taken(names.iter().map(|name| (*name).to_owned()).collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    fn claim(&mut self, names: Vec<String>) {
        self.0.extend(names);
    }

    /// The name, with `_` behind it until all that `uses` makes of it is free.
    pub fn free(&mut self, name: &str, uses: impl Fn(&str) -> Vec<String>) -> String {
        let mut name = name.to_owned();
        while NEVER.contains(&name.as_str()) || uses(&name).iter().any(|used| self.has(used)) {
            name.push('_');
        }
        self.claim(uses(&name));
        name
    }
}

/// The name as it is written: with `r#` when it is a keyword.
pub fn written(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// The name with `_` for what Rust does not allow.
pub fn identifier(name: &str) -> String {
    crate::model::wrapper::symbol(name)
}

/// Text for a comment or between backticks.
pub fn plain(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('`', "'")
}

/// `alu_top` as the name of a type.
fn camel(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() || NEVER.contains(&name.as_str()) {
        return format!("Model{name}");
    }
    name
}

/// The name of a model as that of a crate: in lower case, and none that Rust or cargo take themselves.
fn package(name: &str) -> String {
    let lower = identifier(name).to_ascii_lowercase();
    let lower = if lower.starts_with('_') { format!("model{lower}") } else { lower };
    let taken = [&KEYWORDS[..], &NEVER, &CRATES].iter().any(|words| words.contains(&lower.as_str()));
    if taken { format!("{lower}_model") } else { lower }
}

/// Whether a type of the manifest gets a Rust type: an enum of up to 64 bits with known values, a struct, a union.
pub fn has_type(shape: &Shape, width: u32) -> bool {
    match shape {
        Shape::Enum { items, .. } => {
            width <= 64 && items.iter().any(|item| item.value.parse::<i128>().is_ok())
        }
        Shape::Struct { .. } | Shape::Union { .. } => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::resources::rust_crate::{CYCLES, MODEL, RESET};

    #[test]
    fn no_port_takes_the_name_of_a_method_of_the_model() {
        let (_, public) = MODEL.split_once("\nimpl @STRUCT@ {").unwrap();
        let (public, _) = public.split_once("\nimpl Trace").unwrap();
        let text = [public, CYCLES, RESET].concat();
        let name = |rest: &str| rest.split(['(', '<']).next().unwrap_or_default().to_owned();
        let methods: Vec<String> = text.split("\n    pub fn ").skip(1).map(name).collect();
        assert!(methods.len() > 15, "{methods:?}");
        assert!(methods.iter().all(|method| METHODS.contains(&method.as_str())), "{methods:?}");
    }

    #[test]
    fn every_name_becomes_one_that_rust_and_cargo_allow() {
        let names =
            ["counter", "AluTop", "core", "type", "4bit", "_x"].map(|name| (package(name), camel(name)));
        let expected = [
            ("counter", "Counter"),
            ("alutop", "AluTop"),
            ("core_model", "Core"),
            ("type_model", "Type"),
            ("model_4bit", "Model4bit"),
            ("model_x", "X"),
        ];
        assert_eq!(names, expected.map(|(package, camel)| (package.to_owned(), camel.to_owned())));
        let mut taken = Taken::with(&["tick"]);
        let mut free =
            |name: &str| written(&taken.free(name, |name| vec![name.to_owned(), format!("set_{name}")]));
        assert_eq!(["tick", "self", "in", "in"].map(&mut free), ["tick_", "self_", "r#in", "in_"]);
    }
}
