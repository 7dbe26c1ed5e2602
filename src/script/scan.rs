//! A light scan of a script: which brackets, texts and comments are open at a place. It shows where a mistake began that
//! the parser sees only at its end.
//! It does not know the grammar.

use std::iter::Peekable;
use std::str::Chars;

/// Line and column, both from 1; a column is a character.
pub type LineColumn = (usize, usize);

/// Something that begins and must end: a bracket, `"`, `'` or `` ` `` for text, `/` for a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// What it begins with.
    pub sign: char,
    /// Where.
    pub at: LineColumn,
}

impl Open {
    /// What ends it.
    pub fn closing(self) -> char {
        match self.sign {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            other => other,
        }
    }

    /// Whether it is a bracket.
    pub fn is_bracket(self) -> bool {
        matches!(self.sign, '(' | '[' | '{')
    }
}

/// A text on the way to its end.
pub struct Scan<'a> {
    rest: Peekable<Chars<'a>>,
    /// Where the next character stands.
    at: LineColumn,
    /// What is open there, outermost first.
    pub open: Vec<Open>,
    /// Where the last character stands that is neither blank nor in a comment.
    last: Option<LineColumn>,
}

impl<'a> Scan<'a> {
    /// Before the first character.
    pub fn new(text: &'a str) -> Scan<'a> {
        Scan { rest: text.chars().peekable(), at: (1, 1), open: vec![], last: None }
    }

    /// The text up to a place, or to its end.
    pub fn until(text: &'a str, end: Option<LineColumn>) -> Scan<'a> {
        let mut scan = Scan::new(text);
        while end.is_none_or(|end| scan.at < end) && scan.step() {}
        scan
    }

    /// Where the last character stands that is neither blank nor in a comment.
    pub fn last(&self) -> Option<LineColumn> {
        self.last
    }

    /// Takes a character, or a few that belong together; whether there was one.
    pub fn step(&mut self) -> bool {
        let at = self.at;
        let Some(c) = self.take() else { return false };
        match self.open.last().map(|open| open.sign) {
            Some('/') => self.in_comment(c, at),
            Some(quote @ ('"' | '\'')) => self.in_text(c, quote),
            Some('`') => self.in_template(c, at),
            _ => self.in_code(c, at),
        }
        true
    }

    fn take(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.at = if c == '\n' { (self.at.0 + 1, 1) } else { (self.at.0, self.at.1 + 1) };
        Some(c)
    }

    /// Takes the next character if it is this one.
    fn take_if(&mut self, wanted: char) -> bool {
        self.rest.peek() == Some(&wanted) && self.take().is_some()
    }

    fn begin(&mut self, sign: char, at: LineColumn) {
        self.open.push(Open { sign, at });
    }

    fn in_code(&mut self, c: char, at: LineColumn) {
        let before = self.last;
        if !c.is_whitespace() {
            self.last = Some(at);
        }
        match c {
            '/' if self.take_if('/') => {
                self.last = before;
                while self.rest.peek().is_some_and(|c| *c != '\n') {
                    self.take();
                }
            }
            '/' if self.take_if('*') => {
                self.last = before;
                self.begin('/', at);
            }
            '"' | '\'' | '`' | '(' | '[' | '{' => self.begin(c, at),
            ')' | ']' | '}' => {
                self.open.pop_if(|open| open.closing() == c);
            }
            '#' if matches!(self.rest.peek(), Some('#' | '"')) => self.raw_text(at),
            _ => {}
        }
    }

    fn in_comment(&mut self, c: char, at: LineColumn) {
        match c {
            '/' if self.take_if('*') => self.begin('/', at),
            '*' if self.take_if('/') => drop(self.open.pop()),
            _ => {}
        }
    }

    /// A quote that stands twice is one of the text.
    fn in_text(&mut self, c: char, quote: char) {
        match c {
            '\\' => drop(self.take()),
            '\n' => drop(self.open.pop()), // it should have ended: what follows is read as if it had
            c if c == quote && !self.take_if(quote) => self.end_text(),
            _ => {}
        }
    }

    fn in_template(&mut self, c: char, at: LineColumn) {
        match c {
            '\\' if self.take_if('$') => drop(self.take_if('{')),
            '$' if self.take_if('{') => self.begin('{', (at.0, at.1 + 1)),
            '`' if !self.take_if('`') => self.end_text(),
            _ => {}
        }
    }

    fn end_text(&mut self) {
        self.open.pop();
        self.last = Some((self.at.0, self.at.1 - 1));
    }

    /// `#"…"#`, with any number of `#`.
    fn raw_text(&mut self, at: LineColumn) {
        let mut hashes = 1;
        while self.take_if('#') {
            hashes += 1;
        }
        if !self.take_if('"') {
            return;
        }
        self.begin('"', at);
        while let Some(c) = self.take() {
            if c == '"' && (0..hashes).all(|_| self.take_if('#')) {
                return self.end_text();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is open at the end, as `sign line:column`.
    fn open(text: &str) -> String {
        let open = Scan::until(text, None).open;
        let shown = open.iter().map(|open| format!("{} {}:{}", open.sign, open.at.0, open.at.1));
        shown.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_is_closed_is_not_open() {
        assert_eq!(open("f(a, [1, #{ x: 2 }]); // (\n/* ( /* { */ [ */ { \"(\" }"), "");
        assert_eq!(open(r##"let x = "\"("; let y = "a""("; let z = '('; let r = #"("("#;"##), "");
        assert_eq!(open("let x = `( ${ f(`)`) } \\${ ``( `;"), "");
    }

    #[test]
    fn what_is_open_is_known_with_its_place() {
        assert_eq!(open("f(a,\n  [b, {"), "( 1:2, [ 2:3, { 2:7");
        assert_eq!(open("f(\n/* a /* b */"), "( 1:2, / 2:1");
        assert_eq!(open("f(`a ${b"), "( 1:2, ` 1:3, { 1:7");
        assert_eq!(open("é(\"a"), "( 1:2, \" 1:3");
        assert_eq!(open("a = ##\"x\"#"), "\" 1:5");
    }

    #[test]
    fn the_end_of_the_code_before_a_place_is_known() {
        let last = |text: &str, end: LineColumn| Scan::until(text, Some(end)).last();
        assert_eq!(last("let a = 1 // one\n\nlet b", (3, 1)), Some((1, 9)));
        assert_eq!(last("let a = \"x y\"\nlet b", (2, 1)), Some((1, 13)));
        assert_eq!(last("let a = `x y`\nlet b", (2, 1)), Some((1, 13)));
        assert_eq!(last(" // nothing\nlet b", (2, 1)), None);
    }
}
