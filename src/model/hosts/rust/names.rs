//! Names in Rust: of the crate, its types, methods, fields and constants.
//! It does not know their meaning, only which of them are taken.

use crate::model::interface::{Direction, Shape};
use crate::model::manifest::Manifest;
use crate::model::names::{Scope, camel, is_word, package};

/// Words that cannot be names unless they are written as `r#word`.
const KEYWORDS: &str = "abstract as async await become box break const continue do dyn else enum extern false final fn for gen if impl \
    in let loop macro match mod move mut override priv pub ref return static struct trait true try type typeof \
    unsafe unsized use virtual where while yield";
/// Words that cannot be names at all.
const NEVER: &str = "_ self Self super crate";
/// Crates that every program has, and names that cargo refuses.
const CRATES: &str = "alloc build core deps examples incremental proc_macro std test";
/// Methods of the model: see `templates/model.rs.in`.
const METHODS: &str = "new builder eval tick ticks tick_port apply_reset time set_time run_until next_event finished errors warnings \
    close get get_at set set_at trace start_trace end_trace write_coverage clear_coverage save restore exports \
    drop fmt";
/// Types of the crate, and those that its code uses.
const TYPES: &str = "Bits Box Builder Clone Copy Debug Default Direction Dpi Eq Err Error Exports From Hash Kind LogicWord None Ok \
    Option PartialEq Port PortKind Result Role Some String Trace TryFrom TryInto Value Vec";

/// Constants of the crate: a type with a constructor may not be called so.
const CONSTANTS: &str = "BUILD_ID MAX_WORDS PORTS PROBES SIGNALS TIME_PRECISION TIME_UNIT TOP VERILATOR";

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
        let mut types = scope(TYPES);
        let structure = match type_name(name) {
            name if types.has(&name) => format!("{name}Model"),
            name => name,
        };
        types.claim([structure.clone()]);
        types.claim(CONSTANTS.split_whitespace().map(str::to_owned));
        let type_names = manifest.types.iter().map(|of| {
            let short = type_name(of.name.rsplit("::").next().unwrap_or_default());
            let long = type_name(&of.name);
            types.free(if types.has(&short) { &long } else { &short })
        });
        let type_names = type_names.collect();
        let mut methods = scope(METHODS);
        let ports = manifest.ports.iter().chain(&manifest.probes).map(|port| {
            let array = !port.unpacked.is_empty();
            methods.free_for(&port.name, |name| methods_of(name, port.direction == Direction::In, array))
        });
        Names { package: package(name, is_taken), structure, ports: ports.collect(), types: type_names }
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

/// A scope in which these names are in use.
pub fn scope(taken: &str) -> Scope {
    Scope::new(NEVER, taken)
}

/// The name as it is written: with `r#` when it is a keyword.
pub fn written(name: &str) -> String {
    if is_word(KEYWORDS, name) { format!("r#{name}") } else { name.to_owned() }
}

/// Text for a comment or between backticks.
pub fn plain(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('`', "'")
}

/// `alu_top` as the name of a type.
fn type_name(name: &str) -> String {
    match camel(name) {
        name if is_word(NEVER, &name) => format!("Model{name}"),
        name => name,
    }
}

/// Whether a crate cannot be called so: Rust or cargo take the name themselves.
fn is_taken(package: &str) -> bool {
    [KEYWORDS, NEVER, CRATES].iter().any(|words| is_word(words, package))
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

    const METHODS_OF_ALL: &str = include_str!("templates/model.rs.in");
    const METHODS_OF_SOME: &str =
        concat!(include_str!("templates/cycles.rs.in"), include_str!("templates/reset.rs.in"));

    #[test]
    fn no_port_takes_the_name_of_a_method_of_the_model() {
        let (_, public) = METHODS_OF_ALL.split_once("\nimpl @STRUCT@ {").unwrap();
        let (public, _) = public.split_once("\nimpl Trace").unwrap();
        let text = [public, METHODS_OF_SOME].concat();
        let name = |rest: &str| rest.split(['(', '<']).next().unwrap_or_default().to_owned();
        let methods: Vec<String> = text.split("\n    pub fn ").skip(1).map(name).collect();
        assert!(methods.len() > 15, "{methods:?}");
        assert!(methods.iter().all(|method| is_word(METHODS, method)), "{methods:?}");
    }

    #[test]
    fn every_name_becomes_one_that_rust_and_cargo_allow() {
        let names = ["counter", "AluTop", "core", "type", "4bit", "_x"]
            .map(|name| (package(name, is_taken), type_name(name)));
        let expected = [
            ("counter", "Counter"),
            ("alutop", "AluTop"),
            ("core_model", "Core"),
            ("type_model", "Type"),
            ("model_4bit", "Model4bit"),
            ("model_x", "X"),
        ];
        assert_eq!(names, expected.map(|(package, camel)| (package.to_owned(), camel.to_owned())));
        let mut taken = scope("tick");
        let mut free =
            |name: &str| written(&taken.free_for(name, |name| vec![name.to_owned(), format!("set_{name}")]));
        assert_eq!(["tick", "self", "in", "in"].map(&mut free), ["tick_", "self_", "r#in", "in_"]);
    }
}
