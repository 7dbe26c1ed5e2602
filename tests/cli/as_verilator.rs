//! A simulation ends and prints as the program that the same Verilator makes of the design by itself.
//! It does not know how either is built.

use crate::sandbox::Sandbox;
use crate::toolchain::{Toolchain, survives_full_disk, verilators};

/// The options for this Verilator and compiler.
fn with(toolchain: &Toolchain) -> String {
    format!("-s verilator.exe={} -s cxx.exe={}", toolchain.verilator, toolchain.cxx)
}

/// Builds Verilator's own program, with its own makefile, as `own/Vtop`.
fn own_program(sandbox: &Sandbox, toolchain: &Toolchain, source: &str) {
    let root = toolchain.verilator.strip_suffix("/bin/verilator_bin");
    let root = root.map(|root| format!("VERILATOR_ROOT={root} ")).unwrap_or_default();
    // Each Verilator's makefile has the flags of the compiler that it was made with.
    let coroutines = if toolchain.cxx == "g++" { "-fcoroutines" } else { "" };
    let flags = format!("CFG_CXXFLAGS_COROUTINES={coroutines} OPT_FAST= OPT_GLOBAL=");
    let verilate = format!(
        "{root}{} --cc --exe --main --timing -Wno-fatal --assert --prefix Vtop --Mdir own -CFLAGS '-std=gnu++20 -O0 {coroutines}'",
        toolchain.verilator
    );
    let make = format!("{root}make -s -C own -f Vtop.mk CXX={} {flags}", toolchain.cxx);
    sandbox.sh(&format!("rm -rf own && {verilate} {source} && {make}")).well();
}

/// What the design itself prints: without the lines of Verilator.
fn own_lines(printed: &str) -> Vec<String> {
    let is_verilators =
        |line: &str| line.starts_with("- ") || line.ends_with(" Verilog $stop") || line == "Aborting...";
    printed.lines().filter(|line| !is_verilators(line)).map(str::to_owned).collect()
}

/// Instances that finish in one time slot, a loop that finishes again and again, one that asks whether it may.
const FINISHES: &str = r#"
module sub(input int n);
    initial begin
        if (!$test$plusargs("loop") && !$test$plusargs("poll")) begin
            #10 $display("%m %0d", n);
            $finish;
            $display("after %0d", n);
        end
    end
    final $display("final %0d in %m", n);
endmodule
module top;
    sub a(1);
    sub b(2);
    sub c(3);
    logic done = 0;
    initial if ($test$plusargs("loop")) forever begin $display("loop in %m"); $finish; end
    initial begin
        #10 done = 1;
        if ($test$plusargs("late")) begin $finish; $error("after the end"); end
    end
    initial if ($test$plusargs("poll")) while (1) begin if (done) $finish; else #1; end
endmodule
"#;

#[test]
fn a_second_finish_and_the_names_of_scopes_are_as_in_verilators_own_program() {
    for toolchain in verilators() {
        let sandbox = Sandbox::new().file("top.sv", FINISHES);
        own_program(&sandbox, &toolchain, "top.sv");
        sandbox.fudsv(&format!("exec top.sv --to sim -o top.sim -q {}", with(&toolchain))).well();
        for arguments in ["", "+loop", "+poll", "+poll +late"] {
            let ours = sandbox.sh(&format!("timeout 60 ./top.sim {arguments}"));
            let theirs = sandbox.sh(&format!("timeout 60 own/Vtop {arguments}"));
            assert_eq!(own_lines(&ours.stdout), own_lines(&theirs.stdout), "{} {arguments}", toolchain.name);
            assert_eq!(
                ours.exit == Some(0),
                theirs.exit == Some(0),
                "{} {arguments}\n{ours}",
                toolchain.name
            );
        }
    }
}

/// A testbench that changes much, so that its waves fill a small disk.
const BUSY: &str = "module tb; logic clk = 0; logic [255:0] r = 1; always #5 clk = ~clk;
    always @(posedge clk) r <= {r[254:0], r[255] ^ r[7]} ^ (r << 3);
    initial begin
        if ($test$plusargs(\"own\")) begin $dumpfile(\"own.vcd\"); $dumpvars; end
        repeat (5000) @(posedge clk);
        $display(\"end\");
        $finish;
    end
endmodule
";

#[test]
fn waves_and_coverage_that_cannot_be_written_fail_the_run_and_are_named() {
    for toolchain in verilators() {
        let formats = ["vcd", "fst"];
        for format in formats.into_iter().filter(|format| survives_full_disk(&toolchain.verilator, format)) {
            let sandbox = Sandbox::new().file("tb.sv", BUSY);
            let settings = format!("-s verilator.trace={format} -s verilator.coverage=true");
            sandbox
                .fudsv(&format!("exec tb.sv --to sim -o tb.sim -q {settings} {}", with(&toolchain)))
                .well();
            // No file gets longer than 64 KiB, as on a disk that is full.
            let limited = |words: &str| {
                let said = sandbox.sh(&format!("ulimit -f 128; timeout 60 ./tb.sim {words}"));
                assert_eq!(said.exit, Some(1), "{} {words}\n{said}", toolchain.name);
                said.stderr
            };
            let said = limited(&format!("--trace w.{format}"));
            assert!(said.starts_with(&format!("failed: runtime: `w.{format}` cannot be written")), "{said}");
            if format == "vcd" {
                assert!(limited("+own").contains("`own.vcd` cannot be written: File too large"));
            }
            let said = sandbox.sh("timeout 60 ./tb.sim --coverage /dev/full");
            assert!(said.stderr.contains("`/dev/full` cannot be written: No space left on device"), "{said}");
            assert_eq!((said.exit, said.stdout.as_str()), (Some(1), "end\n"), "{said}");
            sandbox.sh(&format!("timeout 60 ./tb.sim --trace w.{format} --coverage c.dat")).well();
        }
    }
}
