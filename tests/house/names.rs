//! No built-in op or state is known to the program by its name: code asks what it declares.
//! It does not know what the properties mean.

use crate::{is_test_file, sources};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::fs;

/// Where a word is the name of a built-in state or op, and why it may be.
const TYPED: &str = "src/options/built.rs"; // what a user would type stands there once, for every command

/// Where such a word means something else.
const OTHER_MEANINGS: &[(&str, &[&str], &str)] = &[
    ("src/cli/args.rs", &["lint"], "the command"),
    ("src/cli/help.rs", &["lint"], "the command"),
    ("src/cli/init.rs", &["lint"], "the command"),
    ("src/cli/lint.rs", &["lint"], "the command"),
    ("src/cli/verilator_words.rs", &["lint"], "the command"),
    ("src/cli/tool.rs", &["edam"], "a form"),
    ("src/design/exported.rs", &["vhdl"], "the end of a file's name"),
    ("src/describe/fusesoc.rs", &["lint", "sim"], "targets of FuseSoC"),
    ("src/design/described.rs", &["sim"], "a target of FuseSoC"),
    ("src/design/resolve.rs", &["cocotb"], "a key of a design"),
    (
        "src/design/section.rs",
        &["edam", "cocotb", "sv", "vhdl", "veryl", "spade"],
        "keys of a design, ends of files' names",
    ),
    ("src/cli/run.rs", &["vcd", "fst"], "the end of a file's name"),
    ("src/cli/test/traced.rs", &["vcd", "fst"], "values of `verilator.trace`"),
    ("src/design/top.rs", &["program"], "a keyword of SystemVerilog"),
    ("src/design/veryl.rs", &["lint"], "a section of `Veryl.toml`"),
    ("src/design/vocabulary.rs", &["verilate"], "an option of Verilator"),
    ("src/fuzz.rs", &["ports", "filelist"], "what is fuzzed"),
    ("src/model/hosts/c/step.rs", &["ports"], "a field of a digest"),
    ("src/runs/job.rs", &["cocotb"], "a kind of run"),
    ("src/runs/spec.rs", &["cocotb"], "a key of a design"),
    ("src/runtime/config.rs", &["vcd", "fst"], "values of `verilator.trace`"),
    ("src/script/step_options.rs", &["simulate", "verilate"], "classes of steps"),
    ("src/starter/folder.rs", &["sv"], "the end of a file's name"),
    ("src/starter/proposal.rs", &["sv"], "the end of a file's name"),
    ("src/starter/outline.rs", &["program"], "a keyword of SystemVerilog"),
    ("src/step/shadow.rs", &["sv"], "the end of a file's name"),
    ("src/tools/cocotb.rs", &["cocotb"], "the tool"),
    ("src/tools/identity.rs", &["sv"], "the end of a file's name"),
    ("src/tools/missing.rs", &["cocotb", "spade", "veryl", "vvp"], "tools"),
];

/// The names that built-in scripts declare.
fn declared() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir("scripts").unwrap() {
        let path = entry.unwrap().path();
        let text = if path.is_file() { fs::read_to_string(path).unwrap() } else { String::new() };
        let states = text.split("= state(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let ops = text.split("\ndefop ").skip(1).filter_map(|rest| rest.split('(').next());
        names.extend(states.chain(ops).map(str::to_owned));
    }
    names
}

/// Whether this ends an item.
fn ends_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        other => other.to_string() == ";",
    }
}

/// The text literals in the code, without attributes and tests.
fn literals(tokens: TokenStream, found: &mut Vec<String>) {
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                let attribute = rest.next().map(|group| group.to_string()).unwrap_or_default();
                while attribute == "[cfg (test)]" && rest.next().is_some_and(|token| !ends_item(&token)) {}
            }
            TokenTree::Group(group) => literals(group.stream(), found),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                found.extend(
                    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map(str::to_owned),
                );
            }
            _ => {}
        }
    }
}

/// What a text names: `verilate`, `verilate.` as the steps of it begin, `{BUILTIN}sv`.
fn named(text: &str) -> &str {
    let text = text.strip_prefix("{BUILTIN}").or(text.strip_prefix("builtin::")).unwrap_or(text);
    text.strip_suffix('.').unwrap_or(text)
}

#[test]
fn no_code_knows_a_built_in_op_or_state_by_its_name() {
    let names = declared();
    assert!(names.contains("verilate") && names.contains("shared-lib"), "{names:?}");
    let (mut wrong, mut used) = (vec![], BTreeSet::new());
    for (path, text) in sources().iter().filter(|(path, _)| !is_test_file(path)) {
        let path = path.to_str().unwrap();
        let mut found = vec![];
        literals(text.parse().unwrap(), &mut found);
        for name in found.iter().map(|text| named(text)).filter(|name| names.contains(*name) && path != TYPED)
        {
            match OTHER_MEANINGS.iter().find(|(file, words, _)| *file == path && words.contains(&name)) {
                Some((file, ..)) => drop(used.insert((*file, name.to_owned()))),
                None => wrong.push(format!("{path} names `{name}`: let it declare what makes it special")),
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    let listed = OTHER_MEANINGS
        .iter()
        .flat_map(|(file, words, _)| words.iter().map(move |word| (*file, (*word).to_owned())));
    assert_eq!(
        listed.filter(|entry| !used.contains(entry)).collect::<Vec<_>>(),
        [],
        "take these off the list"
    );
}
