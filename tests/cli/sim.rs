//! Programs that simulate: every verdict, with the real Verilators; what they write, and what they refuse.
//! It does not know `fudsv run`; the programs are started as a person would.

use crate::sandbox::{Said, Sandbox, verilators};
use serde_json::{Value, json};

/// A testbench that ends in as many ways as there are.
const ENDS: &str = r#"module ends;
    int mode; reg clk = 0; reg [7:0] mem[4];
    always #5 clk = ~clk;
    always @(posedge clk) assert (mode != 4 || $time < 20) else $error("late at %0t", $time);
    initial begin
        if (!$value$plusargs("mode=%d", mode)) mode = 0;
        if (mode == 6) $readmemh("missing.hex", mem);
        if (mode == 7) begin $readmemh("a b.hex", mem); $display("read %h", mem[1]); end
        #12;
        if (mode == 1) $error("one is wrong");
        if (mode == 2) begin $fatal(1, "two is fatal"); $display("never"); end
        if (mode == 3) begin $stop; $display("never"); end
        #20;
        if (mode == 5) forever #10;
        $display("end");
        $finish;
    end
    final $display("final");
endmodule
"#;

/// A built `ends.sim` in the project's directory.
fn ends(options: &str) -> Sandbox {
    let sandbox = Sandbox::new().file("ends.sv", ENDS).file("a b.hex", "01\n02\n03\n04\n");
    sandbox.fudsv(&format!("exec ends.sv --to sim -o ends.sim {options}")).well();
    sandbox
}

/// How a run ended and its verdict.
fn verdict(sandbox: &Sandbox, words: &str) -> (Said, Value) {
    let said = sandbox.sh(&format!("./ends.sim {words} --verdict verdict.json --depfile run.d"));
    (said, serde_json::from_str(&sandbox.read("verdict.json")).unwrap())
}

#[test]
fn a_run_passes_only_without_any_complaint() {
    for options in verilators() {
        let sandbox = ends(&options);
        let ended = |mode: u32| {
            let (said, verdict) = verdict(&sandbox, &format!("+mode={mode} --max-time 100ps --max-errors 0"));
            let field = |name: &str| verdict[name].as_str().unwrap().to_owned();
            let status = format!("{} {}: {}", field("status"), field("kind"), field("message"));
            let ran_on = said.stdout.contains("end\nfinal\n");
            assert!(!said.stdout.contains("never"), "{said}");
            let at = format!("{} after {}", verdict["line"], field("time"));
            (said.exit.unwrap(), status, ran_on, at)
        };
        assert_eq!(ended(0), (0, "passed finish: $finish".into(), true, "16 after 32ps".into()));
        assert_eq!(ended(1), (1, "failed error: one is wrong".into(), true, "10 after 12ps".into()));
        assert_eq!(ended(2), (1, "failed fatal: two is fatal".into(), false, "11 after 12ps".into()));
        assert_eq!(ended(3), (1, "failed stop: $stop".into(), false, "12 after 12ps".into()));
        assert_eq!(ended(4), (1, "failed error: late at 25".into(), true, "4 after 25ps".into()));
        let timeout = "timeout max-time: the design did not end by `--max-time`";
        assert_eq!(ended(5), (1, timeout.into(), false, "0 after 100ps".into()));
        let missing = ended(6);
        assert_eq!((missing.0, missing.2), (1, true));
        assert_eq!(missing.1, "failed memory-file: $readmem file not found");
        assert_eq!(ended(7).0, 0);
        // As Verilator's own program, at the first error.
        let (first, _) = verdict(&sandbox, "+mode=1");
        assert!(
            first.exit == Some(1) && !first.stdout.contains("end\n") && first.stdout.contains("final\n"),
            "{first}"
        );
        verdict(&sandbox, "+mode=7");
        assert_eq!(sandbox.read("run.d"), "run: \\\n  a\\ b.hex\n");
    }
}

#[test]
fn without_a_verdict_file_a_failure_is_told_in_one_line() {
    let sandbox = ends("");
    let said = sandbox.sh("./ends.sim +mode=1");
    assert_eq!(said.exit, Some(1));
    assert_eq!(said.stderr, "failed: ends.sv:10: error: one is wrong (after 12ps, errors: 1)\n");
    let refused = |words: &str| {
        let said = sandbox.sh(&format!("./ends.sim {words}"));
        assert_eq!(said.exit, Some(2), "{said}");
        said.stderr.lines().next().unwrap().to_owned()
    };
    let trace = "error: `--trace` needs a model that was built with `--set verilator.trace=vcd` or `=fst`";
    assert_eq!(refused("--trace a.vcd"), trace);
    let coverage = "error: `--coverage` needs a model that was built with `--set verilator.coverage=true`";
    assert_eq!(refused("--coverage=a.dat"), coverage);
    assert_eq!(refused("--max-time soon"), "error: `--max-time soon` is not a time such as `10us`");
    assert_eq!(refused("mode=1"), "error: `mode=1` is not understood");
}

