//! One test for each thing that fudsv is for: from what is typed to what comes out, with real tools and no stand-in.
//! It does not know how any of it is done; docs/contributing.md lists these tests and those of other files.

use crate::sandbox::{Sandbox, verilators};
use crate::toolchain::{optional_tool, second_verilator, writes_fst};
use serde_json::Value;
use std::collections::BTreeSet;

const COUNTER: &str = "module counter (input logic clk, input logic rst, output logic [7:0] count);
    always_ff @(posedge clk)
        if (rst) count <= '0;
        else count <= count + 3;
endmodule
";

/// Needs nobody to drive it, and every simulator reads it.
const BENCH: &str = "module bench;
    reg clk = 0, rst = 1;
    wire [7:0] count;
    counter dut (.clk(clk), .rst(rst), .count(count));
    always #5 clk = ~clk;
    initial begin
        #12 rst = 0;
        #100 $display(\"counted to %0d\", count);
        $finish;
    end
endmodule
";

const MAIN: &str = "#include \"Vcounter.h\"
#include <cstdio>
int main() {
    VerilatedContext context;
    Vcounter counter{&context};
    for (int i = 0; i < 20; i++) {
        counter.clk = i & 1;
        counter.eval();
    }
    std::printf(\"counted to %d\\n\", counter.count);
}
";

/// Ten ticks of the library that the first argument names.
const DRIVER: &str = "
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.counter_new.restype = ctypes.c_void_p
model = ctypes.c_void_p(library.counter_new())
for _ in range(10):
    assert library.counter_tick(model) == 0
print(library.counter_get_count(model))
";

/// What the library counts to.
fn counted(sandbox: &Sandbox, dir: &str, library: &str) -> String {
    sandbox.write("drive.py", DRIVER);
    sandbox.sh(&format!("python3 -B drive.py {dir}/{library}")).result().to_owned()
}

/// The states that built-in ops make.
fn built_in(sandbox: &Sandbox) -> BTreeSet<String> {
    let said = sandbox.fudsv("list ops --format json");
    let all: Value = serde_json::from_str(said.result()).unwrap();
    let ops = all["ops"].as_array().unwrap().iter().filter(|op| op["built-in"] == true);
    let outputs = ops.flat_map(|op| op["outputs"].as_array().unwrap());
    outputs.map(|output| output["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_built_in_state_is_made_of_systemverilog() {
    for verilator in verilators() {
        let sandbox =
            Sandbox::new().file("counter.sv", COUNTER).file("bench.sv", BENCH).file("main.cpp", MAIN);
        let mut left = built_in(&sandbox);
        // Waveforms and logs come of a design that runs by itself, and a program of a main function.
        for (state, holds) in
            [("run-result", "counted to 30"), ("vcd", "$enddefinitions"), ("fst", ""), ("program", "")]
        {
            assert!(left.remove(state));
            let exe = second_verilator().filter(|_| !verilator.is_empty());
            let exe = exe.map_or("verilator".to_owned(), |root| format!("{root}/bin/verilator_bin"));
            if state == "fst" && !writes_fst(&exe) {
                continue;
            }
            let files =
                if state == "program" { "counter.sv main.cpp" } else { "bench.sv counter.sv --top bench" };
            let said = sandbox.fudsv(&format!("exec {files} --to {state} -q {verilator}"));
            let made = sandbox.path(said.result());
            let made = if state == "run-result" { made.join("log") } else { made };
            let made = std::fs::read(made).unwrap();
            assert!(String::from_utf8_lossy(&made).contains(holds) && !made.is_empty(), "{state}");
            if state == "program" {
                assert_eq!(sandbox.sh(said.result()).result(), "counted to 30");
            }
        }
        // What other tools than Verilator make has tests of its own: `other_tools`, `cocotb`.
        for state in ["sv", "vvp", "cocotb", "yosys-json", "netlist", "yosys-stat", "schematic"] {
            assert!(left.remove(state));
        }
        let states: String = left.iter().map(|state| format!(" --to {state}")).collect();
        let exec = format!("exec counter.sv --dir all {verilator}{states}");
        let made = sandbox.fudsv(&format!("{exec} -q")).result().to_owned();
        assert_eq!(made.lines().count(), left.len(), "{made}");
        for result in made.lines() {
            let path = sandbox.path(result);
            let is_whole = if path.is_dir() { path.join("SHA256SUMS").is_file() } else { path.is_file() };
            assert!(is_whole, "{result}");
        }
        let library = made.lines().find(|result| result.ends_with("libcounter.so")).unwrap();
        assert_eq!(counted(&sandbox, ".", library), "30");
        assert_eq!(sandbox.fudsv(&exec).well().stderr, "Up to date\n");
    }
}

/// Icarus Verilog as a plugin, whose second op runs a script that lies beside it.
const ICARUS: &str = r#"
const vvp = state("vvp", ["vvp"]);
const log = state("icarus-log", ["icarus"]);
defop elaborate(srcs: [get_state("sv")]) >> program: vvp {
    shell(`${tool("iverilog")} -g2012 -s ${config("icarus.top")} -o ${program} ${srcs}`);
}
defop simulate(program: vvp) >> out: log {
    shell(`${tool("sh")} ${rsrc("keep.sh")} ${tool("vvp")} ${program} ${out}`);
}
"#;

/// As a tool installs its plugin: under the data directory, or a directory of `FUDSV_PLUGIN_PATH`.
#[test]
fn a_plugin_of_the_search_path_is_used_by_its_name_from_any_project() {
    if !optional_tool("iverilog") || !optional_tool("vvp") {
        return;
    }
    let words = "exec bench.sv counter.sv -p icarus -s icarus.top=bench --to icarus-log -q -o -";
    let keep = "\"$1\" -n \"$2\" | grep counted > \"$3\"\n";
    for (place, variable) in
        [("../home/data/fudsv/plugins", ""), ("tool's plugins", "tool's plugins:nowhere")]
    {
        let sandbox = Sandbox::new()
            .file("counter.sv", COUNTER)
            .file("bench.sv", BENCH)
            .file(&format!("{place}/icarus.rhai"), ICARUS)
            .file(&format!("{place}/rsrc/keep.sh"), keep)
            .var("FUDSV_PLUGIN_PATH", variable);
        assert_eq!(sandbox.fudsv(words).result(), "counted to 30", "{place}");
        let again = words.replace(" -q -o -", "");
        assert_eq!(sandbox.fudsv(&again).well().stderr, "Up to date\n");
        sandbox.edit("counter.sv", &COUNTER.replace("+ 3", "+ 4"));
        assert_eq!(sandbox.fudsv(words).result(), "counted to 40");
        // Another simulator agrees.
        let said = sandbox.fudsv("run bench.sv counter.sv --top bench -q");
        assert!(said.result().contains("counted to 40"), "{said}");
    }
}

/// A job clones the project, restores the store, and repeats the build with Ninja alone.
#[test]
fn plain_ninja_builds_a_fresh_clone_from_a_restored_store_and_what_is_edited_after_it() {
    let generate = "gen counter.sv --to shared-lib";
    let ninja = "-C .fudsv/counter-shared-lib --quiet";
    let library = ".fudsv/counter-shared-lib/libcounter.so";
    let sandbox = Sandbox::new().file("desk/counter.sv", COUNTER);
    let git = "git -c user.name=a -c user.email=a@b";
    sandbox.sh(&format!("cd desk && git init -q . && git add . && {git} commit -qm first")).well();
    sandbox.fudsv_in("desk", generate).well();
    sandbox.ninja("desk", ninja).well();
    assert_eq!(counted(&sandbox, "desk", library), "30");
    sandbox.sh("git clone -q desk job").well();
    sandbox.fudsv_in("job", generate).well();
    sandbox.ninja("job", ninja).well();
    assert_eq!(counted(&sandbox, "job", library), "30");
    sandbox.edit("job/counter.sv", &COUNTER.replace("+ 3", "+ 4"));
    sandbox.ninja("job", ninja).well();
    assert_eq!(counted(&sandbox, "job", library), "40");
    let again = sandbox.ninja("job", "-C .fudsv/counter-shared-lib");
    assert!(again.result().ends_with("ninja: no work to do."), "{again}");
    assert_eq!(sandbox.fudsv_in("job", &generate.replace("gen", "exec")).well().stderr, "Up to date\n");
}
