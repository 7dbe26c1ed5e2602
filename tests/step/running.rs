//! What a run of a step leaves: outputs, logs, exit codes.
//! It does not know Ninja.

use crate::sandbox::{Sandbox, quoted};

/// A step that copies `in` to `out` and adds a line to `ran` each time it runs.
fn copy(sandbox: &Sandbox) -> Vec<String> {
    sandbox.step("s").out("out").input("in").command("cat in > <out>; echo x >> ran").words()
}

#[test]
fn a_touch_runs_nothing_and_a_change_runs_the_step() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    let step = copy(&sandbox);
    assert_eq!(sandbox.run(&step).why, "new");
    let before = sandbox.identity("out");
    sandbox.rewrite("in", "1");
    assert_eq!(sandbox.run(&step).outcome, "hit");
    assert_eq!(sandbox.identity("out"), before);
    sandbox.write("in", "2");
    assert_eq!(sandbox.run(&step).why, "input changed: in");
    assert_eq!((sandbox.read("out"), sandbox.read("ran")), ("2".into(), "x\nx\n".into()));
}

#[test]
fn an_output_whose_content_stays_keeps_its_inode_and_time() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "one\n# comment\n");
    let step = sandbox.step("s").out("out").input("in").command("grep -v '#' in > <out>").words();
    sandbox.run(&step);
    let before = sandbox.identity("out");
    sandbox.write("in", "one\n# another\n");
    assert_eq!(sandbox.run(&step).outcome, "ran");
    assert_eq!(sandbox.identity("out"), before);
}

#[test]
fn every_output_is_published_in_its_own_directory() {
    let sandbox = Sandbox::new();
    let step =
        sandbox.step("s").out("a/one").out("b/two").command("echo 1 > <a/one>; echo 2 > <b/two>").words();
    assert_eq!(sandbox.run(&step).exit, 0);
    assert_eq!(sandbox.tree(), ["a/one", "b/two"]);
    assert_eq!((sandbox.read("a/one"), sandbox.read("b/two")), ("1\n".into(), "2\n".into()));
    sandbox.remove("b/two");
    assert_eq!(sandbox.run(&step).why, "output missing: b/two");
    sandbox.write("a/one", "altered");
    assert_eq!(sandbox.run(&step).why, "output changed: a/one");
    assert_eq!(sandbox.read("a/one"), "1\n");
}

#[test]
fn a_failed_step_leaves_the_old_good_output_and_fails_again() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    let step = sandbox
        .step("s")
        .out("out")
        .input("in")
        .command("cat in > <out>; grep -q 1 in || (echo bad; exit 7)");
    let step = step.words();
    sandbox.run(&step);
    sandbox.write("in", "2");
    for _ in 0..2 {
        let run = sandbox.run(&step);
        assert_eq!((run.exit, run.said.as_str(), run.outcome.as_str()), (7, "bad\n", "failed"));
        assert_eq!((sandbox.read("out"), sandbox.tree()), ("1".into(), vec!["in".into(), "out".into()]));
    }
    assert_eq!(sandbox.log("s"), "bad\n");
    sandbox.write("in", "1");
    assert_eq!(sandbox.run(&step).outcome, "hit");
}

#[test]
fn an_output_that_a_failing_command_wrote_under_its_real_name_is_removed() {
    let sandbox = Sandbox::new();
    let step = |code: u8| {
        let command = format!("echo half > out; exit {code}");
        sandbox.step("s").out("out").command(&command).words()
    };
    assert_eq!(sandbox.run(&step(0)).exit, 0);
    assert_eq!(sandbox.run(&step(3)).exit, 3);
    assert_eq!(sandbox.tree(), [""; 0]);
    assert_eq!(sandbox.run(&step(0)).exit, 0);
    assert_eq!(sandbox.read("out"), "half\n");
}

#[test]
fn success_without_a_declared_output_is_an_error_that_names_it() {
    let sandbox = Sandbox::new();
    let step = sandbox.step("s").out("a").out("b").command("echo 1 > <a>").words();
    for _ in 0..2 {
        let run = sandbox.run(&step);
        let expected = "error: step `s` succeeded but did not make its output `b`\n\
                        hint: the command must write the file that the op declares as its target\n";
        assert_eq!((run.exit, run.said.as_str()), (1, expected));
        assert_eq!((sandbox.tree(), sandbox.log("s")), (vec![], expected.into()));
    }
}

#[test]
fn a_command_that_fails_without_a_word_gets_one() {
    let sandbox = Sandbox::new();
    let step = sandbox.step("s").out("a").command("exit 9").words();
    assert_eq!(sandbox.run(&step).said, "error: step `s` exited with 9 and printed nothing\n");
    let step = sandbox.step("s").out("a").command("kill -9 $$").words();
    let run = sandbox.run(&step);
    assert_eq!(
        (run.exit, run.said.as_str()),
        (137, "error: step `s` was ended by signal 9 and printed nothing\n")
    );
}

#[test]
fn commands_run_in_turn_until_one_fails() {
    let sandbox = Sandbox::new();
    let step =
        sandbox.step("s").out("a").command("cd / # no").command("echo 1 > <a> &").command("wait; cat <a>");
    assert_eq!(sandbox.run(&step.command("exit 4").command("echo never").words()).exit, 4);
}

