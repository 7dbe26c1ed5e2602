//! Models driven from Python: by the module `fudsv`, and as packages that pip installs.
//! It does not know what the scripts look at.

use crate::toolchain::{
    Toolchain, here, own_python, skipped_outside_ci, succeed, survives_full_disk, toolchains, verilators,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const WIDE: &[&str] = &["tests/designs/wide_pkg.sv", "tests/designs/wide.sv"];
const COUNTER: &[&str] = &["examples/counter/counter.sv"];

/// A library, and the directory that holds `fudsv.py`.
fn library(toolchain: &Toolchain, top: &str, files: &[&str], settings: &[&str]) -> (PathBuf, PathBuf) {
    let built = toolchain.build(top, files, settings, &["shared-lib", "c-interface"]);
    (built[0].clone(), built[1].clone())
}

/// Runs a script over a module and libraries, and expects it to say that all is well.
fn drive(script: &str, module: &Path, libraries: &[&Path]) {
    let mut python = Command::new("python3");
    python.arg("-B").arg(here("tests/hosts/python").join(script)).arg(module).args(libraries);
    let said = succeed(&mut python);
    assert!(said.ends_with(": ok\n"), "{said}");
}

#[test]
fn ports_of_every_shape_are_attributes() {
    for toolchain in verilators() {
        let (wide, module) = library(&toolchain, "wide", WIDE, &[]);
        drive("ports.py", &module, &[&wide]);
    }
}

#[test]
fn what_a_design_complains_about_is_raised_and_what_it_prints_is_python_s() {
    for toolchain in verilators() {
        let (ends, module) = library(&toolchain, "ends", &["tests/designs/ends.sv"], &[]);
        let (hosted, _) = library(&toolchain, "hosted", &["tests/designs/hosted.sv"], &[]);
        drive("ends.py", &module, &[&ends, &hosted]);
    }
}

/// Paths of signals inside of `probed.sv`.
pub const PROBES: &str = "verilator.probes=u.pc u.state u.parts u.wide u.negative u.memory u.table_of u.half u.text \
                          u.odd.name gen[0].f.far own";

#[test]
fn signals_inside_of_a_design_are_read_by_their_paths() {
    for toolchain in verilators() {
        let (probed, module) = library(&toolchain, "probed", &["tests/designs/probed.sv"], &[PROBES]);
        drive("probed.py", &module, &[&probed]);
    }
}

#[test]
fn dpi_functions_are_python_s_and_what_they_raise_comes_out_of_the_evaluation() {
    let design = ["tests/designs/dpi_pkg.sv", "tests/designs/dpi.sv", "tests/designs/dpi_linked.c"];
    for toolchain in verilators() {
        let (dpi, module) = library(&toolchain, "dpi", &design, &[]);
        drive("dpi.py", &module, &[&dpi]);
    }
}

#[test]
fn time_runs_from_delay_to_delay_and_a_state_is_saved() {
    for toolchain in verilators() {
        let (timed, module) = library(&toolchain, "timed", &["tests/designs/timed.sv"], &[]);
        let saved = ["verilator.savable=true", "verilator.timing=false"];
        let (saved, _) = library(&toolchain, "saved", &["tests/designs/saved.sv"], &saved);
        let out = tempfile::tempdir().unwrap();
        drive("state.py", &module, &[&timed, &saved, out.path()]);
    }
}

#[test]
fn a_thousand_seeds_begin_with_numbers_as_chance_has_them() {
    for toolchain in toolchains() {
        let (hosted, module) = library(&toolchain, "hosted", &["tests/designs/hosted.sv"], &[]);
        drive("seeds.py", &module, &[&hosted]);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_of_the_call_and_the_host_goes_on() {
    let design = ["tests/designs/saved.sv"];
    for toolchain in toolchains() {
        for (waves, more) in [
            ("vcd", &["verilator.savable=true", "verilator.timing=false"][..]),
            ("fst", &["verilator.coverage=true"]),
        ] {
            if !survives_full_disk(&toolchain.verilator, waves) {
                continue;
            }
            let trace = format!("verilator.trace={waves}");
            let settings = [&[trace.as_str()], more].concat();
            let (saved, module) = library(&toolchain, "saved", &design, &settings);
            let out = tempfile::tempdir().unwrap();
            drive("full_disk.py", &module, &[&saved, Path::new(waves), out.path()]);
        }
    }
}

#[test]
fn a_library_that_was_built_again_is_loaded_anew_and_waves_are_written() {
    let toolchain = &verilators()[0];
    let (narrow, module) = library(toolchain, "counter", COUNTER, &["verilator.trace=vcd"]);
    let wider = ["verilator.trace=vcd", "verilator.parameters=WIDTH=70"];
    let (wide, _) = library(toolchain, "counter", COUNTER, &wider);
    let out = tempfile::tempdir().unwrap();
    let library = out.path().join("lib counter.so");
    fs::copy(&narrow, &library).unwrap();
    drive("again.py", &module, &[&library, &wide, out.path()]);
    let waves = fs::read_to_string(out.path().join("some waves.vcd")).unwrap();
    let times: Vec<&str> = waves.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(times, ["#4", "#5", "#6", "#7", "#8", "#9"]);
}

#[test]
fn the_module_keeps_to_what_python_3_8_can_read() {
    let read = "import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 8))";
    succeed(Command::new("python3").args(["-c", read]).arg(here("src/model/hosts/python/fudsv.py")));
}

/// Whether the Python of the tests has a module; says what is skipped otherwise.
fn has(module: &str) -> bool {
    let there = own_python().args(["-c", &format!("import {module}")]).output().unwrap().status.success();
    if !there {
        skipped_outside_ci(&format!("`FUDSV_TEST_PYTHON` does not name a Python that has {module}"));
    }
    there
}

/// Installs the package of a model in a directory, and says which wheel pip made.
fn install(package: &Path, into: &Path) -> String {
    let pip = ["-m", "pip", "--no-input", "-q"];
    let mut wheel = own_python();
    succeed(wheel.args(pip).args(["wheel", "--no-index", "-w"]).arg(into).arg(package));
    let made = fs::read_dir(into).unwrap().next().unwrap().unwrap().file_name().into_string().unwrap();
    let mut install = own_python();
    succeed(install.args(pip).args(["install", "--no-index", "--target"]).arg(into).arg(into.join(&made)));
    made
}

#[test]
fn pip_makes_a_wheel_for_this_machine_out_of_a_package_without_a_network() {
    for toolchain in verilators() {
        let package = toolchain.build("wide", WIDE, &[], &["py-module"]).remove(0);
        let out = tempfile::tempdir().unwrap();
        let wheel = install(&package, out.path());
        let platform = format!("linux_{}", std::env::consts::ARCH);
        assert!(wheel.starts_with("wide-0.1.0+") && wheel.ends_with(&format!("-py3-none-{platform}.whl")));
        let mut python = own_python();
        python.env("PYTHONPATH", out.path()).arg(here("tests/hosts/python/package.py"));
        assert_eq!(succeed(&mut python), "package: ok\n");
    }
}

#[test]
fn the_stub_of_a_package_has_the_names_that_the_package_has_and_mypy_takes_it() {
    let package = verilators()[0].build("wide", WIDE, &[], &["py-module"]).remove(0);
    let mut compare = own_python();
    compare.env("PYTHONPATH", &package).arg(here("tests/hosts/python/stub.py"));
    assert_eq!(succeed(compare.arg(package.join("wide/__init__.pyi"))), "stub: ok\n");
    if !has("mypy") {
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let mut mypy = own_python();
    mypy.current_dir(out.path()).env("MYPYPATH", &package).args(["-m", "mypy", "--strict"]);
    let said = succeed(mypy.args(["-p", "wide"]).env("PYTHONPATH", &package));
    assert!(said.starts_with("Success: no issues"), "{said}");
    let mut wrong = own_python();
    wrong.current_dir(out.path()).env("MYPYPATH", &package).args(["-m", "mypy", "--strict"]);
    let said = wrong.arg(here("tests/hosts/python/mistyped.py")).output().unwrap().stdout;
    let said = String::from_utf8(said).unwrap();
    let found: Vec<&str> =
        said.lines().filter_map(|line| line.rsplit_once("error: ")).map(|(_, e)| e).collect();
    let expected = [
        "\"Wide\" has no attribute \"nothing\"  [attr-defined]",
        "Property \"u4_o\" defined in \"Wide\" is read-only  [misc]",
        "Incompatible types in assignment (expression has type \"str\", variable has type \"int\")  [assignment]",
    ];
    assert_eq!(found, expected, "{said}");
}

#[test]
fn the_counter_is_tested_from_pytest() {
    if !has("pytest") {
        return;
    }
    let package = verilators()[0].build("counter", COUNTER, &[], &["py-module"]).remove(0);
    let mut pytest = own_python();
    pytest.current_dir(here("examples/counter")).env("PYTHONPATH", package);
    pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_counter.py"]);
    let said = succeed(&mut pytest);
    assert!(said.contains("7 passed"), "{said}");
}
