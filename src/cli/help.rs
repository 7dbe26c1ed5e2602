//! The command line as its help shows it: commands in groups, and for each command the options that mean something.
//! It does not know what the commands do; `args` says which there are.

use super::args::Cli;
use crate::options::OPTIONS;
use anstyle::{AnsiColor, Style};
use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory};
use std::fmt::Write as _;

/// The groups of `fudsv --help`, by what a person does.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Build and run", &["exec", "run", "test", "lint"]),
    ("Look", &["plan", "explain", "emit", "gen", "list", "graph"]),
    ("Projects and machines", &["init", "export", "config", "doctor", "store", "precompile", "clean"]),
    ("Plugins and shells", &["plugin", "check", "completions", "man", "help"]),
];

/// What each command looks like.
pub fn command() -> Command {
    let all = Cli::command();
    let all = all.mut_subcommand("lint", |lint| hide(lint, |_| true));
    let all = all.mut_subcommand("export", |export| hide(export, |_| true));
    let all = ["run", "test"].into_iter().fold(all, |all, name| {
        all.mut_subcommand(name, |command| {
            hide(command, |option| option != "to")
                .mut_arg("to", |to| {
                    to.help("Run this state: sim or program [default: sim]").hide_short_help(true)
                })
                .mut_arg("output", |output| output.hide_short_help(true))
        })
    });
    // It has options of its own in their place.
    let all = all.mut_subcommand("test", |test| {
        ["warning", "set", "release"]
            .into_iter()
            .fold(test, |test, name| test.mut_arg(name, |arg| arg.hide_short_help(true)))
    });
    let template = "{about-with-newline}\n{usage-heading} {usage}\n{before-help}{options}{after-help}";
    let groups = groups(&all);
    all.help_template(template).before_help(groups)
}

/// A command that builds one state, without the options that shape a plan and have no choice here. They are still read, so
/// that the error can name the command that takes them.
fn hide(command: Command, is_hidden: impl Fn(&str) -> bool) -> Command {
    let shaping = OPTIONS.iter().filter(|option| option.shapes_plan && is_hidden(option.name));
    shaping.fold(command, |command, option| command.mut_arg(option.name, |arg: Arg| arg.hide(true)))
}

/// The commands with what they do, in groups.
fn groups(all: &Command) -> StyledStr {
    const HEADING: Style = Style::new().bold().underline();
    let name = AnsiColor::Cyan.on_default().bold();
    let mut text = String::new();
    for (group, names) in GROUPS {
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n{HEADING}{group}:{HEADING:#}");
        for command in names {
            let about = match all.find_subcommand(command) {
                Some(command) => about(command),
                None => "Show the help of a command".to_owned(),
            };
            let _ = writeln!(text, "  {name}{command:<11}{name:#}  {about}");
        }
    }
    text.trim_end().to_owned().into()
}

/// One line on a command, with its other name.
fn about(command: &Command) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let aliases: Vec<&str> = command.get_visible_aliases().collect();
    if aliases.is_empty() { about } else { format!("{about} [alias: {}]", aliases.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_one_group() {
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        grouped.sort_unstable();
        let all = command();
        let mut names: Vec<&str> = all.get_subcommands().map(Command::get_name).chain(["help"]).collect();
        names.sort_unstable();
        assert_eq!(grouped, names);
    }

    #[test]
    fn the_short_help_of_every_command_fits_a_screen() {
        let mut all = command();
        all.build();
        for command in all.get_subcommands_mut() {
            let help = command.render_help().to_string();
            assert!(help.lines().count() <= 40, "{help}");
        }
        assert!(all.render_help().to_string().lines().count() <= 40);
    }
}
