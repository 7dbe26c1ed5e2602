//! The Verilators and compilers of this machine, for the tests that build models with each of them.
//! It does not know what is built.
#![allow(dead_code)] // each test takes what it needs

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A Verilator and a compiler.
#[derive(Clone, Debug)]
pub struct Toolchain {
    pub name: &'static str,
    pub verilator: String,
    pub cxx: &'static str,
}

/// Environment of the tests; the library itself must not read it.
#[allow(clippy::disallowed_methods)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub fn run(command: &mut Command) -> Output {
    let output = command.output();
    output.unwrap_or_else(|cause| {
        panic!("can't run {:?}, which this test needs: {cause}", command.get_program())
    })
}

/// What a command prints; it must succeed.
pub fn succeed(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = run(command);
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(status.success(), "{command:?}\n{}{}", shown(&stdout), shown(&stderr));
    shown(&stdout)
}

/// A file of the checkout.
pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The Verilator on PATH, and the one that `FUDSV_TEST_VERILATOR_548` names, each with g++.
pub fn verilators() -> Vec<Toolchain> {
    let mut all = vec![Toolchain { name: "own-gcc", verilator: "verilator".into(), cxx: "g++" }];
    match variable("FUDSV_TEST_VERILATOR_548") {
        Some(root) => {
            let verilator = format!("{root}/bin/verilator_bin");
            all.push(Toolchain { name: "548-gcc", verilator, cxx: "g++" });
        }
        None => println!("skipped for Verilator 5.48: FUDSV_TEST_VERILATOR_548 does not name its root"),
    }
    all
}

/// The Verilators, and the first of them with clang++ if it is there.
pub fn toolchains() -> Vec<Toolchain> {
    let mut all = verilators();
    match Command::new("clang++").arg("--version").output() {
        Ok(_) => all.push(Toolchain { name: "own-clang", verilator: "verilator".into(), cxx: "clang++" }),
        Err(cause) => println!("skipped for clang++: {cause}"),
    }
    all
}
