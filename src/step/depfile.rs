//! Reads and writes dependency files in Make's syntax. It reads every form that tools write, and writes the one form that
//! every version and reimplementation of Ninja reads.
//! It does not know whether the files exist, or which directory their names are relative to.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use camino::{Utf8Path, Utf8PathBuf};
use std::fmt::{self, Write};

/// Why a text is not a dependency file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is empty.
    Empty,
    /// It is JSON.
    Json,
    /// This line, from 1, contains no rule.
    Line(usize),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Empty => f.write_str("is empty"),
            Fault::Json => f.write_str("is JSON"),
            Fault::Line(number) => write!(f, "has no rule in line {number}"),
        }
    }
}

/// The prerequisites of all rules, in order, as written. Targets and phony lines (`-MP`) are left out.
///
/// # Errors
/// The text is not a dependency file.
pub fn parse(text: &str) -> Result<Vec<String>, Fault> {
    if matches!(serde_json::from_str(text), Ok(serde_json::Value::Object(_) | serde_json::Value::Array(_))) {
        return Err(Fault::Json);
    }
    let text = text.replace("\r\n", "\n");
    let mut found = vec![];
    let mut rules = 0;
    for (number, rule) in logical_lines(&text) {
        let mut words = words(&rule);
        if words.is_empty() {
            continue;
        }
        rules += 1;
        let colon = match words.iter().position(|word| word.ends_with(':')) {
            Some(at) => at + 1,
            None => {
                let colon = glued(&rule).map(|at| words_before(&rule[..at]));
                let at = colon.ok_or(Fault::Line(number))?;
                let word = words.get_mut(at).ok_or(Fault::Line(number))?;
                let (_, first) = word.split_once(':').ok_or(Fault::Line(number))?;
                *word = first.to_owned();
                at
            }
        };
        found.extend(words.into_iter().skip(colon));
    }
    if rules == 0 { Err(Fault::Empty) } else { Ok(found) }
}

/// The position of a rule's colon that no blank follows: the first colon without a backslash.
fn glued(rule: &str) -> Option<usize> {
    let colons = rule.match_indices(':').map(|(at, _)| at);
    colons.into_iter().find(|at| !rule[..*at].ends_with('\\'))
}

/// How many words end before the last word of this text.
fn words_before(text: &str) -> usize {
    words(text).len().saturating_sub(1)
}

/// Lines with their continuations joined and the number of their first; comments are dropped.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = vec![];
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        let continues = backslashes % 2 == 1;
        let body = line.strip_suffix('\\').filter(|_| continues).unwrap_or(line);
        match lines.last_mut() {
            Some((_, last)) if open => write!(last, " {body}").unwrap_or_default(),
            _ if line.starts_with('#') => continue,
            _ => lines.push((number + 1, body.to_owned())),
        }
        open = continues;
    }
    lines
}

/// The words of a rule without their escapes. A backslash escapes only a blank, a `#` or a `:`; `$$` is a dollar.
fn words(rule: &str) -> Vec<String> {
    let mut words = vec![];
    let mut word = String::new();
    let mut rest = rule.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\t' => words.push(std::mem::take(&mut word)),
            '$' => {
                rest.next_if_eq(&'$');
                word.push('$');
            }
            '\\' => {
                let mut run = 1;
                while rest.next_if_eq(&'\\').is_some() {
                    run += 1;
                }
                let escapes = rest.peek().is_some_and(|c| " \t#:".contains(*c));
                let kept = if escapes { run / 2 } else { run };
                word.extend(std::iter::repeat_n('\\', kept));
                if escapes && run % 2 == 1 {
                    word.extend(rest.next());
                }
            }
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// The dependency file for Ninja: one target, LF, no phony lines. Where Ninja would misread a name, or stop at it, the
/// file names no output at all: Ninja then asks the runner each time.
pub fn for_ninja(target: &Utf8Path, found: &[Utf8PathBuf]) -> String {
    if !is_readable(target) || !found.iter().all(|path| is_readable(path)) {
        return "not-readable-by-ninja:\n".to_owned();
    }
    let mut text = format!("{}:", escaped(target));
    for (n, path) in found.iter().enumerate() {
        let separator = if n == 0 { " " } else { " \\\n  " };
        text.push_str(separator);
        text.push_str(&escaped(path));
    }
    text.push('\n');
    text
}

/// Whether every Ninja reads this name, escaped, as it is.
fn is_readable(path: &Utf8Path) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || " #$\\+,/_:.~(){}%=@[]!-".contains(c) || !c.is_ascii();
    let name = path.as_str();
    let is_escape = ["\\:", "\\$"].iter().any(|pair| name.contains(pair));
    name.chars().all(plain) && !is_escape && !name.ends_with([':', '\\'])
}

