//! The report of a script that does not parse: what is missing, where it was opened, and what the user probably meant.
//! It does not know what a script does, or how errors of a running script are reported.

use super::names::usage;
use super::scan::{LineColumn, Open, Scan};
use super::session::Session;
use super::wording::{is_defop, message};
use crate::diag::{Error, Place};
use rhai::{LexError, ParseError, ParseErrorType};

/// Words that begin a statement: inside of `(` and `[`, they show that the bracket should have ended.
const STATEMENTS: [&str; 7] = ["let", "const", "fn", "defop", "export", "import", "private"];

/// The report.
pub fn syntax(session: &Session, error: ParseError, source: &str) -> Box<Error> {
    let ParseError(kind, position) = error;
    let script = session.library.script(source);
    let text = script.as_ref().map_or("", |script| script.text.as_str());
    let at = match (position.line(), position.position()) {
        (Some(line), column) => (line, column.unwrap_or(1)),
        (None, _) => (text.lines().count().max(1), text.lines().last().map_or(0, |l| l.chars().count()) + 1),
    };
    let place = |(line, column): LineColumn| session.library.place(source, line, column);
    let seen = ErrorContext::of(text, at);
    let report = match seen.unclosed(&kind) {
        Some(open) if seen.is_at_end() || !open.is_bracket() => {
            Error::request(never_closed(open)).at(place(open.at))
        }
        Some(open) => {
            let opened = place(open.at);
            Error::request(format!("`{}` is missing before this `{}`", open.closing(), seen.found))
                .at(place(at))
                .detail("opened at", format!("{}:{}:{}", opened.file, opened.line, opened.column))
        }
        None => Error::request(seen.message(&kind)).at(seen.place(&kind, place)),
    };
    report.maybe_hint(seen.hint(&kind))
}

/// The report of a script that ends in a comment: the language takes that for the end of the script.
pub fn endless_comment(session: &Session, text: &str, source: &str) -> Option<Box<Error>> {
    if !text.contains("/*") {
        return None;
    }
    let open = Scan::until(text, None).open.into_iter().find(|open| open.sign == '/')?;
    let place = session.library.place(source, open.at.0, open.at.1);
    Some(Error::request(never_closed(open)).at(place))
}

fn never_closed(open: Open) -> String {
    match open.sign {
        '/' => "this comment is never closed: a `*/` is missing".into(),
        '`' => "this text is never closed: a backtick is missing".into(),
        sign if open.is_bracket() => format!("this `{sign}` is never closed"),
        sign => format!("this text is never closed: a `{sign}` is missing"),
    }
}

/// What stands around the place of an error.
struct ErrorContext<'a> {
    text: &'a str,
    at: LineColumn,
    /// The line before the place.
    before: String,
    /// The word or the sign at the place; empty at the end.
    found: String,
    /// What was read before the place.
    scan: Scan<'a>,
}

impl<'a> ErrorContext<'a> {
    fn of(text: &'a str, at: LineColumn) -> ErrorContext<'a> {
        let line = text.lines().nth(at.0 - 1).unwrap_or_default();
        let before: String = line.chars().take(at.1 - 1).collect();
        let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
        let rest = || line.chars().skip(at.1 - 1);
        let word: String = rest().take_while(is_word).collect();
        let found = if word.is_empty() { rest().take(1).collect() } else { word };
        ErrorContext { text, at, before, found, scan: Scan::until(text, Some(at)) }
    }

    /// Whether nothing but blanks follows.
    fn is_at_end(&self) -> bool {
        self.found.trim().is_empty() && self.text.lines().skip(self.at.0).all(|line| line.trim().is_empty())
    }

    /// What should have been closed before the place, if that is what is wrong.
    fn unclosed(&self, kind: &ParseErrorType) -> Option<Open> {
        if let ParseErrorType::BadInput(LexError::UnterminatedString) = kind {
            let quoted = self.found.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
            let here = quoted.map(|sign| Open { sign, at: self.at });
            let texts = || Scan::until(self.text, None).open.into_iter().find(|open| !open.is_bracket());
            return here.or_else(texts);
        }
        let open = *self.scan.open.last()?;
        let found = self.found.chars().next();
        let closes_other = found.is_some_and(|c| matches!(c, ')' | ']' | '}') && c != open.closing());
        let ends = open.sign != '{' && (self.found == ";" || STATEMENTS.contains(&self.found.as_str()));
        (self.is_at_end() || open.is_bracket() && (closes_other || ends)).then_some(open)
    }

    /// Where to point: what is missing at the start of a line is missing at the end of what stands above.
    fn place(&self, kind: &ParseErrorType, place: impl Fn(LineColumn) -> Place) -> Place {
        let starts_line = self.before.trim().is_empty();
        match (kind, self.scan.last()) {
            (ParseErrorType::MissingToken(token, _), Some((line, column)))
                if starts_line && matches!(token.as_str(), ";" | ",") =>
            {
                place((line, column + 1))
            }
            _ => place(self.at),
        }
    }

    fn message(&self, kind: &ParseErrorType) -> String {
        match kind {
            ParseErrorType::MissingToken(token, purpose)
                if token == "," && purpose.contains("parameters of anonymous") && self.found == "{" =>
            {
                "`|` is missing before this `{`".into()
            }
            kind => message(kind),
        }
    }

    /// What was probably meant.
    fn hint(&self, kind: &ParseErrorType) -> Option<String> {
        let word =
            self.before.split(|c: char| !c.is_alphanumeric() && c != '_').rfind(|word| !word.is_empty());
        let of_defop = self.before.trim_start().starts_with("defop ");
        let hint = match (kind, self.found.as_str()) {
            (_, "=") => "`==` compares; an assignment with `=` is a statement of its own",
            (_, "null" | "nil" | "None") => "a missing value is `()`, as for an optional parameter",
            (_, "#") => "comments begin with `//`",
            (_, "“" | "”" | "‘" | "’" | "'") => "write text in `\"…\"` or in backticks",
            (_, "and" | "or") => "`&&`, `||` and `!` join conditions",
            (_, "-") if of_defop => return usage("defop"),
            (_, "?") => "`if condition { a } else { b }` is a value",
            (_, "+") => "`x += 1` adds to a variable",
            (ParseErrorType::MissingToken(..), _) if matches!(word, Some("elif" | "elsif" | "elseif")) => {
                "`else if condition { … }`"
            }
            (ParseErrorType::MissingToken(..), _) if word == Some("not") => {
                "`&&`, `||` and `!` join conditions"
            }
            (ParseErrorType::MissingToken(..), _) if matches!(word, Some("def" | "function" | "func")) => {
                "`fn name(…) { … }` declares a function"
            }
            (ParseErrorType::MissingToken(token, _), ":") if token == ";" => "`#{ name: value }` is a map",
            (ParseErrorType::MissingToken(token, _), found)
                if token == "," && self.before.ends_with('"') && found.starts_with(char::is_alphanumeric) =>
            {
                "the text ends here: is a `\"` missing before?"
            }
            (ParseErrorType::MissingToken(_, purpose), _) if is_defop(purpose) => return usage("defop"),
            (ParseErrorType::VariableExpected, _) if of_defop => return usage("defop"),
            (ParseErrorType::FnMissingParams(name), _) => return Some(format!("`fn {name}() {{ … }}`")),
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
