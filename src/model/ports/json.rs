//! Reads the tree that Verilator writes with `--json-only` (from 5.022).
//! It does not know headers.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::constant::{Constant, unescape};
use super::declared::{
    Declared, DeclaredFunction, DeclaredParameter, DeclaredPort, Dtype, TOO_NEW, type_name,
};
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
    // A long expression is a deep tree: ibex's exceed serde_json's default limit. Only the needed parts are converted.
    const STACK: usize = 256 << 20;
    crate::stack::deep(STACK, || declared(text, files, probes))
}

fn declared(text: &str, files: &Files, probes: &[String]) -> Result<Declared> {
    let tree = read(text)
        .map_err(|cause| Error::step("the JSON that Verilator wrote cannot be read").because(cause))?;
    let modules = list(&tree, "modulesp")?;
    let top = modules.iter().find_map(|node| is_top(node).map(|top| top.then_some(node)).transpose());
    let top = top.ok_or_else(|| Error::step("the JSON that Verilator wrote has no top module"))??;
    let types = Types::of(&tree)?;
    let vars = of_kind(list(top, "stmtsp")?, "VAR")?;
    let ports = vars.iter().filter_map(|var| port(&types, files, var).transpose());
    let parameters = vars.iter().filter_map(|var| parameter(&types, var).transpose());
    Ok(Declared {
        top: name(top)?.to_owned(),
        ports: ports.collect::<Result<_>>()?,
        parameters: parameters.collect::<Result<_>>()?,
        functions: functions(&tree, &types)?,
        probes: probes::find(&Tree { modules, types: &types }, top, probes)?,
    })
}

fn is_top(node: &Value) -> Result<bool> {
    Ok(kind(node)? == "MODULE" && present(node, "level")?.as_u64() == Some(1))
}

fn read(text: &str) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let tree = Value::deserialize(&mut reader)?;
    reader.end().map(|()| tree)
}

fn port(types: &Types, files: &Files, var: &Value) -> Result<Option<DeclaredPort>> {
    let Some(direction) = direction(var)? else { return Ok(None) };
    // `e,16:31,16:36`
    let place = text(var, "loc")?.split_once(',').and_then(|(letter, rest)| {
        let line = rest.split_once(':')?.0.parse().ok()?;
        Some((files.get(letter)?.clone(), line))
    });
    Ok(Some(DeclaredPort {
        name: unescape(name(var)?),
        mangled: text(var, "origName")?.to_owned(),
        direction,
        dtype: types.of_node(var)?,
        place,
    }))
}

fn direction(var: &Value) -> Result<Option<Direction>> {
    match text(var, "direction")? {
        "INPUT" => Ok(Some(Direction::In)),
        "OUTPUT" => Ok(Some(Direction::Out)),
        "INOUT" => Ok(Some(Direction::Inout)),
        // A `ref` was refused before; a variable that is not a port has no direction.
        "NONE" | "REF" | "CONSTREF" => Ok(None),
        other => Err(unknown(format!("a `direction` of `{other}`"))),
    }
}

/// The tree as a hierarchy of instances.
struct Tree<'t> {
    modules: &'t [Value],
    types: &'t Types<'t>,
}

impl<'t> Tree<'t> {
    /// The content of a module or a generate block.
    fn items(scope: &'t Value) -> impl Iterator<Item = &'t Value> {
        ["stmtsp", "itemsp"].into_iter().flat_map(|key| list(scope, key).unwrap_or_default())
    }
}

impl<'t> Hierarchy for Tree<'t> {
    type Node = &'t Value;

    fn signals(&self, scope: &'t Value) -> Vec<(String, &'t Value)> {
        let constant = |node: &Value| matches!(text(node, "varType"), Ok("GPARAM" | "LPARAM" | "GENVAR"));
        let stored = Self::items(scope).filter(|node| is_kind(node, "VAR") && !constant(node));
        stored.filter_map(|var| Some((unescape(name(var).ok()?), var))).collect()
    }

    fn scopes(&self, scope: &'t Value) -> Vec<(String, &'t Value)> {
        let inside = |node: &'t Value| match kind(node).ok()? {
            "GENBLOCK" | "BEGIN" => Some(node),
            "CELL" => self.modules.iter().find(|module| module["addr"] == node["modp"]),
            _ => None,
        };
        Self::items(scope).filter_map(|node| Some((unescape(name(node).ok()?), inside(node)?))).collect()
    }