fn escaped(path: &Utf8Path) -> String {
    let mut text = String::with_capacity(path.as_str().len());
    let mut backslashes = 0;
    for c in path.as_str().chars() {
        match c {
            ' ' | '#' => text.extend(std::iter::repeat_n('\\', backslashes + 1)),
            '$' => text.push('$'),
            _ => {}
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Vec<String> {
        super::parse(text).unwrap()
    }

    #[test]
    fn a_text_without_a_rule_is_no_dependency_file() {
        let fault = |text: &str| super::parse(text).unwrap_err().to_string();
        for text in ["", "\n", "# nothing\n", " \t\n"] {
            assert_eq!(fault(text), "is empty");
        }
        assert_eq!(fault("{\"deps\": [\"a.h\"]}\n"), "is JSON");
        assert_eq!(fault("{\n  \"deps\": []\n}\n"), "is JSON");
        assert_eq!(fault("garbage\n"), "has no rule in line 1");
        assert_eq!(fault("# list\na.o: b.h\nc.h\n"), "has no rule in line 3");
        assert_eq!(fault("a\\:b c\n"), "has no rule in line 1");
    }

    #[test]
    fn a_colon_without_a_blank_behind_it_ends_the_targets() {
        assert_eq!(parse("g.bb:../../inc.txt b.h"), ["../../inc.txt", "b.h"]);
        assert_eq!(parse("a g.bb:x:y.h"), ["x:y.h"]);
        assert_eq!(parse("a\\ b.o:c.h"), ["c.h"]);
    }

    #[test]
    fn compilers_files_are_read() {
        let gcc = "a.o: a.c my\\ dir/a.h \\\n  b\\#.h \\\n c$$d.h\n\nmy\\ dir/a.h:\n\nb\\#.h:\n";
        assert_eq!(parse(gcc), ["a.c", "my dir/a.h", "b#.h", "c$d.h"]);
        let many = "o/V.cpp o/V.h  : /usr/bin/verilator_bin a.sv inc/h.svh \n";
        assert_eq!(parse(many), ["/usr/bin/verilator_bin", "a.sv", "inc/h.svh"]);
        let rustc = "/t/a.d: src/a.rs\n\n/t/liba.rlib: src/a.rs src/b.rs\n\nsrc/a.rs:\n# env-dep:X=1: 2\n";
        assert_eq!(parse(rustc), ["src/a.rs", "src/a.rs", "src/b.rs"]);
    }

    #[test]
    fn every_escape_and_line_end_is_read() {
        assert_eq!(parse("a.o:\\\n\tx\\y.h z:1.h\r\n"), ["x\\y.h", "z:1.h"]);
        assert_eq!(parse("a\\:b.o: a\\\\\\ b c\\\\ d"), ["a\\ b", "c\\", "d"]);
        assert_eq!(parse("a.o : b.h"), ["b.h"]);
        assert_eq!(parse("a.o:"), [""; 0]);
    }

    #[test]
    fn what_ninja_is_given_reads_back_as_it_was() {
        let names = ["a b.h", "c#d.h", "$x.h", "e\\f.h", "g\\ h.h", "i:j.h", "ü.h"].map(Utf8PathBuf::from);
        let text = for_ninja(Utf8Path::new("out dir/a"), &names);
        assert_eq!(text.lines().next(), Some("out\\ dir/a: a\\ b.h \\"));
        assert_eq!(parse(&text), names);
        assert_eq!(for_ninja(Utf8Path::new("a"), &[]), "a:\n");
    }

    #[test]
    fn a_name_that_ninja_would_misread_is_kept_from_it() {
        for name in ["it's", ":'", "a;b", "a:", "a\\:b", "a\\", "a\\$b"] {
            assert_eq!(for_ninja(Utf8Path::new(name), &[]), "not-readable-by-ninja:\n");
            assert_eq!(for_ninja(Utf8Path::new("a"), &[name.into()]), "not-readable-by-ninja:\n");
        }
    }
}
