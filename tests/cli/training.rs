//! The profile `pgo`: models and programs that are trained by a run, with the real compilers, and what cannot be trained.
//! It does not know how fast the result is.

use crate::sandbox::{Sandbox, verilators};
use crate::toolchain::optional_tool;
use std::fs;

/// A testbench that reads a number from a file, and counts up to another.
const TB: &str = r#"module tb;
    int n, total = 0;
    int start[1];
    initial begin
        $readmemh("start.hex", start);
        total = start[0];
        if (!$value$plusargs("n=%d", n)) n = 10;
        for (int i = 0; i < n; i++) begin
            #1;
            if (total % 3 == 1) total += i; else total ^= i;
        end
        if (n == 13) $fatal(1, "thirteen is wrong");
        $display("total %0d", total);
        $finish;
    end
endmodule
"#;

const TOML: &str = "[design.tb]\nsources = [\"tb.sv\"]\nto = \"sim\"\nrun-args = [\"+n=100\"]\n";

const DIR: &str = ".fudsv/tb-sim-pgo";

fn testbench(compiler: &str) -> Sandbox {
    let toml = format!("{TOML}[cxx]\nexe = \"{compiler}\"\n");
    Sandbox::new().file("tb.sv", TB).file("start.hex", "7\n").file("fud.toml", &toml)
}

/// Whether a step ran in the last build.
fn ran(sandbox: &Sandbox, step: &str) -> bool {
    sandbox.outcomes(DIR).iter().any(|outcome| *outcome == format!("{step} ran"))
}

/// The step that runs the training, and one that uses its counts.
const STEPS: [&str; 2] = ["compile_model.compile_model.counts", "compile_model.compile_model.tb.o"];

/// Trains, and trains again where arguments or files that are read change.
fn is_trained(compiler: &str, counts: &str, option: &str) {
    let sandbox = testbench(compiler);
    let build = "build tb --profile pgo -q";
    let program = sandbox.fudsv(build).result().to_owned();
    assert_eq!(sandbox.sh(&format!("./{program} +n=4")).result(), "total 13");
    assert!(fs::metadata(sandbox.path(DIR).join(counts)).unwrap().len() > 0);
    let ninja = sandbox.read(&format!("{DIR}/build.ninja"));
    let trained = |line: &&str| line.contains("-o compile_model.tb.o ") && line.contains(option);
    assert_eq!(ninja.lines().filter(trained).count(), 1, "{ninja}");
    assert_eq!(STEPS.map(|step| ran(&sandbox, step)), [true, true]);

    assert_eq!(sandbox.fudsv("build tb --profile pgo").well().stderr, "Up to date\n");
    let object = |dir: &str| fs::read(sandbox.path(dir).join("compile_model.tb.o")).unwrap();
    sandbox.fudsv("build tb --release -q").well();
    assert_ne!(object(DIR), object(".fudsv/tb-sim-release"));

    let with = |words: &str| format!("{TOML}[cxx]\nexe = \"{compiler}\"\n{words}");
    sandbox.edit("fud.toml", &with("[profile.pgo.design.tb]\nrun-args = [\"+n=5\"]\n"));
    sandbox.fudsv(build).well();
    assert_eq!(STEPS.map(|step| ran(&sandbox, step)), [true, true]);
    // The same run reads the same numbers in another base.
    sandbox.edit("start.hex", "07\n");
    sandbox.fudsv(build).well();
    assert_eq!(STEPS.map(|step| ran(&sandbox, step)), [true, false]);
}

#[test]
fn a_run_trains_gcc_and_another_run_trains_it_again() {
    is_trained("g++", "compile_model.counts/compile_model.tb.counted.gcda", " -fprofile-use ");
}

#[test]
fn a_run_trains_clang_and_another_run_trains_it_again() {
    if optional_tool("clang++") && optional_tool("llvm-profdata") {
        is_trained("clang++", "compile_model.counts/model.profdata", " -fprofile-use=");
    }
}

#[test]
fn another_checkout_takes_the_counts_from_the_store() {
    let sandbox = testbench("g++");
    sandbox.fudsv("build tb --profile pgo -q").well();
    sandbox.sh("mkdir -p other && cp tb.sv start.hex fud.toml other && rm fud.toml").well();
    let said = sandbox.fudsv_in("other", "build tb --profile pgo");
    assert!(said.well().stderr.contains("train tb (from the store)"), "{said}");
    assert!(said.stderr.contains("compile tb (from the store)"), "{said}");
}

#[test]
fn a_failed_training_builds_nothing_and_says_why() {
    let sandbox = testbench("g++");
    sandbox.edit("fud.toml", &format!("{TOML}[profile.pgo.design.tb]\nrun-args = [\"+n=13\"]\n"));
    let said = sandbox.fudsv("build tb --profile pgo -q -s cxx.exe=g++");
    assert_eq!(said.exit, Some(1), "{said}");
    for text in [
        "error: `train tb` failed (exit code 1)\n",
        "\nerror: the training run of `tb` failed at tb.sv:12: thirteen is wrong\n",
        "\nhint: its arguments are the `run-args` of the design and `run.args`",
    ] {
        assert!(said.stderr.contains(text), "{said}");
    }
    let made = sandbox.tree(".fudsv");
    let is_result = |name: &&String| name.ends_with("tb.sim") || name.ends_with("/tb.model.a");
    assert!(!made.iter().any(|name| is_result(&name)), "{made:?}");
    assert!(!made.iter().any(|name| name.ends_with(".gcda")), "{made:?}");
}

