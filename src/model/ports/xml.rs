//! Reads the tree that Verilator writes with `--xml-only` (to 5.044).
//! It does not know headers. The tree prints an enum-typed item with the type below the enum; the place of the type's name
//! in the source shows which enum it was.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::constant::Constant;
use super::declared::{
    Declared, DeclaredFunction, DeclaredParameter, DeclaredPort, Dtype, TOO_NEW, last_part, type_name,
};
use super::probes::{self, Hierarchy};
use crate::diag::{Error, Result};
use crate::model::interface::{Direction, Range};
use roxmltree::{Document, Node};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

/// Reads the top module.
///
/// # Errors
/// What is not XML, or has no top module.
pub fn parse(text: &str, probes: &[String]) -> Result<Declared> {
    let document = Document::parse(text)
        .map_err(|cause| Error::step("the XML that Verilator wrote cannot be read").because(cause))?;
    let top =
        top_module(&document).ok_or_else(|| Error::step("the XML that Verilator wrote has no top module"))?;
    document.descendants().filter(Node::is_element).try_for_each(check)?;
    let (types, files) = (Types::of(&document), files(&document));
    let vars: Vec<_> = top.children().filter(|node| node.has_tag_name("var")).collect();
    Ok(Declared {
        top: attribute(top, "name").to_owned(),
        ports: vars.iter().filter_map(|var| port(&types, &files, *var)).collect(),
        parameters: settable(&vars).filter_map(|var| parameter(&types, var)).collect(),
        functions: functions(&document, &types),
        probes: probes::find(&Tree { document: &document, types: &types }, top, probes)?,
    })
}

/// The attributes of each element that every Verilator wrote so far; `a|b` is one of them.
const ALWAYS: &[(&str, &[&str])] = &[
    ("basicdtype", &["id", "name"]),
    ("const", &["name"]),
    ("constdtype", &["id", "sub_dtype_id"]),
    ("enumdtype", &["id", "name", "sub_dtype_id"]),
    ("enumitem", &["name"]),
    ("file", &["id", "filename"]),
    ("memberdtype", &["name", "loc", "sub_dtype_id|dtype_id"]),
    ("module", &["name"]),
    ("packarraydtype", &["id", "sub_dtype_id"]),
    ("refdtype", &["id", "loc", "sub_dtype_id"]),
    ("structdtype", &["id"]),
    ("typedef", &["name", "loc"]),
    ("uniondtype", &["id"]),
    ("unpackarraydtype", &["id", "sub_dtype_id"]),
    ("var", &["name", "origName", "loc", "dtype_id|sub_dtype_id"]),
];
/// The attributes of a basic type. Some are written only if they are set, so a renamed one would go unnoticed.
const OF_BASIC: [&str; 8] = ["id", "name", "loc", "fl", "left", "right", "signed", "dtype_id"];
/// The attributes of a use of a type that has no name: `type(x)`.
const OF_UNNAMED: [&str; 5] = ["id", "loc", "fl", "sub_dtype_id", "dtype_id"];

/// Refuses an element that lacks an attribute, or that has an unknown one in a place where it matters.
fn check(node: Node) -> Result<()> {
    let tag = node.tag_name().name();
    let wanted = ALWAYS.iter().find(|(of, _)| *of == tag).map_or(&[][..], |(_, wanted)| wanted);
    let absent = wanted.iter().find(|names| !names.split('|').any(|name| node.has_attribute(name)));
    let known: Option<&[&str]> = match tag {
        "basicdtype" => Some(&OF_BASIC),
        "refdtype" if !node.has_attribute("name") => Some(&OF_UNNAMED),
        _ => None,
    };
    let is_unknown = |name: &str| known.is_some_and(|known| !known.contains(&name));
    let unknown = node.attributes().map(|of| of.name()).find(|name| is_unknown(name));
    let what = match (absent, unknown) {
        (Some(name), _) => format!("no `{}` in a `{tag}`", name.split('|').next().unwrap_or_default()),
        (None, Some(name)) => format!("`{name}` in a `{tag}`, which fudsv does not know"),
        (None, None) => return Ok(()),
    };
    Err(Error::step(format!("the XML that Verilator wrote has {what}")).hint(TOO_NEW))
}

