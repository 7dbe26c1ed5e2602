//! The emitted Ninja file of every state that the built-in ops make, kept as a snapshot under
//! `tests/golden`. It does not know whether the commands work.

use crate::sandbox::Sandbox;
use insta::assert_snapshot;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A design, and tools that are the same on every machine.
fn project() -> Sandbox {
    Sandbox::new()
        .file("counter.sv", "")
        .file("main.cpp", "")
        .file("fifo.vhd", "")
        .file("wire.veryl", "")
        .file("constant.spade", "")
        .verilator("5.006 2023-01-22")
        .tool("g++", "case \"$*\" in *zlib.h* | *lz4.h*) exit 0;; esac; exit 1")
        .tool("clang++", "exit 1")
        .tool("iverilog", "")
        .tool("ghdl", "")
        .tool("yosys", "")
        .tool("dot", "")
        .tool("veryl", "")
        .tool("spade", "")
}

/// The same with a cocotb, which needs another Verilator.
fn with_cocotb() -> Sandbox {
    let told = r#"{"version": "2.1.0", "python": "/venv/bin/python3", "libs": "/venv/libs", "share": "/venv/share",
        "libpython": "/lib/libpython3.so", "entry": "/venv/simulator.so,initialize"}"#;
    let told = told.replace("\n        ", "");
    project().verilator("5.048 2026-01-01").tool("python3", &format!("echo '{told}'"))
}

fn built_in(sandbox: &Sandbox, what: &str) -> Vec<Value> {
    let text = sandbox.fudsv(&format!("list {what} --format json"));
    let all: Value = serde_json::from_str(text.result()).unwrap();
    let all = all[what].as_array().unwrap().iter().filter(|one| one["built-in"] == true);
    all.cloned().collect()
}

fn name(one: &Value) -> String {
    one["name"].as_str().unwrap().to_owned()
}

/// What is emitted for each built-in state that an op makes, by its name with the extension of Ninja's files.
fn emitted(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let made = |op: &Value| op["outputs"].as_array().unwrap().clone();
    let ops = built_in(sandbox, "ops");
    let states = ops.iter().flat_map(made).map(|output| output["state"].clone());
    let states: Vec<String> = states.map(|state| state.as_str().unwrap().to_owned()).collect();
    let emit = |(name, files, state): (String, &str, &str)| {
        let words = format!("emit {files} --to {state}");
        let said = if state == "cocotb" { with_cocotb().fudsv(&words) } else { sandbox.fudsv(&words) };
        (format!("{name}.ninja"), said.well().stdout.clone())
    };
    let of_state = |state: &String| {
        let files = match state.as_str() {
            "program" => "counter.sv main.cpp",
            "sv" => "fifo.vhd",
            _ => "counter.sv",
        };
        emit((state.clone(), files, state))
    };
    let of_other_languages = ["wire.veryl", "constant.spade"].map(|file| {
        let language = file.rsplit('.').next().unwrap();
        emit((format!("sv-of-{language}"), file, "sv"))
    });
    states.iter().map(of_state).chain(of_other_languages).collect()
}

/// The text of each golden file, without insta's header.
fn kept() -> BTreeMap<String, String> {
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")).unwrap();
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap().strip_suffix(".snap")?.to_owned();
        let text = fs::read_to_string(entry.path()).unwrap();
        Some((name, text.splitn(3, "---\n").last().unwrap().to_owned()))
    };
    files.map(|entry| entry.unwrap()).filter_map(read).collect()
}

#[test]
fn every_state_has_its_golden_file() {
    let emitted = emitted(&project());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (name, text) in &emitted {
        settings.bind(|| assert_snapshot!(name.as_str(), text));
    }
    assert_eq!(kept().into_keys().collect::<Vec<_>>(), emitted.into_keys().collect::<Vec<_>>());
}

#[test]
fn every_built_in_op_is_in_some_golden_file() {
    let all: String = kept().into_values().collect();
    let ops = built_in(&project(), "ops").iter().map(name).collect::<Vec<_>>();
    let missing: Vec<&String> =
        ops.iter().filter(|op| !all.lines().any(|line| line.starts_with(&format!("# {op}:")))).collect();
    assert!(missing.is_empty() && !ops.is_empty(), "no golden file uses {missing:?}");
}

#[test]
fn ninja_reads_every_golden_file() {
    let sandbox = Sandbox::new();
    for (name, text) in kept() {
        sandbox.write(&format!("{name}/build.ninja"), &text);
        let targets = sandbox.ninja(&name, "-t targets all");
        assert!(targets.result().contains("all: phony"), "{name}: {targets}");
    }
}

/// What samurai and n2 read too: no dyndep, no validations, no pools, and no variable of a rule beyond these.
#[test]
fn the_files_keep_to_what_every_ninja_reads() {
    let of_rules = ["command", "depfile", "description", "generator", "restat", "rspfile", "rspfile_content"];
    let of_edges = ["cmd", "args", "dep", "desc", "rsp"];
    for (name, text) in kept() {
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (word, rest) = line.trim_start().split_once(' ').unwrap();
            let is_known = match line.strip_prefix("  ") {
                Some(_) => rest.starts_with('=') && (of_rules.contains(&word) || of_edges.contains(&word)),
                None => ["rule", "build", "default", "ninja_required_version"].contains(&word),
            };
            assert!(is_known && (word != "build" || !line.contains("|@")), "{name}: {line}");
        }
    }
}
