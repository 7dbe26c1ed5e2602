//! `fudsv run` and `fudsv test`: where a simulation runs, what is passed on, how it ends, and what is said about it.
//! It does not know how a simulation is built.

use crate::sandbox::{FUDSV, Sandbox};
use insta::assert_snapshot;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

/// A testbench that compares a word of a memory image.
const TESTBENCH: &str = "`timescale 1ns/1ns
module tb;
  logic [7:0] image [0:1];
  initial begin
    $readmemh(\"image.hex\", image);
    #40;
    $display(\"image %h\", image[0]);
    if (image[0] != 8'haa) $fatal(1, \"another image\");
    $finish;
  end
endmodule
";

/// One project for all that the real simulation does: it is built once with waves and once without.
#[test]
fn another_memory_image_runs_the_simulation_again_and_compiles_nothing() {
    let sandbox = Sandbox::new().file("tb.sv", TESTBENCH).file("image.hex", "aa bb\n");
    sandbox.fudsv("exec tb.sv --to vcd --to run-result -q -o 'my waves.vcd'").well();
    assert!(sandbox.read("my waves.vcd").contains("$enddefinitions"), "no waves");
    let exec = "exec tb.sv --to vcd --to run-result -o 'my waves.vcd'";
    assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
    sandbox.edit("image.hex", "aa cc\n");
    let said = sandbox.fudsv(exec).well().stderr.clone();
    let steps = ["simulate for tb.vcd", "simulate for tb.run"];
    assert!(steps.iter().all(|step| said.contains(step)) && !said.contains("compile"), "{said}");
    sandbox.edit("image.hex", "ab cc\n");
    let said = sandbox.fudsv(exec);
    assert_eq!(said.exit, Some(1));
    assert!(said.stderr.contains("tb.sv:8: fatal: another image"), "{said}");
    let said = sandbox.fudsv("run tb.sv -q");
    assert_eq!(said.exit, Some(1));
    assert!(said.stdout.starts_with("image ab\n"), "{said}");
    assert_eq!(said.stderr, "error: failed: $fatal at tb.sv:8 after 40ns: another image\n");
    sandbox.edit("image.hex", "aa\n");
    let said = sandbox.fudsv("run tb.sv");
    assert_eq!(
        (said.result(), said.stderr.as_str()),
        ("image aa", "Up to date\npassed: $finish at tb.sv:9 after 40ns\n")
    );
}

/// A shell script as a simulation: for ends that a design cannot be made to have.
const SCRIPT: &str = r#"
let script = state("script", ["tb"]);
let sim = get_state("sim");
defop wrap(src: script) >> sim: sim {
    shell(`{ echo '#!/bin/sh'; echo 'verdict=$2; shift 2'; cat ${src}; } > ${sim}; chmod +x ${sim}`);
}
"#;

fn project(script: &str) -> Sandbox {
    Sandbox::new().file("fudsv/script.rhai", SCRIPT).file("tb.tb", script)
}

const PASSES: &str = r#"echo "$@"; pwd | sed 's|.*/||'; echo '{"status": "passed", "kind": "finish", "time": "40ns"}' > $verdict"#;
const FAILS: &str = r#"echo seen; echo '{"status": "failed", "kind": "fatal", "message": "broken", "file": "rtl/tb.sv", "line": 3, "time": "35ns"}' > $verdict; exit 1"#;

#[test]
fn a_simulation_runs_where_the_user_stands_and_its_output_is_the_result() {
    let sandbox = project(PASSES).file("fud.toml", "").file("here/x", "");
    assert_snapshot!(sandbox.fudsv_in("here", "run ../tb.tb --seed 7 --max-time 10us -- +program=a.hex '+b c'"), @"
    exit 0
    --- stdout
    +program=a.hex +b c --max-time 10us --seed 7
    here
    --- stderr
    [1/1] wrap tb.sim
    Finished: 1 step ran
    passed: $finish after 40ns with seed 7
    ");
    assert!(sandbox.read(".fudsv/tb-sim/.fudsv/run.log").ends_with("--seed 7\nhere\n"));
}

#[test]
fn arguments_of_the_user_win_over_those_of_the_design() {
    let design = "[design.tb]\nsources = [\"tb.tb\"]\nrun-args = [\"+mode=1\", \"--seed\", \"1\"]\n";
    let sandbox = project(PASSES).file("fud.toml", design);
    let said = sandbox.fudsv("run tb -q --seed 2 -- +mode=2");
    assert!(said.well().stdout.starts_with("+mode=2 +mode=1 --seed 1 --seed 2\n"), "{said}");
}

#[test]
fn a_failed_run_is_exit_code_1_and_its_last_line_says_where() {
    let sandbox = project(FAILS).file("fud.toml", "").file("here/x", "");
    assert_snapshot!(sandbox.fudsv_in("here", "run ../tb.tb -q"), @"
    exit 1
    --- stdout
    seen
    --- stderr
    error: failed: $fatal at ../rtl/tb.sv:3 after 35ns: broken
    ");
}

#[test]
fn a_run_that_takes_too_long_is_ended_with_all_that_it_started() {
    let sandbox = project("sleep 1000 & echo $! > child; sleep 1000");
    assert_snapshot!(sandbox.fudsv("run tb.tb -q --timeout 300ms"), @"
    exit 1
    --- stderr
    error: timed out: after 300ms
    ");
    let child = sandbox.read("child");
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.trim())).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z "), "{stat}");
}

#[test]
fn a_run_that_crashes_has_no_verdict() {
    assert_snapshot!(project("kill -SEGV $$").fudsv("run tb.tb -q"), @"
    exit 1
    --- stderr
    error: crashed: by signal 11
    ");
    assert_snapshot!(project("exit 0").fudsv("run tb.tb -q"), @"
    exit 1
    --- stderr
    error: failed: exited with 0 and left no verdict
    ");
}

#[test]
fn an_interrupted_run_is_waited_for() {
    let sandbox = project("trap 'echo flushed; exit 1' INT; echo ready; while :; do :; done");
    let mut command = sandbox.command(FUDSV, "");
    let mut child =
        command.args(["run", "-q", "tb.tb"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    stdout.read_line(&mut said).unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    stdout.read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(130), "ready\nflushed\n"));
}

#[test]
fn waves_are_asked_of_the_build_and_of_the_run() {
    let sandbox = project(PASSES);
    let said = sandbox.fudsv("run tb.tb -q --trace 'my waves/w.fst' --coverage new/c.dat");
    assert!(said.well().stdout.starts_with("--trace my waves/w.fst --coverage new/c.dat\n"), "{said}");
    assert!(sandbox.path("my waves").is_dir() && sandbox.path("new").is_dir());
    assert_snapshot!(sandbox.fudsv("run tb.tb --trace waves"), @"
    exit 2
    --- stderr
    error: `--trace waves` tells no format
    hint: its name ends in `.vcd` or `.fst`
    ");
}

#[test]
fn tests_end_in_a_table_and_failures_show_their_log() {
    let sandbox = project(FAILS);
    let said = sandbox.fudsv("test tb.tb -q --junit new/reports/junit.xml");
    assert_eq!(said.exit, Some(1));
    assert_snapshot!(said.stderr, @"
    --- tb
    seen
      repeat: fudsv run tb.tb
    error: 1 of 1 tests did not pass
    ");
    let row: Vec<&str> = said.stdout.split_whitespace().collect();
    assert_eq!([row[0], row[1], row[4]], ["tb", "failed", ".fudsv/tb-sim/.fudsv/runs/tb/log"]);
    assert!(said.stdout.ends_with("  $fatal at rtl/tb.sv:3 after 35ns: broken\n"), "{said}");
    let junit = sandbox.read("new/reports/junit.xml");
    for holds in [
        "<failure message=\"failed: $fatal at rtl/tb.sv:3 after 35ns: broken\"/>",
        "classname=\"tb\"",
        "file=\"rtl/tb.sv\" line=\"3\"",
        "<property name=\"repeat\" value=\"fudsv run tb.tb\"/>",
        "<system-out>seen\n</system-out>",
    ] {
        assert!(junit.contains(holds), "{holds}: {junit}");
    }
}

#[test]
fn each_testbench_of_the_given_files_is_a_test() {
    let sandbox = Sandbox::new()
        .file("dut.sv", "module dut(input x, output y); assign y = ~x; endmodule\n")
        .file("a.sv", "module a; logic y; dut u(.x(1'b0), .y); initial begin #1 if (!y) $error(\"a\"); $finish; end endmodule\n")
        .file("b.sv", "module b; initial begin $error(\"no\"); $finish; end endmodule\n");
    let table = |words: &str| {
        let said = sandbox.fudsv(&format!("test -q {words}"));
        let row = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        (said.exit, said.stdout.lines().map(row).filter(|row| row.ends_with("ed")).collect::<Vec<_>>())
    };
    assert_eq!(table("a.sv b.sv dut.sv"), (Some(1), vec!["a passed".to_owned(), "b failed".to_owned()]));
    assert_eq!(table("dut.sv a.sv"), (Some(0), vec!["dut passed".to_owned()]));
    assert_eq!(table("a.sv b.sv dut.sv --top a"), (Some(0), vec!["a passed".to_owned()]));
}

#[test]
fn any_number_of_64_bits_is_a_seed_and_is_shown() {
    let sandbox = project(PASSES);
    for seed in ["0", "4294967297", "18446744073709551615"] {
        let said = sandbox.fudsv(&format!("run tb.tb -q --seed {seed}"));
        assert!(said.well().stdout.starts_with(&format!("--seed {seed}\n")), "{said}");
    }
    for seed in ["-1", "18446744073709551616", "x"] {
        let said = sandbox.fudsv(&format!("run tb.tb -q --seed {seed}"));
        let text = format!("`{seed}` is not a seed: a whole number from 0 to 18446744073709551615");
        assert!(said.exit == Some(2) && said.stderr.contains(&text), "{said}");
    }
    let said = sandbox.fudsv("run tb.tb --seed 18446744073709551615");
    assert!(
        said.well().stderr.ends_with("passed: $finish after 40ns with seed 18446744073709551615\n"),
        "{said}"
    );
}

#[test]
fn a_design_runs_where_its_fud_toml_is_and_files_of_the_command_line_are_the_users() {
    let design = "[design.t]\nsources = [\"tb.tb\"]\nto = \"sim\"\nrun-args = [\"+f=tb/m.hex\"]\n";
    let script = r#"cat ${1#+f=}; echo "$@"; echo '{"status": "passed"}' > $verdict"#;
    let sandbox = project(script).file("fud.toml", design).file("tb/m.hex", "07\n").file("rtl/x", "");
    for dir in [".", "rtl"] {
        let said = sandbox.fudsv_in(dir, "run t -q");
        assert_eq!(said.well().stdout, "07\n+f=tb/m.hex\n");
        let said = sandbox.fudsv_in(dir, "test -q");
        assert!(said.well().stdout.starts_with("t  passed"), "{said}");
    }
    let said = sandbox.fudsv_in("rtl", "run t -q --trace w.vcd --coverage ../c.dat");
    assert_eq!(said.well().stdout, "07\n+f=tb/m.hex --trace rtl/w.vcd --coverage rtl/../c.dat\n");
}

/// A design that nobody drives, and a testbench that waits a while and forgets to finish.
const IDLE: &str = "module idle(input clk, output logic [3:0] q);
    always @(posedge clk) q <= q + 1;
    initial if ($test$plusargs(\"wait\")) #40 $display(\"waited\");
endmodule
";

#[test]
fn a_run_in_which_nothing_was_tested_does_not_pass() {
    let sandbox = Sandbox::new().file("idle.sv", IDLE);
    let said = sandbox.fudsv("run idle.sv -q");
    let failed = "error: failed: after 0s: nothing was tested: nothing in the design waits for a time, and there was no `$finish`\n";
    assert_eq!((said.exit, said.stderr.as_str()), (Some(1), failed));
    let said = sandbox.fudsv("run idle.sv -- +wait");
    let passed = "passed: after 40ps: nothing is left to wait for, and there was no `$finish`\n";
    assert!(said.well().stderr.ends_with(passed), "{said}");
    sandbox.write("fud.toml", "[run]\nrequire-finish = true\n");
    let said = sandbox.fudsv("run idle.sv -q -- +wait");
    let failed = "error: failed: after 40ps: nothing is left to wait for, and there was no `$finish`\n";
    assert_eq!((said.exit, said.stderr.as_str()), (Some(1), failed));
    sandbox.fudsv("exec idle.sv --to run-result -s 'run.args=[\"+wait\"]' -o idle").well();
    assert!(sandbox.read("idle/result.json").contains("\"verdict\": \"failed\""));
}

#[test]
fn coverage_has_the_kinds_that_are_set() {
    for (settings, kinds) in
        [("", "line toggle"), ("coverage = [\"line\"]", "line"), ("coverage = false", "line toggle")]
    {
        let sandbox = Sandbox::new()
            .file(
                "t.sv",
                "module t; logic c = 0; initial begin repeat (4) #1 c = ~c; $finish; end endmodule\n",
            )
            .file("fud.toml", &format!("[verilator]\n{settings}\n"));
        sandbox.fudsv("run t.sv --coverage c.dat -q").well();
        let data = sandbox.read("c.dat");
        let found = ["line", "toggle"]
            .into_iter()
            .filter(|kind| data.contains(&format!("v_{kind}/")))
            .collect::<Vec<_>>();
        assert_eq!(found.join(" "), kinds, "{settings}\n{data}");
    }
}