#[test]
fn warnings_are_shown_once_and_kept() {
    let sandbox = Sandbox::new();
    let step = sandbox.step("s").out("a").command("echo out; echo err >&2; echo more; : > <a>").words();
    assert_eq!(sandbox.run(&step).said, "out\nerr\nmore\n");
    assert_eq!(sandbox.run(&step).said, "");
    assert_eq!(sandbox.log("s"), "out\nerr\nmore\n");
}

#[test]
fn a_directory_output_has_a_list_that_sha256sum_accepts() {
    let sandbox = Sandbox::new();
    sandbox.write("names", "b c\nsub/d\n");
    let make = "mkdir -p <gen>/sub; while read -r n; do echo \"$n\" > <gen>/\"$n\"; done < names; : > <gen>/Vx__ver.d";
    let step = sandbox.step("s").out("gen/").input("names").command(make).words();
    assert_eq!(sandbox.run(&step).exit, 0);
    assert_eq!(sandbox.tree(), ["gen/SHA256SUMS", "gen/b c", "gen/sub/d", "names"]);
    assert_eq!(sandbox.sh("cd gen && sha256sum -c SHA256SUMS"), "b c: OK\nsub/d: OK\n");
}

#[test]
fn a_file_that_vanishes_from_a_directory_is_removed_and_a_foreign_one_stays() {
    let sandbox = Sandbox::new();
    sandbox.write("names", "b\nsub/d\n");
    let make = "mkdir -p <gen>/sub; while read -r n; do echo \"$n\" > <gen>/\"$n\"; done < names";
    let step = sandbox.step("s").out("gen/").input("names").command(make).words();
    sandbox.run(&step);
    sandbox.write("gen/Cargo.lock", "foreign");
    sandbox.write("gen/target/x", "foreign");
    let before = sandbox.identity("gen/b");
    sandbox.write("names", "b\n");
    assert_eq!(sandbox.run(&step).outcome, "ran");
    assert_eq!(sandbox.tree(), ["gen/Cargo.lock", "gen/SHA256SUMS", "gen/b", "gen/target/x", "names"]);
    assert_eq!(sandbox.identity("gen/b"), before);
    assert_eq!(sandbox.sh("cd gen && sha256sum -c SHA256SUMS"), "b: OK\n");
    sandbox.write("gen/b", "altered");
    assert_eq!(sandbox.run(&step).why, "output changed: gen/b");
    assert_eq!(sandbox.read("gen/b"), "b\n");
}

#[test]
fn a_directory_that_is_written_under_its_real_name_works_too() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    let step = sandbox.step("s").out("gen/").input("in").command("cat in > gen/a; grep -q 1 in").words();
    assert_eq!(sandbox.run(&step).exit, 0);
    sandbox.write("gen/foreign", "");
    assert_eq!(sandbox.sh("cd gen && sha256sum -c SHA256SUMS"), "a: OK\n");
    sandbox.write("in", "2");
    assert_eq!(sandbox.run(&step).exit, 1);
    assert_eq!(sandbox.tree(), ["gen/foreign", "in"]);
    sandbox.write("in", "1");
    assert_eq!(sandbox.run(&step).why, "output missing: gen/a; output missing: gen/SHA256SUMS");
    assert_eq!(sandbox.sh("cd gen && sha256sum -c SHA256SUMS"), "a: OK\n");
}

#[test]
fn modes_are_kept_even_when_only_they_change() {
    let sandbox = Sandbox::new();
    let step = |mode: &str| {
        let command = format!("echo '#!/bin/sh' > <tool>; chmod {mode} <tool>");
        sandbox.step("s").out("tool").command(&command).words()
    };
    sandbox.run(&step("644"));
    sandbox.run(&step("755"));
    assert_eq!(sandbox.sh("stat -c %a tool"), "755\n");
}

#[test]
fn awkward_names_are_published_byte_for_byte() {
    let sandbox = Sandbox::new();
    for name in [
        "a b",
        "it's",
        "q\"q",
        "$HOME",
        "a;b",
        "a&b",
        "#x",
        "-n",
        "ü→",
        "`id`",
        "back\\slash",
        "*",
        "~",
        "a:b",
    ] {
        sandbox.write(&format!("{name}.in"), name);
        let command = format!(
            "cat ./{} > <{name}>; cat \"<{name}>\" > <{name}>.2 && cat '<{name}>' >/dev/null",
            quoted(&format!("{name}.in"))
        );
        let step = sandbox.step("s").out(name).input(&format!("{name}.in")).command(&command).words();
        let run = sandbox.run(&step);
        assert_eq!((run.exit, run.said.as_str()), (0, ""), "{name}");
        assert_eq!(sandbox.read(name), name);
        assert_eq!(sandbox.run(&step).outcome, "hit");
        // A name that some Ninja would misread is kept from it: Ninja then asks the runner each time.
        let is_misread = name.contains(['\'', '"', ';', '&', '`', '*']);
        let shown = name.replace(' ', "\\ ").replace('#', "\\#").replace('$', "$$");
        let expected = if is_misread { "not-readable-by-ninja" } else { shown.as_str() };
        assert_eq!(sandbox.depfile("s").trim_end_matches(":\n"), expected);
    }
}
