//! An error as the user reads it: what is wrong, where, why, and what to do about it; the only printer of errors.
//! It does not know which stage failed: stages build the error, `main` prints it and turns its kind into an exit code.

use crate::excerpt;
use std::fmt;

/// What every stage returns.
pub type Result<T> = std::result::Result<T, Box<Error>>;

/// Whose move it is now; decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A step failed: exit code 1.
    Step,
    /// The request, a script or the configuration is wrong: exit code 2.
    Request,
    /// The machine is wrong (a missing tool, a directory that cannot be written): exit code 3.
    Machine,
    /// The user interrupted: exit code 130.
    Interrupted,
}

impl Kind {
    /// The process exit code for an error of this kind.
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::Step => 1,
            Kind::Request => 2,
            Kind::Machine => 3,
            Kind::Interrupted => 130,
        }
    }
}

/// A place in a text the user wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as the user would name it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1; 0 when only the line is known.
    pub column: usize,
    /// The text of the line, when it could be read.
    pub source: Option<String>,
    /// How many characters to underline, at least 1.
    pub width: usize,
}

impl Place {
    /// A place with its source line taken out of `text`, underlining the word that starts there.
    pub fn in_text(file: impl Into<String>, text: &str, line: usize, column: usize) -> Place {
        let source = line.checked_sub(1).and_then(|n| text.lines().nth(n)).map(str::to_owned);
        let rest = source.as_deref().map(|s| s.chars().skip(column.saturating_sub(1)));
        let word = rest.map_or(1, |r| r.take_while(|c| c.is_alphanumeric() || *c == '_').count());
        Place { file: file.into(), line, column, source, width: word.max(1) }
    }

    /// The place of the byte `at` of `text`, from 0; the beginning if there is no such byte.
    pub fn at_byte(file: impl Into<String>, text: &str, at: usize) -> Place {
        let before = text.get(..at).unwrap_or_default();
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        Place::in_text(file, text, before.matches('\n').count() + 1, column)
    }
}

/// A message, its place, labelled details, the cause below it, and a hint.
#[derive(Debug)]
pub struct Error {
    /// Decides the exit code.
    pub kind: Kind,
    /// What is wrong: lower case, names in backticks, no full stop.
    pub message: String,
    /// Where, when it is in a file the user wrote.
    pub place: Option<Place>,
    /// Text shown as it is, such as a tool's own message.
    pub output: Option<String>,
    /// Labelled lines under that (`given`, `wanted`, `log`, `command`).
    pub details: Vec<(String, String)>,
    /// What to do about it.
    pub hint: Option<String>,
    /// The error of the operating system or of a library below this one.
    pub cause: Option<anyhow::Error>,
}

