//! Text that Ninja will expand, paths on build lines, and names: three types that no plain string becomes by accident.
//! It does not know where in a file the text will stand, except for the two ways of escaping.

use crate::diag::{Error, Result};
use crate::paths::WorkPath;
use std::fmt::Write as _;

/// A part of a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// These very bytes; every `$` is a dollar.
    Literal(String),
    /// The value of a variable.
    Var(Name),
}

/// The value of a variable: literals and variable references. There is no `From<&str>`: data enters through
/// [`Text::literal`], text that already is Ninja's through [`Text::parse`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<Part>);

impl Text {
    /// These very bytes.
    pub fn literal(data: impl Into<String>) -> Text {
        Text(vec![Part::Literal(data.into())])
    }

    /// The value of a variable.
    pub fn var(name: Name) -> Text {
        Text(vec![Part::Var(name)])
    }

    /// Text in Ninja's own notation: `$$`, `$ `, `$:`, `$name`, `${name}`.
    ///
    /// # Errors
    /// A `$` that Ninja would not understand, or a line break.
    pub fn parse(text: &str) -> Result<Text> {
        let mut parts = vec![];
        let mut literal = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\n' || c == '\r' {
                return Err(Error::request(format!("`{}` contains a line break", text.escape_debug())));
            }
            if c != '$' {
                literal.push(c);
                continue;
            }
            match chars.peek().copied() {
                Some(c @ ('$' | ' ' | ':')) => {
                    literal.push(c);
                    chars.next();
                }
                _ => {
                    let name = parse_reference(text, &mut chars)?;
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                    parts.push(Part::Var(name));
                }
            }
        }
        parts.push(Part::Literal(literal));
        parts.retain(|part| *part != Part::Literal(String::new()));
        Ok(Text(parts))
    }

    /// This text and then the other.
    pub fn then(mut self, other: Text) -> Text {
        self.0.extend(other.0);
        self
    }

    /// The parts.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// As the value of a variable: `$` doubled, a leading blank kept, `${name}` for variables.
    pub(super) fn as_value(&self) -> String {
        let text = self.escaped(|c| c == '$');
        if text.starts_with(' ') { format!("${text}") } else { text }
    }

    fn escaped(&self, special: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Var(name) => drop(write!(text, "${{{}}}", name.0)),
                Part::Literal(data) => data.chars().for_each(|c| {
                    if special(c) {
                        text.push('$');
                    }
                    text.push(c);
                }),
            }
        }
        text
    }
}

/// `name` or `{name}` after a dollar.
fn parse_reference(text: &str, chars: &mut std::iter::Peekable<std::str::Chars>) -> Result<Name> {
    let braced = chars.next_if_eq(&'{').is_some();
    let mut name = String::new();
    while let Some(c) = chars.next_if(|c| is_name_char(*c) && (braced || *c != '.')) {
        name.push(c);
    }
    if braced && chars.next_if_eq(&'}').is_none() {
        return Err(Error::request(format!("`{text}` contains a `${{` without its `}}`")));
    }
    Name::new(&name).map_err(|_| {
        Error::request(format!("`{text}` contains a `$` that names no variable")).hint("`$$` is a dollar")
    })
}

/// A path on a build line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PathText(WorkPath);

impl PathText {
    /// The path; a [`WorkPath`] contains nothing that a Ninja file cannot express.
    pub fn new(path: &WorkPath) -> PathText {
        PathText(path.clone())
    }

    /// The path itself.
    pub fn path(&self) -> &WorkPath {
        &self.0
    }

    /// As it appears on a build line.
    pub(super) fn as_path(&self) -> String {
        Text::literal(self.0.as_str()).escaped(|c| matches!(c, '$' | ' ' | ':'))
    }
}

/// The name of a rule, a pool or a variable: `[A-Za-z0-9_.-]+`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// A name that Ninja accepts.
    ///
    /// # Errors
    /// An empty name, or another character.
    pub fn new(name: &str) -> Result<Name> {
        if !name.is_empty() && name.chars().all(is_name_char) {
            return Ok(Name(name.to_owned()));
        }
        Err(Error::request(format!("`{name}` cannot be a name in a Ninja file"))
            .hint("use letters, digits, `_`, `.` and `-`"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_.-".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_escaped_and_ninja_text_is_understood() {
        assert_eq!(Text::literal(" a$b:c").as_value(), "$ a$$b:c");
        let text = Text::parse("$in -o ${out}.d $$HOME $x.y").unwrap();
        assert_eq!(text.as_value(), "${in} -o ${out}.d $$HOME ${x}.y");
        assert_eq!(PathText::new(&WorkPath::new("a b$:c").unwrap()).as_path(), "a$ b$$$:c");
    }

    #[test]
    fn a_dollar_that_names_nothing_is_refused() {
        for text in ["$", "a $+ b", "${x", "$(x)", "a\nb"] {
            assert!(Text::parse(text).is_err(), "{text:?}");
        }
    }
}
