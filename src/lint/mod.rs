//! What Verilator says about a design, as data: one diagnostic for each `%Warning` and `%Error` of its text.
//! It does not know how Verilator was run, or who wants to know.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod baseline;
mod diagnostic;
mod formats;

pub use baseline::Baseline;
pub use diagnostic::{Diagnostic, Severity, count};
pub use formats::{github, json, sarif};

use crate::diag::{Error, Result};
use crate::excerpt;
use camino::Utf8Path;
use std::collections::BTreeMap;
use std::path::Path;

/// The diagnostics of a text, in its order. A line that counts them (`Exiting due to …`) is not one.
pub fn parse(text: &str) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = vec![];
    let mut is_inside = false;
    for line in text.lines() {
        if let Some(diagnostic) = first_line(line) {
            is_inside = !diagnostic.message.starts_with("Exiting due to ");
            if is_inside {
                found.push(diagnostic);
            }
        } else if line.starts_with(char::is_whitespace) || is_place(line) {
            if let Some(last) = found.last_mut().filter(|_| is_inside && !is_advice(line)) {
                last.context.push(line.to_owned());
            }
        } else {
            is_inside = false;
        }
    }
    found
}

/// The text with the messages of errors before the others, and at most `limit` messages in all, 0 for any number; also
/// how many messages are left out. Lines that belong to no message stay where they are, before or behind all.
pub fn errors_first(text: &str, limit: usize) -> (String, usize) {
    let mut messages: Vec<(bool, String)> = vec![];
    let (mut head, mut tail) = (String::new(), String::new());
    for line in text.split_inclusive('\n') {
        match first_line(line.trim_end_matches('\n')) {
            Some(first) if first.message.starts_with("Exiting due to ") => tail.push_str(line),
            Some(first) => messages.push((first.severity == Severity::Warning, line.to_owned())),
            None if !tail.is_empty() => tail.push_str(line),
            None => messages.last_mut().map_or(&mut head, |(_, message)| message).push_str(line),
        }
    }
    // Stable: errors stay in their order, and so do warnings.
    messages.sort_by_key(|(is_warning, _)| *is_warning);
    let shown = if limit == 0 { messages.len() } else { limit.min(messages.len()) };
    let left_out = messages.len() - shown;
    let shown = messages.into_iter().take(shown).map(|(_, message)| message);
    (std::iter::once(head).chain(shown).chain([tail]).collect(), left_out)
}

/// How many messages there are of each kind, the most frequent first. An error without a code is `error`.
pub fn codes(diagnostics: &[Diagnostic]) -> Vec<(&str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts.entry(diagnostic.code.as_deref().unwrap_or("error")).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// `%Warning-WIDTH: a.sv:3:5: Operator …`, where the code, the place, or both may be absent.
fn first_line(line: &str) -> Option<Diagnostic> {
    let line = line.strip_prefix('%')?;
    let (head, rest) = line.split_once(": ")?;
    let (kind, code) = match head.split_once('-') {
        Some((kind, code)) => (kind, Some(code.to_owned())),
        None => (head, None),
    };
    let severity = match kind {
        "Warning" => Severity::Warning,
        "Error" => Severity::Error,
        _ => return None,
    };
    let (place, message) = place(rest);
    let (file, line, column) = match place {
        Some((file, line, column)) => (Some(file.to_owned()), Some(line), column),
        None => (None, None, None),
    };
    Some(Diagnostic { severity, code, file, line, column, message: message.to_owned(), context: vec![] })
}

/// File, line, and column where there is one.
type Place<'a> = (&'a str, u32, Option<u32>);

/// `file:line:column: ` or `file:line: ` at the beginning, and the rest. A name may contain colons and blanks.
fn place(text: &str) -> (Option<Place<'_>>, &str) {
    for (at, _) in text.match_indices(": ") {
        let Some((before, message)) = text.split_at_checked(at) else { continue };
        let message = message.strip_prefix(": ").unwrap_or(message);
        let Some((front, last)) = before.rsplit_once(':') else { continue };
        let Ok(last) = last.parse() else { continue };
        return match front.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?))) {
            Some((file, line)) => (Some((file, line, Some(last))), message),
            None => (Some((front, last, None)), message),
        };
    }
    (None, text)
}

/// `sub.sv:1:29: ... Location of port declaration`: another place of the same message.
fn is_place(line: &str) -> bool {
    place(line).0.is_some() && line.contains(": ... ")
}

/// The text that follows every first message of its kind, and says nothing about this one.
fn is_advice(line: &str) -> bool {
    let line = line.trim_start();
    ["... For ", "... Use \"", "... See the manual"].iter().any(|start| line.starts_with(start))
}

