//! How a file, a word or a tool travels inside the text of a command: as a private mark that is taken out again.
//! It does not know what becomes of the parts.

use super::tool_finder::ToolAsked;
use crate::diag::Place;
use crate::paths::WorkPath;
use std::cell::RefCell;
use std::collections::HashMap;

/// What a mark stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// A file.
    File(FileUse),
    /// One word of data.
    Word(String),
    /// A tool, found when the command is made.
    Tool(ToolAsked, Place),
}

/// A file as a script holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileUse {
    /// Where it is.
    pub path: WorkPath,
    /// Whether a step that names it waits for it.
    pub waits: bool,
    /// The built-in resource that must be laid there first.
    pub resource: Option<String>,
    /// Whether it is a directory that a step of the body makes.
    pub directory: bool,
}

impl FileUse {
    /// A file that a step waits for when it names it.
    pub fn needed(path: WorkPath) -> FileUse {
        FileUse { path, waits: true, resource: None, directory: false }
    }

    /// A file that some step makes.
    pub fn made(path: WorkPath) -> FileUse {
        FileUse { path, waits: false, resource: None, directory: false }
    }
}

/// A stretch of text between marks, or what a mark stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text without marks.
    Text(String),
    /// What a mark stood for.
    Inline(Inline),
}

/// The characters around a mark's number.
const OPEN: char = '\u{1}';
const CLOSE: char = '\u{2}';

/// All marks that were handed out.
#[derive(Debug, Default)]
pub struct Marks {
    known: RefCell<(Vec<Inline>, HashMap<String, usize>)>,
}

impl Marks {
    /// The mark of a thing; the same for an equal thing.
    pub fn mark(&self, inline: &Inline) -> String {
        let (all, by_text) = &mut *self.known.borrow_mut();
        let number = *by_text.entry(format!("{inline:?}")).or_insert_with(|| {
            all.push(inline.clone());
            all.len() - 1
        });
        format!("{OPEN}{number}{CLOSE}")
    }

    /// The parts of a text; neighbouring stretches of text are one.
    pub fn parts(&self, text: &str) -> Vec<Part> {
        let all = &self.known.borrow().0;
        let mut parts = vec![];
        let mut rest = text;
        while let Some(at) = rest.find(OPEN) {
            let (before, marked) = rest.split_at(at);
            let inner = &marked[OPEN.len_utf8()..];
            let (number, after) = inner.split_once(CLOSE).unwrap_or((inner, ""));
            push_text(&mut parts, before);
            if let Some(inline) = number.parse::<usize>().ok().and_then(|number| all.get(number)) {
                parts.push(Part::Inline(inline.clone()));
            }
            rest = after;
        }
        push_text(&mut parts, rest);
        parts
    }
}

/// Whether a text holds marks, or what looks like one.
pub fn is_marked(text: &str) -> bool {
    text.contains([OPEN, CLOSE])
}

/// The first place in a script's own text that would forge a mark, as a byte offset.
pub fn forged(text: &str) -> Option<usize> {
    let escapes = ["x01", "x02", "u0001", "u0002", "U00000001", "U00000002"];
    let forges = |at: usize| match &text[at..at + 1] {
        "\\" => escapes.iter().any(|escape| text[at + 1..].starts_with(escape)),
        _ => true,
    };
    text.match_indices([OPEN, CLOSE, '\\']).map(|(at, _)| at).find(|at| forges(*at))
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        _ if text.is_empty() => {}
        Some(Part::Text(before)) => before.push_str(text),
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> Inline {
        Inline::File(FileUse {
            path: WorkPath::new(path).unwrap(),
            waits: true,
            resource: None,
            directory: false,
        })
    }

    #[test]
    fn a_text_falls_into_its_parts_again() {
        let marks = Marks::default();
        let text = format!("cc {} -o {}.d", marks.mark(&file("a b.c")), marks.mark(&file("x")));
        let expected = [
            Part::Text("cc ".into()),
            Part::Inline(file("a b.c")),
            Part::Text(" -o ".into()),
            Part::Inline(file("x")),
            Part::Text(".d".into()),
        ];
        assert_eq!(marks.parts(&text), expected);
    }

    #[test]
    fn equal_things_share_a_mark() {
        let marks = Marks::default();
        assert_eq!(marks.mark(&file("x")), marks.mark(&file("x")));
        assert_ne!(marks.mark(&file("x")), marks.mark(&file("y")));
    }

    #[test]
    fn a_script_cannot_write_a_mark_itself() {
        assert_eq!(forged("let a = \"\\x01\";"), Some(9));
        assert_eq!(forged("let a = \"\\x41\";"), None);
    }
}
