//! Reads the tree that Verilator writes with `--json-only` (from 5.022).
//! It does not know headers.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::constant::{Constant, unescape};
use super::declared::{Declared, DeclaredFunction, DeclaredParameter, DeclaredPort, Dtype, type_name};
use super::probes::{self, Hierarchy};
use super::sources::Files;
use crate::diag::{Error, Result};
use crate::model::interface::{Direction, Range};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// Reads the top module.
///
/// # Errors
/// What is not JSON, or has no top module.
pub fn parse(text: &str, files: &Files, probes: &[String]) -> Result<Declared> {
    // A long expression is a deep tree: ibex's go past what serde_json allows by itself. Only what is used is mapped.
    const STACK: usize = 256 << 20;
    crate::stack::deep(STACK, || declared(text, files, probes))
}

fn declared(text: &str, files: &Files, probes: &[String]) -> Result<Declared> {
    let tree = read(text)
        .map_err(|cause| Error::step("the JSON that Verilator wrote can't be read").because(cause))?;
    let is_top = |node: &&Value| kind(node) == "MODULE" && node["level"].as_u64() == Some(1);
    let top = list(&tree, "modulesp").iter().find(is_top);
    let top = top.ok_or_else(|| Error::step("the JSON that Verilator wrote has no top module"))?;
    let types = Types::of(&tree);
    let vars: Vec<_> = list(top, "stmtsp").iter().filter(|node| kind(node) == "VAR").collect();
    Ok(Declared {
        top: name(top).to_owned(),
        ports: vars.iter().filter_map(|var| port(&types, files, var)).collect(),
        parameters: vars.iter().filter_map(|var| parameter(&types, var)).collect(),
        functions: functions(&tree, &types),
        probes: probes::find(&Tree { modules: list(&tree, "modulesp"), types: &types }, top, probes)?,
    })
}

fn read(text: &str) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let tree = Value::deserialize(&mut reader)?;
    reader.end().map(|()| tree)
}

fn port(types: &Types, files: &Files, var: &Value) -> Option<DeclaredPort> {
    let direction = direction(var)?;
    // `e,16:31,16:36`
    let place = text(var, "loc").split_once(',').and_then(|(letter, rest)| {
        let line = rest.split_once(':')?.0.parse().ok()?;
        Some((files.get(letter)?.clone(), line))
    });
    Some(DeclaredPort {
        name: unescape(name(var)),
        mangled: text(var, "origName").to_owned(),
        direction,
        dtype: types.of_node(var, "dtypep"),
        place,
    })
}

fn direction(var: &Value) -> Option<Direction> {
    match text(var, "direction") {
        "INPUT" => Some(Direction::In),
        "OUTPUT" => Some(Direction::Out),
        "INOUT" => Some(Direction::Inout),
        _ => None,
    }
}

/// The tree as a hierarchy of instances.
struct Tree<'t> {
    modules: &'t [Value],
    types: &'t Types<'t>,
}

impl<'t> Tree<'t> {
    /// What stands in a module or a generate block.
    fn items(scope: &'t Value) -> impl Iterator<Item = &'t Value> {
        list(scope, "stmtsp").iter().chain(list(scope, "itemsp"))
    }
}

impl<'t> Hierarchy for Tree<'t> {
    type Node = &'t Value;

    fn signals(&self, scope: &'t Value) -> Vec<(String, &'t Value)> {
        let stored = |node: &&Value| {
            kind(node) == "VAR" && !matches!(text(node, "varType"), "GPARAM" | "LPARAM" | "GENVAR")
        };
        Self::items(scope).filter(stored).map(|var| (unescape(name(var)), var)).collect()
    }

    fn scopes(&self, scope: &'t Value) -> Vec<(String, &'t Value)> {
        let inside = |node: &'t Value| match kind(node) {
            "GENBLOCK" | "BEGIN" => Some(node),
            "CELL" => self.modules.iter().find(|module| module["addr"] == node["modp"]),
            _ => None,
        };
        Self::items(scope).filter_map(|node| Some((unescape(name(node)), inside(node)?))).collect()
    }

    fn dtype(&self, signal: &'t Value) -> Dtype {
        self.types.of_node(signal, "dtypep")
    }
}

