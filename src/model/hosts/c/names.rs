//! The names of C functions: for models and for ports.
//! It does not know C++ names of ports; Verilator made those.

use crate::model::interface::{Direction, Interface, Port};
use std::collections::HashSet;

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

/// A name as the beginning of C functions: other characters become `_`, a digit in front gets one.
pub fn symbol(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let symbol: String = name.chars().map(plain).collect();
    if symbol.starts_with(|c: char| c.is_ascii_digit()) { format!("_{symbol}") } else { symbol }
}

/// What `set_…` and `get_…` are called for every port, and behind them for every signal inside of the design.
pub fn of_ports(interface: &Interface) -> Vec<String> {
    of(interface.ports.iter().chain(&interface.probes))
}

/// A name for each: its own when C allows it, else Verilator's, with `_` behind where that is taken (a port `time` would
/// clash with `set_time`); signals inside of the design have `_` between names.
pub fn of<'p>(ports: impl Iterator<Item = &'p Port>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::from(["time".to_owned()]);
    let mut names = vec![];
    for port in ports {
        let mut name = match port.direction {
            Direction::Probe => symbol(&port.name),
            _ if is_identifier(&port.name) => port.name.clone(),
            _ => port.cname.clone(),
        };
        while !taken.insert(name.clone()) {
            name.push('_');
        }
        names.push(name);
    }
    names
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
    let line = |(port, name): &(&crate::model::interface::Port, &String)| {
        format!(" *   {} -> {name}\n", super::template::comment_text(&port.name))
    };
    let lines: String = renamed.iter().map(line).collect();
    format!(
        " * Functions are named after the ports, except for names that C does not allow or that are taken:\n{lines}"
    )
}

fn is_identifier(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_begins_a_c_function() {
        assert_eq!(symbol("counter"), "counter");
        assert_eq!(symbol("my-top.v2"), "my_top_v2");
        assert_eq!(symbol("4bit"), "_4bit");
    }
}
