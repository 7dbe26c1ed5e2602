//! Designs may be called as anything that fudsv writes: neither hides the other, for any target.
//! It does not know what fudsv writes: the names are those of files that a build has left on the disk.

use crate::sandbox::Sandbox;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// All that is made for a host.
const TARGETS: [&str; 6] =
    ["c-interface", "shared-lib", "static-lib", "rust-crate", "py-module", "external-modules"];

/// A design of this name that calls a function of its host; escaped, so that words of SystemVerilog are names, too.
fn design(name: &str) -> String {
    format!(
        "module \\{name} (input logic clk, input logic [7:0] a, output logic [7:0] y);\n    \
         import \"DPI-C\" function int add(input int a);\n    always_ff @(posedge clk) y <= a + 8'(add(1));\nendmodule\n"
    )
}

/// Builds a design of this name for some targets; says what went wrong.
fn built(sandbox: &Sandbox, name: &str, targets: &[&str]) -> Result<(), String> {
    sandbox.write(&format!("{name}.sv"), &design(name));
    let to: String = targets.iter().map(|target| format!(" --to {target}")).collect();
    let said = sandbox.fudsv(&format!("exec -q {name}.sv{to}"));
    if said.exit == Some(0) { Ok(()) } else { Err(format!("{name}: {said}")) }
}

/// The same as a simulation, which has no host: the function is linked in.
fn simulates(sandbox: &Sandbox, name: &str) -> Result<(), String> {
    sandbox.write("host.c", "int add(int a) { return a; }\n");
    let said = sandbox.fudsv(&format!("exec -q {name}.sv host.c --to sim"));
    if said.exit == Some(0) { Ok(()) } else { Err(format!("{name}: {said}")) }
}

/// Whether a design may be called so without `rename`.
fn is_name(word: &str) -> bool {
    !word.starts_with(|c: char| c.is_ascii_digit())
        && !word.is_empty()
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The words that names of files below a directory consist of: `runtime-more.cpp` gives `runtime_more`, too.
fn words_below(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = name.strip_prefix("lib").unwrap_or(&name);
        let parts = name.split('.').chain([name.split('.').next().unwrap_or_default()]);
        let words = parts.flat_map(|part| [part.to_owned(), part.replace('-', "_")]);
        // Verilator takes no port that is called as its module.
        let is_ours = |word: &String| word.contains("counter") || ["clk", "a", "y"].contains(&word.as_str());
        found.extend(words.filter(|word| is_name(word) && !is_ours(word)));
        if entry.file_type().unwrap().is_dir() {
            words_below(&entry.path(), found);
        }
    }
}

/// What a build of all targets leaves.
fn names_on_disk(sandbox: &Sandbox) -> BTreeSet<String> {
    built(sandbox, "counter", &TARGETS).and_then(|()| simulates(sandbox, "counter")).unwrap();
    let mut found = BTreeSet::new();
    words_below(&sandbox.path(".fudsv"), &mut found);
    let known =
        ["add", "fudsv", "fudsv_model", "svdpi", "link", "model", "build_backend", "target", "runtime"];
    let missing: Vec<_> = known.iter().filter(|name| !found.contains(**name)).collect();
    assert!(missing.len() < 3, "the build of all targets left no {missing:?}, only {found:?}");
    found
}

/// Words of the languages of all hosts, and names of libraries that every program is linked with.
const WORDS: &str =
    "class int namespace new std main fn impl self type def lambda None m pthread atomic dl c stdio math";

#[test]
fn a_design_may_be_called_as_a_file_of_ours() {
    let sandbox = Sandbox::new();
    let names = ["dpi_x", "runtime", "runtime_more", "fudsv", "model", "svdpi"];
    let wrong: Vec<String> =
        names.iter().filter_map(|name| built(&sandbox, name, &["shared-lib"]).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_function_of_the_host_may_be_called_as_the_design() {
    let sandbox = Sandbox::new();
    let names = ["dpi_add", "add"];
    assert_eq!(names.map(|name| built(&sandbox, name, &["shared-lib"])), [Ok(()), Ok(())]);
}

#[test]
fn warnings_of_the_flags_of_a_user_are_about_the_source_of_the_user() {
    let sandbox = Sandbox::new().file("counter.sv", &design("counter"));
    sandbox.write("own.cpp", "#include \"Vcounter__Dpi.h\"\nint add(int a) { int unused; return a; }\n");
    let said = sandbox.fudsv_words(
        "",
        &["exec", "counter.sv", "own.cpp", "--to", "shared-lib", "-s", "cxx.flags=-Wall -Wextra -Wpedantic"],
    );
    let warnings: Vec<&str> = said.well().stderr.lines().filter(|line| line.contains("warning:")).collect();
    assert_eq!(warnings.len(), 1, "{said}");
    assert!(warnings[0].starts_with("own.cpp:2:22: warning: unused variable"), "{said}");
}

/// Every name that is on disk and every word, for every target: some minutes.
#[test]
#[ignore = "builds some hundred models"]
fn a_design_may_be_called_as_any_file_on_disk() {
    let sandbox = Sandbox::new();
    let mut names = names_on_disk(&sandbox);
    names.extend(WORDS.split(' ').map(str::to_owned));
    let all = |name: &String| built(&sandbox, name, &TARGETS).and_then(|()| simulates(&sandbox, name));
    let wrong: Vec<String> = names.iter().filter_map(|name| all(name).err()).collect();
    assert!(wrong.is_empty(), "of {} names:\n{}", names.len(), wrong.join("\n"));
}
