//! `fudsv test`: which runs there are, which of them are made, what is remembered of them, and what is said.
//! It does not know how a simulation is built.

use crate::sandbox::{FUDSV, Said, Sandbox};
use insta::assert_snapshot;
use serde_json::Value;
use std::process::Stdio;

/// A shell script as a simulation: for ends that a design cannot be made to have. `pass`, `fail` and `ask` write its verdict.
const SCRIPT: &str = r#"
let script = state("script", ["tb"]);
let sim = get_state("sim");
defop wrap(src: script) >> sim: sim {
    shell(`{ cat ../../head.sh ${src}; } > ${sim}; chmod +x ${sim}`);
}
"#;

const HEAD: &str = r#"#!/bin/sh
verdict=$2; shift 2; words="$*"; seed=none
while [ $# -gt 0 ]; do case "$1" in --seed) seed=$2;; esac; shift; done
echo "$words" >> ran
pass() { echo '{"status": "passed", "kind": "finish", "time": "40ns", "sees-all": true '"$1"'}' > $verdict; exit 0; }
fail() { echo '{"status": "failed", "kind": "fatal", "message": "broken", "file": "tb.sv", "line": 3, "time": "35ns", "sees-all": true}' > $verdict; exit 1; }
"#;

fn project(script: &str, toml: &str) -> Sandbox {
    Sandbox::new()
        .file("fudsv/script.rhai", SCRIPT)
        .file("head.sh", HEAD)
        .file("tb.tb", script)
        .file("fud.toml", &format!("[design.tb]\nsources = [\"tb.tb\"]\nto = \"sim\"\n{toml}"))
}

/// Name and verdict of each row.
fn rows(said: &Said) -> Vec<String> {
    let row = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    said.stdout.lines().map(row).collect()
}

/// How often the simulation ran since this was asked last.
fn ran(sandbox: &Sandbox) -> usize {
    let path = sandbox.path("ran");
    let count = std::fs::read_to_string(&path).map_or(0, |text| text.lines().count());
    std::fs::remove_file(path).unwrap_or_default();
    count
}

#[test]
fn designs_values_and_seeds_are_runs_with_names_of_their_own() {
    let toml = "run-args = [\"+p=${program}\"]\nparameters = [\"W=${width}\"]\ntags = [\"smoke\"]\nseeds = 2\n\
        [design.tb.matrix]\nprogram = [\"a.hex\", \"b.hex\"]\nwidth = [8]\n\
        [design.other]\nsources = [\"tb.tb\"]\nto = \"sim\"\ntags = [\"slow\"]\n[design.lib]\nsources = [\"tb.tb\"]\n";
    let sandbox = project("pass", toml);
    let list = |words: &str| sandbox.fudsv(&format!("test --list {words}")).result().to_owned();
    let all = "other\ntb[program=a.hex,width=8]#1\ntb[program=a.hex,width=8]#2\ntb[program=b.hex,width=8]#1\ntb[program=b.hex,width=8]#2";
    assert_eq!(list(""), all);
    assert_eq!(list("--tag slow"), "other");
    assert_eq!(list("'*b.hex*#2' other"), "other\ntb[program=b.hex,width=8]#2");
    assert_eq!(list("'tb[program=a.hex]#99'"), "tb[program=a.hex,width=8]#99");
    assert_eq!(list("other --seeds 3,7-8"), "other#3\nother#7\nother#8");
    assert_eq!(
        list("other --seeds 2 --seed-base 18446744073709551614"),
        "other#18446744073709551614\nother#18446744073709551615"
    );
    assert_eq!(list("other --shard 1/1").lines().count(), 1);
    let refused = |words: &str| {
        let said = sandbox.fudsv(&format!("test {words}"));
        assert_eq!(said.exit, Some(2), "{said}");
        said.stderr
    };
    assert_snapshot!(refused("'x*'"), @"
    error: no test is called `x*`
    hint: `fudsv test --list` shows the tests
    ");
    assert_snapshot!(refused("--tag smok"), @"
    error: no test has the tag `smok`
    hint: did you mean `smoke`?
    ");
    assert_snapshot!(refused("tb --seeds -1"), @"
    error: `-1` is not a seed: a whole number from 0 to 18446744073709551615
    ");
    assert_snapshot!(refused("tb --seeds 2 --seed-base 18446744073709551615"), @"
    error: 2 seeds from 18446744073709551615 on do not fit in 64 bits
    ");
    assert_snapshot!(refused("--shard 3/2"), @"
    error: `3/2` is not a shard
    hint: write it as `1/4`: the first of four
    ");
    assert_snapshot!(refused("'tb[program=c.hex]'"), @"
    error: `program` of `tb` has no value `c.hex`
    hint: its values: a.hex, b.hex
    ");
    assert_snapshot!(refused("--failed"), @"
    error: no test failed last time
    hint: without `--failed` all tests run
    ");
    assert_snapshot!(sandbox.fudsv("run tb").stderr, @"
    error: `tb` is 2 runs
    hint: name one: `fudsv run 'tb[program=a.hex,width=8]'`
    ");
}

#[test]
fn a_pass_holds_until_something_changes_that_the_run_rests_on() {
    let asks = r#"pass ', "read": ["a.hex"], "absent": ["b.hex"], "variables": ["MODE"]'"#;
    let sandbox = project(asks, "run-args = [\"+x\"]\nseeds = 2\n").file("a.hex", "01\n");
    let runs = |sandbox: &Sandbox, words: &str| {
        sandbox.fudsv(&format!("test -q {words}")).well();
        ran(sandbox)
    };
    assert_eq!(runs(&sandbox, ""), 2);
    assert!(sandbox.fudsv("test").well().stderr.ends_with("2 passed: 2 as before\n"));
    assert_eq!(runs(&sandbox, ""), 0);
    sandbox.edit("a.hex", "02\n");
    assert_eq!(runs(&sandbox, ""), 2);
    sandbox.edit("a.hex", "01\n");
    let said = sandbox.fudsv("test");
    assert!(said.well().stderr.ends_with("2 passed: 2 from the store\n"), "{said}");
    sandbox.write("b.hex", "");
    assert_eq!(runs(&sandbox, ""), 2);
    std::fs::remove_file(sandbox.path("b.hex")).unwrap();
    assert_eq!(runs(&sandbox, ""), 0);
    assert_eq!((runs(&sandbox, "--fresh"), runs(&sandbox, "'*#2' -- +more")), (2, 1));
    assert_eq!(runs(&sandbox, "--max-time 1us"), 2);
    let other = Sandbox::copy_of(&sandbox)
        .var("XDG_CACHE_HOME", &sandbox.dir().join("home/cache").display().to_string());
    std::fs::remove_dir_all(other.path(".fudsv")).unwrap();
    let said = other.fudsv("test");
    assert!(said.well().stderr.ends_with("2 passed: 2 from the store\n"), "{said}");
    let sandbox = sandbox.var("MODE", "fast");
    assert_eq!((runs(&sandbox, ""), runs(&sandbox, "")), (2, 0));
    let log = ".fudsv/tb-sim/.fudsv/runs/tb#1/log";
    sandbox.edit(log, "another\n");
    sandbox.sh("sed -i 's/\"passed\"/\"PASSED\"/' '.fudsv/tb-sim/.fudsv/runs/tb#2/result.json'").well();
    assert_eq!((runs(&sandbox, "-s store=false"), sandbox.read(log).as_str()), (2, ""));
}

#[test]
fn what_cannot_be_seen_is_not_kept_unless_the_design_says_so() {
    let verdict = |more: &str| {
        format!(
            "echo '{{\"status\": \"passed\", \"kind\": \"finish\", \"time\": \"1ns\", {more}}}' > $verdict"
        )
    };
    for (more, cacheable, again, why) in [
        ("\"sees-all\": false", "", 1, "its DPI functions may read what fudsv does not see"),
        ("\"sees-all\": true, \"ran-commands\": true", "", 1, "`$system` ran commands"),
        ("\"sees-all\": false", "cacheable = true\n", 0, ""),
        ("\"sees-all\": true", "cacheable = false\n", 1, "`cacheable` is false"),
        ("\"sees-all\": true, \"written\": [\"out.txt\"]", "", 1, "a file that it wrote is missing"),
        ("\"sees-all\": true, \"written\": [\"tb.tb\"]", "", 0, ""),
        (
            "\"sees-all\": true, \"written\": [\"tb.tb\"], \"read\": [\"tb.tb\"]",
            "",
            1,
            "it writes `tb.tb`, which it reads",
        ),
    ] {
        let sandbox = project(&verdict(more), cacheable);
        sandbox.fudsv("test -q").well();
        let said = sandbox.fudsv("test -v");
        assert_eq!((ran(&sandbox), said.well().stderr.contains(why)), (1 + again, true), "{more}: {said}");
    }
}

#[test]
fn failures_run_again_first_and_alone_when_that_is_asked() {
    let sandbox = project("case $seed in 3|5) fail;; esac; pass", "");
    let said = sandbox.fudsv("test -q --seeds 6");
    assert_eq!((said.exit, ran(&sandbox)), (Some(1), 6));
    let failed = ["tb#3 failed", "tb#5 failed"];
    assert_eq!(rows(&said)[4..], failed);
    assert!(
        said.stderr.contains("--- tb#5\n  repeat: fudsv run 'tb#5'\nerror: 2 of 6 tests did not pass"),
        "{said}"
    );
    assert_eq!(rows(&sandbox.fudsv("test -q --failed")), failed);
    assert_eq!(rows(&sandbox.fudsv("test -q --failed --seeds 1-4")), failed[..1]);
    ran(&sandbox);
    let said = sandbox.fudsv("test --seeds 8 --max-failures 1 -j 1 --fresh");
    assert_eq!(ran(&sandbox), 1);
    assert!(said.stderr.ends_with("error: 1 of 8 tests did not pass, and 7 did not run\n"), "{said}");
    let said = sandbox.fudsv("run 'tb#3' -q");
    assert_eq!(said.stderr, "error: failed: $fatal at tb.sv:3 after 35ns with seed 3: broken\n");
}

#[test]
fn a_test_that_passes_when_it_is_tried_again_is_flaky() {
    let sandbox = project("if [ -e second ]; then pass; fi; touch second; fail", "");
    let said = sandbox.fudsv("test --retries 2 --junit j.xml");
    assert_eq!(rows(said.well()), ["tb flaky"]);
    assert!(
        said.stderr.ends_with("1 passed; 1 flaky\n") && said.stdout.contains("passed at attempt 2"),
        "{said}"
    );
    assert!(sandbox.read("j.xml").contains("<flakyFailure"), "{}", sandbox.read("j.xml"));
    ran(&sandbox);
    sandbox.fudsv("test -q").well();
    assert_eq!(ran(&sandbox), 1);
}

#[test]
fn what_is_expected_passes_and_anything_else_fails() {
    for (script, expect, verdict, about) in [
        ("fail", "fatal: /brok/", "tb passed", "as expected: failed: $fatal at tb.sv:3 after 35ns: broken"),
        ("fail", "fatal: /other/", "tb failed", "expected `fatal: /other/`, and it failed: $fatal"),
        ("pass", "failed", "tb failed", "expected `failed`, and it passed: $finish after 40ns"),
        ("kill -SEGV $$", "crashed", "tb passed", "as expected: crashed: by signal 11"),
    ] {
        let sandbox = project(script, &format!("expect = \"{expect}\"\n"));
        let said = sandbox.fudsv("test -q");
        assert_eq!(rows(&said), [verdict], "{said}");
        assert!(said.stdout.contains(about), "{said}");
    }
}

#[test]
fn a_run_ends_with_what_it_started_and_its_log_is_bounded() {
    let noise = "sleep 1000 & echo $! > child; i=0; while [ $i -lt 2000 ]; do echo line $i; echo again >&2; i=$((i+1)); done; pass";
    let sandbox = project(noise, "[run]\nmax-log = \"1K\"\n");
    sandbox.fudsv("test -q").well();
    let log = sandbox.read(".fudsv/tb-sim/.fudsv/runs/tb/log");
    assert!(
        log.starts_with("line 0\nagain\nline 1\nagain\n") && log.ends_with("line 1999\nagain\n"),
        "{log}"
    );
    assert!(log.len() < 1200 && log.contains("bytes are left out: `run.max-log`"), "{log}");
    let child = sandbox.read("child");
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.trim())).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z "), "{stat}");
    let sandbox = project("trap '' TERM; while :; do sleep 0.01; done", "timeout = \"100ms\"\n");
    let said = sandbox.fudsv("test -q");
    assert_eq!((rows(&said), said.exit), (vec!["tb timed".to_owned()], Some(1)));
    assert!(said.stdout.contains("after 100ms"), "{said}");
}

#[test]
fn what_ended_before_an_interrupt_is_remembered() {
    let sandbox =
        project("[ $seed = 1 ] && pass; echo begun > begun; while :; do sleep 0.01; done", "seeds = 3\n");
    let mut command = sandbox.command(FUDSV, "");
    let mut child =
        command.args(["test", "-j", "1"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !sandbox.path("begun").exists() && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT)
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(
        said.contains("tb#1  passed") && said.contains("tb#2  interrupted") && said.contains("tb#3  not run"),
        "{said}"
    );
    sandbox.write("tb.tb", "pass");
    ran(&sandbox);
    assert_eq!(rows(sandbox.fudsv("test -q").well()), ["tb#1 passed", "tb#2 passed", "tb#3 passed"]);
}

#[test]
fn programs_hear_of_each_run_and_many_runs_are_a_short_table() {
    let sandbox = project("[ $seed = 150 ] && fail; pass", "");
    let said = sandbox.fudsv("test --seeds 200 --message-format json -q");
    let tests: Vec<Value> = said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let tests: Vec<&Value> = tests.iter().filter(|object| object["type"] == "test").collect();
    assert_eq!(tests.len(), 200);
    let failed = tests.iter().find(|test| test["verdict"] == "failed").unwrap();
    assert_eq!(
        (failed["name"].as_str(), failed["seed"].as_u64(), failed["line"].as_u64()),
        (Some("tb#150"), Some(150), Some(3))
    );
    assert_eq!(
        (failed["from"].as_str(), failed["repeat"].as_str()),
        (Some("run"), Some("fudsv run 'tb#150'"))
    );
    let said = sandbox.fudsv("test --seeds 200");
    assert_eq!(said.exit, Some(1));
    assert!(said.stdout.lines().count() + said.stderr.lines().count() < 24, "{said}");
    assert!(
        said.stdout.starts_with("tb    199 passed") && said.stdout.contains("\ntb#150  failed"),
        "{said}"
    );
    assert_eq!(ran(&sandbox), 201);
}

/// A bench that reads a memory image, draws a random number, and fails with three seeds of forty.
const BENCH: &str = "module tb;
  logic [7:0] image [0:1];
  logic [31:0] drawn;
  logic [63:0] seed;
  initial begin
    $readmemh(\"image.hex\", image);
    drawn = $urandom;
    #30 if (!$value$plusargs(\"seed=%d\", seed)) seed = 0;
    $display(\"drawn %h image %h\", drawn, image[0]);
    #10 if (image[0] == 8'hee) $error(\"an odd image\");
    #10 if (image[1] == 8'hee) $fatal(1, \"the second word\");
    $finish;
  end
endmodule
";

#[test]
fn a_simulation_says_what_it_reads_and_waves_are_written_of_what_failed() {
    let toml = "[design.tb]\nsources = [\"tb.sv\"]\nto = \"sim\"\nrun-args = [\"+image=${image}\"]\nseeds = [1, 2]\n\
        [design.tb.matrix]\nimage = [\"one\"]\n";
    let sandbox = Sandbox::new().file("tb.sv", BENCH).file("image.hex", "01 02\n").file("fud.toml", toml);
    let said = sandbox.fudsv("test");
    assert!(
        said.well().stderr.ends_with("2 passed\n") && !said.stderr.contains("drew no random number"),
        "{said}"
    );
    let log = |seed: u32| sandbox.read(&format!(".fudsv/tb-sim/.fudsv/runs/tb[image=one]#{seed}/log"));
    assert!(log(1) != log(2), "{}{}", log(1), log(2));
    assert!(sandbox.fudsv("test").well().stderr.ends_with("2 passed: 2 as before\n"));
    sandbox.edit("tb.sv", &format!("{BENCH}// a comment\n"));
    let said = sandbox.fudsv("test");
    assert!(said.well().stderr.ends_with("2 passed: 2 as before\n"), "{said}");
    sandbox.edit("image.hex", "01 ee\n");
    let said = sandbox.fudsv("test '*#2' --waves-on-failure=15ps -s verilator.trace=vcd");
    assert!(said.exit == Some(1), "{said}");
    let waves = said.stderr.lines().find_map(|line| line.strip_prefix("  waves:  ")).unwrap();
    let text = sandbox.read(waves);
    assert!(text.contains("$enddefinitions") && !said.stderr.contains("not reproducible"), "{said}");
    let times: Vec<u64> = text.lines().filter_map(|line| line.strip_prefix('#')?.parse().ok()).collect();
    assert!(times.iter().all(|time| *time >= 35) && times.last() == Some(&50), "{times:?}");
    let record: Value =
        serde_json::from_str(&sandbox.read(&waves.replace("waves/waves.vcd", "result.json"))).unwrap();
    assert_eq!(
        (record["verdict"].as_str(), record["seed"].as_u64(), record["time"].as_str()),
        (Some("failed"), Some(2), Some("50ps"))
    );
    assert_eq!(record["basis"]["read"][0]["path"], "image.hex");
    assert!(record["peak-memory"].as_u64().unwrap() > 0 && record["cpu-seconds"].as_f64().unwrap() > 0.0);
}
