//! What a command uses without its step depending on it: paths and programs that it names as plain text.
//! It does not know whether that is wrong; it reports what an author would want to know.

use super::emission::{Emission, Piece};
use std::collections::BTreeSet;

/// Something that a command uses without a dependency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unseen {
    /// A path that is written out, or the text of one.
    Path(String),
    /// A program that is found on PATH when the step runs.
    Program(String),
}

/// Programs that every system has and nobody upgrades for their results.
const EVERYWHERE: [&str; 76] = [
    ".",
    ":",
    "[",
    "awk",
    "base64",
    "basename",
    "break",
    "cat",
    "cd",
    "chmod",
    "cmp",
    "command",
    "comm",
    "continue",
    "cp",
    "cut",
    "date",
    "diff",
    "dirname",
    "echo",
    "env",
    "eval",
    "exec",
    "exit",
    "export",
    "expr",
    "false",
    "find",
    "fold",
    "grep",
    "gunzip",
    "gzip",
    "head",
    "hostname",
    "install",
    "join",
    "kill",
    "ln",
    "ls",
    "md5sum",
    "mkdir",
    "mktemp",
    "mv",
    "nl",
    "od",
    "paste",
    "printf",
    "pwd",
    "read",
    "realpath",
    "return",
    "rm",
    "rmdir",
    "sed",
    "set",
    "sh",
    "sha256sum",
    "shift",
    "sleep",
    "sort",
    "split",
    "stat",
    "tail",
    "tar",
    "tee",
    "test",
    "time",
    "touch",
    "tr",
    "trap",
    "true",
    "uniq",
    "unset",
    "wait",
    "wc",
    "xargs",
];

/// Words of the shell after which another command begins.
const BEFORE_COMMANDS: [&str; 8] = ["if", "then", "else", "elif", "while", "until", "do", "!"];

/// Words of the shell that begin no command.
const NO_COMMANDS: [&str; 7] = ["for", "case", "in", "done", "fi", "esac", "function"];

/// A placeholder for a file, a word or a tool, which are not plain text.
const VALUE: char = '\u{1}';

/// What the commands of a step name as plain text and it does not wait for, sorted.
pub fn unseen(step: &Emission) -> Vec<Unseen> {
    let waited: BTreeSet<&str> = step.deps.iter().map(|dep| dep.path().as_str()).collect();
    let made: BTreeSet<&str> = step.targets.iter().map(|target| target.path.as_str()).collect();
    let is_known = |path: &str| waited.contains(path) || made.contains(path);
    let mut found = BTreeSet::new();
    for command in &step.commands {
        let text: String = command
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::File(_) | Piece::Words(_) => VALUE.to_string(),
            })
            .collect();
        for word in words(&text) {
            if let Some(path) = path(&word.text).filter(|path| !is_known(path)) {
                found.insert(Unseen::Path(path.to_owned()));
            } else if word.starts && is_program(&word.text) {
                found.insert(Unseen::Program(word.text));
            }
        }
    }
    found.into_iter().collect()
}

/// A word of a command that stands outside of quotes.
struct Word {
    text: String,
    /// Whether it is the program.
    starts: bool,
}

/// The words of a command; of what is in quotes only that there was something.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = vec![];
    let (mut word, mut quote, mut starts) = (String::new(), None, true);
    let mut end = |word: &mut String, starts: &mut bool| {
        let text = std::mem::take(word);
        let is_assignment = text.split_once('=').is_some_and(|(name, _)| {
            name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.is_empty()
        });
        if text.is_empty() || *starts && (is_assignment || BEFORE_COMMANDS.contains(&text.as_str())) {
            return;
        }
        let is_word = !(*starts && NO_COMMANDS.contains(&text.as_str()));
        words.push(Word { text, starts: *starts && is_word });
        *starts = false;
    };
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => {
                quote = Some(c);
                word.push(VALUE);
            }
            (None, '\\') => {
                chars.next();
                word.push(VALUE);
            }
            (None, ';' | '|' | '&' | '(' | ')' | '{' | '}' | '\n') => {
                end(&mut word, &mut starts);
                starts = true;
            }
            (None, c) if c.is_whitespace() || matches!(c, '<' | '>') => end(&mut word, &mut starts),
            (None, c) => word.push(c),
        }
    }
    end(&mut word, &mut starts);
    words
}

/// The path in a word such as `../x`, `-I../inc` or `--table=./t`; `None` if a part of it is a value.
fn path(word: &str) -> Option<&str> {
    let after_option = match word.strip_prefix("--") {
        Some(long) => long.split_once('=').map(|(_, value)| value)?,
        None if word.starts_with('-') => word.get(2..)?,
        None => word,
    };
    let is_path = ["/", "./", "../"].iter().any(|start| after_option.starts_with(start));
    let is_plain = !after_option.contains([VALUE, '$', '*', '?', '`']) && after_option.len() > 2;
    (is_path && is_plain && !after_option.starts_with("/dev/")).then_some(after_option)
}

fn is_program(word: &str) -> bool {
    let is_name = word.chars().all(|c| c.is_ascii_alphanumeric() || "_.+-".contains(c));
    is_name && !word.is_empty() && !EVERYWHERE.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Place;
    use crate::lower::{Dep, StepOptions, Target};
    use crate::paths::WorkPath;

    fn found(command: Vec<Piece>) -> Vec<Unseen> {
        let path = |text: &str| WorkPath::new(text).unwrap();
        unseen(&Emission {
            commands: vec![command],
            deps: vec![Dep::Explicit(path("../known"))],
            targets: vec![Target { path: path("out"), directory: false }],
            options: StepOptions::default(),
            tools: vec![],
            resources: vec![],
            place: Place { file: "p".into(), line: 1, column: 1, source: None, width: 1 },
        })
    }

    fn text(text: &str) -> Vec<Unseen> {
        found(vec![Piece::Text(text.to_owned())])
    }

    #[test]
    fn paths_that_are_written_out_are_unseen() {
        let path = |text: &str| Unseen::Path(text.to_owned());
        assert_eq!(
            text("sh ../dat.sh -I../../inc --t=/a/b < ./x"),
            ["../../inc", "../dat.sh", "./x", "/a/b"].map(path)
        );
        assert_eq!(text("cat ../known > out 2> /dev/null && sed 's/../x/' && echo $X/../y"), []);
    }

    #[test]
    fn programs_of_the_path_are_unseen_and_those_of_every_system_are_not() {
        let program = |text: &str| Unseen::Program(text.to_owned());
        assert_eq!(text("mytool a | other b; X=1 third"), ["mytool", "other", "third"].map(program));
        assert_eq!(text("if test -f a; then cp a b; else echo 'mytool'; fi"), []);
        assert_eq!(text("for f in a b; do mytool $f; done"), ["mytool"].map(program));
        let tool = Piece::Words(vec!["/usr/bin/mytool".into()]);
        assert_eq!(found(vec![tool, Piece::Text(" -o out".into())]), []);
    }
}
