//! Every example of the documentation runs and prints what is shown; no example is left that nobody runs.
//! It does not know the examples.
#![allow(clippy::unwrap_used)]

use crate::markdown::{Block, Document, document, documents};
use crate::sandbox::Sandbox;
use crate::toolchain::{optional_tool, own_python, run, skipped_outside_ci, variable};
use std::fs;
use std::path::{Path, PathBuf};

/// Commands for a checkout, which nothing inside of a test can run: `.ci/run` runs the one for the tests, and people
/// who prepare a release run all of them.
const FOR_A_CHECKOUT: [&str; 10] = [
    ".ci/run",
    ".ci/setup cargo run --release -- exec examples/counter/counter.sv --to shared-lib",
    ".ci/setup cargo test",
    ".ci/setup cargo test --test docs",
    "INSTA_UPDATE=always cargo test --test cli --test docs",
    "UPDATE=1 cargo test --lib catalog",
    "cargo clippy --all-targets -- -D warnings",
    "cargo fmt --check",
    "cargo install --path . --locked",
    "cargo publish --dry-run",
];

#[test]
fn every_example_prints_what_is_shown() {
    let failures: Vec<String> = documents().iter().flat_map(failures).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Runs the console blocks of a document, in order, in one sandbox.
fn failures(document: &Document) -> Vec<String> {
    let mut failures = vec![];
    let mut sandbox = Sandbox::new();
    // Its reader has activated an environment that has cocotb and a Verilator for it.
    if document.path.ends_with("cocotb.md") {
        let Some(environment) = with_cocotb() else { return vec![] };
        sandbox = sandbox.with_active(&environment);
    }
    for block in document.blocks().iter().filter(|block| block.kind == "console") {
        for command in block.commands() {
            let (exit, said) = sandbox.type_in(&command.text);
            let said: Vec<&str> = said.lines().map(str::trim_end).collect();
            let shown: Vec<&str> = command.output.iter().map(String::as_str).collect();
            let may_fail = shown.iter().any(|line| line.starts_with("error"));
            if (exit == 0) == may_fail || (!shown.is_empty() && !is_shown(&shown, &said)) {
                let (place, said) = (document.place(block), said.join("\n"));
                failures.push(format!("{place}: `{}` exited with {exit}:\n{said}\n", command.text));
            }
        }
    }
    failures
}

/// The environment of the tests' Python, if it has cocotb, and the machine has Icarus Verilog.
fn with_cocotb() -> Option<PathBuf> {
    if !optional_tool("iverilog") {
        return None;
    }
    if !run(own_python().args(["-c", "import cocotb, verilator"])).status.success() {
        skipped_outside_ci("the Python of the tests has no cocotb");
        return None;
    }
    let python = PathBuf::from(variable("FUDSV_TEST_PYTHON")?);
    Some(python.parent()?.parent()?.to_owned())
}

/// Whether these lines were printed; a line `…` stands for any lines, and `…` in a line for any text.
fn is_shown(shown: &[&str], said: &[&str]) -> bool {
    match (shown, said) {
        ([], []) => true,
        (["…", rest @ ..], _) => (0..=said.len()).any(|skipped| is_shown(rest, &said[skipped..])),
        ([line, shown @ ..], [printed, said @ ..]) => is_line(line, printed) && is_shown(shown, said),
        _ => false,
    }
}

fn is_line(shown: &str, printed: &str) -> bool {
    match shown.split_once('…') {
        None => shown == printed,
        Some((start, end)) => printed.strip_prefix(start).is_some_and(|rest| {
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| is_line(end, &rest[at..]))
        }),
    }
}

#[test]
fn no_example_is_left_that_nobody_runs() {
    let mut wrong = vec![];
    for document in documents() {
        for block in document.blocks() {
            let fine = match block.kind.as_str() {
                "console" | "toml" | "text" => true,
                "rhai" => document.path.ends_with("docs/scripting.md"),
                "sh" => block.lines.iter().all(|line| FOR_A_CHECKOUT.contains(&line.as_str())),
                "" => document.path.ends_with("docs/scripting.md") && block.lines.is_empty(),
                _ => false,
            };
            if !fine {
                wrong.push(format!("{}: nobody runs this `{}`", document.place(&block), block.kind));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_recipes_for_ci_hold_only_what_an_example_runs() {
    let document = document("docs/ci.md");
    let blocks = document.blocks();
    let run: Vec<String> =
        blocks.iter().flat_map(Block::commands_or_none).map(|command| command.text).collect();
    let recipes = blocks.iter().filter(|block| block.kind == "text").flat_map(|block| &block.lines);
    let words = recipes.filter_map(|line| {
        let item = line.trim().strip_prefix("- ");
        item.unwrap_or(line.trim()).strip_prefix("run: ").or(item)
    });
    let commands: Vec<&str> = words.filter(|words| words.starts_with("fudsv ")).collect();
    assert!(commands.len() == 10, "{commands:?}");
    let not_run: Vec<_> = commands.iter().filter(|words| !run.iter().any(|text| text == *words)).collect();
    assert!(not_run.is_empty(), "{not_run:?}");
}

#[test]
fn the_code_for_users_of_marlin_is_that_of_an_example() {
    let trimmed = |text: &str| text.lines().map(|line| format!("{}\n", line.trim())).collect::<String>();
    let example = ["build.rs", "src/lib.rs", "tests/typed.rs", "tests/by_name.rs"]
        .map(|name| trimmed(&fs::read_to_string(Path::new("examples/sums").join(name)).unwrap()));
    let document = document("docs/marlin.md");
    let blocks = document.blocks().into_iter().filter(|block| block.kind == "text").skip(1);
    let shown: Vec<String> = blocks.map(|block| trimmed(&block.lines.join("\n"))).collect();
    assert_eq!(shown.len(), 4);
    let missing: Vec<_> =
        shown.iter().filter(|code| !example.iter().any(|file| file.contains(*code))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn ci_runs_the_test_command_of_the_readme() {
    let readme = document("README.md");
    let commands =
        readme.blocks().into_iter().filter(|block| block.kind == "sh").flat_map(|block| block.lines);
    let ci = fs::read_to_string(".ci/run").unwrap();
    let last = ci.lines().last().unwrap();
    assert_eq!(commands.filter(|command| command.contains("cargo test")).collect::<Vec<_>>(), [last]);
}

#[test]
fn every_configuration_that_is_shown_is_accepted() {
    for document in documents() {
        for block in document.blocks().iter().filter(|block| block.kind == "toml") {
            let mut sandbox = Sandbox::new();
            fs::write(sandbox.cwd().join("fud.toml"), block.lines.join("\n")).unwrap();
            fs::create_dir_all(sandbox.cwd().join("tools")).unwrap();
            fs::write(sandbox.cwd().join("tools/lint.rhai"), "").unwrap();
            let (exit, said) = sandbox.type_in("fudsv list states");
            assert_eq!(exit, 0, "{}: {said}", document.place(block));
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = vec![];
    for document in documents() {
        let dir = document.path.parent().unwrap_or(Path::new("")).to_owned();
        let links = document.text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        for (link, _) in links.filter(|(link, _)| !link.contains("://") && !link.starts_with('#')) {
            let file = link.split('#').next().unwrap();
            if !dir.join(file).exists() {
                wrong.push(format!("{}: there is no {link}", document.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
