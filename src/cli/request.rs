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
    ("list", 'f', false, "Read more words from this list; its paths are relative to where you stand"),
    ("list-here", 'F', true, "The same with paths that are relative to the list"),
];

/// What the files may be.
const FILES: &str = "Input files, `-` for standard input (with --from); designs of fud.toml; +incdir+DIR, \
                     +define+NAME=V, +libext+EXT";

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
        let files = Arg::new(FILE).value_name(FILE).num_args(1..).action(ArgAction::Append).help(FILES);
        command.args(LISTS.map(list)).arg(files).args(OPTIONS.iter().map(argument))
    }

    fn augment_args_for_update(command: Command) -> Command {
        RequestOptions::augment_args(command)
    }
}

/// An option as an argument of a command.
pub fn argument(option: &RequestOption) -> Arg {
    let action = match option.value_name {
        None => ArgAction::SetTrue,
        Some(_) if option.repeats => ArgAction::Append,
        Some(_) => ArgAction::Set,
    };
    let mut arg = Arg::new(option.name).help(option.help).action(action).conflicts_with_all(option.conflicts);
    if option.is_long {
        arg = arg.long(option.name);
    }
    if let Some(name) = option.value_name {
        arg = arg.value_name(name);
    }
    if let Some(implied) = option.implied {
        arg = arg.num_args(0..=1).require_equals(true).default_missing_value(implied);
    }
    arg.short(option.short).help_heading(option.heading)
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

/// The request for the built-in state that a command stands for.
///
/// # Errors
/// Another state was asked for.
pub fn wanting(mut request: RequestOptions, command: &str, state: &str) -> Result<RequestOptions> {
    let builtin = format!("{BUILTIN}{state}");
    if let Some(other) = request.to.iter().find(|to| *to != state && **to != builtin) {
        return Err(Error::request(format!("`fudsv {command}` makes `{state}`, not `{other}`"))
            .hint(format!("`fudsv exec --to {other}` makes that")));
    }
    request.to = vec![builtin];
    Ok(request)
}
