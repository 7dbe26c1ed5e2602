//! What a source says of packages: which it declares and which it uses, by a light scan past comments and strings.
//! It does not know the language beyond that; what a macro makes is not seen.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use std::collections::BTreeSet;

/// The packages of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Declared here.
    pub declares: BTreeSet<String>,
    /// Named before a `::`, and not declared here.
    pub uses: BTreeSet<String>,
}

impl Outline {
    /// Reads what [`outline`] wrote.
    pub fn of_text(text: &str) -> Outline {
        let mut found = Outline::default();
        for line in text.lines() {
            match line.split_once(' ') {
                Some(("package", name)) => drop(found.declares.insert(name.to_owned())),
                Some((_, name)) => drop(found.uses.insert(name.to_owned())),
                None => {}
            }
        }
        found
    }
}

/// The packages of a source as text, a line for each, sorted: `package p` and `use q`.
pub fn outline(source: &str) -> String {
    let tokens = tokens(source);
    let is_name = |token: &&str| token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let mut found = Outline::default();
    for (at, token) in tokens.iter().enumerate() {
        if *token == "package" {
            let after = tokens.iter().skip(at + 1).find(|token| !["static", "automatic"].contains(token));
            found.declares.extend(after.filter(|name| is_name(name)).map(|name| (*name).to_owned()));
        }
        if is_name(token) && tokens.get(at + 1) == Some(&"::") {
            found.uses.insert((*token).to_owned());
        }
    }
    let declares = found.declares.iter().map(|name| format!("package {name}\n"));
    let uses = found.uses.difference(&found.declares).map(|name| format!("use {name}\n"));
    declares.chain(uses).collect()
}

/// Names, `::`, and other characters one by one; comments, strings and attributes of macros are left out.
pub(super) fn tokens(source: &str) -> Vec<&str> {
    let mut tokens = vec![];
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or(rest.len(), |end| end + 4)
        } else if first == '"' {
            string_length(rest)
        } else if first.is_ascii_alphanumeric() || "_$`".contains(first) {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
            let mut after = rest.char_indices().skip(1);
            let length = after.find(|(_, c)| !is_part(*c)).map_or(rest.len(), |(end, _)| end);
            tokens.extend(rest.get(..length));
            length
        } else if rest.starts_with("::") {
            tokens.push("::");
            2
        } else {
            if !first.is_whitespace() {
                tokens.extend(rest.get(..first.len_utf8()));
            }
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    tokens
}

/// The length of a string with its quotes; `\` escapes.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            // A string ends with its line at the latest: a lone quote must not hide the rest of the file.
            '"' | '\n' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_found_past_comments_and_strings() {
        let source = r#"
            // import no::*;
            /* package no; */
            package automatic bus_pkg;
                import base_pkg :: word_t;
                localparam W = cfg_pkg::WIDTH, V = bus_pkg::W;
                initial $display("package \"no\" no::x");
            endpackage : bus_pkg
            module m import io_pkg::*; (input a);
        "#;
        assert_eq!(outline(source), "package bus_pkg\nuse base_pkg\nuse cfg_pkg\nuse io_pkg\n");
        let read = Outline::of_text(&outline(source));
        assert_eq!((read.declares.len(), read.uses.len()), (1, 3));
    }
}