    fn dtype(&self, signal: &'t Value) -> Result<Dtype> {
        self.types.of_node(signal)
    }
}

/// The functions of DPI, wherever they are declared.
fn functions(tree: &Value, types: &Types) -> Result<Vec<DeclaredFunction>> {
    let mut found = vec![];
    let mut open = vec![tree];
    while let Some(node) = open.pop() {
        let is_dpi = || ["dpiImport", "dpiExport"].iter().any(|key| node[*key].as_bool() == Some(true));
        if (is_kind(node, "FUNC") || is_kind(node, "TASK")) && is_dpi() {
            found.push(function(types, node)?);
        }
        match node {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    Ok(found)
}

fn function(types: &Types, node: &Value) -> Result<DeclaredFunction> {
    // `e,16:31,16:36`
    let place = text(node, "loc")?.split(',').nth(1).and_then(|place| place.split_once(':'));
    let (line, column) = place
        .and_then(|(line, column)| Some((line.parse().ok()?, column.parse().ok()?)))
        .ok_or_else(|| unknown("a `loc` without a line and a column".to_owned()))?;
    let mut arguments = vec![];
    for var in of_kind(list(node, "stmtsp")?, "VAR")? {
        if let Some(direction) = direction(var)? {
            arguments.push((direction, types.of_node(var)?));
        }
    }
    Ok(DeclaredFunction {
        c_name: Some(text(node, "cname")?.to_owned()),
        file: None,
        line,
        column,
        arguments,
        result: list(node, "fvarp")?.first().map(|var| types.of_node(var)).transpose()?,
    })
}

fn parameter(types: &Types, var: &Value) -> Result<Option<DeclaredParameter>> {
    if text(var, "varType")? != "GPARAM" {
        return Ok(None);
    }
    // Only a constant has a single value.
    let Some(value) = list(var, "valuep")?.first().filter(|value| is_kind(value, "CONST")) else {
        return Ok(None);
    };
    Ok(Some(DeclaredParameter {
        name: unescape(name(var)?),
        dtype: types.of_node(var)?,
        value: Constant::parse_escaped(name(value)?),
    }))
}

/// The type table, by address.
struct Types<'t>(HashMap<&'t str, &'t Value>);

impl<'t> Types<'t> {
    fn of(tree: &'t Value) -> Result<Types<'t>> {
        let mut types = HashMap::new();
        for table in of_kind(list(tree, "miscsp")?, "TYPETABLE")? {
            for node in list(table, "typesp")? {
                types.insert(text(node, "addr")?, node);
            }
        }
        Ok(Types(types))
    }

    /// The type of a variable.
    fn of_node(&self, node: &Value) -> Result<Dtype> {
        self.resolve(text(node, "dtypep")?, 0)
    }

    fn resolve(&self, address: &str, depth: u32) -> Result<Dtype> {
        let Some(node) = self.0.get(address).filter(|_| depth < 64) else {
            return Ok(Dtype::Other(address.to_owned()));
        };
        let element = || self.resolve(self.below(node)?, depth + 1).map(Box::new);
        let array = |what: fn(Range, Box<Dtype>) -> Dtype| -> Result<Dtype> {
            match parse_range(text(node, "declRange")?) {
                Some(range) => Ok(what(range, element()?)),
                None => Ok(Dtype::Other("array".to_owned())),
            }
        };
        Ok(match kind(node)? {
            "BASICDTYPE" => basic(node)?,
            "ENUMDTYPE" => enumeration(node, element()?)?,
            "PACKARRAYDTYPE" => array(|range, of| Dtype::Packed { range, of })?,
            "UNPACKARRAYDTYPE" => array(|range, of| Dtype::Unpacked { range, of })?,
            // Verilator writes the key only if it is true: without it a struct is refused, never read as packed.
            "STRUCTDTYPE" | "UNIONDTYPE" if node.get("packed").and_then(Value::as_bool) != Some(true) => {
                Dtype::Other("unpacked struct".to_owned())
            }
            "STRUCTDTYPE" => {
                Dtype::Struct { name: type_name(name(node)?), members: self.members(node, depth)? }
            }
            "UNIONDTYPE" => {
                Dtype::Union { name: type_name(name(node)?), members: self.members(node, depth)? }
            }
            "REFDTYPE" | "PARAMTYPEDTYPE" | "CONSTDTYPE" => *element()?,
            other => Dtype::Other(other.trim_end_matches("DTYPE").to_ascii_lowercase()),
        })
    }

    /// The address of the type a reference or an array is over.
    fn below<'n>(&self, node: &'n Value) -> Result<&'n str> {
        // Only these have no such key.
        let direct = match kind(node)? {
            "PARAMTYPEDTYPE" | "CONSTDTYPE" => node["refDTypep"].as_str().unwrap_or_default(),
            _ => text(node, "refDTypep")?,
        };
        if self.0.contains_key(direct) { Ok(direct) } else { text(node, "dtypep") }
    }

    fn members(&self, node: &Value, depth: u32) -> Result<Vec<(String, Dtype)>> {
        let member = |node: &Value| Ok((name(node)?.to_owned(), self.resolve(self.below(node)?, depth + 1)?));
        list(node, "membersp")?.iter().map(member).collect()
    }
}

fn enumeration(node: &Value, base: Box<Dtype>) -> Result<Dtype> {
    let item = |item: &Value| {
        let value = list(item, "valuep")?.first().map_or(Ok(""), name)?;
        Ok((name(item)?.to_owned(), Constant::parse_escaped(value)))
    };
    let items = list(node, "itemsp")?.iter().map(item).collect::<Result<_>>()?;
    Ok(Dtype::Enum { name: type_name(name(node)?), base, items })
}

fn basic(node: &Value) -> Result<Dtype> {
    // Flags are written only if they are set, so a renamed flag would go unnoticed.
    const FLAGS: [&str; 2] = ["generic", "signed"];
    let flags = node.as_object().into_iter().flatten().filter(|(_, value)| value.is_boolean());
    if let Some((flag, _)) = flags.into_iter().find(|(flag, _)| !FLAGS.contains(&flag.as_str())) {
        return Err(unknown(format!("`{flag}` in a `BASICDTYPE`")));
    }
    // A range is written only where there is one; the header knows the width, too.
    let range = node["range"].as_str().and_then(parse_range);
    Ok(Dtype::basic(text(node, "keyword")?, range, node["signed"].as_bool() == Some(true)))
}

/// `7:0` or `[7:0]`.
fn parse_range(text: &str) -> Option<Range> {
    let (left, right) = text.trim_matches(['[', ']']).split_once(':')?;
    Some(Range { left: left.parse().ok()?, right: right.parse().ok()? })
}

fn kind(node: &Value) -> Result<&str> {
    text(node, "type")
}

fn is_kind(node: &Value, wanted: &str) -> bool {
    kind(node).is_ok_and(|kind| kind == wanted)
}

/// The nodes of a kind.
fn of_kind<'n>(nodes: &'n [Value], wanted: &str) -> Result<Vec<&'n Value>> {
    let mut found = vec![];
    for node in nodes {
        if kind(node)? == wanted {
            found.push(node);
        }
    }
    Ok(found)
}

