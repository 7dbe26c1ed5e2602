//! Which files of one room import each other in a circle, found in their tokens.
//! It does not know which room may import which.

use crate::sources;
use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::path::Path;

/// Circles that stay, each with its reason. This list only shrinks.
const EXCEPTIONS: &[(&[&str], &str)] = &[];

/// A file by the path of its module, such as `["script", "low_level", "ops"]`; that of `lib.rs` is empty.
type Module = Vec<String>;

fn module(path: &Path) -> Module {
    let parts = path.with_extension("");
    let parts = parts.iter().skip(1).map(|part| part.to_str().unwrap().to_owned());
    parts.filter(|part| !["mod", "lib"].contains(&part.as_str())).collect()
}

/// What the tokens of a file name.
#[derive(Default)]
struct Named {
    /// Paths with at least two parts, in `use` and elsewhere.
    paths: Vec<Vec<String>>,
    /// Modules that exist in tests only.
    test_modules: Vec<String>,
}

impl Named {
    fn of(text: &str) -> Named {
        let mut named = Named::default();
        named.read(text.parse().unwrap());
        named
    }

    fn read(&mut self, tokens: TokenStream) {
        let mut rest = tokens.into_iter().peekable();
        let mut before = ' ';
        while let Some(token) = rest.next() {
            match token {
                TokenTree::Group(group) if before == '#' && group.to_string() == "[cfg (test)]" => {
                    self.skip_item(&mut rest)
                }
                TokenTree::Group(group) => self.read(group.stream()),
                TokenTree::Ident(first) => {
                    let known = self.paths.len();
                    self.path(vec![first.to_string()], &mut rest);
                    if before == '$' {
                        self.paths.truncate(known); // `$crate::…` stands in a macro for programs of users
                    }
                }
                TokenTree::Punct(sign) => {
                    before = sign.as_char();
                    continue;
                }
                _ => {}
            }
            before = ' ';
        }
    }

    /// The rest of a path that starts with `parts`; one with `{…}` at its end is several.
    fn path(&mut self, mut parts: Vec<String>, rest: &mut Peekable<impl Iterator<Item = TokenTree>>) {
        while is_colon(rest.peek()) {
            rest.next();
            rest.next_if(|token| is_colon(Some(token)));
            match rest.peek() {
                Some(TokenTree::Ident(part)) => parts.push(part.to_string()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    self.branches(&parts, group.clone())
                }
                _ => break,
            }
            rest.next();
        }
        if parts.len() > 1 {
            self.paths.push(parts);
        }
    }

    /// The paths of `start::{…}`.
    fn branches(&mut self, start: &[String], group: Group) {
        let mut rest = group.stream().into_iter().peekable();
        while let Some(token) = rest.next() {
            if let TokenTree::Ident(first) = token {
                let parts = start.iter().cloned().chain([first.to_string()]).collect();
                self.path(parts, &mut rest);
            }
        }
    }

    /// Passes over what `#[cfg(test)]` stands above.
    fn skip_item(&mut self, rest: &mut impl Iterator<Item = TokenTree>) {
        let mut name = String::new();
        for token in rest {
            match token {
                TokenTree::Punct(sign) if sign.as_char() == ';' => return self.test_modules.push(name),
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
                TokenTree::Ident(ident) => name = ident.to_string(),
                _ => {}
            }
        }
    }
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(sign)) if sign.as_char() == ':')
}

/// The file that a path means in `from`: the longest start of it that is one.
fn target(path: &[String], from: &Module, files: &BTreeMap<Module, Named>) -> Option<Module> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let mut found: Module = match path[0].as_str() {
        "crate" => vec![],
        _ => from[..from.len().checked_sub(ups)?].to_vec(),
    };
    let skipped = if ["crate", "self"].contains(&path[0].as_str()) { 1 } else { ups };
    let own = found.len();
    for part in &path[skipped..] {
        found.push(part.clone());
        if !files.contains_key(&found) {
            found.pop();
            break;
        }
    }
    (skipped > 0 || found.len() > own).then_some(found)
}

/// The circles between files of one room, each sorted, as `a imports b`.
fn circles() -> Vec<(BTreeSet<String>, Vec<String>)> {
    let mut files: BTreeMap<Module, Named> =
        sources().iter().map(|(path, text)| (module(path), Named::of(text))).collect();
    let tests: Vec<Module> = files
        .iter()
        .flat_map(|(from, named)| {
            named.test_modules.iter().map(|name| from.iter().cloned().chain([name.clone()]).collect())
        })
        .collect();
    files.retain(|module, _| !module.is_empty() && !tests.iter().any(|test| module.starts_with(test)));
    let mut graph = DiGraph::new();
    let nodes: BTreeMap<&Module, _> = files.keys().map(|module| (module, graph.add_node(module))).collect();
    for (from, named) in &files {
        let targets: BTreeSet<Module> =
            named.paths.iter().filter_map(|path| target(path, from, &files)).collect();
        for to in targets.iter().filter(|to| *to != from && to.first() == from.first()) {
            graph.add_edge(nodes[from], nodes[to], ());
        }
    }
    let name = |node: petgraph::graph::NodeIndex| -> String { graph[node].join("::") };
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    let shown = circles.map(|circle| {
        let edges = graph.raw_edges().iter();
        let inside = edges.filter(|edge| circle.contains(&edge.source()) && circle.contains(&edge.target()));
        let lines = inside.map(|edge| format!("{} imports {}", name(edge.source()), name(edge.target())));
        (circle.iter().map(|node| name(*node)).collect(), lines.collect())
    });
    shown.collect()
}

#[test]
fn no_files_of_a_room_import_each_other_in_a_circle() {
    let found = circles();
    let listed: Vec<BTreeSet<String>> =
        EXCEPTIONS.iter().map(|(files, _)| files.iter().map(|file| (*file).to_owned()).collect()).collect();
    let new = found.iter().filter(|(files, _)| !listed.contains(files));
    let new: Vec<String> = new.flat_map(|(_, lines)| lines.clone()).collect();
    assert_eq!(new, [""; 0]);
    let gone = listed.iter().filter(|files| !found.iter().any(|(circle, _)| circle == *files));
    assert_eq!(gone.count(), 0, "a circle of `EXCEPTIONS` is untied: take it off the list");
    assert!(listed.len() <= 2);
}

#[test]
fn imports_are_found_in_use_trees_and_bodies_and_not_in_text_or_tests() {
    let text = r#"
        use super::{a::A, b::{self, c::C}};
        pub use child::X;
        // crate::comment::x
        fn f() -> crate::d::D { g(x.y, "crate::text::x"); vec![super::e::E::new(), $crate::m::x()] }
        #[cfg(test)]
        mod harness;
        #[cfg(test)]
        mod tests { use crate::t::T; }
    "#;
    let named = Named::of(text);
    let mut paths: Vec<String> = named.paths.iter().map(|path| path.join("::")).collect();
    paths.sort();
    let expected = [
        "child::X",
        "crate::d::D",
        "super::a::A",
        "super::b",
        "super::b::c::C",
        "super::b::self",
        "super::e::E::new",
    ];
    assert_eq!(paths, expected);
    assert_eq!(named.test_modules, ["harness"]);
}
