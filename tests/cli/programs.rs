//! Programs: main programs of the user's own over Verilator's class, Verilator's own examples, and software that runs on
//! real cores.
//! It does not know how a model is compiled.

use crate::sandbox::{Sandbox, quoted, verilators, which};
use crate::toolchain::{of_package, skipped};
use std::path::Path;
use std::process::Command;

const ADDER: &str = "module adder(input int a, input int b, output int y); assign y = a + b; endmodule\n";

const MAIN: &str = "#include \"Vadder.h\"
#include \"more.h\"
#include <cstdio>
int main(int argc, char** argv) {
    VerilatedContext context;
    context.commandArgs(argc, argv);
    Vadder adder{&context};
    adder.a = 40;
    adder.b = MORE;
    adder.eval();
    std::printf(\"%d, waves: %d\\n\", adder.y, VM_TRACE);
}
";

#[test]
fn a_main_program_of_ones_own_drives_verilators_class() {
    for options in verilators() {
        let sandbox = Sandbox::new().file("adder.sv", ADDER).file("my main.cpp", MAIN);
        sandbox.write("more.h", "#define MORE 2\n");
        let exec = format!("exec adder.sv 'my main.cpp' --to program -o add {options}");
        sandbox.fudsv(&exec).well();
        assert_eq!(sandbox.sh("./add").result(), "42, waves: 0");
        sandbox.edit("more.h", "#define MORE 3\n");
        sandbox.fudsv(&exec).well();
        assert_eq!(sandbox.sh("./add").result(), "43, waves: 0");
        assert_eq!(sandbox.fudsv(&exec).well().stderr, "Up to date\n");
    }
}

#[test]
fn cpp_that_uses_no_dpi_is_compiled_into_a_model() {
    let sandbox = Sandbox::new().file("adder.sv", ADDER);
    let sandbox = sandbox
        .file("more.cpp", "extern \"C\" __attribute__((visibility(\"default\"))) int more() { return 7; }\n");
    let library = sandbox.fudsv("exec adder.sv more.cpp --to static-lib -q").result().to_owned();
    assert!(sandbox.sh(&format!("nm {library}")).result().contains(" more"));
}

#[test]
fn the_examples_of_verilator_run() {
    let root = Command::new(which("verilator")).args(["--getenv", "VERILATOR_ROOT"]).output().unwrap();
    let examples = Path::new(String::from_utf8(root.stdout).unwrap().trim()).join("examples");
    if !examples.is_dir() {
        return skipped(&format!("this Verilator has no {}", examples.display()));
    }
    let copy = |name: &str| {
        let sandbox = Sandbox::new();
        let copied =
            Command::new("cp").arg("-r").arg(examples.join(name).join(".")).arg(sandbox.path("")).status();
        assert!(copied.unwrap().success());
        sandbox
    };
    assert_eq!(copy("make_hello_binary").fudsv("run top.v -q").result(), "Hello World!");
    let hello = copy("make_hello_c");
    hello.fudsv("exec top.v sim_main.cpp --to program -o hello -q").well();
    assert!(hello.sh("./hello").result().starts_with("Hello World!\n"));
    let tracing = copy("make_tracing_c");
    let settings = "-s verilator.trace=vcd -s verilator.coverage=true";
    tracing
        .fudsv(&format!("exec -f input.vc top.v sim_main.cpp --top top --to program -o run {settings} -q"))
        .well();
    assert!(tracing.sh("./run +trace").result().contains("*-* All Finished *-*"));
    assert!(tracing.read("logs/coverage.dat").starts_with("# SystemC::Coverage-3\n"));
    assert!(tracing.read("logs/vlt_dump.vcd").contains("\n#17\n"));
}

/// What is said when the program that adds the numbers to 10 runs on a core.
fn sum(bench: &str, words: &str) -> String {
    let sandbox = Sandbox::new();
    let designs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/designs");
    for file in ["sum.hex", bench] {
        std::fs::copy(designs.join(file), sandbox.path(file)).unwrap();
    }
    let said = sandbox.fudsv(&format!("run {bench} {words} -q -- +program=sum.hex"));
    said.result().to_owned()
}

#[test]
fn a_program_runs_on_picorv32() {
    let source = of_package("picorv32", "picorv32.v");
    assert_eq!(
        sum("picorv32_tb.sv", &format!("{} --top picorv32_tb", quoted(source.to_str().unwrap()))),
        "picorv32 says 55"
    );
}

#[test]
fn a_program_runs_on_serv() {
    let rtl = of_package("serv", "rtl");
    assert_eq!(sum("serv_tb.sv", &format!("-y {}", quoted(rtl.to_str().unwrap()))), "serv says 55");
}
