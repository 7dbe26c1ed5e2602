//! The command line of the runner: the protocol between the emitted Ninja file and `fudsv tool run`.
//! It does not know the file system, except for the response file that may contain the words.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::diag::{Error, Result};
use crate::digest::{Digest, KeyHasher};
use crate::shell::Quote;
use crate::step::reads::Depfile;
use camino::{Utf8Path, Utf8PathBuf};
use std::ops::Range;

/// A step, as the Ninja file states it. Paths are relative to the build directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Its name, fit for a file name and unique in the build directory.
    pub name: String,
    /// Where the commands run.
    pub cwd: Utf8PathBuf,
    /// Its outputs; at least one.
    pub outputs: Vec<Output>,
    /// Its declared inputs.
    pub inputs: Vec<Utf8PathBuf>,
    /// The places in the commands that name outputs.
    pub spans: Vec<Span>,
    /// The dependency files that the tools write.
    pub depfiles: Vec<Depfile>,
    /// Directories of which the step reads files. An input stands for these, so they are not noted.
    pub covered: Vec<Utf8PathBuf>,
    /// Files with the words of other steps. These make what the commands use if it is there, and run before them.
    pub on_demand: Vec<Utf8PathBuf>,
    /// Variables whose values are part of the key.
    pub reads: Vec<String>,
    /// Variables that are set for the commands.
    pub sets: Vec<(String, String)>,
    /// Whether the tool must write to the real name of its output.
    pub in_place: bool,
    /// Whether it needs the terminal.
    pub console: bool,
    /// Whether its results may be taken from and kept in the store.
    pub cached: bool,
    /// Shell commands, run in turn until one fails.
    pub commands: Vec<String>,
    /// The digest of the step's words in the Ninja file.
    pub stated: Option<Digest>,
}

/// A file or a directory that a step makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Without a trailing slash.
    pub path: Utf8PathBuf,
    /// Whether it is a directory; Ninja's output is then the list of its files.
    pub directory: bool,
}

impl Output {
    /// The file by which Ninja knows this output.
    pub fn for_ninja(&self) -> Utf8PathBuf {
        if self.directory { self.path.join(crate::step::names::SUMS) } else { self.path.clone() }
    }

    /// The directory that contains it; empty for the build directory.
    pub fn parent(&self) -> &Utf8Path {
        self.path.parent().unwrap_or(Utf8Path::new(""))
    }

    /// Its last component.
    pub fn base_name(&self) -> &str {
        self.path.file_name().unwrap_or_default()
    }
}

/// The bytes of a command that name an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The number of the command, from 0.
    pub command: usize,
    /// The range of bytes in it.
    pub bytes: Range<usize>,
    /// The number of the output, from 0.
    pub output: usize,
    /// The quotes around them.
    pub quote: Quote,
}

impl Step {
    /// Reads the words after `fudsv tool run`.
    ///
    /// # Errors
    /// Words that break the protocol: the Ninja file was made by another version, or by hand.
    pub fn parse(words: &[String]) -> Result<Step> {
        match words {
            [word] => match word.strip_prefix('@') {
                Some(file) => Step::from_words(&response(Utf8Path::new(file))?),
                None => Step::from_words(words),
            },
            _ => Step::from_words(words),
        }
    }

    fn from_words(words: &[String]) -> Result<Step> {
        let unescaped: Vec<String>;
        let words = match words {
            [flag, rest @ ..] if flag == "--escaped" => {
                unescaped = rest.iter().map(|word| unescape(word)).collect();
                unescaped.as_slice()
            }
            words => words,
        };
        let mut step = Step { cwd: ".".into(), stated: Some(digest(words)), ..Step::default() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--" => step.commands = words.by_ref().cloned().collect(),
                "--in-place" => step.in_place = true,
                "--console" => step.console = true,
                "--cached" => step.cached = true,
                option => {
                    let value = words.next().ok_or_else(|| wrong(format!("`{option}` lacks its value")))?;
                    step.set(option, value)?;
                }
            }
        }
        step.check()?;
        Ok(step)
    }

    fn set(&mut self, option: &str, value: &str) -> Result<()> {
        match option {
            "-o" => self.outputs.push(output(value)),
            "-i" => self.inputs.push(value.into()),
            "-s" => self.spans.push(span(value).ok_or_else(|| wrong(format!("`{value}` is not a span")))?),
            "--step" => value.clone_into(&mut self.name),
            "--cwd" => self.cwd = value.into(),
            "--depfile" => self.depfiles.push(Depfile::plain(value)),
            "--depfile-as" => self.depfiles.push(
                Depfile::of_word(value).ok_or_else(|| wrong(format!("`{value}` does not name a format")))?,
            ),
            "--covered" => self.covered.push(value.into()),
            "--on-demand" => self.on_demand.push(value.into()),
            "--env" => self.reads.push(value.to_owned()),
            "--set" => {
                let (name, value) = value.split_once('=').ok_or_else(|| wrong("`--set` lacks a `=`"))?;
                self.sets.push((name.to_owned(), value.to_owned()));
            }
            _ => return Err(wrong(format!("unknown option `{option}`"))),
        }
        Ok(())
    }

    /// The dependency files in one text, each with its path as `called`; `None` without dependency files.
    pub fn depfiles_as(&self, called: impl Fn(&Utf8Path) -> String) -> Option<String> {
        let all =
            self.depfiles.iter().map(|depfile| Depfile { path: called(&depfile.path).into(), ..*depfile });
        let all: Vec<String> = all.map(|depfile| depfile.to_string()).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    fn check(&self) -> Result<()> {
        let file_name =
            !self.name.is_empty() && !self.name.contains(['/', '\0']) && !self.name.starts_with('.');
        let faults = [
            (file_name, "no `--step` with a valid file name"),
            (!self.outputs.is_empty(), "no `-o`"),
            (self.outputs.iter().all(|o| !o.base_name().is_empty()), "an `-o` names no file"),
            (!self.commands.is_empty(), "no command"),
            (
                self.spans.iter().all(|s| s.output < self.outputs.len()),
                "a span names an output that does not exist",
            ),
        ];
        match faults.iter().find(|(fine, _)| !fine) {
            None => Ok(()),
            Some((_, fault)) => Err(wrong(*fault)),
        }
    }
}