impl Error {
    /// An error of the given kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Box<Error> {
        let message = message.into();
        Box::new(Error { kind, message, place: None, details: vec![], output: None, hint: None, cause: None })
    }

    /// The request, a script or the configuration is wrong.
    pub fn request(message: impl Into<String>) -> Box<Error> {
        Error::new(Kind::Request, message)
    }

    /// The machine is wrong.
    pub fn machine(message: impl Into<String>) -> Box<Error> {
        Error::new(Kind::Machine, message)
    }

    /// A step failed.
    pub fn step(message: impl Into<String>) -> Box<Error> {
        Error::new(Kind::Step, message)
    }

    /// Says where.
    pub fn at(mut self: Box<Self>, place: Place) -> Box<Self> {
        self.place = Some(place);
        self
    }

    /// Says where, unless something nearer said it.
    pub fn at_if_none(mut self: Box<Self>, place: &Place) -> Box<Self> {
        self.place.get_or_insert_with(|| place.clone());
        self
    }

    /// Adds a labelled line.
    pub fn detail(mut self: Box<Self>, label: &str, text: impl Into<String>) -> Box<Self> {
        self.details.push((label.to_owned(), text.into()));
        self
    }

    /// Says what to do.
    pub fn hint(mut self: Box<Self>, hint: impl Into<String>) -> Box<Self> {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a hint when there is one.
    pub fn maybe_hint(mut self: Box<Self>, hint: Option<String>) -> Box<Self> {
        self.hint = hint.or(self.hint.take());
        self
    }

    /// Names the error below.
    pub fn because(mut self: Box<Self>, cause: impl Into<anyhow::Error>) -> Box<Self> {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Display for Error {
    /// The whole report without colours, lines separated by `\n`, no final newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", excerpt::lines(&self.message))?;
        if let Some(place) = &self.place {
            write_place(f, place)?;
        }
        if let Some(output) = &self.output {
            write!(f, "\n{}", excerpt::lines(output.trim_end()))?;
        }
        let wide = self.details.iter().map(|(label, _)| label.len()).max().unwrap_or(0) + 1;
        for (label, text) in &self.details {
            // A command is there to be copied.
            let text = if label == "command" { text.into() } else { excerpt::lines(text) };
            let label = format!("{label}:");
            write!(f, "\n  {label:wide$} {}", text.replace('\n', &format!("\n  {:wide$} ", "")))?;
        }
        for cause in self.cause.iter().flat_map(|c| c.chain()) {
            write!(f, "\n  cause: {}", excerpt::lines(&cause.to_string()))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {}", excerpt::lines(hint))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// `--> file:line:column`, the line itself and a caret under the word.
fn write_place(f: &mut fmt::Formatter<'_>, place: &Place) -> fmt::Result {
    let Place { file, line, column, .. } = place;
    write!(f, "\n  --> {file}")?;
    if *line == 0 {
        return Ok(());
    }
    write!(f, ":{line}")?;
    if *column > 0 {
        write!(f, ":{column}")?;
    }
    let Some(source) = &place.source else { return Ok(()) };
    let margin = line.to_string().len();
    let (shown, column) = excerpt::around(source, *column);
    write!(f, "\n{:margin$} |\n{line} | {}", "", shown.replace('\t', " "))?;
    if column > 0 {
        let width = place.width.min(shown.chars().count().saturating_sub(column - 1)).max(1);
        write!(f, "\n{:margin$} | {:pad$}{}", "", "", "^".repeat(width), pad = column - 1)?;
    }
    Ok(())
}

/// The candidate that is nearest to what was typed, when one is near enough.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known
        .into_iter()
        .map(|name| match name.eq_ignore_ascii_case(typed) {
            true => (0, name),
            false => (strsim::damerau_levenshtein(typed, name), name),
        })
        .filter(|(distance, name)| {
            let length = name.chars().count();
            *distance <= 1.max(length / 3) && *distance < length.max(typed.chars().count())
        })
        .min();
    near.map(|(_, name)| name)
}

/// ``did you mean `x`?`` when a candidate is near enough to what was typed.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(typed, known).map(|name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_shows_message_place_details_and_hint_in_this_order() {
        let place = Place::in_text("fudsv/lint.rhai", "let a = 1;\n    shel(`x`);\n", 2, 5);
        let error = Error::request("`shel` is not a function")
            .at(place)
            .detail("given", "a")
            .hint("did you mean `shell`?");
        let expected = "error: `shel` is not a function\n  --> fudsv/lint.rhai:2:5\n  |\n2 |     shel(`x`);\n  |     ^^^^\n  given: a\nhint: did you mean `shell`?";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn of_a_long_line_a_report_shows_what_is_around_the_error() {
        let text = format!("x = {} = 3", "a".repeat(70_000));
        let shown = Error::request("no").at(Place::in_text("f", &text, 1, 70_006)).to_string();
        assert_eq!(
            shown,
            format!("error: no\n  --> f:1:70006\n  |\n1 | …{} = 3\n  | {:61}^", "a".repeat(59), "")
        );
        let shown = Error::request("no").at(Place::in_text("f", &text, 1, 5)).to_string();
        assert_eq!(shown.lines().map(|line| line.chars().count()).max(), Some(4 + 161));
        let output = Error { output: Some("b".repeat(1 << 20)), ..*Error::request("no") }.to_string();
        assert!(output.len() < 1100, "{}", output.len());
    }

    #[test]
    fn only_near_names_are_offered() {
        assert_eq!(
            did_you_mean("shared-lb", ["sv", "shared-lib"]),
            Some("did you mean `shared-lib`?".into())
        );
        assert_eq!(did_you_mean("vcd", ["sv", "shared-lib"]), None);
        assert_eq!(did_you_mean("s", ["a"]), None);
        assert_eq!(did_you_mean("VCD", ["sv", "vcd"]), Some("did you mean `vcd`?".into()));
    }
}
