//! What decides where a source can stand: which packages it declares and uses, and which macros it sets and reads, by a
//! light scan past comments and strings.
//! It leaves to others what the order is, and which branch of a condition is taken.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use std::collections::BTreeSet;

/// What a source says that matters to the order, in the order in which it says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event<'t> {
    /// It declares a package.
    Package(&'t str),
    /// It declares a class or a type, which may be named before a `::` as a package is.
    Local(&'t str),
    /// It names this before a `::`.
    Use(&'t str),
    /// It uses a macro.
    Read(&'t str),
    /// It sets a macro whose text has these names before a `::`, and uses these macros.
    Define { name: &'t str, uses: Vec<&'t str>, reads: Vec<&'t str> },
    /// It removes a macro.
    Undef(&'t str),
    /// `` `ifdef ``.
    If(&'t str),
    /// `` `ifndef ``.
    IfNot(&'t str),
    /// The guard against a second reading: an `` `ifndef `` that the `` `define `` of the same macro follows.
    Guard(&'t str),
    /// `` `elsif ``.
    ElseIf(&'t str),
    /// `` `else ``.
    Else,
    /// `` `endif ``.
    EndIf,
    /// It includes a file, which may set any macro.
    Include,
}

/// The events of a source as text, a line for each. Between two directives they are sorted, each once, so that an edit
/// that moves them changes nothing.
pub fn outline(source: &str) -> String {
    let mut lines = Lines::default();
    let all = tokens(source);
    let offset = |token: &str| token.as_ptr() as usize - source.as_ptr() as usize;
    let mut body_end = 0;
    for (at, token) in all.iter().enumerate() {
        if offset(token) < body_end {
            continue;
        }
        let next = || all.get(at + 1).copied().map_or("", name);
        match *token {
            "`define" => {
                body_end = line_end(source, offset(token));
                let after = all.iter().skip(at + 1).copied();
                let body: Vec<&str> = after.take_while(|token| offset(token) < body_end).collect();
                lines.directive(&define(&body));
            }
            "`undef" => lines.directive(&format!("undef {}", next())),
            "`ifdef" => lines.directive(&format!("if {}", next())),
            "`ifndef" => {
                let is_guard = all.get(at + 2) == Some(&"`define") && all.get(at + 3) == all.get(at + 1);
                lines.directive(&format!("{} {}", if is_guard { "guard" } else { "ifnot" }, next()));
            }
            "`elsif" => lines.directive(&format!("elsif {}", next())),
            "`else" => lines.directive("else"),
            "`endif" => lines.directive("endif"),
            "`include" => lines.directive("include"),
            token => lines.token(token, all.get(at + 1..).unwrap_or_default()),
        }
    }
    lines.finish()
}

/// The line of a macro, from its name and its text.
fn define(words: &[&str]) -> String {
    let mut line = format!("define {}", words.first().copied().map_or("", name));
    let mut said = BTreeSet::new();
    for (at, word) in words.iter().enumerate().skip(1) {
        if is_name(word) && words.get(at + 1) == Some(&"::") {
            said.insert(format!(" use {}", name(word)));
        } else if let Some(read) = word.strip_prefix('`').filter(|read| !read.is_empty()) {
            said.insert(format!(" read {read}"));
        }
    }
    line.extend(said);
    line
}

/// Lines that are gathered.
#[derive(Default)]
struct Lines {
    text: String,
    /// Since the last directive.
    since: BTreeSet<String>,
}

impl Lines {
    fn directive(&mut self, line: &str) {
        self.flush();
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn flush(&mut self) {
        for line in std::mem::take(&mut self.since) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    fn finish(mut self) -> String {
        self.flush();
        self.text
    }

    /// What a word means that is not a directive.
    fn token(&mut self, token: &str, after: &[&str]) {
        let mut say = |what: &str, name: &str| {
            self.since.insert(format!("{what} {name}"));
        };
        let named = |skip: &[&str]| {
            let found = after.iter().find(|token| !skip.contains(token));
            found.copied().filter(|token| is_name(token)).map(name)
        };
        match token {
            "package" => named(&["static", "automatic"]).into_iter().for_each(|name| say("package", name)),
            "class" => named(&["static", "automatic"]).into_iter().for_each(|name| say("local", name)),
            "typedef" => typedef_name(after).into_iter().for_each(|name| say("local", name)),
            "type" if after.get(1) == Some(&"=") => {
                named(&[]).into_iter().for_each(|name| say("local", name))
            }
            _ => {}
        }
        if is_name(token) && after.first() == Some(&"::") {
            say("use", name(token));
        } else if let Some(read) = token.strip_prefix('`').filter(|read| is_name(read)) {
            say("read", read);
        }
    }
}

/// The name that a `typedef` declares: the last one before its `;`, outside of brackets.
fn typedef_name<'t>(after: &[&'t str]) -> Option<&'t str> {
    let mut depth = 0_i32;
    let mut found = None;
    for token in after {
        match *token {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => depth -= 1,
            ";" if depth <= 0 => return found,
            // That one is looked at by itself.
            "typedef" => return None,
            token if depth == 0 && is_name(token) => found = Some(name(token)),
            _ => {}
        }
    }
    None
}

/// Reads what [`outline`] wrote.
pub(super) fn events(text: &str) -> Vec<Event<'_>> {
    text.lines().filter_map(event).collect()
}

fn event(line: &str) -> Option<Event<'_>> {
    let mut words = line.split(' ');
    let kind = words.next()?;
    match kind {
        "else" => return Some(Event::Else),
        "endif" => return Some(Event::EndIf),
        "include" => return Some(Event::Include),
        _ => {}
    }
    let name = words.next()?;
    Some(match kind {
        "package" => Event::Package(name),
        "local" => Event::Local(name),
        "use" => Event::Use(name),
        "read" => Event::Read(name),
        "undef" => Event::Undef(name),
        "if" => Event::If(name),
        "ifnot" => Event::IfNot(name),
        "guard" => Event::Guard(name),
        "elsif" => Event::ElseIf(name),
        "define" => {
            let (mut uses, mut reads) = (vec![], vec![]);
            while let (Some(kind), Some(name)) = (words.next(), words.next()) {
                if kind == "use" { uses.push(name) } else { reads.push(name) }
            }
            Event::Define { name, uses, reads }
        }
        _ => return None,
    })
}

/// The name in a token: an escaped name without its backslash.
fn name(token: &str) -> &str {
    token.strip_prefix('\\').unwrap_or(token)
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        || token.strip_prefix('\\').is_some_and(|rest| !rest.is_empty())
}

/// The end of the line at this offset and of those that continue it.
pub(super) fn line_end(source: &str, from: usize) -> usize {
    let mut end = from;
    for line in source.get(from..).unwrap_or_default().split_inclusive('\n') {
        end += line.len();
        if !line.trim_end_matches(['\n', '\r']).ends_with('\\') {
            break;
        }
    }
    end
}

/// Names, `::`, and other characters one by one; comments, strings and attributes of macros are left out. An escaped
/// name has its backslash.
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
        } else if first == '\\' {
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            tokens.extend(rest.get(..length));
            length
        } else if rest.starts_with("::") {
            // A part of the source, as every token: its place is asked for.
            tokens.extend(rest.get(..2));
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

    fn lines(source: &str) -> Vec<String> {
        outline(source).lines().map(str::to_owned).collect()
    }

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
        let expected = ["package bus_pkg", "use base_pkg", "use bus_pkg", "use cfg_pkg", "use io_pkg"];
        assert_eq!(lines(source), expected);
    }

    #[test]
    fn directives_keep_their_order_and_the_text_of_a_macro_is_its_own() {
        let source = "`ifndef A_SVH\n`define A_SVH\n`define LOG(x) \\\n  log_pkg::log(`W, x)\n`ifdef X\nimport p::*;\n\
                      `elsif Y\n`else\n`LOG(q_pkg::Q)\n`endif\n`undef W\n`include \"b.svh\"\n`endif\n";
        let expected = [
            "guard A_SVH",
            "define A_SVH",
            "define LOG read W use log_pkg",
            "if X",
            "use p",
            "elsif Y",
            "else",
            "read LOG",
            "use q_pkg",
            "endif",
            "undef W",
            "include",
            "endif",
        ];
        assert_eq!(lines(source), expected);
    }

    #[test]
    fn an_escaped_name_is_the_name_and_ends_at_a_blank() {
        assert_eq!(lines("package \\my-pkg ; endpackage"), ["package my-pkg"]);
        assert_eq!(lines("assign x = \\p ::X + \\no::x ;"), ["use p"]);
    }

    #[test]
    fn classes_and_types_are_told_from_packages() {
        let source = "class cfg; endclass\ntypedef struct { int a; } pair_t [2];\ntypedef class late;\n\
                      module m #(parameter type T = int) (); endmodule";
        assert_eq!(lines(source), ["local T", "local cfg", "local late", "local pair_t"]);
        assert_eq!(lines("typedef int typedef int t;"), ["local t"]);
    }

    #[test]
    fn what_is_written_is_read() {
        let text = "guard A\ndefine M use p read X use q\nuse r\nelse\n";
        let define = Event::Define { name: "M", uses: vec!["p", "q"], reads: vec!["X"] };
        assert_eq!(events(text), [Event::Guard("A"), define, Event::Use("r"), Event::Else]);
    }
}
