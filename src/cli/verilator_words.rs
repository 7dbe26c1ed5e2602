//! Words of Verilator's command line that people type from habit: fudsv translates each.
//! It does not know which words Verilator has (`design` does), or which options fudsv has (their table does).

use super::args::{Cli, Command};
use super::help;
use crate::design::{Meaning, meaning};
use crate::diag::Error;
use crate::options::built::{ARCHIVE, LINT, PROGRAM, SIMULATION, VERILATED};
use clap::FromArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Why a command line was not read.
pub enum Refused {
    /// It is not one of fudsv's.
    Typed(Box<clap::Error>),
    /// A word of Verilator that has no translation.
    Said(Box<Error>),
}

/// Options that choose what Verilator makes.
const GOALS: [&str; 6] = ["--cc", "--exe", "--build", "--binary", "--main", "--lint-only"];

/// Options of Verilator that are settings of fudsv; a value follows a key that ends with `=`.
const SETTINGS: [(&str, &str); 5] = [
    ("--threads", "verilator.threads="),
    ("--trace", "verilator.trace=vcd"),
    ("--trace-vcd", "verilator.trace=vcd"),
    ("--trace-fst", "verilator.trace=fst"),
    ("--coverage", "verilator.coverage=true"),
];

/// What was typed, and what is to be said of words that were read as others.
///
/// # Errors
/// It is not a command line of fudsv.
pub fn parse(args: &[String]) -> Result<(Cli, Vec<String>), Refused> {
    let mut line = Line { words: args.to_vec(), goals: vec![] };
    // Each round translates one word, so no word is translated forever.
    for _ in args {
        match read(&line.words) {
            Err(error) if error.kind() == ErrorKind::UnknownArgument => line.translate(error)?,
            Err(error) if error.kind() == ErrorKind::InvalidValue => return Err(without_value(error)),
            other => return line.finish(other),
        }
    }
    read(&line.words).map(|cli| (cli, vec![])).map_err(|error| Refused::Typed(Box::new(error)))
}

fn read(words: &[String]) -> Result<Cli, clap::Error> {
    // What is wrong is said by the description of all commands, which knows the headings and the other commands.
    if let Some(cli) = read_alone(words) {
        return Ok(cli);
    }
    let mut matches = help::command().try_get_matches_from(words)?;
    Cli::from_arg_matches_mut(&mut matches)
}

/// The command line, if its first word is a command whose description alone reads it without an error.
fn read_alone(words: &[String]) -> Option<Cli> {
    let command = Cli::with_only(words.get(1)?)?;
    let mut matches = command.try_get_matches_from(words).ok()?;
    Cli::from_arg_matches_mut(&mut matches).ok()
}

/// An option of a run that stands alone, as Verilator's option of that name does.
fn without_value(error: clap::Error) -> Refused {
    let is_of = |name: &str| match (error.get(ContextKind::InvalidArg), error.get(ContextKind::InvalidValue))
    {
        (Some(ContextValue::String(arg)), Some(ContextValue::String(value))) => {
            value.is_empty() && arg.split(' ').next() == Some(name)
        }
        _ => false,
    };
    let examples = [("--trace", "waves.vcd"), ("--coverage", "coverage.dat")];
    match examples.into_iter().find(|(name, _)| is_of(name)) {
        Some((name, example)) => Refused::Said(
            Error::request(format!("`{name}` does not name a file")).hint(format!("`{name} {example}`")),
        ),
        None => Refused::Typed(Box::new(error)),
    }
}

/// A command line during its translation from Verilator's words to fudsv's.
struct Line {
    words: Vec<String>,
    /// The options that choose what is made, as they were typed.
    goals: Vec<String>,
}

impl Line {
    /// Replaces the word that clap does not know by others.
    fn translate(&mut self, error: clap::Error) -> Result<(), Refused> {
        let Some(at) = self.unknown(&error) else { return Err(Refused::Typed(Box::new(error))) };
        let word = self.words.get(at).cloned().unwrap_or_default();
        // Verilator takes one dash or two.
        let double = format!("--{}", word.trim_start_matches('-'));
        let next = self.words.get(at + 1).cloned();
        let setting = SETTINGS.iter().find(|(name, _)| *name == double);
        let refused = |hint: &str| {
            let error = Error::request(format!("`{word}` is an option of Verilator, not of fudsv"));
            Err(Refused::Said(error.hint(hint.to_owned())))
        };
        let (taken, instead) = match meaning(&word) {
            _ if !takes_requests(&self.words) => return Err(Refused::Typed(Box::new(error))),
            _ if GOALS.contains(&double.as_str()) => {
                self.goals.push(double);
                (1, vec![])
            }
            _ if setting.is_some() => {
                let (_, setting) = setting.copied().unwrap_or_default();
                let value = next.filter(|_| setting.ends_with('='));
                let taken = if value.is_some() { 2 } else { 1 };
                (taken, vec!["--set".to_owned(), format!("{setting}{}", value.unwrap_or_default())])
            }
            Meaning::Takes("top") => (1, vec!["--top".to_owned()]),
            Meaning::Decided(instead, _) if double == "--Mdir" => match next {
                Some(dir) => (2, vec!["--dir".to_owned(), dir]),
                None => return refused(instead),
            },
            Meaning::Decided(instead, _) => return refused(instead),
            Meaning::Own(false) => (1, added(&[&word])),
            Meaning::Own(true) | Meaning::Takes("CFLAGS" | "LDFLAGS") => match &next {
                Some(value) => (2, added(&[&word, value])),
                None => return refused("it needs a value"),
            },
            Meaning::Starts(_) => return refused("it would start a program, which fudsv does not allow"),
            _ => return Err(Refused::Typed(Box::new(error))),
        };
        self.words.splice(at..(at + taken).min(self.words.len()), instead);
        Ok(())
    }