/// The module that is marked as the top; without a mark (no `--top-module`), the module of the outermost cell.
fn top_module<'a, 'd>(document: &'a Document<'d>) -> Option<Node<'a, 'd>> {
    let modules = || document.descendants().filter(|node| node.has_tag_name("module"));
    let cell = document.descendants().find(|node| node.has_tag_name("cell"));
    let outermost = cell.and_then(|cell| cell.attribute("submodname"));
    let marked = modules().find(|node| node.attribute("topModule") == Some("1"));
    marked
        .or_else(|| modules().find(|node| node.attribute("name").is_some_and(|name| Some(name) == outermost)))
}

/// The files by their letters.
fn files<'d>(document: &'d Document<'d>) -> HashMap<&'d str, &'d str> {
    let letters = document.descendants().filter(|node| node.has_tag_name("file"));
    letters.map(|file| (attribute(file, "id"), attribute(file, "filename"))).collect()
}

fn port(types: &Types, files: &HashMap<&str, &str>, var: Node) -> Option<DeclaredPort> {
    var.attribute("dir")?;
    let spot = Spot::of(var);
    let file = files.get(spot.file.as_str());
    Some(DeclaredPort {
        name: attribute(var, "name").to_owned(),
        mangled: attribute(var, "origName").to_owned(),
        direction: direction(var),
        dtype: types.of_item(var),
        place: file.zip(usize::try_from(spot.line).ok()).map(|(file, line)| ((*file).to_owned(), line)),
    })
}

/// The tree as a hierarchy of instances.
struct Tree<'a, 'd> {
    document: &'d Document<'d>,
    types: &'a Types<'d>,
}

impl<'d> Hierarchy for Tree<'_, 'd> {
    type Node = Node<'d, 'd>;

    fn signals(&self, scope: Node<'d, 'd>) -> Vec<(String, Node<'d, 'd>)> {
        let vars = scope.children().filter(|node| node.has_tag_name("var"));
        let stored = vars.filter(|var| !var.has_attribute("param") && !var.has_attribute("localparam"));
        stored.map(|var| (attribute(var, "name").to_owned(), var)).collect()
    }

    fn scopes(&self, scope: Node<'d, 'd>) -> Vec<(String, Node<'d, 'd>)> {
        let inside = |node: Node<'d, 'd>| match node.tag_name().name() {
            "begin" => Some(node),
            "instance" => self.document.descendants().find(|module| {
                module.has_tag_name("module") && module.attribute("name") == node.attribute("defName")
            }),
            _ => None,
        };
        let named = |node: Node<'d, 'd>| Some((attribute(node, "name").to_owned(), inside(node)?));
        scope.children().filter_map(named).collect()
    }

    fn dtype(&self, signal: Node<'d, 'd>) -> Result<Dtype> {
        Ok(self.types.of_item(signal))
    }
}

/// All functions and tasks: the tree does not show which of them are DPI functions.
fn functions<'d>(document: &'d Document<'d>, types: &Types<'d>) -> Vec<DeclaredFunction> {
    let files = files(document);
    let all = document.descendants().filter(|node| node.has_tag_name("func") || node.has_tag_name("task"));
    let function = |node: Node<'d, 'd>| {
        let spot = Spot::of(node);
        // The result is a variable of the name of the function.
        let (result, arguments): (Vec<_>, Vec<_>) = node
            .children()
            .filter(|var| var.has_attribute("dir"))
            .partition(|var| var.attribute("name") == node.attribute("name"));
        let passed = |var: &Node<'d, 'd>| (direction(*var), types.of_item(*var));
        DeclaredFunction {
            c_name: None,
            file: files.get(spot.file.as_str()).map(|name| (*name).to_owned()),
            line: spot.line,
            column: spot.column,
            arguments: arguments.iter().map(passed).collect(),
            result: result.first().map(|var| types.of_item(*var)),
        }
    };
    all.map(function).collect()
}

