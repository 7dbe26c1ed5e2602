//! Replaces the names of outputs in the commands of a step by temporary ones. The Ninja file gives the positions; the text
//! is never searched.
//! It does not know what the names are for, or what else a command contains.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::diag::{Error, Result};
use crate::shell::Quote;
use crate::step::args::{Span, Step};
use camino::Utf8Path;

/// The commands as they are to be run, with this name for the temporary directories.
///
/// # Errors
/// A span is not at the name of an output.
pub fn commands(step: &Step, directory: &str) -> Result<Vec<String>> {
    replaced(step, |span, parent, base| {
        let name = parent.join(directory).join(base);
        span.quote.apply(&format!("{name}{}", slash(step, span)))
    })
}

/// The commands in a form that is the same in every build directory: outputs are named by their numbers.
///
/// # Errors
/// As [`commands`].
pub fn portable(step: &Step) -> Result<Vec<String>> {
    replaced(step, |span, _, base| format!("<output {} {base}{}>", span.output, slash(step, span)))
}

/// The commands with another text for the name in each span. The text is made from the directory and the last component of
/// the name.
fn replaced(step: &Step, name: impl Fn(&Span, &Utf8Path, &str) -> String) -> Result<Vec<String>> {
    let mut commands = step.commands.clone();
    let mut spans: Vec<&Span> = if step.in_place { vec![] } else { step.spans.iter().collect() };
    spans.sort_by_key(|span| (span.command, std::cmp::Reverse(span.bytes.start)));
    let overlap = |later: &Span, earlier: &Span| {
        later.command == earlier.command && earlier.bytes.end > later.bytes.start
    };
    let overlapping = spans.iter().zip(spans.iter().skip(1)).find(|(later, earlier)| overlap(later, earlier));
    if let Some((_, span)) = overlapping {
        return Err(wrong(span));
    }
    for span in spans {
        let spelled = spelled(step, span).ok_or_else(|| wrong(span))?;
        let spelled = Utf8Path::new(spelled.trim_end_matches('/'));
        let (parent, base) = spelled.parent().zip(spelled.file_name()).ok_or_else(|| wrong(span))?;
        let is_output = step.outputs.get(span.output).is_some_and(|output| output.base_name() == base);
        let command = commands.get_mut(span.command).filter(|_| is_output).ok_or_else(|| wrong(span))?;
        command.replace_range(span.bytes.clone(), &name(span, parent, base));
    }
    Ok(commands)
}

/// The name in the span, as the shell reads it.
fn spelled(step: &Step, span: &Span) -> Option<String> {
    unquote(span.quote, step.commands.get(span.command)?.get(span.bytes.clone())?)
}

/// The slash at the end of the name in the span.
fn slash(step: &Step, span: &Span) -> &'static str {
    if spelled(step, span).is_some_and(|spelled| spelled.ends_with('/')) { "/" } else { "" }
}

/// The data that the shell reads from `text` in this context.
fn unquote(quote: Quote, text: &str) -> Option<String> {
    let whole = match quote {
        Quote::Bare => text.to_owned(),
        Quote::Double => format!("\"{text}\""),
        Quote::Single => format!("'{text}'"),
    };
    let words = shlex::split(&whole)?;
    <[String; 1]>::try_from(words).ok().map(|[word]| word)
}

fn wrong(span: &Span) -> Box<Error> {
    let Span { command, bytes, output, .. } = span;
    let place = format!("bytes {}..{} of command {command}", bytes.start, bytes.end);
    Error::request(format!("`fudsv tool run`: {place} do not name output {output}"))
        .hint("fudsv writes this command into `build.ninja`: emit the file again with this version")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::args::Output;

    /// A step whose command has each `<…>` as the span of its only output.
    fn step(output: &str, command: &str) -> Step {
        let mut text = String::new();
        let mut spans = vec![];
        for piece in command.split_inclusive('>') {
            let (before, spelled) = piece.split_once('<').unwrap_or((piece, ""));
            text.push_str(before);
            let quote = match before.chars().last() {
                Some('"') => Quote::Double,
                Some('\'') => Quote::Single,
                _ => Quote::Bare,
            };
            if let Some(spelled) = spelled.strip_suffix('>') {
                let written = quote.apply(spelled);
                spans.push(Span {
                    command: 0,
                    bytes: text.len()..text.len() + written.len(),
                    output: 0,
                    quote,
                });
                text.push_str(&written);
            }
        }
        let outputs = vec![Output { path: output.into(), directory: false }];
        Step { name: "s".into(), outputs, spans, commands: vec![text], ..Step::default() }
    }

    fn spliced(output: &str, command: &str) -> String {
        commands(&step(output, command), "T").unwrap().remove(0)
    }

    #[test]
    fn a_name_is_replaced_where_it_stands_and_nowhere_else() {
        assert_eq!(spliced("x", "cc -MF <x>.d -o <x> x.c"), "cc -MF T/x.d -o T/x x.c");
        assert_eq!(spliced("gen/x", "(cd y; echo > ../<gen/x>)").as_str(), "(cd y; echo > ../gen/T/x)");
    }

    #[test]
    fn a_name_is_quoted_for_where_it_stands() {
        assert_eq!(spliced("a b", "cat <a b>"), "cat 'T/a b'");
        assert_eq!(spliced("a$b", "cat \"<a$b>\""), "cat \"T/a\\$b\"");
        assert_eq!(spliced("it's", "cat '<it's>'"), r"cat 'T/it'\''s'");
        assert_eq!(spliced("#x", "cat <#x>"), "cat 'T/#x'");
    }

    #[test]
    fn the_name_is_spelled_as_seen_from_where_the_commands_run() {
        assert_eq!(spliced("gen/x", "cc -o <.fudsv/b/gen/x>"), "cc -o .fudsv/b/gen/T/x");
        assert_eq!(spliced("gen", "cc -o <.fudsv/b/gen/>y"), "cc -o .fudsv/b/T/gen/y");
    }

    #[test]
    fn a_span_that_does_not_hold_the_name_is_refused() {
        let mut wrong = step("x", "cc -o <x> x.c");
        wrong.spans[0].bytes = 0..2;
        let error = commands(&wrong, "T").unwrap_err();
        assert_eq!(error.message, "`fudsv tool run`: bytes 0..2 of command 0 do not name output 0");
    }
}
