//! Verilators and compilers, and what `fudsv exec` builds with them.
//! It does not know who drives the models.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

/// A Verilator and a compiler.
#[derive(Clone, Debug)]
pub struct Toolchain {
    name: &'static str,
    verilator: String,
    pub cxx: &'static str,
}

/// Environment of the tests; the library itself must not read it.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn run(command: &mut Command) -> Output {
    let output = command.output();
    output.unwrap_or_else(|cause| {
        panic!("can't run {:?}, which this test needs: {cause}", command.get_program())
    })
}

/// What a command prints; it must succeed.
pub fn succeed(command: &mut Command) -> String {
    let output = run(command);
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}\n{}{}", shown(&output.stdout), shown(&output.stderr));
    shown(&output.stdout)
}

/// The Python of the tests, which has pip and may have more.
pub fn own_python() -> Command {
    let mut python = Command::new(variable("FUDSV_TEST_PYTHON").unwrap_or_else(|| "python3".to_owned()));
    python.arg("-B").env("PYTHONNOUSERSITE", "1").env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    python
}

/// A file of the checkout.
pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A directory that is kept between runs.
pub fn scratch(path: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("hosts").join(path)
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

impl Toolchain {
    /// Builds a model of a design in every one of these states, in a build directory of their own that is kept
    /// between runs.
    pub fn build(&self, top: &str, files: &[&str], settings: &[&str], states: &[&str]) -> Vec<PathBuf> {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _guard = ONE_AT_A_TIME.lock();
        let options = [settings, states].concat().join("-").replace(['=', '/', '"', '[', ']'], "-");
        let id = format!("{top}-{}-{options}", self.name);
        let mut fudsv = Command::new(env!("CARGO_BIN_EXE_fudsv"));
        fudsv.current_dir(here(".")).arg("exec").args(files).arg("--dir").arg(scratch(&id));
        for state in states {
            fudsv.args(["--to", state]);
        }
        let exe = [format!("verilator.exe={}", self.verilator), format!("cxx.exe={}", self.cxx)];
        let design = [format!("verilator.top={top}"), "verilator.include-dirs=tests/designs".to_owned()];
        let own = exe.iter().chain(&design).map(String::as_str);
        for setting in own.chain(settings.iter().copied()) {
            fudsv.args(["--set", setting]);
        }
        succeed(&mut fudsv).lines().map(here).collect()
    }
}
