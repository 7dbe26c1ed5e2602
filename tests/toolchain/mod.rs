//! The Verilators and compilers of this machine, for the tests that build models with each of them.
//! It does not know what is built.
#![allow(dead_code, clippy::disallowed_methods)] // each test takes what it needs; tests may read the environment

use std::io::Write;
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
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub fn run(command: &mut Command) -> Output {
    let output = command.output();
    output.unwrap_or_else(|cause| {
        panic!("cannot run {:?}, which this test needs: {cause}", command.get_program())
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

/// The Python of the tests, which has pip and may have more.
pub fn own_python() -> Command {
    let mut python = Command::new(variable("FUDSV_TEST_PYTHON").unwrap_or_else(|| "python3".to_owned()));
    python.arg("-B").env("PYTHONNOUSERSITE", "1").env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    python
}

/// A file of a core, out of its package of PyPI.
pub fn of_package(core: &str, file: &str) -> PathBuf {
    let find = format!("import pythondata_cpu_{core} as p; print(p.data_location)");
    let output = run(own_python().args(["-c", &find]));
    assert!(output.status.success(), "this test needs pythondata-cpu-{core}: `.ci/setup` installs it");
    Path::new(String::from_utf8_lossy(&output.stdout).trim()).join(file)
}

/// Whether a tool is on PATH that `.ci/setup --all` installs and that a newcomer's machine may lack. A test that needs
/// it returns when it is not: CI fails there, other machines say in a line what was skipped.
#[must_use]
pub fn optional_tool(name: &str) -> bool {
    let path = variable("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|dir| dir.join(name).is_file());
    if !found {
        skipped_outside_ci(&format!("`{name}` is not on PATH"));
    }
    found
}

/// The same for a server, which may be where only an administrator has it on PATH.
#[must_use]
pub fn optional_server(name: &str) -> Option<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    let dirs = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let found = dirs.map(|dir| dir.join(name)).find(|path| path.is_file());
    if found.is_none() {
        skipped_outside_ci(&format!("`{name}` is not on PATH"));
    }
    found
}

/// The root of a Verilator.
fn root_of(verilator: &str) -> PathBuf {
    let own = || Command::new(verilator).args(["--getenv", "VERILATOR_ROOT"]).output().ok();
    let root = match verilator.strip_suffix("/bin/verilator_bin") {
        Some(root) => root.to_owned(),
        None => own().map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned()).unwrap_or_default(),
    };
    PathBuf::from(root)
}

/// Whether models of this Verilator can write FST here: later ones bring no `lz4.h` of their own.
pub fn writes_fst(verilator: &str) -> bool {
    let has = root_of(verilator).join("include/gtkwave/lz4.c").is_file()
        || Path::new("/usr/include/lz4.h").is_file();
    if !has {
        skipped_outside_ci("`/usr/include/lz4.h` is not there, which FST needs");
    }
    has
}

/// Whether a process survives that its FST file cannot grow: the writer of later Verilators ends it by `abort`.
pub fn survives_full_disk(verilator: &str, format: &str) -> bool {
    let survives = format != "fst" || !root_of(verilator).join("include/fstcpp").is_dir();
    if !survives {
        skipped("this Verilator's writer of FST ends the process when the disk is full");
    }
    survives
}

/// As [`skipped`], for what `.ci/setup --all` provides: where `CI` is set, the test fails.
pub fn skipped_outside_ci(why: &str) {
    assert!(variable("CI").is_none(), "{why}: CI needs it, and `.ci/setup --all` provides it");
    skipped(why);
}

/// Says in one line that a test, or a part of it, is skipped, and why.
pub fn skipped(why: &str) {
    // `println!` would be shown for failed tests only.
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    drop(writeln!(std::io::stderr(), "skipped in {test}: {why}"));
}

/// The root of the second Verilator, if there is one.
pub fn second_verilator() -> Option<String> {
    let root = variable("FUDSV_TEST_VERILATOR_548");
    // An empty value says that the machine has no other.
    if root.is_none() && std::env::var_os("FUDSV_TEST_VERILATOR_548").is_none() {
        skipped_outside_ci("FUDSV_TEST_VERILATOR_548 does not name the root of a second Verilator");
    }
    root
}

/// The Verilator on PATH, and the second one, each with g++.
pub fn verilators() -> Vec<Toolchain> {
    let mut all = vec![Toolchain { name: "own-gcc", verilator: "verilator".into(), cxx: "g++" }];
    if let Some(root) = second_verilator() {
        let verilator = format!("{root}/bin/verilator_bin");
        all.push(Toolchain { name: "548-gcc", verilator, cxx: "g++" });
    }
    all
}

/// The Verilators, and the first of them with clang++ if it is there.
pub fn toolchains() -> Vec<Toolchain> {
    let mut all = verilators();
    if optional_tool("clang++") {
        all.push(Toolchain { name: "own-clang", verilator: "verilator".into(), cxx: "clang++" });
    }
    all
}
