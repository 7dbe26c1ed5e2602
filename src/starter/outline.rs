//! The modules and packages of a source, found by a light scan of its words.
//! It does not know macros, parameters or which branch of a condition holds.

use std::collections::BTreeSet;

/// Something declared in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its name.
    pub name: String,
    /// Whether it is a package.
    pub is_package: bool,
    /// Whether it has ports.
    pub has_ports: bool,
    /// Every name in it: the modules it uses are among them.
    pub names: Vec<String>,
}

/// The modules of some sources that have no ports and that nothing in these sources names: what a simulator runs.
pub fn testbenches(sources: &[String]) -> Vec<String> {
    let all: Vec<Unit> = sources.iter().flat_map(|source| units(source)).collect();
    let used =
        |unit: &Unit| unit.names.iter().filter(|name| **name != unit.name).cloned().collect::<Vec<_>>();
    let named: BTreeSet<String> = all.iter().flat_map(used).collect();
    let mut found: Vec<String> = vec![];
    for unit in all.into_iter().filter(|unit| !unit.is_package && !unit.has_ports) {
        if !named.contains(&unit.name) && !found.contains(&unit.name) {
            found.push(unit.name);
        }
    }
    found
}

/// What a source declares, in order.
pub fn units(source: &str) -> Vec<Unit> {
    let words = words(source);
    let mut units: Vec<Unit> = vec![];
    let mut open = false;
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "module" | "program" | "package" if !open => {
                let is_lifetime = |word: &String| matches!(word.as_str(), "automatic" | "static");
                let skipped = words[at + 1..].iter().take_while(|word| is_lifetime(word)).count();
                let Some((name, head)) = words[at + 1 + skipped..].split_first() else { break };
                let (name, has_ports) = (name.clone(), has_ports(head));
                units.push(Unit { name, is_package: word == "package", has_ports, names: vec![] });
                open = true;
            }
            "endmodule" | "endprogram" | "endpackage" => open = false,
            name => units
                .last_mut()
                .filter(|_| open)
                .into_iter()
                .for_each(|unit| unit.names.push(name.to_owned())),
        }
    }
    units
}

/// Whether anything stands between the parentheses of the ports; those after `#` are parameters.
fn has_ports(head: &[String]) -> bool {
    let mut depth = 0_usize;
    let mut is_parameters = false;
    for (at, word) in head.iter().enumerate() {
        match word.as_str() {
            ";" if depth == 0 && !head[..at].iter().any(|word| word == "import") => return false,
            "#" if depth == 0 => is_parameters = true,
            "(" => {
                if depth == 0 && !is_parameters {
                    return head.get(at + 1).is_some_and(|next| next != ")");
                }
                depth += 1;
            }
            ")" => {
                depth = depth.saturating_sub(1);
                is_parameters &= depth > 0;
            }
            "endmodule" | "endprogram" | "endpackage" => return false,
            _ => {}
        }
    }
    false
}

/// Names and single signs, without comments, texts and numbers' insides.
fn words(source: &str) -> Vec<String> {
    let mut words = vec![];
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            text_length(rest)
        } else {
            let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len()).max(first.len_utf8());
            if !first.is_whitespace() {
                words.push(rest[..length].to_owned());
            }
            length
        };
        rest = &rest[length..];
    }
    words
}

/// How long the text in quotes is that stands first.
fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(source: &str) -> Vec<(String, bool, bool)> {
        units(source).into_iter().map(|unit| (unit.name, unit.is_package, unit.has_ports)).collect()
    }

    #[test]
    fn testbenches_have_no_ports_and_nobody_names_them() {
        let sources = [
            "module a; dut u(.x(1)); initial glbl.go = 1; endmodule module glbl; logic go; endmodule",
            "package p; endpackage module dut(input x); endmodule",
            "module b; initial b.x = 1; logic x; endmodule : b",
        ];
        assert_eq!(testbenches(&sources.map(str::to_owned)), ["a", "b"]);
    }

    #[test]
    fn modules_and_packages_are_found_with_and_without_ports() {
        let one = |name: &str, package, ports| vec![(name.to_owned(), package, ports)];
        assert_eq!(seen("module a (input x); endmodule"), one("a", false, true));
        assert_eq!(
            seen("module automatic a #(parameter W = (1)) (input x); endmodule"),
            one("a", false, true)
        );
        assert_eq!(seen("module a import p::*; #(int W = 1) (x); endmodule"), one("a", false, true));
        assert_eq!(seen("module a; b u(1); endmodule"), one("a", false, false));
        assert_eq!(seen("module a (); endmodule : a"), one("a", false, false));
        assert_eq!(
            seen("// module x;\n/* module y; */ package p; string s = \"module \\\" z\"; endpackage"),
            one("p", true, false)
        );
    }
}
