//! A request as clap sees it: its arguments are made from the table of options.
//! It does not know what is done with the request.

use crate::diag::{Error, Result};
use crate::graph::BUILTIN;
use crate::options::{OPTIONS, Operand, RequestOption, RequestOptions};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

/// What operands are called where options speak of them.
const FILE: &str = "FILE";

/// The options that name filelists, and whether the paths in those are their own.
const LISTS: [(&str, char, bool, &str); 2] = [
    ("list", 'f', false, "Read a filelist; its paths are relative to the current directory"),
    ("list-here", 'F', true, "Read a filelist; its paths are relative to the list"),
];

/// What the files may be, in short and in full.
const FILES_SHORT: &str = "Source files, or designs of fud.toml";
const FILES: &str = "Input files, `-` for standard input (with --from); designs of fud.toml; +incdir+DIR, \
                     +define+NAME=V, +libext+EXT";

/// What a command that only looks may run.
#[derive(Debug, Args)]
pub struct LookOptions {
    /// Also run programs: those that the project's files name, and those that say what a design consists of
    #[arg(long)]
    pub probe: bool,
}

impl Args for RequestOptions {
    fn augment_args(command: Command) -> Command {
        let list = |(name, letter, _, help): (&'static str, char, bool, &'static str)| {
            Arg::new(name)
                .short(letter)
                .value_name(FILE)
                .action(ArgAction::Append)
                .help(help)
                .help_heading("Design")
        };
        let files = Arg::new(FILE)
            .value_name(FILE)
            .num_args(1..)
            .action(ArgAction::Append)
            .help(FILES_SHORT)
            .long_help(FILES);
        command
            .args(LISTS.map(list))
            .arg(files)
            .args(OPTIONS.iter().map(|option| argument(option).conflicts_with_all(option.conflicts)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        RequestOptions::augment_args(command)
    }
}

/// An option as an argument of a command.
fn argument(option: &RequestOption) -> Arg {
    let action = match option.value_name {
        None => ArgAction::SetTrue,
        Some(_) if option.repeats => ArgAction::Append,
        Some(_) => ArgAction::Set,
    };
    let arg = Arg::new(option.name).help(option.help).action(action);
    let mut arg = arg.help_heading(option.heading).hide_short_help(!option.is_common);
    if option.is_long {
        arg = arg.long(option.name);
    }
    if let Some(name) = option.value_name {
        arg = arg.value_name(name);
    }
    if let Some(implied) = option.implied {
        arg = arg.num_args(0..=1).require_equals(true).default_missing_value(implied);
    }
    arg.short(option.short)
}

impl FromArgMatches for RequestOptions {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<RequestOptions, clap::Error> {
        let mut request = RequestOptions { operands: operands(matches), ..RequestOptions::default() };
        OPTIONS.iter().for_each(|option| (option.set)(&mut request, values(matches, option)));
        Ok(request)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = RequestOptions::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What commands without a request may be told of scripts and configuration.
pub type ScriptOptions = SomeOptions<true>;

/// What commands may be told of the configuration alone.
pub type ConfigurationOptions = SomeOptions<false>;

/// A request that has no options but those about configuration, and maybe plugins.
#[derive(Debug)]
pub struct SomeOptions<const PLUGINS: bool>(pub Box<RequestOptions>);

impl<const PLUGINS: bool> SomeOptions<PLUGINS> {
    fn all() -> impl Iterator<Item = &'static RequestOption> {
        let is_one = |name| ["set", "profile", "config"].contains(&name) || PLUGINS && name == "plugin";
        OPTIONS.iter().filter(move |option| is_one(option.name))
    }
}

impl<const PLUGINS: bool> Args for SomeOptions<PLUGINS> {
    fn augment_args(command: Command) -> Command {
        command.args(Self::all().map(argument))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const PLUGINS: bool> FromArgMatches for SomeOptions<PLUGINS> {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, clap::Error> {
        let mut request = RequestOptions::default();
        Self::all().for_each(|option| (option.set)(&mut request, values(matches, option)));
        Ok(SomeOptions(Box::new(request)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The values of an option as its table has them.
fn values(matches: &ArgMatches, option: &RequestOption) -> Vec<String> {
    match option.value_name {
        None if matches.get_flag(option.name) => vec![String::new()],
        None => vec![],
        Some(_) => matches.get_many(option.name).into_iter().flatten().cloned().collect(),
    }
}

/// Files and filelists in the order of the command line.
fn operands(matches: &ArgMatches) -> Vec<Operand> {
    let placed = |name: &str| {
        let values = matches.get_many::<String>(name).into_iter().flatten().cloned();
        matches.indices_of(name).into_iter().flatten().zip(values).collect::<Vec<_>>()
    };
    let files = placed(FILE).into_iter().map(|(place, word)| (place, Operand::Word(word)));
    let lists = LISTS.into_iter().flat_map(|(name, _, own_paths, _)| {
        placed(name).into_iter().map(move |(place, path)| (place, Operand::List { path, own_paths }))
    });
    let mut all: Vec<(usize, Operand)> = files.chain(lists).collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, operand)| operand).collect()
}

/// The request for the built-in state of a command.
///
/// # Errors
/// The request names another state.
pub fn wanting(mut request: RequestOptions, command: &str, state: &str) -> Result<RequestOptions> {
    let builtin = format!("{BUILTIN}{state}");
    if let Some(other) = request.to.iter().find(|to| *to != state && **to != builtin) {
        return Err(Error::request(format!("`fudsv {command}` makes `{state}`, not `{other}`"))
            .hint(format!("use `fudsv exec --to {other}`")));
    }
    request.to = vec![builtin];
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Cli, Command};
    use clap::Parser;

    /// The request that these words ask `exec` for.
    fn read(words: Vec<String>) -> std::result::Result<RequestOptions, String> {
        let all = ["fudsv", "exec"].map(str::to_owned).into_iter().chain(words);
        match Cli::try_parse_from(all).map_err(|error| error.to_string())?.command {
            Command::Exec(args) => Ok(args.request),
            other => Err(format!("{other:?}")),
        }
    }

    fn assert_is_read_as_it_was_said(request: &RequestOptions) {
        let words = request.command_line();
        assert_eq!(read(words.clone()).as_ref(), Ok(request), "{words:?}");
    }

    #[test]
    fn every_option_is_read_as_it_was_said() {
        const VALUES: [&str; 9] = ["x", "a b", "-x", "--to", "-", "", "=x", "+x", "ü'$*"];
        for option in OPTIONS {
            for value in VALUES {
                let value = if option.value_name.is_some() { value } else { "" };
                let values = vec![value.to_owned(); if option.repeats { 2 } else { 1 }];
                let mut request = RequestOptions::default();
                (option.set)(&mut request, values.clone());
                assert_eq!((option.get)(&request), values, "{}", option.name);
                assert_is_read_as_it_was_said(&request);
            }
        }
    }

    #[test]
    fn all_options_together_are_read_as_they_were_said() {
        let word = |text: &str| Operand::Word(text.to_owned());
        let list = |own_paths| Operand::List { path: "a.f".into(), own_paths };
        let operands = vec![word("a.sv"), list(true), word("-"), list(false), word("+incdir+b"), list(true)];
        let mut request = RequestOptions { operands, ..RequestOptions::default() };
        let fits = |option: &&RequestOption| option.conflicts.is_empty();
        for option in OPTIONS.iter().filter(fits) {
            (option.set)(&mut request, vec![if option.value_name.is_some() { "v" } else { "" }.to_owned()]);
        }
        assert_is_read_as_it_was_said(&request);
    }

    #[test]
    fn a_file_that_looks_like_an_option_is_said_as_a_file() {
        let list = Operand::List { path: "-b.f".into(), own_paths: false };
        let request = RequestOptions {
            operands: vec![Operand::Word("-a.sv".into()), list],
            ..RequestOptions::default()
        };
        assert_eq!(request.command_line(), ["./-a.sv", "-f", "./-b.f"]);
    }
}