    /// Where the word stands that clap does not know.
    fn unknown(&self, error: &clap::Error) -> Option<usize> {
        let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else { return None };
        // Of a word with one dash clap names the first letter.
        let is_it = |word: &String| {
            *word == *unknown || word.starts_with(unknown.as_str()) && !word.starts_with("--")
        };
        let end = self.words.iter().position(|word| word == "--").unwrap_or(self.words.len());
        (1..end).find(|at| self.words.get(*at).is_some_and(is_it))
    }

    /// The command line as it was read in the end. What chooses the result becomes a state, where the command and the
    /// user leave that open.
    fn finish(self, read: Result<Cli, clap::Error>) -> Result<(Cli, Vec<String>), Refused> {
        let mut cli = read.map_err(|error| Refused::Typed(Box::new(error)))?;
        if self.goals.is_empty() {
            return Ok((cli, vec![]));
        }
        let typed = self.goals.join(" ");
        let state = state(&self.goals);
        let note = match request(&mut cli.command) {
            Some(request) if request.to.is_empty() && request.output.is_empty() && request.plan.is_none() => {
                request.to = vec![state.to_owned()];
                format!("`{typed}` is read as `--to {state}`")
            }
            _ => format!("`{typed}` is ignored: the command says what is built"),
        };
        let is_quiet =
            self.words.iter().take_while(|word| *word != "--").any(|w| w == "-q" || w == "--quiet");
        Ok((cli, if is_quiet { vec![] } else { vec![note] }))
    }
}

/// The words that hand words on to Verilator.
fn added(words: &[&str]) -> Vec<String> {
    let list = toml::Value::from(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    vec!["--set".to_owned(), format!("verilator.args+={list}")]
}

/// Whether the command builds or plans something.
fn takes_requests(words: &[String]) -> bool {
    const COMMANDS: [&str; 10] =
        ["export", "exec", "build", "run", "test", "lint", "plan", "explain", "emit", "gen"];
    words.get(1..).is_some_and(|rest| rest.iter().any(|word| COMMANDS.contains(&word.as_str())))
}

/// The request of a command whose target is the user's to choose.
fn request(command: &mut Command) -> Option<&mut crate::options::RequestOptions> {
    Some(match command {
        Command::Exec(args) => &mut args.request,
        Command::Plan(args) => &mut args.request,
        Command::Explain(args) => &mut args.request,
        Command::Emit(args) => &mut args.request,
        Command::Gen(args) => &mut args.request,
        _ => return None,
    })
}

/// The state that Verilator's options mean.
fn state(goals: &[String]) -> &'static str {
    let has = |goal: &str| goals.iter().any(|typed| typed == goal);
    match () {
        () if has("--lint-only") => LINT,
        () if has("--binary") || has("--main") => SIMULATION,
        () if has("--exe") => PROGRAM,
        () if has("--build") => ARCHIVE,
        () => VERILATED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The command lines as both descriptions read them.
    fn both(line: &str) -> (Option<String>, Option<String>) {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let matches = help::command().try_get_matches_from(&words);
        let whole = matches.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
        (read_alone(&words).map(|cli| format!("{cli:?}")), whole.ok().map(|cli| format!("{cli:?}")))
    }

    #[test]
    fn a_command_that_is_described_alone_is_read_as_among_all() {
        for name in
            ["exec", "build", "run", "test", "lint", "plan", "explain", "export", "emit", "gen", "list"]
        {
            let requests = match name {
                "list" => ["", " --color never", ""],
                "export" => [" filelist a.sv", " edam a.sv --color never", " filelist b.sv --top b"],
                _ => [" a.sv", " a.sv --color never", " -f l.f -DX=1 +incdir+rtl --set a=b a.sv b.sv"],
            };
            for rest in requests {
                let (alone, whole) = both(&format!("fudsv {name}{rest}"));
                assert!(alone.is_some(), "{name}{rest}");
                assert_eq!(alone, whole);
            }
        }
    }

    #[test]
    fn what_is_wrong_or_asks_for_help_is_left_to_the_description_of_all_commands() {
        for line in
            ["fudsv exec --nonsense", "fudsv plan --help", "fudsv", "fudsv nonsense", "fudsv emit --color x"]
        {
            let (alone, whole) = both(line);
            assert_eq!((alone, whole), (None, None), "{line}");
        }
    }
}
