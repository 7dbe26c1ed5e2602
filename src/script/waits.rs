//! The dependencies and targets of a step: values of the script language as files and names.
//! It does not know what a name means; `finish` resolves names when the body has ended.

use super::marks::{FileUse, Inline, Part, is_marked};
use super::pieces::use_tool;
use super::session::Session;
use super::step::{FileOrName, MadeFile, Step, WaitKind, Waiting};
use super::values::{ToolValue, Word, plain};
use super::wording::kind_of;
use crate::diag::{Error, Result};
use crate::paths::WorkPath;
use rhai::{Array, Dynamic};

/// Notes the dependencies of the step: files, names, tools, and lists of them.
///
/// # Errors
/// Any other value.
pub fn wait(session: &Session, value: Dynamic, how: WaitKind, step: &mut Step) -> Result<()> {
    let value = value.flatten();
    if let Some(list) = value.clone().try_cast::<Array>() {
        return list.into_iter().try_for_each(|item| wait(session, item, how, step));
    }
    if let Some(tool) = value.clone().try_cast::<ToolValue>() {
        return use_tool(session, &tool.asked, &tool.place, step).map(drop);
    }
    for what in asked(session, value, "a step can wait for files, resources and tools")? {
        step.waits.push(Waiting { what, how });
    }
    Ok(())
}

/// Notes the targets of the step.
///
/// # Errors
/// A value that is not a file.
pub fn targets(session: &Session, value: Dynamic, step: &mut Step) -> Result<()> {
    for what in asked(session, value, "a step makes files")? {
        let directory = match &what {
            FileOrName::Name(name) => name.ends_with('/'),
            FileOrName::File(file) => file.directory,
        };
        step.targets.push(MadeFile { what, directory });
    }
    Ok(())
}

/// The files and names of a value; lists are flattened, `()` is an absent optional file.
fn asked(session: &Session, value: Dynamic, rule: &str) -> Result<Vec<FileOrName>> {
    let value = value.flatten();
    if value.is_unit() {
        return Ok(vec![]);
    }
    if value.is_array() {
        let lists = value.cast::<Array>().into_iter().map(|item| asked(session, item, rule));
        return Ok(lists.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect());
    }
    if let Some(file) = value.clone().try_cast::<FileUse>() {
        return Ok(vec![FileOrName::File(file)]);
    }
    if let Some(word) = value.clone().try_cast::<Word>() {
        return named(session, &word.0).map(|one| vec![one]);
    }
    let kind = value.type_name();
    let text = value.into_string().map_err(|_| Error::request(format!("{rule}, not {}", kind_of(kind))))?;
    named(session, &text).map(|one| vec![one])
}

/// A text as a file when it was glued from one, else as a name.
fn named(session: &Session, text: &str) -> Result<FileOrName> {
    if !is_marked(text) {
        return Ok(FileOrName::Name(text.to_owned()));
    }
    if let [Part::Inline(Inline::File(file))] = session.marks.parts(text).as_slice() {
        return Ok(FileOrName::File(file.clone()));
    }
    let path = WorkPath::new(plain(session, text))?;
    Ok(FileOrName::File(FileUse::needed(path)))
}
