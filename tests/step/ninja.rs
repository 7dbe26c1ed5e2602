//! Steps under a real Ninja: what it runs again, what it leaves, and what two of them or a kill cannot break.
//! It does not know what the steps' commands are for.

use crate::sandbox::{Sandbox, quoted};
use std::fs::File;
use std::process::{Command, Stdio};

const NOTHING: &str = "ninja: no work to do.\n";

#[test]
fn a_touch_costs_a_look_and_nothing_downstream() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    let a = sandbox.step("a").out("mid").input("in").command("cat in > <mid>");
    let b = sandbox.step("b").out("out").input("mid").command("cat mid > <out>");
    sandbox.ninja_file(&[&a, &b]);
    assert!(sandbox.ninja().0);
    assert_eq!(sandbox.outcomes(), ["a ran", "b ran"]);
    assert_eq!(sandbox.ninja(), (true, NOTHING.into()));
    sandbox.sh("touch -d '+1 minute' in");
    assert!(sandbox.ninja().0);
    assert_eq!(sandbox.outcomes(), ["a hit"]);
    sandbox.sh("touch in");
    assert!(sandbox.ninja().0);
    assert_eq!(sandbox.ninja(), (true, NOTHING.into()));
}

#[test]
fn an_output_that_was_deleted_and_then_failed_half_way_is_not_held_for_good() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    for (out, name) in [("<out>", "spliced"), ("out", "literal")] {
        let step = |rest: &str| {
            sandbox
                .step(name)
                .out("out")
                .input("in")
                .command(&format!("echo half > {out}; {rest} echo whole > {out}"))
        };
        sandbox.ninja_file(&[&step("[ ! -e fail ] || exit 1;")]);
        assert!(sandbox.ninja().0);
        sandbox.write("fail", "");
        sandbox.remove("out");
        assert!(!sandbox.ninja().0);
        assert!(!sandbox.ninja().0);
        sandbox.remove("fail");
        assert!(sandbox.ninja().0);
        assert_eq!(sandbox.read("out"), "whole\n");
        assert_eq!(sandbox.ninja(), (true, NOTHING.into()));
        sandbox.remove("out");
    }
}

#[test]
fn a_command_that_was_changed_failed_and_was_changed_back_leaves_its_own_output() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    for (out, name) in [("<out>", "spliced"), ("out", "literal")] {
        let step = |text: &str| sandbox.step(name).out("out").input("in").command(&text.replace("OUT", out));
        let (good, bad) = (step("echo good > OUT"), step("echo half > OUT; exit 1"));
        sandbox.ninja_file(&[&good]);
        assert!(sandbox.ninja().0);
        sandbox.ninja_file(&[&bad]);
        assert!(!sandbox.ninja().0);
        sandbox.ninja_file(&[&good]);
        assert!(sandbox.ninja().0);
        assert_eq!(sandbox.read("out"), "good\n");
        assert_eq!(sandbox.ninja(), (true, NOTHING.into()));
    }
}

#[test]
fn a_found_header_is_still_known_after_a_run_that_only_looked() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    sandbox.write("a dir/h", "1");
    let command = "printf 'x: a\\\\ dir/h\\n' > <gen>/x.d; cat 'a dir/h' > <gen>/out";
    let step = sandbox.step("s").out("gen/").input("in").option(&["--depfile", "gen/x.d"]).command(command);
    sandbox.ninja_file(&[&step]);
    assert!(sandbox.ninja().0);
    sandbox.sh("touch -d '+1 minute' in");
    assert!(sandbox.ninja().0);
    sandbox.sh("touch in");
    assert!(sandbox.ninja().0);
    assert_eq!(sandbox.ninja(), (true, NOTHING.into()));
    sandbox.outcomes();
    sandbox.write("a dir/h", "2");
    sandbox.sh("touch -d '+1 minute' 'a dir/h'");
    assert!(sandbox.ninja().0);
    assert_eq!((sandbox.outcomes(), sandbox.read("gen/out")), (vec!["s ran".to_owned()], "2".into()));
}

/// One step per name: it makes the name out of `in/<name>` and finds `found/<name>`.
fn steps_named(sandbox: &Sandbox, names: &[&str]) {
    let mut steps = vec![];
    for (number, name) in names.iter().enumerate() {
        sandbox.write(&format!("in/{name}"), name);
        sandbox.write(&format!("found/{name}"), name);
        let escaped = format!("found/{name}").replace('$', "$$").replace(' ', "\\ ").replace('#', "\\#");
        let command = format!("printf %s {} > <{name}>.d; : > <{name}>", quoted(&format!("x: {escaped}")));
        let depfile = format!("{name}.d");
        let step = sandbox.step(&format!("s{number}")).out(name).input(&format!("in/{name}"));
        steps.push(step.option(&["--depfile", &depfile]).command(&command));
    }
    sandbox.ninja_file(&steps.iter().collect::<Vec<_>>());
    let (done, said) = sandbox.ninja();
    assert!(done, "{said}");
    sandbox.outcomes();
}

