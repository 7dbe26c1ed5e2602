//! From the text of a command to its pieces; the step learns which files and tools it names.
//! It does not know who wrote the text.

use super::marks::{Inline, Part, PythonProgram, PythonUse, is_marked};
use super::session::Session;
use super::step::Step;
use super::tool_finder::ToolAsked;
use crate::diag::{Error, Place, Result};
use crate::lower::{Depfile, Piece};
use crate::paths::WorkPath;

/// The pieces of a command; the files and tools that it names are noted in `step`.
///
/// # Errors
/// A tool that is not found, or a parameter that is not replaced.
pub fn pieces(session: &Session, text: &str, step: &mut Step) -> Result<Vec<Piece>> {
    let mut pieces = vec![];
    let mut is_quoted = false;
    for part in session.marks.parts(text) {
        match part {
            Part::Text(text) => {
                not_replaced(session, &text, &mut is_quoted)?;
                pieces.push(Piece::Text(text));
            }
            part => held(session, part, step, &mut pieces)?,
        }
    }
    Ok(pieces)
}

/// Refuses a parameter that is not replaced: the shell would read `${name}` and `$name` as its own variables, and `{name}`
/// as a word. Text in single quotes belongs to the program, except for `${name}`.
fn not_replaced(session: &Session, text: &str, is_quoted: &mut bool) -> Result<()> {
    let recording = session.recording.borrow();
    let Some(recording) = recording.as_ref().filter(|recording| !recording.statements) else { return Ok(()) };
    let inputs = recording.inputs.iter().map(|(name, _)| name);
    let parameters: Vec<&String> = inputs.chain(recording.outputs.iter().map(|(name, _)| name)).collect();
    let is_parameter = |name: &str| parameters.iter().any(|parameter| *parameter == name);
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
    for (at, sign) in text.char_indices().filter(|(_, c)| matches!(c, '\'' | '$' | '{')) {
        let rest = text.get(at + 1..).unwrap_or_default();
        if sign == '\'' {
            *is_quoted = !*is_quoted;
        } else if let Some((inner, _)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            if sign == '$' && is_parameter(inner.split(['.', '[']).next().unwrap_or_default().trim()) {
                let message = format!("`${{{inner}}}` is not replaced here: the text is in quotes");
                return Err(Error::request(message).hint("write the text in backticks"));
            }
        } else if !*is_quoted {
            let name: String = rest.chars().take_while(|c| is_of_name(*c)).collect();
            let (is_written, shown) = match sign {
                '$' => (!is_set(text, &name), format!("${name}")),
                _ => {
                    let is_whole = rest.strip_prefix(&name).is_some_and(|rest| rest.starts_with('}'));
                    let is_bare = text.get(..at).is_some_and(|before| !before.ends_with('$'));
                    (is_whole && is_bare, format!("{{{name}}}"))
                }
            };
            if is_parameter(&name) && is_written {
                return Err(Error::request(format!("`{shown}` is not replaced here"))
                    .hint(format!("write the parameter as `${{{name}}}`, in a text in backticks")));
            }
        }
    }
    Ok(())
}

/// Whether a command sets a variable of the shell, as in `for name in` or `name=`.
fn is_set(text: &str, name: &str) -> bool {
    let sets =
        [format!("for {name} "), format!("{name}="), format!("read {name}"), format!("read -r {name}")];
    sets.iter().any(|set| text.contains(set))
}

/// A part of a text that stands for something else; a word may contain files itself.
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
        Part::Inline(Inline::Python(script)) => pieces.extend(use_python(session, &script, step)?),
        Part::Inline(Inline::File(file)) => {
            pieces.push(Piece::File(file.path.clone()));
            step.named.push(file);
        }
        Part::Inline(Inline::Value { kind, shown }) => {
            let error = Error::request(format!("a command cannot contain {kind}"));
            return Err(error.detail("it is", shown).hint("put its parts into the command one by one"));
        }
        Part::Cut => {
            return Err(Error::request("a file, a word or a tool was cut into pieces")
                .hint("cut plain text instead: `file.path`, `word.text`, `tool.name`"));
        }
    }
    Ok(())
}

/// Variables that decide what Python imports, and in which order it iterates.
const OF_PYTHON: [&str; 3] = ["PYTHONHASHSEED", "PYTHONHOME", "PYTHONPATH"];

/// The words that run a Python script. They write down what it reads, so the step depends on all of that.
fn use_python(session: &Session, python: &PythonUse, step: &mut Step) -> Result<Vec<Piece>> {
    let first = step.first_output.clone().ok_or_else(|| {
        Error::request("use `python(…)` in the command of a `shell` or a `shell_deps`")
            .at(python.place.clone())
    })?;
    let before = step.options.depfiles.iter().filter(|depfile| depfile.form == Some("list")).count();
    let number = if before == 0 { String::new() } else { format!(".{}", before + 1) };
    let list = WorkPath::new(format!("{}{number}.py.d", first.as_str().trim_end_matches('/')))?;
    let mut pieces = use_tool(session, &python.tool, &python.place, step)?;
    let mut add = |piece: Piece| pieces.extend([Piece::Text(" ".into()), piece]);
    add(Piece::File(python.runner.path.clone()));
    add(Piece::File(list.clone()));
    match &python.runs {
        PythonProgram::Script(file) => {
            add(Piece::File(file.path.clone()));
            step.named.push(file.clone());
        }
        PythonProgram::Module { name, dir } => {
            add(Piece::Text("-m".into()));
            add(Piece::File(dir.clone()));
            add(Piece::Words(vec![name.clone()]));
        }
    }
    step.named.push(python.runner.clone());
    step.options.depfiles.push(Depfile { path: vec![Piece::File(list)], form: Some("list") });
    let reads = &mut step.options.env.reads;
    let new = OF_PYTHON.iter().filter(|name| !reads.iter().any(|known| known == *name));
    let new: Vec<String> = new.map(|name| (*name).to_owned()).collect();
    reads.extend(new);
    Ok(pieces)
}

/// Finds a tool and notes that the step depends on it.
///
/// # Errors
/// It is not found.
pub fn use_tool(session: &Session, asked: &ToolAsked, place: &Place, step: &mut Step) -> Result<Vec<Piece>> {
    let found = session.find_tool(asked, place)?;
    let used = (asked.name.clone(), found.stamp);
    if !step.tools.contains(&used) {
        step.tools.push(used);
    }
    Ok(found.command)
}
