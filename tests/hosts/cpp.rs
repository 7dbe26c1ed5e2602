//! Models driven from C++, by the header of each.
//! It does not know what the programs look at.

use crate::python::{PROBES, WIDE};
use crate::toolchain::{Toolchain, here, optional_tool, succeed, verilators};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The compilers that are there.
fn compilers() -> Vec<&'static str> {
    let clang = optional_tool("clang++").then_some("clang++");
    ["g++"].into_iter().chain(clang).collect()
}

/// A library, shared or static, and the directory of its headers.
struct Linked {
    library: PathBuf,
    headers: PathBuf,
}

fn linked(toolchain: &Toolchain, top: &str, files: &[&str], settings: &[&str], state: &str) -> Linked {
    let built = toolchain.build(top, files, settings, &[state, "c-interface"]);
    Linked { library: built[0].clone(), headers: built[1].clone() }
}

/// Compiles a program with every warning and runs it.
fn run(program: &str, compiler: &str, models: &[Linked]) {
    let out = tempfile::tempdir().unwrap();
    let exe = out.path().join("driver");
    let mut compile = Command::new(compiler);
    compile.args(["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]);
    compile.arg(here("tests/hosts/cpp").join(program)).arg("-o").arg(&exe);
    for Linked { library, headers } in models {
        let directory = library.parent().unwrap_or(Path::new("."));
        compile.arg("-I").arg(headers).arg(library).arg(format!("-Wl,-rpath,{}", directory.display()));
    }
    succeed(compile.args(["-pthread", "-latomic"]));
    let said = succeed(Command::new(&exe).current_dir(out.path()));
    assert!(said.ends_with(": ok\n"), "{said}");
}

#[test]
fn ports_of_every_shape_have_a_type_in_cxx() {
    for toolchain in verilators() {
        for compiler in compilers() {
            run("wide.cpp", compiler, &[linked(&toolchain, "wide", WIDE, &[], "shared-lib")]);
        }
    }
}

#[test]
fn signals_inside_of_a_design_have_methods_in_cxx() {
    for toolchain in verilators() {
        run(
            "probed.cpp",
            "g++",
            &[linked(&toolchain, "probed", &["tests/designs/probed.sv"], &[PROBES], "shared-lib")],
        );
    }
}

#[test]
fn two_models_of_one_program_throw_what_they_complain_about_shared_or_static() {
    for toolchain in verilators() {
        for state in ["shared-lib", "static-lib"] {
            let counter = linked(
                &toolchain,
                "counter",
                &["examples/counter/counter.sv"],
                &["verilator.trace=vcd"],
                state,
            );
            let ends = linked(&toolchain, "ends", &["tests/designs/ends.sv"], &[], state);
            run("ends.cpp", "g++", &[counter, ends]);
        }
    }
}
