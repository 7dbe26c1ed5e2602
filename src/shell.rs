//! One argument, quoted for `sh`, in each of the three contexts a script's author may have put it in; and the words of a
//! command that asks nothing of `sh` but to start it.
//! It does not know Ninja: `$` is doubled later, by `ninja::Text`, and only there.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use std::fmt;

/// Text that a POSIX shell reads as exactly one word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ShellWord(String);

impl ShellWord {
    /// Quotes `data` when it needs quoting.
    ///
    /// ```
    /// use fudsv::shell::ShellWord;
    /// assert_eq!(ShellWord::quote("counter.sv").as_str(), "counter.sv");
    /// assert_eq!(ShellWord::quote("it's mine.sv").as_str(), r"'it'\''s mine.sv'");
    /// ```
    pub fn quote(data: &str) -> ShellWord {
        ShellWord(Quote::Bare.apply(data))
    }

    /// The text to put into a command.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShellWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where in a shell command a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// Outside quotes.
    Bare,
    /// Inside `"…"`.
    Double,
    /// Inside `'…'`.
    Single,
}

impl Quote {
    /// Writes `data` so that the shell reads these very bytes in this context.
    pub fn apply(self, data: &str) -> String {
        match self {
            Quote::Bare if is_plain(data) => data.to_owned(),
            Quote::Bare => format!("'{}'", Quote::Single.apply(data)),
            Quote::Single => data.replace('\'', r"'\''"),
            Quote::Double => {
                let mut text = String::with_capacity(data.len());
                for c in data.chars() {
                    if matches!(c, '"' | '\\' | '$' | '`') {
                        text.push('\\');
                    }
                    text.push(c);
                }
                text
            }
        }
    }

    /// One letter for the runner's command line: `b`, `d` or `s`.
    pub fn letter(self) -> char {
        match self {
            Quote::Bare => 'b',
            Quote::Double => 'd',
            Quote::Single => 's',
        }
    }

    /// The context of a letter that [`Quote::letter`] gave.
    pub fn from_letter(letter: char) -> Option<Quote> {
        match letter {
            'b' => Some(Quote::Bare),
            'd' => Some(Quote::Double),
            's' => Some(Quote::Single),
            _ => None,
        }
    }
}

/// Follows a command through its quotes, so that a value can be quoted for where it stands.
#[derive(Clone, Debug, Default)]
pub struct Scanner {
    /// The open contexts, innermost last: `"`, `'`, `` ` ``, `(` (command substitution), `{` (parameter expansion).
    open: Vec<char>,
    escaped: bool,
    dollar: bool,
}

impl Scanner {
    /// Reads more of the command's text.
    pub fn read(&mut self, text: &str) {
        text.chars().for_each(|c| self.step(c));
    }

    /// The context of whatever comes next.
    pub fn context(&self) -> Quote {
        match self.open.last() {
            Some('"') => Quote::Double,
            Some('\'') => Quote::Single,
            Some('{') if self.open.contains(&'"') => Quote::Double,
            _ => Quote::Bare,
        }
    }

    fn step(&mut self, c: char) {
        let innermost = self.open.last().copied();
        let after_dollar = std::mem::take(&mut self.dollar);
        if std::mem::take(&mut self.escaped) {
            return;
        }
        match (innermost, c) {
            (Some('\''), '\'') => {
                self.open.pop();
            }
            (Some('\''), _) => {}
            (_, '\\') => self.escaped = true,
            (_, '$') => self.dollar = true,
            (_, '(') if after_dollar => self.open.push('('),
            (_, '{') if after_dollar => self.open.push('{'),
            (Some('('), '(') => self.open.push('('),
            (Some('('), ')') | (Some('{'), '}') | (Some('"'), '"') | (Some('`'), '`') => {
                self.open.pop();
            }
            (_, '`') => self.open.push('`'),
            (Some('{'), '"') if self.open.contains(&'"') => {}
            (_, '"') => self.open.push('"'),
            (Some('"'), '\'') => {}
            (_, '\'') => self.open.push('\''),
            _ => {}
        }
    }
}

