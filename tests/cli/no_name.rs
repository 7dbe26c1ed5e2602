//! What a command means when several designs are named, or none is; endings for states, and places that do not exist.
//! It does not know how a design is read.

use crate::sandbox::{Said, Sandbox};

const DESIGNS: &str = "[design.a]\nsources = [\"a.sv\"]\nto = \"ports\"\n
[design.b]\nsources = [\"b.sv\"]\ntop = \"b\"\nto = \"sim\"\n
[design.c]\nsources = [\"c.sv\"]\ntop = \"c\"\nto = [\"sim\", \"ports\"]\n";

const BENCH: &str = "; initial begin $display(\"hello\"); #1 $finish; end endmodule\n";

fn project() -> Sandbox {
    Sandbox::new()
        .file("fud.toml", DESIGNS)
        .file("a.sv", "module a(input x, output y); assign y = x; endmodule\n")
        .file("b.sv", &format!("module b{BENCH}"))
        .file("c.sv", &format!("module c{BENCH}"))
}

/// Exit code, standard output, standard error.
fn whole(said: &Said) -> (Option<i32>, &str, &str) {
    (said.exit, said.stdout.as_str(), said.stderr.as_str())
}

#[test]
fn designs_are_listed() {
    let sandbox = project();
    let listed = "  a  ports\n  b  sim        top b\n  c  sim ports  top c\n";
    assert_eq!(whole(&sandbox.fudsv("list designs")), (Some(0), listed, ""));
    let json: serde_json::Value =
        serde_json::from_str(&sandbox.fudsv("list designs --format json").stdout).unwrap();
    assert_eq!(json["designs"][2], serde_json::json!({"name": "c", "to": ["sim", "ports"], "top": "c"}));
}

#[test]
fn lint_without_a_name_lints_every_design_also_behind_one_with_errors() {
    let sandbox = project();
    let said = sandbox.fudsv("lint -s lint.args=");
    let finished = "Finished: no errors, no warnings";
    let expected =
        ["a", "b", "c"].map(|name| format!("--- {name}\n[1/1] lint {name}\n{finished}\n")).concat();
    assert_eq!(whole(&said), (Some(0), "", expected.as_str()));
    sandbox.write("a.sv", "module a(input x, output y); assign y = ; endmodule\n");
    let said = sandbox.fudsv("lint -s lint.args= -q");
    assert_eq!(said.exit, Some(1), "{said}");
    assert!(said.stdout.starts_with("%Error: a.sv:1:"), "{said}");
    assert_eq!(said.stderr, "error: 1 error, no warnings\nerror: 1 of 3 designs have errors: `a`\n");
}

#[test]
fn run_without_a_name_runs_the_only_design_that_can_run_and_lists_several() {
    let sandbox = project();
    let several = "error: several designs can run: `b`, `c`\nhint: name one: `fudsv run b`\n";
    assert_eq!(whole(&sandbox.fudsv("run")), (Some(2), "", several));
    let (one, _) = DESIGNS.split_once("\n[design.c]").unwrap();
    sandbox.write("fud.toml", one);
    let said = sandbox.fudsv("run -q --trace new/w.vcd --coverage other/c.dat");
    assert_eq!(whole(&said), (Some(0), "hello\n", ""));
    assert!(sandbox.has("new/w.vcd") && sandbox.has("other/c.dat"));
    sandbox.fudsv("test -q --junit reports/all.xml").well();
    assert!(sandbox.has("reports/all.xml"));
}

#[test]
fn build_builds_each_named_design_and_names_them_when_none_is() {
    let sandbox = project();
    let none = "error: no target is given\n  designs: `a`, `b`, `c`\n\
                hint: `fudsv build a` builds a design; `--to STATE` names a target\n";
    assert_eq!(whole(&sandbox.fudsv("build")), (Some(2), "", none));
    let said = sandbox.fudsv("build a c --to ports -q");
    let made = ".fudsv/a-ports/a.ports.json\n.fudsv/c-ports/c.ports.json\n";
    assert_eq!(whole(&said), (Some(0), made, ""));
    for option in ["-o x", "--dir x"] {
        let one = format!(
            "error: `{option}` applies to one design, but there are 2\nhint: name one design: `a`, `c`\n"
        );
        assert_eq!(whole(&sandbox.fudsv(&format!("build a c {option}"))), (Some(2), "", one.as_str()));
    }
    assert!(!sandbox.has("x"));
    let said = sandbox.fudsv("lint --dir x");
    assert!(said.stderr.starts_with("error: `--dir x` applies to one design, but there are 3\n"), "{said}");
}

#[test]
fn an_ending_of_files_leads_to_the_states_that_have_it() {
    let sandbox = project();
    let said = sandbox.fudsv("plan a --to so");
    let hint =
        "error: no state is called `so`\nhint: files of the state `object` or `shared-lib` end in `.so`\n";
    assert_eq!(whole(&said), (Some(2), "", hint));
}

#[test]
fn a_root_without_a_verilator_is_an_error_and_no_other_verilator_is_used() {
    let sandbox = project().var("VERILATOR_ROOT", "/nonexistent");
    let said = sandbox.fudsv("lint a.sv");
    assert_eq!(said.exit, Some(3), "{said}");
    let first = "error: `VERILATOR_ROOT` is `/nonexistent`, which contains no Verilator\n";
    let last = "hint: `unset VERILATOR_ROOT` uses the Verilator on PATH\n";
    assert!(said.stderr.starts_with(first) && said.stderr.ends_with(last), "{said}");
}

#[test]
fn lint_shows_errors_first_counts_kinds_and_keeps_to_its_limit() {
    let many: String = (0..12).map(|n| format!("  wire [1:0] w{n} = 3'd{};\n", n % 4 + 4)).collect();
    let sandbox = Sandbox::new().file("t.sv", &format!("module t;\n{many}endmodule\n"));
    let said = sandbox.fudsv("lint t.sv --limit 2");
    assert_eq!(said.exit, Some(0), "{said}");
    assert_eq!(said.stdout.matches("%Warning-").count(), 2, "{said}");
    assert!(said.stderr.contains("\nBy kind: 12 "), "{said}");
    assert!(said.stderr.contains(" more messages are not shown: `--limit 0` shows all\n"), "{said}");
    let all = sandbox.fudsv("lint t.sv --limit 0");
    assert!(all.stdout.matches("%Warning-").count() >= 12 && !all.stderr.contains("not shown"), "{all}");
}

#[test]
fn options_of_verilator_mean_what_they_mean_there() {
    let sandbox = project();
    let said = sandbox.fudsv(
        "exec a -n --to verilated-cpp -Wno-WIDTH -Wall --x-assign 0 --x-initial fast --public-flat-rw",
    );
    let words = " -Wno-WIDTH -Wall --x-assign 0 --x-initial fast --public-flat-rw a.sv";
    assert!(said.stdout.contains(words), "{said}");
    sandbox.write("w.sv", "module w(input [3:0] x, output y); assign y = x; endmodule\n");
    assert_ne!(sandbox.fudsv("lint w.sv -q").stdout, "");
    assert_eq!(whole(&sandbox.fudsv("lint w.sv -Wno-WIDTH -Wno-UNUSED -q")), (Some(0), "", ""));
}

#[test]
fn an_unknown_ending_leads_to_the_state_of_one_like_it() {
    let sandbox = project().file("x.SV", "module x; endmodule\n").file("x.vp", "module x; endmodule\n");
    for ending in ["SV", "vp"] {
        let error = format!(
            "error: no state has files that end in `.{ending}`, as `x.{ending}` does\n\
             hint: `--from sv` names its state\n"
        );
        assert_eq!(whole(&sandbox.fudsv(&format!("lint x.{ending}"))), (Some(2), "", error.as_str()));
    }
}

#[test]
fn clean_says_what_it_freed_and_keeps_what_is_younger() {
    let sandbox = project();
    sandbox.fudsv("exec a -q").well();
    assert_eq!(whole(&sandbox.fudsv("clean --older 1h")), (Some(0), "", ""));
    let would = sandbox.fudsv("clean -n");
    assert_eq!((would.exit, would.stdout.as_str()), (Some(0), ".fudsv/a-ports\n"));
    assert!(would.stderr.starts_with("Would remove 1 build directory, "), "{would}");
    sandbox.sh("find .fudsv -exec touch -h -d '3 days ago' {} +").well();
    let cleaned = sandbox.fudsv("clean --older 2d");
    assert_eq!((cleaned.exit, cleaned.stdout.as_str()), (Some(0), ".fudsv/a-ports\n"));
    assert!(cleaned.stderr.starts_with("Removed 1 build directory, "), "{cleaned}");
    assert!(!sandbox.has(".fudsv/a-ports"));
}

#[test]
fn of_a_failed_test_that_says_much_the_ends_are_shown() {
    let bench = "module b; initial begin for (int i = 0; i < 1000; i++) $display(\"line %0d\", i);\n\
                 $fatal(1, \"gave up\"); end endmodule\n";
    let sandbox = project().file("b.sv", bench);
    let said = sandbox.fudsv("test b -q");
    assert_eq!(said.exit, Some(1), "{said}");
    let (log, lines) = (".fudsv/b-sim/.fudsv/runs/b/log", said.stderr.lines().count());
    assert!(said.stderr.starts_with("--- b\nline 0\nline 1\n") && lines < 50, "{said}");
    assert!(said.stderr.contains(&format!(" lines are left out; `{log}` has them …\n")), "{said}");
    assert!(said.stderr.contains("line 999\n"), "{said}");
}
