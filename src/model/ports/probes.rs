//! Signals inside of a design, by their paths: their types in the tree, and where the Verilated class keeps them.
//! It does not know which format the tree has.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::declared::{DeclaredProbe, Dtype};
use crate::diag::{Error, Result, did_you_mean};
use std::collections::{HashMap, VecDeque};

/// What a parser of a tree says of the hierarchy: a node is a module, a generate block or a variable.
pub trait Hierarchy {
    /// A node of the tree.
    type Node: Copy;
    /// Names of the signals in a module or block.
    fn signals(&self, scope: Self::Node) -> Vec<(String, Self::Node)>;
    /// Names of the instances and blocks in a module or block, and what is inside of each.
    fn scopes(&self, scope: Self::Node) -> Vec<(String, Self::Node)>;
    /// The type of a signal.
    ///
    /// # Errors
    /// A tree that cannot be understood.
    fn dtype(&self, signal: Self::Node) -> Result<Dtype>;
}

/// The types of signals by their paths below the top.
///
/// # Errors
/// A path that names no signal.
pub fn find<H: Hierarchy>(tree: &H, top: H::Node, paths: &[String]) -> Result<Vec<DeclaredProbe>> {
    let one = |path: &String| match search(tree, top, path) {
        Some(signal) => Ok(DeclaredProbe { path: path.clone(), dtype: tree.dtype(signal)? }),
        None => Err(unknown(tree, top, path)),
    };
    paths.iter().map(one).collect()
}

/// An escaped name may contain dots: every possible split is tried.
fn search<H: Hierarchy>(tree: &H, scope: H::Node, path: &str) -> Option<H::Node> {
    let found = tree.signals(scope).into_iter().find(|(name, _)| name == path);
    found.map(|(_, signal)| signal).or_else(|| {
        tree.scopes(scope).into_iter().find_map(|(name, inner)| {
            let rest = path.strip_prefix(&name)?.strip_prefix('.')?;
            search(tree, inner, rest)
        })
    })
}

fn unknown<H: Hierarchy>(tree: &H, top: H::Node, path: &str) -> Box<Error> {
    let error = Error::request(format!("the design has no signal `{path}` to probe"));
    let all = signals(tree, top);
    match did_you_mean(path, all.iter().map(String::as_str)) {
        Some(hint) => error.hint(hint),
        None => {
            error.hint("`verilator.probes` names signals by their paths below the top, as in `u_core.pc`")
        }
    }
}

/// The paths of all signals; of a very large design, of those near the top.
fn signals<H: Hierarchy>(tree: &H, top: H::Node) -> Vec<String> {
    const ENOUGH: usize = 10_000;
    let mut found = vec![];
    let mut open = VecDeque::from([(String::new(), top)]);
    while let Some((above, scope)) = open.pop_front().filter(|_| found.len() < ENOUGH) {
        found.extend(tree.signals(scope).into_iter().map(|(name, _)| format!("{above}{name}")));
        open.extend(tree.scopes(scope).into_iter().map(|(name, inner)| (format!("{above}{name}."), inner)));
    }
    found
}

/// Where the Verilated class keeps the signals that it was told to keep, by their paths below the top: expressions over
/// the members of its `V…__Syms`.
pub fn storage(symbols: &str, top: &str) -> HashMap<String, String> {
    let mut scopes = HashMap::new();
    let mut found = HashMap::new();
    for line in symbols.lines().map(str::trim) {
        let line = line.strip_prefix("//UNSUP ").unwrap_or(line);
        let Some(rest) = line.strip_prefix("__Vscope") else { continue };
        let end = rest.find([' ', '.', '-']).unwrap_or(rest.len());
        let (scope, rest) = rest.split_at(end);
        let texts = || rest.split('"').skip(1);
        if rest.contains("configure(") || rest.contains("new VerilatedScope{") {
            scopes.extend(texts().next().map(|path| (scope, path.to_owned())));
        } else if rest.contains("varInsert(") {
            let lvalue = rest.split_once("&(").and_then(|(_, rest)| rest.split_once(')'));
            let Some((path, (lvalue, _))) = scopes.get(scope).zip(lvalue) else { continue };
            let name = texts().next().unwrap_or_default().trim_start_matches('\\').trim_end();
            // Words of C++ carry a prefix.
            let name = name.strip_prefix("__SYM__").unwrap_or(name);
            let path = format!("{path}.{name}");
            found.extend(
                path.strip_prefix(&format!("{top}.")).map(|path| (path.to_owned(), lvalue.to_owned())),
            );
        }
    }
    found
}

/// Settings that make Verilator keep the signals of these names, wherever they are. A name with characters that C does not
/// allow is also given in the form that older Verilators expect.
pub fn settings(paths: &[String]) -> String {
    let mut names: Vec<String> = vec![];
    for path in paths {
        let ends = path.match_indices('.').filter_map(|(at, _)| path.get(at + 1..));
        let tails = std::iter::once(path.as_str()).chain(ends);
        names.extend(tails.flat_map(|name| [name.to_owned(), mangled(name)]));
    }
    names.sort();
    names.dedup();
    let line = |name: &String| format!("public_flat_rd -module \"*\" -var \"{name}\"\n");
    let lines: String = names.iter().filter(|name| !name.contains('"')).map(line).collect();
    format!("`verilator_config\n{lines}")
}

/// A name as Verilator writes it in C++.
pub(super) fn mangled(name: &str) -> String {
    let mut mangled = String::new();
    let mut rest = name.bytes().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'_' if rest.peek() == Some(&b'_') => {
                rest.next();
                mangled.push_str("___05F");
            }
            b'0'..=b'9' if mangled.is_empty() => mangled.push_str(&format!("__0{byte:02x}")),
            b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => mangled.push(char::from(byte)),
            _ => mangled.push_str(&format!("__0{byte:02x}")),
        }
    }
    mangled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_is_found_as_both_generations_write_it() {
        let old = "    __Vscope_p__u.configure(this, name(), \"p.u\", \"u\", 0, VerilatedScope::SCOPE_OTHER);
        //UNSUP __Vscope_p__u.varInsert(__Vfinal,\"wm\", &(TOP.p__DOT__u__DOT__wm), false, VLVT_UINT64,1);\n";
        let new = "    __Vscopep_p__u = new VerilatedScope{this, \"p.u\", \"u\", \"<null>\", 0, VerilatedScope::SCOPE_OTHER};
    __Vscopep_p__u->varInsert(\"\\\\esc.name \", &(TOP__p__DOT__u.esc__02ename), false, VLVT_UINT32, 0);\n";
        assert_eq!(storage(old, "p")["u.wm"], "TOP.p__DOT__u__DOT__wm");
        assert_eq!(storage(new, "p")["u.esc.name"], "TOP__p__DOT__u.esc__02ename");
    }

    #[test]
    fn every_name_that_a_path_may_end_with_is_kept() {
        let lines = settings(&["u.a$b".to_owned()]);
        let names: Vec<_> = lines.lines().filter_map(|line| line.rsplit('"').nth(1)).collect();
        assert_eq!(names, ["a$b", "a__024b", "u.a$b", "u__02ea__024b"]);
        assert_eq!((mangled("a__b").as_str(), mangled("1x").as_str()), ("a___05Fb", "__031x"));
    }
}
