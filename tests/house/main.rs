//! The rules of the house: who may import whom, what each file starts with, which words stay out.
//! It does not run the program.

#![allow(clippy::unwrap_used, clippy::panic)]

mod circles;
mod names;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms each room may import; whatever is not listed is a leaf.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("beneath", &[]),
    ("excerpt", &[]),
    ("stderr", &[]),
    ("stack", &["diag"]),
    ("diag", &["excerpt"]),
    ("lint", &["diag", "excerpt"]),
    ("digest", &["beneath"]),
    ("parts", &["digest"]),
    ("shelf", &["diag", "digest", "parts"]),
    ("secret", &[]),
    ("shell", &[]),
    ("env", &["diag"]),
    ("paths", &["diag"]),
    ("workdir", &["beneath", "diag", "paths"]),
    ("facts", &["beneath", "diag", "digest", "env", "paths"]),
    ("patterns", &["facts"]),
    ("config", &["diag", "env", "facts", "paths", "secret"]),
    ("options", &[]),
    ("describe", &["config", "diag", "digest", "facts", "paths", "patterns", "tools", "workdir"]),
    ("design", &["config", "describe", "diag", "env", "facts", "options", "paths", "patterns"]),
    ("starter", &["describe", "options", "shell"]),
    ("graph", &["diag"]),
    ("plan", &["diag", "graph", "paths", "shell", "workdir"]),
    ("draw", &["diag", "graph", "plan"]),
    ("ninja", &["diag", "paths"]),
    ("lower", &["diag", "graph", "ninja", "paths", "plan", "shell", "workdir"]),
    (
        "script",
        &[
            "config", "diag", "digest", "env", "facts", "graph", "lower", "ninja", "paths", "patterns",
            "shell", "stack", "workdir",
        ],
    ),
    ("run", &["diag", "excerpt", "paths", "workdir"]),
    (
        "step",
        &[
            "beneath", "diag", "digest", "excerpt", "facts", "parts", "paths", "shelf", "shell", "sums",
            "workdir",
        ],
    ),
    (
        "runs",
        &[
            "beneath", "config", "design", "diag", "digest", "facts", "parts", "run", "shelf", "shell",
            "step", "workdir",
        ],
    ),
    ("store", &["beneath", "diag", "digest", "parts", "shelf"]),
    ("sums", &["digest"]),
    ("database", &["beneath", "diag", "digest", "sums"]),
    ("tools", &["config", "diag", "digest", "env", "facts", "paths", "workdir"]),
    ("model", &["diag", "digest", "paths", "shell", "stack"]),
    (
        "session",
        &[
            "beneath", "config", "database", "describe", "design", "diag", "digest", "env", "excerpt",
            "facts", "graph", "lower", "ninja", "options", "paths", "plan", "run", "script", "secret",
            "shelf", "shell", "step", "store", "tools", "workdir",
        ],
    ),
    (
        "fuzz",
        &[
            "config", "describe", "design", "diag", "env", "facts", "graph", "lint", "model", "options",
            "paths", "plan", "script", "step", "store",
        ],
    ),
    ("runtime", &["options", "workdir"]),
    ("main", &["cli"]),
];