/// Writes what Verilator printed into `report` as JSON. Of a report that is too long to be held, the messages at its
/// beginning and its end; the JSON says how many bytes are left out.
///
/// # Errors
/// A file that cannot be read or written.
pub fn write_report(report: &Utf8Path, output: &Path) -> Result<()> {
    let (bytes, length) = excerpt::of_file(report, 0, excerpt::SEARCHED)
        .map_err(|e| Error::machine(format!("cannot read `{report}`")).because(e))?;
    let diagnostics = parse(&String::from_utf8_lossy(&bytes));
    let (errors, warnings) = count(&diagnostics);
    let mut json = serde_json::json!({"errors": errors, "warnings": warnings, "diagnostics": diagnostics});
    let left_out = length.saturating_sub(2 * excerpt::SEARCHED);
    if let Some(object) = json.as_object_mut().filter(|_| left_out > 0) {
        object.insert("left_out".to_owned(), left_out.into());
    }
    std::fs::write(output, format!("{json:#}\n"))
        .map_err(|e| Error::machine(format!("cannot write `{}`", output.display())).because(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_come_first_and_a_limit_counts_messages() {
        let text = "%Warning-W: a.sv:1:1: one\n  below one\n%Error: a.sv:2:1: two\n  below two\n\
                    %Warning-V: a.sv:3:1: three\n%Error: Exiting due to 1 error(s)\n";
        let all = "%Error: a.sv:2:1: two\n  below two\n%Warning-W: a.sv:1:1: one\n  below one\n\
                   %Warning-V: a.sv:3:1: three\n%Error: Exiting due to 1 error(s)\n";
        assert_eq!(errors_first(text, 0), (all.to_owned(), 0));
        let one = "%Error: a.sv:2:1: two\n  below two\n%Error: Exiting due to 1 error(s)\n";
        assert_eq!(errors_first(text, 1), (one.to_owned(), 2));
        assert_eq!(errors_first("- a note\n", 1), ("- a note\n".to_owned(), 0));
        assert_eq!(codes(&parse(text)), [("V", 1), ("W", 1), ("error", 1)]);
    }

    #[test]
    fn of_a_report_that_is_too_long_the_ends_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(dir.path()).unwrap();
        let (report, json) = (dir.join("report"), dir.join("json"));
        std::fs::write(&report, "%Warning-W: a.sv:1:1: one\n").unwrap();
        let mut file = std::fs::OpenOptions::new().append(true).open(&report).unwrap();
        file.set_len(3 * excerpt::SEARCHED).unwrap();
        std::io::Write::write_all(&mut file, b"\n%Error: a.sv:2:1: two\n").unwrap();
        write_report(&report, json.as_std_path()).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
        let left_out = std::fs::metadata(&report).unwrap().len() - 2 * excerpt::SEARCHED;
        assert_eq!(
            (&json["errors"], &json["warnings"], &json["left_out"]),
            (&1.into(), &1.into(), &left_out.into())
        );
    }

    #[test]
    fn code_place_message_and_the_lines_below_are_told_apart() {
        let text = "%Warning-WIDTH: my dir/top.sv:4:12: Operator ASSIGNW expects 4 bits\n\
                    \x20                          : ... In instance top\n\
                    \x20   4 |   assign y = a;\n\
                    \x20     |            ^\n\
                    \x20                    ... For warning description see https://verilator.org/warn/WIDTH\n\
                    sub.sv:1:29: ... Location of port declaration\n\
                    %Error: top.sv:9:1: syntax error, unexpected end\n\
                    %Error-NEEDTIMINGOPT: top.sv:2: Use --timing\n\
                    %Error: Cannot find file containing module: 'x'\n\
                    %Error: Exiting due to 3 error(s)\n\
                    \x20       ... See the manual\n\
                    - Verilator: Walltime\n";
        let found = parse(text);
        let short = |d: &Diagnostic| {
            (
                d.severity,
                d.code.clone().unwrap_or_default(),
                d.file.clone(),
                d.line,
                d.column,
                d.context.len(),
            )
        };
        let file = |name: &str| Some(name.to_owned());
        let expected = [
            (Severity::Warning, "WIDTH".into(), file("my dir/top.sv"), Some(4), Some(12), 4),
            (Severity::Error, String::new(), file("top.sv"), Some(9), Some(1), 0),
            (Severity::Error, "NEEDTIMINGOPT".into(), file("top.sv"), Some(2), None, 0),
            (Severity::Error, String::new(), None, None, None, 0),
        ];
        assert_eq!(found.iter().map(short).collect::<Vec<_>>(), expected);
        assert_eq!(found[3].message, "Cannot find file containing module: 'x'");
        assert_eq!(count(&found), (3, 1));
    }
}