#[test]
fn awkward_names_are_up_to_date_after_one_run() {
    let sandbox = Sandbox::new();
    steps_named(&sandbox, &["a b", "$x", "#x", "ü→", "back\\slash", "a:b", "-n", "d e/#f $g", "a@b{c}"]);
    assert_eq!(sandbox.ninja(), (true, NOTHING.into()));
}

/// Ninja reads no dependency file right that holds these (1.13 some of them): it asks each time, and is told.
#[test]
fn names_that_ninja_cannot_read_cost_a_look_and_are_never_stale() {
    let sandbox = Sandbox::new();
    let names = ["it's", "q\"q", "a;b", "a&b", "a*b", "<a>", "`id`", "a^?"];
    steps_named(&sandbox, &names);
    assert!(sandbox.ninja().0);
    let outcomes = sandbox.outcomes();
    assert!(outcomes.iter().all(|outcome| outcome.ends_with(" hit")), "{outcomes:?}");
    for (number, name) in names.iter().enumerate() {
        sandbox.write(&format!("found/{name}"), "changed");
        sandbox.sh(&format!("touch -d '+1 minute' {}", quoted(&format!("found/{name}"))));
        assert!(sandbox.ninja().0);
        assert!(sandbox.outcomes().contains(&format!("s{number} ran")), "{name}");
    }
}

#[test]
fn a_killed_runner_leaves_the_old_output_and_the_next_run_is_right() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    sandbox.sh("mkfifo ready go");
    let command = "cat in > <gen>/a; if [ -e block ]; then : > ready; cat go; fi; echo whole >> <gen>/a";
    let step = sandbox.step("s").out("gen/").input("in").command(command);
    sandbox.ninja_file(&[&step]);
    assert!(sandbox.ninja().0);
    sandbox.write("block", "");
    sandbox.write("in", "2");
    let mut runner = sandbox.runner(&step.words()).stderr(Stdio::null()).spawn().unwrap();
    sandbox.read("ready");
    runner.kill().unwrap();
    runner.wait().unwrap();
    assert_eq!(sandbox.read("gen/a"), "1whole\n");
    sandbox.remove("block");
    // The input is what it was, so that Ninja sees no newer input: the missing dependency file tells.
    sandbox.write("in", "1");
    sandbox.sh("touch -d @1 in");
    sandbox.outcomes();
    assert!(sandbox.ninja().0);
    assert_eq!(sandbox.outcomes(), ["s hit"]);
    sandbox.write("in", "3");
    assert_eq!(sandbox.run(&step.words()).outcome, "ran");
    sandbox.write("go", "");
    assert_eq!(sandbox.read("gen/a"), "3whole\n");
    assert_eq!(sandbox.tree(), ["build.ninja", "gen/SHA256SUMS", "gen/a", "go", "in", "ready"]);
    assert_eq!(sandbox.sh("ls -A gen"), "SHA256SUMS\na\n");
}

#[test]
fn a_killed_tool_leaves_the_old_output() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    let step = sandbox.step("s").out("out").input("in").command("cat in > <out>; grep -q 1 in || kill -9 $$");
    sandbox.ninja_file(&[&step]);
    assert!(sandbox.ninja().0);
    sandbox.write("in", "2");
    assert_eq!(sandbox.run(&step.words()).exit, 137);
    assert_eq!(sandbox.read("out"), "1");
    assert!(!sandbox.ninja().0);
}

#[test]
fn a_runner_that_is_killed_while_it_publishes_new_files_leaves_none_behind() {
    let sandbox = Sandbox::new();
    sandbox.write("names", "a\nb\n");
    let step = sandbox
        .step("s")
        .out("gen/")
        .input("names")
        .command("while read -r n; do : > <gen>/$n; done < names");
    // `gen/b` cannot be replaced, which stops the runner where a kill would.
    sandbox.write("gen/b/in-the-way", "");
    let run = sandbox.run(&step.words());
    assert_eq!(
        (run.exit, sandbox.tree()),
        (3, vec!["gen/a".into(), "gen/b/in-the-way".into(), "names".into()])
    );
    sandbox.sh("rm -r gen/b");
    sandbox.write("names", "c\n");
    assert_eq!(sandbox.run(&step.words()).exit, 0);
    assert_eq!(sandbox.tree(), ["gen/SHA256SUMS", "gen/c", "names"]);
}

