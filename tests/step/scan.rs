//! What the driver's scan sees that Ninja does not.
//! It does not know how fast it is.

use crate::sandbox::Sandbox;

const NOTHING: &str = "ninja: no work to do.\n";

/// Two steps in a row, built once: `in` → `gen/` → `out`.
fn built() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    sandbox.write("h", "1");
    let generate = "echo 'x: h' > <gen>/x.d; cat in h > <gen>/a; : > <gen>/b";
    let a = sandbox.step("a").out("gen/").input("in").option(&["--depfile", "gen/x.d"]).command(generate);
    let b = sandbox.step("b").out("out").input("gen/SHA256SUMS").command("cat gen/a > <out>");
    sandbox.ninja_file(&[&a, &b]);
    assert!(sandbox.ninja().0);
    sandbox.outcomes();
    sandbox
}

#[test]
fn nothing_is_forced_when_nothing_changed() {
    let sandbox = built();
    for _ in 0..3 {
        assert_eq!(sandbox.scan(), [""; 0]);
    }
    sandbox.sh("touch in gen/a; rm -f .fudsv/scan");
    assert_eq!(sandbox.scan(), [""; 0]);
    sandbox.write(".fudsv/scan", "fudsv scan 2\nnonsense");
    assert_eq!(sandbox.scan(), [""; 0]);
}

#[test]
fn another_content_under_an_older_time_is_seen() {
    let sandbox = built();
    sandbox.scan();
    for (input, content) in [("in", "2"), ("h", "3")] {
        sandbox.rewrite(input, content);
        sandbox.sh(&format!("touch -d @1 {input}"));
        assert_eq!(sandbox.ninja(), (true, NOTHING.into()));
        assert_eq!(sandbox.scan(), [format!("a: input changed: {input}")]);
        assert!(sandbox.ninja().0);
        assert_eq!(sandbox.outcomes(), ["a ran", "b ran"]);
        assert_eq!(sandbox.scan(), [""; 0]);
        assert_eq!(sandbox.ninja(), (true, NOTHING.into()));
    }
    assert_eq!(sandbox.read("out"), "23");
}

#[test]
fn generated_files_that_were_deleted_or_altered_are_made_again() {
    let sandbox = built();
    for (damage, why) in [
        ("rm gen/b", "a: output missing: gen/b"),
        ("echo x > gen/b", "a: output changed: gen/b"),
        ("printf 22 > gen/a", "a: output changed: gen/a"),
        ("printf 33 > gen/a; touch -d @1 gen/a", "a: output changed: gen/a"),
    ] {
        sandbox.sh(damage);
        assert_eq!(sandbox.scan(), [why]);
        assert!(sandbox.ninja().0);
        assert_eq!(sandbox.outcomes(), ["a ran"]);
        assert_eq!(sandbox.scan(), [""; 0]);
    }
    assert_eq!((sandbox.read("gen/a"), sandbox.read("gen/b")), ("11".into(), String::new()));
}

#[test]
fn a_step_stays_forced_until_it_has_run() {
    let sandbox = built();
    sandbox.remove("out");
    assert_eq!(sandbox.scan(), ["b: output missing: out"]);
    assert_eq!(sandbox.scan(), ["b: output missing: out"]);
    assert!(sandbox.ninja().0);
    assert_eq!(sandbox.scan(), [""; 0]);
}

#[test]
fn a_step_without_a_readable_record_is_forced() {
    let sandbox = built();
    sandbox.scan();
    sandbox.rewrite(".fudsv/steps/a.json", "{");
    sandbox.remove(".fudsv/steps/b.json");
    assert_eq!(sandbox.scan(), ["a: no record", "b: no record"]);
    assert!(sandbox.ninja().0);
    assert_eq!(sandbox.outcomes(), ["a ran", "b ran"]);
    assert_eq!(sandbox.scan(), [""; 0]);
}

#[test]
fn a_record_that_is_gone_is_forgotten() {
    let sandbox = built();
    sandbox.scan();
    sandbox.sh("rm .fudsv/steps/a.* in");
    assert_eq!(sandbox.scan(), [""; 0]);
    sandbox.sh("rm -r .fudsv");
    assert_eq!(sandbox.scan(), [""; 0]);
    assert!(!sandbox.path(".fudsv").exists());
}

#[test]
fn a_result_of_words_that_ninja_never_logged_is_made_again() {
    let sandbox = Sandbox::new();
    let step = |text: &str| sandbox.step("s").out("out").command(&format!("echo {text} > <out>"));
    let (old, new) = (step("old"), step("new"));
    sandbox.ninja_file(&[&old]);
    assert!(sandbox.ninja().0);
    // Ninja is killed when the step has just ended: its log knows the old words only.
    assert_eq!(sandbox.run(&new.words()).outcome, "ran");
    assert_eq!(sandbox.ninja(), (true, NOTHING.into()));
    assert_eq!(sandbox.restate(&[&new]), [""; 0]);
    assert_eq!(sandbox.restate(&[&old]), ["s: command changed"]);
    assert!(sandbox.ninja().0);
    assert_eq!(sandbox.read("out"), "old\n");
    assert_eq!(sandbox.restate(&[&old]), [""; 0]);
}

#[test]
fn a_variable_that_a_step_reads_is_seen() {
    let sandbox = Sandbox::new();
    let step = sandbox.step("s").out("out").option(&["--env", "TOKEN"]).command("echo \"$TOKEN\" > <out>");
    sandbox.ninja_file(&[&step]);
    assert!(sandbox.ninja().0);
    let token = |value: &str| [("TOKEN".to_owned(), value.to_owned())].into();
    assert_eq!(sandbox.scan_with(&[].into()), [""; 0]);
    assert_eq!(sandbox.scan_with(&token("1")), ["s: variable changed: TOKEN"]);
    let ran = sandbox.finish(sandbox.runner(&step.words()).env("TOKEN", "1"));
    assert_eq!(ran.why, "variable changed: TOKEN");
    assert_eq!(sandbox.scan_with(&token("1")), [""; 0]);
    assert_eq!(sandbox.scan_with(&[].into()), ["s: variable missing: TOKEN"]);
}
