//! External modules for simulators that Assassyn makes: the manifest, and the functions it speaks of.
//! It does not know how a simulator reaches them but by the manifest.

use crate::toolchain::{Toolchain, here, succeed, verilators};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

fn module(toolchain: &Toolchain, top: &str, settings: &[&str]) -> PathBuf {
    let source = format!("tests/designs/assassyn/{top}.sv");
    toolchain.build(top, &[&source], settings, &["external-modules"]).remove(0)
}

#[test]
fn external_modules_have_the_keys_the_names_and_the_types_that_assassyn_gives_them() {
    let out = tempfile::tempdir().unwrap();
    let words = out.path().join("words.hex");
    let text = (1..=512).fold(String::new(), |mut text, word| {
        writeln!(text, "{word:08x}").unwrap();
        text
    });
    fs::write(&words, text).unwrap();
    // The model looks for its file from where the test runs: a name without a directory keeps the build's.
    let file = "verilator.parameters=['INIT_FILE=\"words.hex\"']";
    for toolchain in verilators() {
        let designs: [(&str, &[&str]); 5] = [
            ("adder", &[]),
            ("register", &[]),
            ("multiplier", &[]),
            ("rom", &[file]),
            ("adder", &["rust.name=adder_2"]),
        ];
        let roots = designs.map(|(top, settings)| module(&toolchain, top, settings));
        let mut python = Command::new("python3");
        python.current_dir(out.path()).arg("-B").arg(here("tests/hosts/assassyn/drive.py")).args(&roots);
        assert_eq!(succeed(&mut python), "assassyn: ok\n");
        let mut cargo = Command::new("cargo");
        let made = roots[1].join("verilated_register");
        fs::write(made.join("tests/reset.rs"), RESET).unwrap();
        cargo.current_dir(&made).env("CARGO_TARGET_DIR", made.join("target"));
        let said = succeed(cargo.args(["test", "--quiet", "--offline", "--test", "reset"]));
        assert!(said.contains("1 passed"), "{said}");
    }
}

/// The crate beside the functions is one like any other.
const RESET: &str = "
use verilated_register::{Error, VerilatedRegister};

#[test]
fn a_reset_clears_the_register() -> Result<(), Error> {
    let mut dut = VerilatedRegister::new()?;
    dut.set_reg_in(5);
    dut.tick()?;
    assert_eq!(dut.reg_out(), 5);
    dut.set_reg_in(0);
    dut.apply_reset(1)?;
    assert_eq!(dut.reg_out(), 0);
    Ok(())
}
";

#[test]
fn a_port_that_assassyn_has_no_word_for_is_refused_with_the_reason() {
    let mut fudsv = Command::new(env!("CARGO_BIN_EXE_fudsv"));
    let out = tempfile::tempdir().unwrap();
    fudsv
        .current_dir(out.path())
        .args(["exec", "--to", "external-modules"])
        .arg(here("tests/designs/saved.sv"));
    let output = fudsv.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let why = "Assassyn's interface cannot express the port `wide`: it has 100 bits, more than 64";
    assert!(!output.status.success() && said.contains(why), "{said}");
}