fn direction(var: Node) -> Direction {
    match attribute(var, "dir") {
        "input" => Direction::In,
        "output" => Direction::Out,
        _ => Direction::Inout,
    }
}

/// Parameters that can be set: where a list of them precedes the ports, those in the body cannot.
fn settable<'a, 'd>(vars: &'a [Node<'d, 'd>]) -> impl Iterator<Item = Node<'d, 'd>> + 'a {
    let first_port = vars.iter().position(|var| var.has_attribute("dir")).unwrap_or(vars.len());
    let is_parameter = |var: &Node| var.attribute("param") == Some("true");
    let listed = vars.iter().take(first_port).any(&is_parameter);
    let end = if listed { first_port } else { vars.len() };
    vars.iter().take(end).copied().filter(move |var| is_parameter(var))
}

fn parameter(types: &Types, var: Node) -> Option<DeclaredParameter> {
    let value = var.first_element_child().filter(|child| child.has_tag_name("const"))?;
    Some(DeclaredParameter {
        name: attribute(var, "name").to_owned(),
        dtype: types.of_item(var),
        value: Constant::parse(attribute(value, "name")),
    })
}

/// A place in the source, in the order of the source.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    file: String,
    line: u32,
    column: u32,
}

impl Spot {
    fn of(node: Node) -> Spot {
        let mut parts = attribute(node, "loc").split(',');
        let file = parts.next().unwrap_or_default().to_owned();
        let mut number = || parts.next().and_then(|text| text.parse().ok()).unwrap_or(0);
        Spot { file, line: number(), column: number() }
    }
}

/// The type table, and what is needed to find enums again.
struct Types<'d> {
    by_id: HashMap<&'d str, Node<'d, 'd>>,
    enums: Vec<Node<'d, 'd>>,
    /// Where variables, members and type names are declared.
    items: BTreeSet<Spot>,
    /// Where types are used by name: the name, and the id of the type below it.
    uses: BTreeMap<Spot, (&'d str, &'d str)>,
    /// Declarations of type names.
    typedefs: HashMap<&'d str, Vec<Spot>>,
}

/// A type that is being read, and those that are made of it.
struct Open<'o> {
    id: &'o str,
    above: Option<&'o Open<'o>>,
}

impl Open<'_> {
    fn is_circle(&self) -> bool {
        std::iter::successors(self.above, |open| open.above).any(|open| open.id == self.id)
    }
}

