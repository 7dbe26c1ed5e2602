//! docs/cli.md holds the help text of every command, word for word; `INSTA_UPDATE=always` writes it there.
//! It does not know the commands: the program lists them.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use crate::markdown::{Document, document};
use crate::sandbox::Sandbox;
use std::fs;

const MANUAL: &str = "docs/cli.md";

/// The text of one `--help`, without blanks at the ends of lines.
fn help(command: &str) -> String {
    let (exit, said) = Sandbox::new().type_in(command);
    assert_eq!(exit, 0, "{command}: {said}");
    let lines: Vec<&str> = said.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

/// `fudsv --help` and that of every command that it lists.
fn commands() -> Vec<String> {
    let all = help("fudsv --help");
    // A command begins two blanks from the edge, an option with a dash.
    let name = |line: &str| line.strip_prefix("  ").map(|line| line.split(' ').next().unwrap().to_owned());
    let is_command = |name: &String| !name.is_empty() && !name.starts_with('-') && name != "help";
    let names: Vec<String> = all.lines().filter_map(name).filter(is_command).collect();
    assert!(names.len() > 10, "{all}");
    ["fudsv --help".to_owned()]
        .into_iter()
        .chain(names.iter().map(|name| format!("fudsv {name} --help")))
        .collect()
}

/// The document with the help text of each command that it shows.
fn updated(manual: &Document) -> String {
    let mut text = manual.text.clone();
    for block in manual.blocks() {
        for command in block.commands_or_none().into_iter().filter(|shown| shown.text.ends_with(" --help")) {
            let shown = |output: &str| format!("```console\n$ {}\n{output}```\n", command.text);
            let old = command.output.iter().map(|line| format!("{line}\n")).collect::<String>();
            text = text.replace(&shown(&old), &shown(&format!("{}\n", help(&command.text))));
        }
    }
    text
}

#[test]
fn the_manual_shows_the_help_of_every_command() {
    let manual = document(MANUAL);
    let shown: Vec<String> =
        manual.blocks().iter().flat_map(|b| b.commands_or_none()).map(|command| command.text).collect();
    let missing: Vec<String> = commands().into_iter().filter(|command| !shown.contains(command)).collect();
    assert!(missing.is_empty(), "{MANUAL} does not show {missing:?}");
    let updated = updated(&manual);
    // The switch of insta's snapshots.
    if std::env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
        fs::write(MANUAL, updated).unwrap();
        return;
    }
    assert!(
        updated == manual.text,
        "{MANUAL} shows old help; `INSTA_UPDATE=always cargo test --test docs` mends it"
    );
}