/// The digest of the words after `fudsv tool run`. Two steps with the same name and digest are the same step.
pub fn digest(words: &[String]) -> Digest {
    let mut hasher = KeyHasher::new();
    for word in words {
        hasher.field("", word);
    }
    hasher.finish()
}

fn output(value: &str) -> Output {
    Output { path: value.trim_end_matches('/').into(), directory: value.ends_with('/') }
}

/// `CMD:START:LEN:OUT:CTX`
fn span(value: &str) -> Option<Span> {
    let mut parts = value.split(':');
    let mut number = || parts.next()?.parse::<usize>().ok();
    let (command, start, length, output) = (number()?, number()?, number()?, number()?);
    let mut letters = parts.next()?.chars();
    let quote = Quote::from_letter(letters.next()?)?;
    let whole = letters.next().is_none() && parts.next().is_none();
    whole.then_some(Span { command, bytes: start..start.checked_add(length)?, output, quote })
}

/// The words in a response file: quoted for the shell, separated by blanks.
fn response(path: &Utf8Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Error::machine(format!("cannot read the step's words from `{path}`")).because(e))?;
    shlex::split(&text).ok_or_else(|| wrong(format!("`{path}` has an open quote")))
}

fn wrong(message: impl Into<String>) -> Box<Error> {
    Error::request(format!("`fudsv tool run`: {}", message.into()))
        .hint("fudsv writes this command into `build.ninja`: emit the file again with this version")
}

/// Decodes a word in which `
/// `, `\r` and `\\` stand for a line break, a carriage return and a backslash.
fn unescape(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    let mut chars = word.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or(c),
            },
            c => c,
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::reads::Form;

    fn words(text: &str) -> Vec<String> {
        shlex::split(text).unwrap()
    }

    #[test]
    fn every_word_lands_in_its_field() {
        let line = "--step a.o --cwd ../.. -o a.o -o gen/ -i ../a.c -s 0:3:5:1:d --depfile a.o.d --depfile-as list:b.d --covered gen.d --on-demand b.words --env HOME \
                    --set 'A=b=c' --in-place --console --cached -- 'cc x' -o";
        let expected = Step {
            name: "a.o".into(),
            cwd: "../..".into(),
            outputs: vec![
                Output { path: "a.o".into(), directory: false },
                Output { path: "gen".into(), directory: true },
            ],
            inputs: vec!["../a.c".into()],
            spans: vec![Span { command: 0, bytes: 3..8, output: 1, quote: Quote::Double }],
            depfiles: vec![
                Depfile { path: "a.o.d".into(), form: Form::Make },
                Depfile { path: "b.d".into(), form: Form::List },
            ],
            covered: vec!["gen.d".into()],
            on_demand: vec!["b.words".into()],
            reads: vec!["HOME".into()],
            sets: vec![("A".into(), "b=c".into())],
            in_place: true,
            console: true,
            cached: true,
            commands: vec!["cc x".into(), "-o".into()],
            stated: Some(digest(&words(line))),
        };
        assert_eq!(Step::parse(&words(line)).unwrap(), expected);
    }

    #[test]
    fn a_directory_output_is_known_to_ninja_by_its_list() {
        let output = |path: &str, directory| Output { path: path.into(), directory };
        assert_eq!(output("a/b", true).for_ninja(), "a/b/SHA256SUMS");
        assert_eq!(output("a/b", false).for_ninja(), "a/b");
    }

    #[test]
    fn words_that_break_the_protocol_are_named() {
        let say = |line: &str| Step::parse(&words(line)).unwrap_err().message;
        assert_eq!(say("--step x -o a --"), "`fudsv tool run`: no command");
        assert_eq!(say("--step x -- true"), "`fudsv tool run`: no `-o`");
        assert_eq!(say("--step x/y -o a -- true"), "`fudsv tool run`: no `--step` with a valid file name");
        assert_eq!(say("--step x -o a -s 0:1:2 -- true"), "`fudsv tool run`: `0:1:2` is not a span");
        assert_eq!(
            say("--step x -o a -s 0:1:2:1:b -- true"),
            "`fudsv tool run`: a span names an output that does not exist"
        );
        assert_eq!(say("--stop x"), "`fudsv tool run`: unknown option `--stop`");
        assert_eq!(say("-o"), "`fudsv tool run`: `-o` lacks its value");
    }
}
