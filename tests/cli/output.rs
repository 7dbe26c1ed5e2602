//! What is seen of a build: live output, objects for programs, timings, commands that can be pasted.
//! It does not know Verilator.

use crate::exec::letters;
use crate::sandbox::{FUDSV, Sandbox, quoted};
use crate::verilator::counter;
use insta::assert_snapshot;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

/// A step that says something, waits for a word, and says something else; one that is done at once.
const SLOW: &str = r#"
let txt = state("txt", ["txt"]);
let slow = state("slow", ["slow"]);
let both = state("both", ["both"]);
defop wait(src: txt) >> out: slow {
    shell(`echo first; echo 'first of error' >&2; cat ../../word > ${out}; echo last`);
}
defop join(slow: slow, src: txt) >> out: both {
    shell(`echo warning: joined; cat ${slow} ${src} > ${out}`);
}
"#;

#[test]
fn a_long_step_that_runs_alone_is_seen_while_it_works() {
    let sandbox = Sandbox::new().file("fudsv/slow.rhai", SLOW).file("a.txt", "text\n");
    sandbox.sh("mkfifo word").well();
    let mut command = sandbox.command(FUDSV, "");
    command.args(["exec", "a.txt", "--to", "both"]).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.ends_with("first of error\n") {
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
    }
    fs::write(sandbox.path("word"), "word\n").unwrap();
    stderr.read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    let (live, rest) = said.split_once('\n').unwrap();
    assert!(live.starts_with('[') && live.ends_with("] wait a.slow"), "{said}");
    assert_snapshot!(rest, @"
    first
    first of error
    last
    [2/2] join a.both
    warning: joined
    Finished: 2 steps ran
    ");
}

#[test]
fn programs_read_objects_of_steps_results_and_the_end() {
    let sandbox = letters();
    let said = sandbox.fudsv("exec a.txt --to list --message-format json -q");
    let times = |line: &str| {
        let mut object: Value = serde_json::from_str(line).unwrap();
        for key in ["start", "end", "milliseconds"] {
            if object[key].is_u64() {
                object[key] = Value::Null;
            }
        }
        format!("{object}\n")
    };
    assert_snapshot!(said.well().stdout.lines().map(times).collect::<String>(), @r#"
    {"type":"step","name":"raise.a.up","description":"raise a.up","outcome":"ran","why":["new"],"exit":0,"start":null,"end":null,"log":".fudsv/a-list/.fudsv/steps/raise.a.up.log"}
    {"type":"step","name":"dash.a.list","description":"dash a.list","outcome":"ran","why":["new"],"exit":0,"start":null,"end":null,"log":".fudsv/a-list/.fudsv/steps/dash.a.list.log"}
    {"type":"artifact","state":"list","path":".fudsv/a-list/a.list","directory":false}
    {"type":"summary","success":true,"ran":2,"from-store":0,"precompiled":0,"looked-at":2,"warnings":0,"milliseconds":null}
    "#);
    assert_eq!(said.stderr, "");
}

#[test]
fn a_failed_build_ends_in_an_object_too() {
    let sandbox = letters();
    let said = sandbox.fudsv("exec a.txt --to list --message-format json -q -s 'list.sign=/'");
    assert_eq!(said.exit, Some(1));
    let last: Value = serde_json::from_str(said.stdout.lines().last().unwrap()).unwrap();
    assert_eq!((&last["type"], &last["success"]), (&Value::from("summary"), &Value::from(false)));
}

#[test]
fn timings_tell_the_steps_that_ran() {
    let sandbox = letters();
    let said = sandbox.fudsv("exec a.txt --to list --timings=csv -q");
    assert_eq!(said.well().stderr, "Timings: .fudsv/a-list/.fudsv/timings.csv\n");
    let csv = sandbox.read(".fudsv/a-list/.fudsv/timings.csv");
    let columns: Vec<&str> = csv.lines().map(|line| line.rsplitn(3, ',').last().unwrap()).collect();
    let expected = [
        "name,description,outcome",
        "\"raise.a.up\",\"raise a.up\",ran",
        "\"dash.a.list\",\"dash a.list\",ran",
    ];
    assert_eq!(columns, expected);
    sandbox.fudsv("exec a.txt --to list --timings=json -q").well();
    assert_eq!(sandbox.read(".fudsv/a-list/.fudsv/timings.json"), "[]\n");
}

#[test]
fn a_dry_run_can_be_pasted_and_makes_what_a_build_makes() {
    let built = counter();
    let pasted = Sandbox::new().tool("fudsv", &format!("exec {} \"$@\"", quoted(FUDSV)));
    for name in ["counter.sv", "step.svh"] {
        pasted.write(name, &built.read(name));
    }
    let commands = pasted.fudsv("exec counter.sv --to shared-lib -o 'my lib.so' -n").well().stdout.clone();
    assert_eq!(pasted.tree(""), ["counter.sv", "step.svh"]);
    pasted.write("paste", &commands.replace("/sandbox", pasted.dir().to_str().unwrap()));
    let said = pasted.sh("sh -e ./paste");
    assert_eq!(said.exit, Some(0), "{commands}\n{said}");
    let library = built.path(".fudsv/counter-shared-lib/libcounter.so");
    assert!(fs::read(pasted.path("my lib.so")).unwrap() == fs::read(library).unwrap());
}

#[test]
fn a_terminal_shows_what_runs_and_keeps_what_was_said() {
    let sandbox = letters().file(
        "fudsv/loud.rhai",
        "defop loud(src: \"list\") >> out: state(\"loud\", [\"loud\"]) { shell(`echo warning: loud; cp ${src} ${out}`); }",
    );
    let script = "script -qec '\"$F\" exec a.txt --to loud' /dev/null";
    let said = sandbox.var("TERM", "xterm").var("F", FUDSV).sh(script).well().stdout.clone();
    // What stays on the screen: the last of what was written to each line.
    let line = |line: &str| line.rsplit("\u{1b}[2K").next().unwrap_or_default().trim_end().to_owned();
    let lines: Vec<String> = said.lines().map(line).collect();
    let expected = ["[3/3] loud a.loud", "warning: loud", "Finished: 3 steps ran", ".fudsv/a-loud/a.loud"];
    assert_eq!(lines, expected, "{said:?}");
}

/// A sandbox with an op that makes `x` out of `txt` by these words.
fn made_by(words: &str) -> Sandbox {
    let script = format!(
        "let x = state(\"x\", [\"x\"]);\nlet txt = state(\"txt\", [\"txt\"]);\n\
         defop make(src: txt) >> out: x {{ shell(`{words}`); }}\n"
    );
    Sandbox::new().file("fudsv/x.rhai", &script).file("a.txt", "a\n")
}

#[test]
fn a_build_with_nothing_to_do_says_how_many_warnings_there_are() {
    let warns = "grep -q a ${src} && echo 'a.txt:1: warning: odd' >&2 && echo 'more' >&2; cp ${src} ${out}";
    let sandbox = made_by(warns);
    sandbox.fudsv("exec a.txt --to x").well();
    assert_eq!(sandbox.fudsv("exec a.txt --to x").well().stderr, "Up to date (1 warning; `-v` shows them)\n");
    assert_eq!(
        sandbox.fudsv("exec a.txt --to x -v").well().stderr,
        "a.txt:1: warning: odd\nmore\nUp to date (1 warning)\n"
    );
    assert_eq!(sandbox.fudsv("exec a.txt --to x -q").well().stderr, "");
    sandbox.write("a.txt", "b\n");
    sandbox.fudsv("exec a.txt --to x").well();
    assert_eq!(sandbox.fudsv("exec a.txt --to x").well().stderr, "Up to date\n");
}

#[test]
fn a_failed_step_with_a_long_command_names_short_words_that_repeat_it() {
    let long = format!("false {} ${{src}} ${{out}}", "word ".repeat(60));
    let sandbox = made_by(&long);
    let said = sandbox.fudsv("exec a.txt --to x");
    assert_eq!(said.exit, Some(1), "{said}");
    let repeat = said.stderr.lines().find_map(|line| line.trim().strip_prefix("repeat: ")).unwrap();
    let words = repeat.strip_suffix("  (`-v` shows the command)").unwrap().trim();
    assert_eq!(words, "ninja -C .fudsv/a-x a.x");
    assert!(said.stderr.lines().all(|line| line.len() <= 200), "{said}");
    let again = sandbox.sh(words);
    assert!(again.stdout.contains("false word word"), "{again}");
    let said = sandbox.fudsv("exec a.txt --to x -v");
    assert!(said.stderr.contains("command: (cd .fudsv/a-x && false word word"), "{said}");
}
