//! Where a design calls `$fatal`: older Verilators print it as `%Error`, and only the source distinguishes the two.
//! It does not expand macros: a `$fatal` inside one counts where the macro is defined, and acts as an `$error`.

use super::text::c_text;

/// A line with a `$fatal`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FatalPlace {
    /// As Verilator was given it.
    pub file: String,
    /// From 1.
    pub line: usize,
}

/// The lines of a source that call `$fatal`, outside of comments and strings.
pub fn fatal_places(file: &str, text: &str) -> Vec<FatalPlace> {
    let mut places = vec![];
    for (line, code) in code_lines(text).into_iter().enumerate() {
        let called = code.match_indices("$fatal").any(|(at, word)| {
            !code[at + word.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$')
        });
        if called {
            places.push(FatalPlace { file: file.to_owned(), line: line + 1 });
        }
    }
    places
}

/// The lines without comments and strings.
fn code_lines(text: &str) -> Vec<String> {
    let mut lines = vec![];
    let mut in_comment = false;
    for line in text.lines() {
        let mut code = String::new();
        let mut rest = line;
        while !rest.is_empty() {
            rest = if in_comment {
                skip_comment(rest, &mut in_comment)
            } else {
                take_code(rest, &mut code, &mut in_comment)
            };
        }
        lines.push(code);
    }
    lines
}

fn skip_comment<'t>(text: &'t str, in_comment: &mut bool) -> &'t str {
    let Some((_, rest)) = text.split_once("*/") else { return "" };
    *in_comment = false;
    rest
}

/// Takes code up to and including the beginning of a comment or a string; returns the rest.
fn take_code<'t>(text: &'t str, code: &mut String, in_comment: &mut bool) -> &'t str {
    let starts = ["//", "/*", "\""];
    let first = starts.iter().filter_map(|start| Some((text.find(start)?, *start))).min();
    let Some((at, start)) = first else {
        code.push_str(text);
        return "";
    };
    code.push_str(&text[..at]);
    code.push(' ');
    let rest = &text[at + start.len()..];
    match start {
        "//" => "",
        "/*" => {
            *in_comment = true;
            rest
        }
        _ => after_string(rest),
    }
}

/// The text after the closing quote.
fn after_string(text: &str) -> &str {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return &text[at + 1..],
            _ => {}
        }
    }
    ""
}

/// The lines of the table in C++.
pub fn table(places: &[FatalPlace]) -> String {
    places.iter().map(|place| format!("    {{{}, {}}},\n", c_text(&place.file), place.line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_calls_count() {
        let text =
            "// $fatal\n$fatal;\n\"$fatal\" $error\n/* $fatal\n$fatal */ x $fatal(1, \"y\");\n$fatal_error\n";
        let lines: Vec<_> = fatal_places("a.sv", text).into_iter().map(|place| place.line).collect();
        assert_eq!(lines, [2, 5]);
    }
}
