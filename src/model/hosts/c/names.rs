//! The names of C functions: for models and for ports.
//! It does not know C++ names of ports; Verilator made those.

use super::text::comment_text;
use crate::model::interface::{Direction, Interface, Port};
use crate::model::names::{Scope, symbol};

/// The functions of every model, behind `<name>_`.
pub const FUNCTIONS: [&str; 12] = [
    "fudsv_get_api",
    "new",
    "free",
    "eval",
    "final",
    "time",
    "set_time",
    "next_event",
    "run_until",
    "tick",
    "reset",
    "status",
];

/// The one function that is left of a model in a Rust crate. It is named after the build, so that two models of one
/// name in a program are never taken for each other.
pub fn entry(build_id: &str) -> String {
    format!("fudsv_model_{build_id}")
}

/// What `set_…` and `get_…` are called for every port, and behind them for every signal inside of the design.
pub fn of_ports(interface: &Interface) -> Vec<String> {
    of(interface.ports.iter().chain(&interface.probes))
}

/// A name for each: its own when C allows it, else Verilator's, with `_` behind where that is taken (a port `time` would
/// clash with `set_time`); signals inside of the design have `_` between names.
pub fn of<'p>(ports: impl Iterator<Item = &'p Port>) -> Vec<String> {
    let mut scope = Scope::new("", "time");
    let name = |port: &Port| match port.direction {
        Direction::Probe => scope.free(&port.name),
        _ if is_identifier(&port.name) => scope.free(&port.name),
        _ => scope.free(&port.cname),
    };
    ports.map(name).collect()
}

/// Lines of a comment: the ports whose functions are called otherwise.
pub fn notes(interface: &Interface) -> String {
    let names = of_ports(interface);
    let renamed: Vec<_> = interface
        .ports
        .iter()
        .chain(&interface.probes)
        .zip(&names)
        .filter(|(port, name)| port.name != **name)
        .collect();
    if renamed.is_empty() {
        return " * Functions are named after the ports.\n".to_owned();
    }
    let line = |(port, name): &(&Port, &String)| format!(" *   {} -> {name}\n", comment_text(&port.name));
    let lines: String = renamed.iter().map(line).collect();
    format!(
        " * Functions are named after the ports, except for names that C does not allow or that are taken:\n{lines}"
    )
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty() && symbol(name) == name
}