#[test]
fn a_design_that_does_nothing_by_itself_cannot_be_trained() {
    let module = "module counter(input clk, output int q); always @(posedge clk) q <= q + 1; endmodule\n";
    let sandbox = Sandbox::new().file("counter.sv", module);
    let said = sandbox.fudsv("exec counter.sv --to shared-lib -o c.so --profile pgo -q -s cxx.exe=g++");
    assert_eq!(said.exit, Some(1), "{said}");
    let error = "\nerror: `counter` does nothing by itself, so no run of it can train the profile `pgo`\n\
                 hint: build a testbench with its own clock, or your own main program (`--to program`); \
                 `--release` needs no training\n";
    assert!(said.stderr.contains(error), "{said}");
    assert!(!sandbox.has("c.so"));
}

#[test]
fn a_library_is_trained_by_the_testbench_in_it() {
    let sandbox = testbench("g++");
    sandbox.fudsv("build tb --to shared-lib -o tb.so --profile pgo -q").well();
    assert!(sandbox.has("tb.so"));
}

#[test]
fn a_trained_model_has_threads_waveforms_and_coverage() {
    for options in verilators() {
        let sandbox = testbench("g++");
        let settings = "-s verilator.threads=2 -s verilator.trace=vcd -s verilator.coverage=true";
        sandbox.fudsv(&format!("build tb --profile pgo -q {options} {settings} --to sim -o tb.sim")).well();
        sandbox.sh("./tb.sim --trace a.vcd --coverage a.dat +n=4").well();
        assert!(sandbox.read("a.vcd").contains("$enddefinitions"));
        assert!(sandbox.read("a.dat").starts_with("# SystemC::Coverage-3\n"));
    }
}

/// A main program that fails if its argument is not `right`.
const MAIN: &str = "#include \"Vadder.h\"
#include <cstring>
int main(int argc, char** argv) {
    VerilatedContext context;
    Vadder adder{&context};
    for (int n = 0; n < 1000; ++n) {
        adder.a = n;
        adder.eval();
        if (adder.y != n + 1) return 3;
    }
    return argc == 2 && std::strcmp(argv[1], \"right\") == 0 ? 0 : 4;
}
";

#[test]
fn a_main_program_of_ones_own_trains_itself_and_a_model_that_can_be_saved() {
    let sandbox = Sandbox::new()
        .file("adder.sv", "module adder(input int a, output int y); assign y = a + 1; endmodule\n")
        .file("main.cpp", MAIN);
    let exec = "exec adder.sv main.cpp --to program -o add --profile pgo -q -s cxx.exe=g++ -s verilator.savable=true -s run.args=";
    let said = sandbox.fudsv(&format!("{exec}wrong"));
    assert!(said.stderr.contains("\nerror: the training run of `adder` failed: exited with 4\n"), "{said}");
    assert!(!sandbox.has("add"));
    sandbox.fudsv(&format!("{exec}right")).well();
    sandbox.sh("./add right").well();
}

/// A project whose tools only have names.
fn without_tools() -> Sandbox {
    let sandbox = Sandbox::new().file("tb.sv", "").verilator("5.048 2026-01-01").tool("g++", "exit 1");
    sandbox.file("fud.toml", "[cxx]\nexe = \"g++\"\n")
}

#[test]
fn a_step_takes_the_first_values_of_a_matrix_that_makes_no_other_build() {
    let sandbox = without_tools();
    let design = "[design.tb]\nsources = \"tb.sv\"\nrun-args = [\"+p=${p}\", \"+q\"]\n\
                  [design.tb.matrix]\np = [\"a.hex\", \"b.hex\"]\n[run]\nargs = [\"+r\"]\n";
    sandbox.edit("fud.toml", &format!("[cxx]\nexe = \"g++\"\n{design}"));
    for words in ["--to run-result", "--to sim --profile pgo"] {
        let said = sandbox.fudsv(&format!("emit tb {words}"));
        assert!(
            said.well().stdout.contains(" -- +r '+p=a.hex' +q") || said.stdout.contains(" -- +r +p=a.hex +q"),
            "{said}"
        );
    }
}

#[test]
fn cocotb_cannot_train() {
    let told = r#"{"version": "2.1.0", "python": "/v/python3", "libs": "/v/libs", "share": "/v/share", "libpython": "/lib/libpython3.so", "entry": "/v/simulator.so,initialize"}"#;
    let sandbox = without_tools().tool("python3", &format!("echo '{told}'"));
    let said = sandbox.fudsv("emit tb.sv --to cocotb --profile pgo");
    let error =
        "error: the profile `pgo` cannot train a program that cocotb drives: `--release` builds it without\n";
    assert!(said.stderr.starts_with(error), "{said}");
}

#[test]
fn clang_without_its_library_for_counts_is_an_error_before_anything_runs() {
    let script = "case \"$*\" in *-fprofile-generate*) exit 1;; esac; exit 0";
    let sandbox = without_tools().tool("clang++", script).tool("llvm-profdata", "");
    let said = sandbox.fudsv("emit tb.sv --to sim --profile pgo -s cxx.exe=clang++");
    let error = "error: `clang++` has no library for programs that count, which `pgo` needs\n";
    assert!(said.stderr.starts_with(error), "{said}");
    assert!(
        said.stderr
            .contains("hint: `apt install libclang-rt-dev` installs it; `--set cxx.exe=g++` does without\n")
    );
    sandbox.program("clang++", "exit 0");
    sandbox.fudsv("emit tb.sv --to sim --profile pgo -s cxx.exe=clang++").well();
}

#[test]
fn a_gcc_that_is_too_old_to_train_is_an_error() {
    let sandbox = without_tools().tool("g++", "case \"$1\" in -dump*) echo 10.2.1;; *) exit 1;; esac");
    let said = sandbox.fudsv("emit tb.sv --to sim --profile pgo --probe");
    let error = "error: the profile `pgo` needs g++ 11 or newer, or clang++\n";
    assert!(said.stderr.starts_with(error), "{said}");
}