/// The functions of DPI, wherever they are declared.
fn functions(tree: &Value, types: &Types) -> Vec<DeclaredFunction> {
    let mut found = vec![];
    let mut open = vec![tree];
    while let Some(node) = open.pop() {
        if matches!(kind(node), "FUNC" | "TASK") {
            found.extend(function(types, node));
        }
        match node {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

fn function(types: &Types, node: &Value) -> Option<DeclaredFunction> {
    let is_dpi = ["dpiImport", "dpiExport"].iter().any(|key| node[key].as_bool() == Some(true));
    // `e,16:31,16:36`
    let (line, column) = text(node, "loc").split(',').nth(1)?.split_once(':')?;
    let vars = list(node, "stmtsp").iter().filter(|var| kind(var) == "VAR");
    let passed = |var: &Value| Some((direction(var)?, types.of_node(var, "dtypep")));
    is_dpi.then_some(DeclaredFunction {
        c_name: Some(text(node, "cname").to_owned()),
        file: None,
        line: line.parse().ok()?,
        column: column.parse().ok()?,
        arguments: vars.filter_map(passed).collect(),
        result: list(node, "fvarp").first().map(|var| types.of_node(var, "dtypep")),
    })
}

fn parameter(types: &Types, var: &Value) -> Option<DeclaredParameter> {
    let value = list(var, "valuep").first().filter(|value| kind(value) == "CONST")?;
    (text(var, "varType") == "GPARAM").then(|| DeclaredParameter {
        name: unescape(name(var)),
        dtype: types.of_node(var, "dtypep"),
        value: Constant::parse_escaped(name(value)),
    })
}

/// The type table, by address.
struct Types<'t>(HashMap<&'t str, &'t Value>);

impl<'t> Types<'t> {
    fn of(tree: &'t Value) -> Types<'t> {
        let tables = list(tree, "miscsp").iter().filter(|node| kind(node) == "TYPETABLE");
        let types = tables.flat_map(|table| list(table, "typesp"));
        Types(types.map(|node| (text(node, "addr"), node)).collect())
    }

    /// The type that a node points to.
    fn of_node(&self, node: &Value, pointer: &str) -> Dtype {
        self.resolve(text(node, pointer), 0)
    }

    fn resolve(&self, address: &str, depth: u32) -> Dtype {
        let Some(node) = self.0.get(address).filter(|_| depth < 64) else {
            return Dtype::Other(address.to_owned());
        };
        let element = || Box::new(self.resolve(self.below(node), depth + 1));
        let array = |what: fn(Range, Box<Dtype>) -> Dtype| match parse_range(text(node, "declRange")) {
            Some(range) => what(range, element()),
            None => Dtype::Other("array".to_owned()),
        };
        let is_packed = node["packed"].as_bool() == Some(true);
        match kind(node) {
            "BASICDTYPE" => basic(node),
            "ENUMDTYPE" => enumeration(node, element()),
            "PACKARRAYDTYPE" => array(|range, of| Dtype::Packed { range, of }),
            "UNPACKARRAYDTYPE" => array(|range, of| Dtype::Unpacked { range, of }),
            "STRUCTDTYPE" if is_packed => {
                Dtype::Struct { name: type_name(name(node)), members: self.members(node, depth) }
            }
            "UNIONDTYPE" if is_packed => {
                Dtype::Union { name: type_name(name(node)), members: self.members(node, depth) }
            }
            "REFDTYPE" | "PARAMTYPEDTYPE" | "CONSTDTYPE" => *element(),
            "STRUCTDTYPE" | "UNIONDTYPE" => Dtype::Other("unpacked struct".to_owned()),
            other => Dtype::Other(other.trim_end_matches("DTYPE").to_ascii_lowercase()),
        }
    }

    /// The address of the type a reference or an array is over.
    fn below<'n>(&self, node: &'n Value) -> &'n str {
        let direct = text(node, "refDTypep");
        if self.0.contains_key(direct) { direct } else { text(node, "dtypep") }
    }

    fn members(&self, node: &Value, depth: u32) -> Vec<(String, Dtype)> {
        let member = |node: &Value| (name(node).to_owned(), self.resolve(self.below(node), depth + 1));
        list(node, "membersp").iter().map(member).collect()
    }
}

fn enumeration(node: &Value, base: Box<Dtype>) -> Dtype {
    let item = |item: &Value| {
        let value = list(item, "valuep").first().map_or("", name);
        (name(item).to_owned(), Constant::parse_escaped(value))
    };
    Dtype::Enum { name: type_name(name(node)), base, items: list(node, "itemsp").iter().map(item).collect() }
}

fn basic(node: &Value) -> Dtype {
    let range = parse_range(text(node, "range"));
    Dtype::basic(text(node, "keyword"), range, node["signed"].as_bool() == Some(true))
}

/// `7:0` or `[7:0]`.
fn parse_range(text: &str) -> Option<Range> {
    let (left, right) = text.trim_matches(['[', ']']).split_once(':')?;
    Some(Range { left: left.parse().ok()?, right: right.parse().ok()? })
}

fn kind(node: &Value) -> &str {
    text(node, "type")
}

fn name(node: &Value) -> &str {
    text(node, "name")
}

fn text<'n>(node: &'n Value, key: &str) -> &'n str {
    node[key].as_str().unwrap_or_default()
}

fn list<'n>(node: &'n Value, key: &str) -> &'n [Value] {
    node[key].as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_as_deep_as_that_of_a_long_expression_is_read() {
        let tree = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        let said = parse(&tree, &Files::new(), &[]).err().map(|error| error.message);
        assert_eq!(said.as_deref(), Some("the JSON that Verilator wrote has no top module"));
    }
}