#[test]
fn waveforms_and_coverage_are_written_by_every_verilator() {
    for options in verilators() {
        let sandbox = ends(&format!("{options} -s verilator.trace=vcd -s verilator.coverage=true"));
        let (said, verdict) = verdict(&sandbox, "--trace a.vcd --coverage a.dat");
        assert_eq!((said.exit, &verdict["status"]), (Some(0), &json!("passed")), "{said}");
        let waves = sandbox.read("a.vcd");
        assert!(waves.contains(" clk $end\n") && waves.contains("\n#30\n"), "{waves}");
        assert!(sandbox.read("a.dat").starts_with("# SystemC::Coverage-3\n"));
        let other = sandbox.sh("./ends.sim --trace a.fst");
        assert_eq!(other.exit, Some(2), "{other}");
    }
}

#[test]
fn dumpvars_in_a_model_without_waveforms_says_how_to_get_them() {
    let sandbox =
        Sandbox::new().file("tb.sv", "module tb; initial begin $dumpvars; $finish; end endmodule\n");
    sandbox.fudsv("exec tb.sv --to sim -o tb.sim").well();
    let said = sandbox.sh("./tb.sim");
    let hint = "hint: `fudsv run` writes waveforms with `--trace FILE.vcd` (or `.fst`); ";
    assert!(said.well().stdout.contains(hint), "{said}");
}

/// A testbench that dumps itself, from time 0.
const DUMPS: &str = "module tb; reg clk = 0; always #5 clk = ~clk;
    initial begin $dumpfile(\"own.vcd\"); $dumpvars; #22 $finish; end endmodule\n";

#[test]
fn dumpvars_of_the_design_writes_its_file_unless_there_is_another_one() {
    for options in verilators() {
        let sandbox = Sandbox::new().file("tb.sv", DUMPS);
        sandbox.fudsv(&format!("exec tb.sv --to sim -o tb.sim -s verilator.trace=vcd {options}")).well();
        let changes = |file: &str| sandbox.read(file).lines().filter(|line| line.starts_with('#')).count();
        for words in ["", "--trace own.vcd"] {
            sandbox.sh(&format!("rm -f own.vcd; ./tb.sim {words}")).well();
            assert_eq!(changes("own.vcd"), 6, "{}", sandbox.read("own.vcd"));
        }
        sandbox.sh("./tb.sim --trace all.vcd").well();
        assert_eq!(changes("all.vcd"), 6, "{}", sandbox.read("all.vcd"));
    }
}

#[test]
fn fst_without_its_headers_is_refused_while_planning() {
    let sandbox = Sandbox::new().file("tb.sv", DUMPS).verilator("5.048");
    let sandbox = sandbox.tool("clang++", "exit 1").tool("g++", "case \"$*\" in *lz4.h*) exit 1;; esac");
    let said = sandbox.fudsv("gen tb.sv --to sim -s verilator.trace=fst");
    assert_eq!(said.exit, Some(3), "{said}");
    let (first, last) = (said.stderr.lines().next(), said.stderr.lines().last());
    assert_eq!(first, Some("error: waveforms as FST need `lz4.h`, which `g++` does not find"));
    assert_eq!(last, Some("hint: `apt install liblz4-dev` installs it; VCD does not need it"));
}

#[test]
fn a_library_and_a_program_share_all_that_is_compiled() {
    let sandbox = Sandbox::new().file("ends.sv", ENDS);
    sandbox.fudsv("exec ends.sv --to shared-lib --to sim --dir both").well();
    let outcomes = sandbox.outcomes("both");
    let compiled: Vec<&String> = outcomes.iter().filter(|line| line.contains(".o ")).collect();
    let names = [
        "ends",
        "ends.1",
        "ends.2",
        "ends.3",
        "ends.4",
        "ends.5",
        "ends.6",
        "ends.slow.1",
        "ends.slow.2",
        "fudsv-runtime",
        "runtime-more",
        "verilator-runtime",
    ];
    let mut expected: Vec<String> =
        names.iter().map(|name| format!("compile_model.compile_model.{name}.o ran")).collect();
    expected.push("link_sim.link_sim.sim.o ran".to_owned());
    expected.sort();
    let mut compiled: Vec<String> = compiled.into_iter().cloned().collect();
    compiled.sort();
    assert_eq!(compiled, expected);
}
