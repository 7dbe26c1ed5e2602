//! How a file, a word or a tool travels inside the text of a command: as a private mark that is replaced later.
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
    /// A script of Python.
    Python(Box<PythonUse>),
    /// A value that is not text, such as a map: it can be shown to a person, but a command cannot contain it.
    Value {
        /// What it is.
        kind: &'static str,
        /// As a person reads it.
        shown: String,
    },
}

/// A file as scripts see it.
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

/// A Python script as plugins see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonUse {
    /// The interpreter.
    pub tool: ToolAsked,
    /// What it runs.
    pub runs: PythonProgram,
    /// The program of fudsv that runs it and lists what it reads.
    pub runner: FileUse,
    /// Where it was asked for.
    pub place: Place,
}

/// What Python runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PythonProgram {
    /// A file, or a directory with a `__main__.py`.
    Script(FileUse),
    /// `-m`: a module, and the directory that Python searches first.
    Module {
        /// Its name, with dots.
        name: String,
        /// That directory; no step waits for it, since what is read there is found out.
        dir: WorkPath,
    },
}

impl PythonUse {
    /// What a person calls it.
    pub fn shown(&self) -> String {
        match &self.runs {
            PythonProgram::Script(file) => file.path.to_string(),
            PythonProgram::Module { name, .. } => name.clone(),
        }
    }
}

/// Text between marks, or the meaning of a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text without marks.
    Text(String),
    /// What a mark stood for.
    Inline(Inline),
    /// A piece of a mark: the script cut the text inside of it.
    Cut,
}

/// The characters around a mark's number.
const OPEN: char = '\u{1}';
const CLOSE: char = '\u{2}';
/// The digit 0 of a mark's number: no digit that a script replaces in a text, and without an upper case.
const ZERO: u32 = 0xF0000;

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
        let digit = |digit: char| char::from_u32(ZERO + digit.to_digit(10)?);
        let number: String = number.to_string().chars().filter_map(digit).collect();
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
            let (number, after) = inner.split_once(CLOSE).unwrap_or(("", inner));
            push_text(&mut parts, before);
            let inline = decimal(number).and_then(|number| all.get(number));
            parts.push(inline.map_or(Part::Cut, |inline| Part::Inline(inline.clone())));
            rest = after;
        }
        push_text(&mut parts, rest);
        parts
    }
}

/// The number of a mark, if it is whole.
fn decimal(digits: &str) -> Option<usize> {
    let digit = |c: char| char::from_digit(u32::from(c).checked_sub(ZERO)?, 10);
    digits.chars().map(digit).collect::<Option<String>>()?.parse().ok()
}

/// Whether a text contains marks, or characters that look like one.
pub fn is_marked(text: &str) -> bool {
    text.contains([OPEN, CLOSE])
}

/// The first place in a script's own text that would forge a mark, as a byte offset.
pub fn forged(text: &str) -> Option<usize> {
    let escapes = ["x01", "x02", "u0001", "u0002", "U00000001", "U00000002"];
    let forges = |at: usize| match text.get(at..).and_then(|from| from.strip_prefix('\\')) {
        Some(after) => escapes.iter().any(|escape| after.starts_with(escape)),
        None => true,
    };
    text.match_indices([OPEN, CLOSE, '\\']).map(|(at, _)| at).find(|at| forges(*at))
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        _ if text.is_empty() => {}
        _ if text.contains([CLOSE]) => parts.push(Part::Cut),
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
    fn a_text_that_was_cut_inside_of_a_mark_is_noticed() {
        let marks = Marks::default();
        let text = format!("a{}b", marks.mark(&file("x")));
        let cut = |from: usize, to: usize| {
            marks.parts(&text.chars().skip(from).take(to - from).collect::<String>())
        };
        assert_eq!(cut(0, 1), [Part::Text("a".into())]);
        assert_eq!(cut(0, 2), [Part::Text("a".into()), Part::Cut]);
        assert_eq!(cut(0, 3)[..2], [Part::Text("a".into()), Part::Cut]);
        assert_eq!(cut(2, 5), [Part::Cut]);
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