/// Which rooms a package lives in.
const HOMES: &[(&str, &[&str])] = &[
    ("rhai", &["script"]),
    ("include_dir", &["script"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("figment", &["config"]),
    ("toml_edit", &["config"]),
    ("petgraph", &["graph", "lower", "plan"]),
    ("layout", &["draw"]),
    ("stacker", &["stack"]),
    ("md5", &["digest"]),
    ("percent_encoding", &["lint"]),
    ("sha2", &["digest"]),
    ("roxmltree", &["model", "run"]),
    ("signal_hook", &["run"]),
    ("similar", &["step"]),
    ("tar", &["database"]),
    ("ruzstd", &["database", "store"]),
    ("ureq", &["store"]),
    ("rustls", &["store"]),
    ("indicatif", &["cli"]),
    ("quick_junit", &["cli"]),
    ("regex_lite", &["runs"]),
    ("wait4", &["run"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = vec![];
    let mut dirs = vec![PathBuf::from("src")];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The first folder or file below `src`.
fn room(path: &Path) -> String {
    let first = path.iter().nth(1).unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The code before the tests, without comments.
fn code(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
    lines.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_test_file(path: &Path) -> bool {
    path.iter().any(|part| part == "tests") || path.ends_with("harness.rs") || path.ends_with("tests.rs")
}

/// The names after `crate::` in the code. `$crate::` stands in a macro for programs of users.
fn imports(code: &str) -> Vec<String> {
    let is_word = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
    let starts = code.match_indices("crate::").filter(|(at, _)| is_word(*at));
    let starts = starts.map(|(at, found)| &code[at + found.len()..]);
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    starts.map(name).filter(|name| !name.is_empty()).collect()
}

#[test]
fn no_room_imports_what_it_may_not_know() {
    let may: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut wrong = vec![];
    for (path, text) in sources().iter().filter(|(path, _)| !is_test_file(path)) {
        let room = room(path);
        if room == "cli" || room == "lib" {
            continue;
        }
        let allowed =
            may.get(room.as_str()).unwrap_or_else(|| panic!("`{room}` is not in the table of rooms"));
        for import in imports(&code(text)) {
            if import != room && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{} imports `{import}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the code names something of a package; a module of the same name comes after `::`.
fn names_package(code: &str, package: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    code.match_indices(&format!("{package}::")).any(|(at, _)| !code[..at].ends_with(inside))
}

#[test]
fn every_package_stays_in_its_home() {
    let mut wrong = vec![];
    for (path, text) in sources().iter().filter(|(path, _)| !is_test_file(path)) {
        for (package, homes) in HOMES {
            if names_package(&code(text), package) && !homes.contains(&room(path).as_str()) {
                wrong.push(format!("{} uses `{package}`, which lives in {homes:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_first_what_it_is_and_then_what_it_does_not_know() {
    let mut wrong = vec![];
    for (path, text) in sources() {
        let header = text.lines().take_while(|line| line.starts_with("//!")).count();
        if header < 2 {
            wrong.push(format!("{} has a header of {header} lines", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A macro that panics when standard error is full or gone; `note!` does not.
#[test]
fn whoever_speaks_on_standard_error_survives_that_it_is_full() {
    let speaks = |text: &str| code(text).contains("eprint!(") || code(text).contains("eprintln!(");
    let wrong = sources().into_iter().filter(|(_, text)| speaks(text)).map(|(path, _)| path);
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

#[test]
fn no_file_is_a_drawer_for_everything() {
    let forbidden = ["util", "utils", "common", "helpers", "misc", "types"];
    let drawers = sources().into_iter().map(|(path, _)| path).filter(|path| {
        path.iter().any(|part| forbidden.contains(&part.to_str().unwrap().trim_end_matches(".rs")))
    });
    assert_eq!(drawers.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

/// Whether a line begins a function, not only a text that speaks of one.
fn starts_function(line: &str) -> bool {
    let words = line.split_whitespace().take_while(|word| *word != "fn");
    line.contains("fn ")
        && words.into_iter().all(|word| {
            word.starts_with("pub") || ["const", "unsafe", "extern", "async", "\"C\""].contains(&word)
        })
}

/// How many lines each function has after its first, with where it begins.
fn functions() -> Vec<(usize, String)> {
    let mut found = vec![];
    for (path, text) in sources().into_iter().filter(|(path, _)| !is_test_file(path)) {
        let lines: Vec<&str> = text.lines().collect();
        for (start, line) in lines.iter().enumerate().filter(|(_, line)| starts_function(line)) {
            let indent = line.len() - line.trim_start().len();
            let close = format!("{}}}", " ".repeat(indent));
            let length = lines[start..].iter().position(|line| *line == close).unwrap_or(0);
            if length > 0 && !line.trim_start().starts_with("//") {
                found.push((length, format!("{}:{}", path.display(), start + 1)));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn functions_fit_a_screen_and_half_of_them_a_few_lines() {
    let functions = functions();
    let (median, longest) = (functions[functions.len() / 2].0, functions.last().unwrap());
    println!("{} functions: median {median} lines, longest {} at {}", functions.len(), longest.0, longest.1);
    let long: Vec<_> = functions.iter().filter(|(length, _)| *length > 60).collect();
    assert!(long.is_empty(), "{long:?}");
    assert!(median <= 7, "half of all functions have more than {median} lines");
}