/// Whether a shell leaves these characters alone everywhere in a word.
fn is_plain(data: &str) -> bool {
    !data.is_empty() && data.chars().all(is_plain_char)
}

fn is_plain_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-./,:=+@%".contains(c)
}

/// What a shell does itself, or reads otherwise than as the name of a program.
const OWN_WORDS: [&str; 59] = [
    ".", ":", "[", "alias", "bg", "break", "case", "cd", "chdir", "command", "continue", "do", "done",
    "echo", "elif", "else", "esac", "eval", "exec", "exit", "export", "false", "fc", "fg", "fi", "for",
    "function", "getopts", "hash", "help", "if", "in", "jobs", "kill", "let", "local", "printf", "pwd",
    "read", "readonly", "return", "select", "set", "shift", "test", "then", "time", "times", "trap", "true",
    "type", "ulimit", "umask", "unalias", "unset", "until", "wait", "while", "source",
];

/// The words of a command that a shell would only split and start; `None` if the command needs more than that.
pub fn plain_words(command: &str) -> Option<Vec<String>> {
    let mut unquoted = command.split('\'').step_by(2);
    if !unquoted.all(|text| text.chars().all(|c| c == ' ' || is_plain_char(c))) {
        return None;
    }
    let words = shlex::split(command)?;
    let program = words.first()?;
    let is_program = !program.is_empty() && !program.contains('=') && !OWN_WORDS.contains(&program.as_str());
    is_program.then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_without_a_shell_has_the_words_that_a_shell_makes_of_it() {
        let plain = ["/bin/cp a.sv 'b c.sv'", "g++ -DA='\"x\"' -std=gnu++20", "cat  '' a@b:c,d%e '#f' x'y'z"];
        for command in plain {
            let words = plain_words(command).unwrap_or_default();
            let told = through_sh(&format!("set -- {command}; printf '%s\\n' \"$@\""));
            assert_eq!(words, told.lines().collect::<Vec<_>>(), "{command}");
        }
    }

    #[test]
    fn a_command_that_asks_something_of_the_shell_is_left_to_it() {
        let others = [
            "",
            " ",
            "cd x",
            "A=b cmd",
            "a; b",
            "a && b",
            "a > b",
            "a $b",
            "a *",
            "a ~",
            "a #b",
            "a \"b\"",
            "a \\b",
            "a 'it'\\''s'",
            "a 'b",
            "a\nb",
            "a {b,c}",
            "! a",
            "'' a",
            "echo a",
            "if a",
            "a `b`",
            "(a)",
            "a &",
            "a?",
            "a [b]",
            "a\tb",
        ];
        for command in others {
            assert_eq!(plain_words(command), None, "{command}");
        }
    }

    fn through_sh(script: &str) -> String {
        let output = std::process::Command::new("sh").arg("-c").arg(script).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn awkward_words_reach_the_program_byte_for_byte_in_every_context() {
        for data in [
            "a b", "it's", "\"q\"", "$HOME", "a;b", "a&b", "#x", "-n", "ü→", "`id`", "\\", "a\\'b", "*", "~",
            "!x", "",
        ] {
            let bare = format!("printf %s {}", Quote::Bare.apply(data));
            let double = format!("printf %s \"{}\"", Quote::Double.apply(data));
            let single = format!("printf %s '{}'", Quote::Single.apply(data));
            for script in [bare, double, single] {
                assert_eq!(through_sh(&script), data, "{script}");
            }
        }
    }

    #[test]
    fn the_scanner_knows_in_which_quotes_it_stands() {
        let after = |text: &str| {
            let mut scanner = Scanner::default();
            scanner.read(text);
            scanner.context()
        };
        assert_eq!(after("cat "), Quote::Bare);
        assert_eq!(after("cat \""), Quote::Double);
        assert_eq!(after("cat 'a\""), Quote::Single);
        assert_eq!(after("cat \\\""), Quote::Bare);
        assert_eq!(after("echo \"$(cat "), Quote::Bare);
        assert_eq!(after("echo \"$(cat x) "), Quote::Double);
        assert_eq!(after("echo \"it's "), Quote::Double);
    }
}
