//! From the text of a command to its pieces; the step learns which files and tools it names.
//! It does not know who said the text.

use super::marks::{Inline, Part, is_marked};
use super::session::Session;
use super::step::Step;
use super::tool_finder::ToolAsked;
use crate::diag::{Error, Place, Result};
use crate::lower::Piece;

/// The pieces of a command; the files and tools that it names are noted in `step`.
///
/// # Errors
/// A tool that is not found.
pub fn pieces(session: &Session, text: &str, step: &mut Step) -> Result<Vec<Piece>> {
    let mut pieces = vec![];
    for part in session.marks.parts(text) {
        match part {
            Part::Text(text) => {
                not_replaced(session, &text)?;
                pieces.push(Piece::Text(text));
            }
            part => held(session, part, step, &mut pieces)?,
        }
    }
    Ok(pieces)
}

/// Refuses `${parameter}` that reached the command as it is: the shell would take it for a variable of its own.
fn not_replaced(session: &Session, text: &str) -> Result<()> {
    let recording = session.recording.borrow();
    let Some(recording) = recording.as_ref().filter(|recording| !recording.statements) else { return Ok(()) };
    let inputs = recording.inputs.iter().map(|(name, _)| name);
    let parameters: Vec<&String> = inputs.chain(recording.outputs.iter().map(|(name, _)| name)).collect();
    for (at, _) in text.match_indices("${") {
        let Some((inner, _)) = text.get(at + 2..).and_then(|after| after.split_once('}')) else { continue };
        let name = inner.split(['.', '[']).next().unwrap_or_default().trim();
        if parameters.iter().any(|parameter| *parameter == name) {
            return Err(Error::request(format!(
                "`${{{inner}}}` is not replaced here: the text stands in quotes"
            ))
            .hint("a text in backticks replaces it"));
        }
    }
    Ok(())
}

/// What stands for something else in a text; a word may hold files itself.
fn held(session: &Session, part: Part, step: &mut Step, pieces: &mut Vec<Piece>) -> Result<()> {
    match part {
        Part::Text(text) => pieces.push(Piece::Words(vec![text])),
        Part::Inline(Inline::Word(word)) if !is_marked(&word) => pieces.push(Piece::Words(vec![word])),
        Part::Inline(Inline::Word(word)) => {
            for part in session.marks.parts(&word) {
                held(session, part, step, pieces)?;
            }
        }
        Part::Inline(Inline::Tool(asked, place)) => pieces.extend(use_tool(session, &asked, &place, step)?),
        Part::Inline(Inline::File(file)) => {
            pieces.push(Piece::File(file.path.clone()));
            step.named.push(file);
        }
        Part::Inline(Inline::Value { kind, shown }) => {
            let error = Error::request(format!("a command cannot hold {kind}"));
            return Err(error.detail("it is", shown).hint("put its parts into the command one by one"));
        }
        Part::Cut => {
            return Err(Error::request("the name of a file, a word or a tool was cut to pieces")
                .hint("what is plain text can be taken apart: `file.path`, `word.text`, `tool.name`"));
        }
    }
    Ok(())
}

/// Finds a tool and notes that the step depends on it.
///
/// # Errors
/// It is not found.
pub fn use_tool(session: &Session, asked: &ToolAsked, place: &Place, step: &mut Step) -> Result<Vec<Piece>> {
    let found = session.tools.find(asked, place)?;
    let used = (asked.name.clone(), found.stamp);
    if !step.tools.contains(&used) {
        step.tools.push(used);
    }
    Ok(found.command)
}