impl<'d> Types<'d> {
    fn of(document: &'d Document<'d>) -> Types<'d> {
        let mut types = Types {
            by_id: HashMap::new(),
            enums: vec![],
            items: BTreeSet::new(),
            uses: BTreeMap::new(),
            typedefs: HashMap::new(),
        };
        document.descendants().filter(Node::is_element).for_each(|node| types.add(node));
        types
    }

    fn add(&mut self, node: Node<'d, 'd>) {
        if let (Some(id), true) = (node.attribute("id"), node.tag_name().name().ends_with("dtype")) {
            self.by_id.insert(id, node);
        }
        match node.tag_name().name() {
            "enumdtype" => self.enums.push(node),
            "refdtype" => {
                self.uses.insert(Spot::of(node), (attribute(node, "name"), below(node)));
            }
            "typedef" => {
                self.typedefs.entry(attribute(node, "name")).or_default().push(Spot::of(node));
                self.items.insert(Spot::of(node));
            }
            "var" | "memberdtype" => {
                self.items.insert(Spot::of(node));
            }
            _ => {}
        }
    }

    /// The type of a variable or member.
    fn of_item(&self, item: Node<'d, 'd>) -> Dtype {
        self.of_item_in(item, None)
    }

    fn of_item_in(&self, item: Node<'d, 'd>, open: Option<&Open>) -> Dtype {
        let id = item.attribute("dtype_id").unwrap_or_else(|| below(item));
        self.resolve(id, &Spot::of(item), open)
    }

    /// The type `id` of the thing that is declared at `spot`. None that is made of itself is one.
    fn resolve(&self, id: &'d str, spot: &Spot, above: Option<&Open>) -> Dtype {
        let open = Open { id, above };
        let found = self.by_id.get(id).copied().filter(|_| !open.is_circle());
        let Some(node) = found else { return Dtype::Other(id.to_owned()) };
        let element = || Box::new(self.resolve(below(node), spot, Some(&open)));
        let range = |what: fn(Range, Box<Dtype>) -> Dtype| match range_of(node) {
            Some(range) => what(range, element()),
            None => Dtype::Other("array".to_owned()),
        };
        match node.tag_name().name() {
            "basicdtype" => self.enum_at(id, spot, 0).map_or_else(|| basic(node), |e| self.enumeration(e)),
            "enumdtype" => self.enumeration(node),
            "packarraydtype" => range(|range, of| Dtype::Packed { range, of }),
            "unpackarraydtype" => range(|range, of| Dtype::Unpacked { range, of }),
            "structdtype" => {
                Dtype::Struct { name: type_name(attribute(node, "name")), members: self.members(node, &open) }
            }
            "uniondtype" => {
                Dtype::Union { name: type_name(attribute(node, "name")), members: self.members(node, &open) }
            }
            "refdtype" | "paramtypedtype" | "constdtype" => *element(),
            other => Dtype::Other(other.trim_end_matches("dtype").to_owned()),
        }
    }

    fn members(&self, node: Node<'d, 'd>, open: &Open) -> Vec<(String, Dtype)> {
        let members = node.children().filter(|child| child.has_tag_name("memberdtype"));
        members
            .map(|member| (attribute(member, "name").to_owned(), self.of_item_in(member, Some(open))))
            .collect()
    }

    fn enumeration(&self, node: Node<'d, 'd>) -> Dtype {
        let item = |item: Node| {
            let value = item.first_element_child().map_or("", |value| attribute(value, "name"));
            (attribute(item, "name").to_owned(), Constant::parse(value))
        };
        let base = self.by_id.get(below(node)).map_or(Dtype::Other("enum".to_owned()), |base| basic(*base));
        Dtype::Enum {
            name: type_name(attribute(node, "name")),
            base: Box::new(base),
            items: node.children().filter(|child| child.has_tag_name("enumitem")).map(item).collect(),
        }
    }

    /// The enum over the basic type `id` whose name stands just before `spot`, nothing else declared in between.
    fn enum_at(&self, id: &'d str, spot: &Spot, depth: u32) -> Option<Node<'d, 'd>> {
        let mut over = self.enums.iter().filter(|node| below(**node) == id).peekable();
        over.peek()?;
        let (start, (name, used)) = self.uses.range(..spot.clone()).next_back()?;
        let between = (Bound::Excluded(start), Bound::Excluded(spot));
        let apart = self.items.range(between).next().is_some();
        if start.file != spot.file || apart || *used != id {
            return None;
        }
        let named: Vec<_> = over.filter(|node| last_part(attribute(**node, "name")) == *name).collect();
        match (named.as_slice(), self.typedefs.get(name).map(Vec::as_slice)) {
            ([one], _) => Some(**one),
            ([], Some([alias])) if depth < 16 => self.enum_at(id, alias, depth + 1),
            _ => None,
        }
    }
}

fn basic(node: Node) -> Dtype {
    let bound = |name| node.attribute(name).and_then(|text| text.parse().ok());
    let range = bound("left").zip(bound("right")).map(|(left, right)| Range { left, right });
    Dtype::basic(attribute(node, "name"), range, node.attribute("signed") == Some("true"))
}

/// The two constants below the `range` of an array.
fn range_of(node: Node) -> Option<Range> {
    let range = node.children().find(|child| child.has_tag_name("range"))?;
    let mut bounds = range.children().filter(|child| child.has_tag_name("const"));
    let mut bound = || Constant::parse(attribute(bounds.next()?, "name")).bound();
    Some(Range { left: bound()?, right: bound()? })
}

fn below<'d>(node: Node<'d, 'd>) -> &'d str {
    attribute(node, "sub_dtype_id")
}

fn attribute<'d>(node: Node<'d, 'd>, name: &str) -> &'d str {
    node.attribute(name).unwrap_or_default()
}