#[test]
fn a_runner_that_outlives_its_ninja_publishes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.sh("mkfifo ready go");
    let step = sandbox.step("s").out("out").command(": > ready; cat go > <out>").words();
    let words: Vec<String> = step.iter().map(|word| quoted(word)).collect();
    let script = format!("{} tool run {}; :", quoted(crate::sandbox::FUDSV), words.join(" "));
    let mut parent = Command::new("sh");
    parent.args(["-c", &script]).current_dir(sandbox.path(".")).env("FUDSV_EVENTS", "events");
    let mut parent = parent.stderr(Stdio::null()).spawn().unwrap();
    sandbox.read("ready");
    parent.kill().unwrap();
    parent.wait().unwrap();
    sandbox.write("go", "late");
    // The runner holds this until it ends.
    File::open(sandbox.path(".fudsv/steps/s.lock")).unwrap().lock().unwrap();
    assert_eq!(
        (sandbox.tree(), sandbox.outcomes()),
        (vec!["go".into(), "ready".into()], vec!["s failed".into()])
    );
    let expected = "error: step `s` was stopped: the program that started it has ended\n";
    assert_eq!(sandbox.log("s"), expected);
}

#[test]
fn two_runners_at_once_run_the_commands_once() {
    let sandbox = Sandbox::new();
    sandbox.sh("mkfifo ready go");
    let step = sandbox.step("s").out("out").command("echo x >> ran; : > ready; cat go > <out>").words();
    let mut first = sandbox.runner(&step).spawn().unwrap();
    sandbox.read("ready");
    let mut second = sandbox.runner(&step).spawn().unwrap();
    sandbox.write("go", "done");
    assert!(first.wait().unwrap().success() && second.wait().unwrap().success());
    assert_eq!((sandbox.read("ran"), sandbox.read("out")), ("x\n".into(), "done".into()));
    assert_eq!(sandbox.outcomes(), ["s ran", "s hit"]);
}

#[test]
fn tools_do_not_inherit_the_lock_of_the_build_directory() {
    let sandbox = Sandbox::new();
    sandbox.write("lock", "");
    let step =
        sandbox.step("s").out("out").command("ls -l /proc/self/fd | grep -c lock > <out> || :").words();
    let words: Vec<String> = step.iter().map(|word| quoted(word)).collect();
    let fudsv = quoted(crate::sandbox::FUDSV);
    sandbox.sh(&format!("exec 9> lock; FUDSV_LOCK_FD=9 {fudsv} tool run {}", words.join(" ")));
    assert_eq!(sandbox.read("out"), "0\n");
}

#[test]
fn in_place_outputs_come_back_after_a_failure_and_stay_when_nothing_changed() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    let command = "if [ -e <out> ]; then exit 9; fi; head -c1 in > <out>; echo dwo > out.dwo; head -c1 in > <d>/x; grep -q 1 in";
    let step = sandbox
        .step("s")
        .option(&["--in-place"])
        .input("in")
        .out("out")
        .out("out.dwo")
        .out("d/")
        .command(command);
    let step = step.words();
    assert_eq!(sandbox.run(&step).exit, 0);
    sandbox.write("d/foreign", "");
    let before = (sandbox.identity("out"), sandbox.identity("d/x"));
    sandbox.write("in", "2");
    assert_eq!(sandbox.run(&step).exit, 1);
    assert_eq!((sandbox.identity("out"), sandbox.identity("d/x")), before);
    assert_eq!((sandbox.read("out"), sandbox.read("d/x")), ("1".into(), "1".into()));
    sandbox.write("in", "1 comment");
    assert_eq!(sandbox.run(&step).outcome, "ran");
    assert_eq!((sandbox.identity("out"), sandbox.identity("d/x")), before);
    assert_eq!(sandbox.tree(), ["d/SHA256SUMS", "d/foreign", "d/x", "in", "out", "out.dwo"]);
}

#[test]
fn an_output_that_is_a_link_is_published_as_a_link() {
    let sandbox = Sandbox::new();
    sandbox.write("far/a", "1");
    let step = sandbox.step("s").out("near/l").input("far/a").command("ln -s ../far/a <near/l>");
    sandbox.ninja_file(&[&step]);
    assert!(sandbox.ninja().0);
    assert_eq!(sandbox.read("near/l"), "1");
    assert_eq!(sandbox.ninja(), (true, NOTHING.into()));
    assert_eq!(sandbox.run(&step.words()).outcome, "hit");
}

#[test]
fn events_tell_each_start_and_end() {
    let sandbox = Sandbox::new();
    let step = sandbox.step("s").out("out").command(": > <out>").words();
    sandbox.run(&step);
    let number = |text: &str| text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 13);
    let events = sandbox.read("events");
    assert!(events.lines().all(number), "{events}");
    let plain: String = events.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let expected = "{\"event\":\"start\",\"step\":\"s\",\"why\":[\"new\"],\"start\":,\
                    \"log\":\".fudsv/steps/s.log\"}\n\
                    {\"event\":\"end\",\"step\":\"s\",\"outcome\":\"ran\",\"why\":[\"new\"],\"exit\":,\"start\":,\
                    \"end\":,\"log\":\".fudsv/steps/s.log\"}\n";
    assert_eq!(plain, expected);
}