fn name(node: &Value) -> Result<&str> {
    text(node, "name")
}

/// What stands under a key that Verilator always writes.
fn present<'n>(node: &'n Value, key: &str) -> Result<&'n Value> {
    node.get(key).ok_or_else(|| absent(node, key))
}

fn text<'n>(node: &'n Value, key: &str) -> Result<&'n str> {
    present(node, key)?.as_str().ok_or_else(|| absent(node, key))
}

fn list<'n>(node: &'n Value, key: &str) -> Result<&'n [Value]> {
    present(node, key)?.as_array().map(Vec::as_slice).ok_or_else(|| absent(node, key))
}

fn absent(node: &Value, key: &str) -> Box<Error> {
    let inside = node["type"].as_str().map_or("it".to_owned(), |kind| format!("a `{kind}`"));
    Error::step(format!("the JSON that Verilator wrote has no `{key}` in {inside}")).hint(TOO_NEW)
}

fn unknown(what: String) -> Box<Error> {
    Error::step(format!("the JSON that Verilator wrote has {what}, which fudsv does not know")).hint(TOO_NEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_as_deep_as_that_of_a_long_expression_is_read() {
        let tree = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        let said = parse(&tree, &Files::new(), &[]).err().map(|error| error.message);
        assert_eq!(said.as_deref(), Some("the JSON that Verilator wrote has no `modulesp` in it"));
    }
}
