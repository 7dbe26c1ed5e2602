//! Every key that the program or a built-in script reads is in docs/config.md and in fud.toml.example, and no other.
//! It does not know what the keys do.
#![allow(clippy::unwrap_used)]

use crate::markdown::document;
use crate::sandbox::{FUDSV, Sandbox};
use camino::Utf8Path;
use fudsv::config::{self, Config, KEYS, Origin, Sources};
use fudsv::design;
use fudsv::env::Env;
use fudsv::facts::Facts;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The keys in the first column of the tables of docs/config.md.
fn documented() -> BTreeSet<String> {
    let manual = document("docs/config.md");
    let first_cell = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
    let is_key =
        |key: &String| key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c));
    manual.text.lines().filter_map(first_cell).filter(is_key).collect()
}

/// What the built-in scripts ask for: `config…("key"`, `key: "key"`, and `NAME.exe` for `tool("NAME"` without a key.
fn asked_by_scripts() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for entry in fs::read_dir("scripts").unwrap() {
        let path = entry.unwrap().path();
        let text = if path.is_file() { fs::read_to_string(path).unwrap() } else { String::new() };
        let own_keys = text.split("key: \"").skip(1).filter_map(|after| after.split('"').next());
        keys.extend(own_keys.map(str::to_owned));
        for (before, after) in text.match_indices("(\"").map(|(at, _)| (&text[..at], &text[at + 2..])) {
            let function = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
            let word = after.split('"').next().unwrap();
            match function {
                "tool" if word != "fudsv" && !has_own_key(after) => drop(keys.insert(format!("{word}.exe"))),
                _ if function.starts_with("config") => drop(keys.insert(word.to_owned())),
                _ => {}
            }
        }
    }
    keys
}

/// Whether the call that goes on like this names the key of the program.
fn has_own_key(call: &str) -> bool {
    call.split(')').next().is_some_and(|call| call.contains("key: \""))
}

/// `fud.toml.example` with every setting uncommented: a `#` without a blank after it stands before a setting.
fn example() -> String {
    let text = fs::read_to_string("fud.toml.example").unwrap();
    let setting =
        |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).map(str::to_owned);
    text.lines().map(|line| setting(line).unwrap_or(line.to_owned()) + "\n").collect()
}

/// A configuration file, loaded as fudsv does.
fn loaded(text: &str) -> Config {
    let sandbox = Sandbox::new();
    let cwd = Utf8Path::from_path(sandbox.cwd()).unwrap().to_owned();
    fs::write(cwd.join("fud.toml"), text).unwrap();
    let facts = Facts::new(Env { cwd: cwd.clone(), exe: FUDSV.into(), args: vec![], vars: BTreeMap::new() });
    config::load(&facts, Some(&cwd), &Sources::default()).unwrap().0
}

#[test]
fn every_key_is_documented_and_no_other() {
    let own = KEYS.iter().chain(design::KEYS).map(|(key, _)| (*key).to_owned());
    let read: BTreeSet<String> = own.chain(asked_by_scripts()).collect();
    assert!(read.contains("verilator.top") && read.contains("cxx.exe"), "{read:?}");
    assert_eq!(documented(), read);
}

#[test]
fn the_example_sets_every_key_once_uncommented_and_none_before() {
    let config = loaded(&example());
    let is_set = |key: &String| {
        key == "profile" || matches!(config.get(key).map(|found| found.origin), Some(Origin::File(_)))
    };
    let missing: Vec<String> = documented().into_iter().filter(|key| !is_set(key)).collect();
    assert!(missing.is_empty(), "fud.toml.example lacks {missing:?}");
    let before = loaded(&fs::read_to_string("fud.toml.example").unwrap());
    assert_eq!(before.keys().collect::<Vec<_>>(), ["profile"]);
    assert!(example().contains("\n[profile.release."), "fud.toml.example shows no profile");
}

#[test]
fn the_built_in_scripts_accept_the_example() {
    let mut sandbox = Sandbox::new();
    let tools_are_where_they_are = |line: &&str| !line.starts_with("exe =") && !line.starts_with("linker =");
    let example = example();
    let text: Vec<&str> = example.lines().filter(tools_are_where_they_are).collect();
    fs::write(sandbox.cwd().join("fud.toml"), text.join("\n")).unwrap();
    fs::create_dir_all(sandbox.cwd().join("tools")).unwrap();
    fs::write(sandbox.cwd().join("tools/lint.rhai"), "").unwrap();
    fs::create_dir_all(sandbox.cwd().join("rtl/include")).unwrap();
    fs::create_dir_all(sandbox.cwd().join("rtl/cells")).unwrap();
    fs::write(sandbox.cwd().join("rtl/cells.v"), "").unwrap();
    fs::write(sandbox.cwd().join("rtl/core.f"), "").unwrap();
    for profile in ["dev", "release"] {
        let emit = format!("fudsv emit examples/counter/counter.sv --to shared-lib --profile {profile}");
        let (exit, said) = sandbox.type_in(&emit);
        assert_eq!(exit, 0, "{said}");
    }
}
