//! What makes a step run again: the files it reads, declared or found, and its environment.
//! It does not know Ninja.

use crate::sandbox::{Sandbox, quoted};

#[test]
fn a_change_of_a_found_file_runs_the_step() {
    let sandbox = Sandbox::new();
    sandbox.write("a.c", "#include \"my dir/a.h\"\n");
    sandbox.write("my dir/a.h", "int a;\n");
    let step = sandbox.step("s").out("a.o").input("a.c").option(&["--depfile", "a.o.d"]);
    let step = step.command("gcc -MMD -MP -MF <a.o>.d -c -o <a.o> a.c").words();
    assert_eq!(sandbox.run(&step).said, "");
    assert_eq!(sandbox.depfile("s"), "a.o: my\\ dir/a.h\n");
    sandbox.rewrite("my dir/a.h", "int a;\n");
    sandbox.sh("rm .fudsv/steps/s.d");
    assert_eq!(sandbox.run(&step).outcome, "hit");
    assert_eq!(sandbox.depfile("s"), "a.o: my\\ dir/a.h\n");
    sandbox.write("my dir/a.h", "int b;\n");
    assert_eq!(sandbox.run(&step).why, "input changed: my dir/a.h");
    sandbox.remove("my dir/a.h");
    let run = sandbox.run(&step);
    assert_eq!((run.why.as_str(), run.exit), ("input missing: my dir/a.h", 1));
    assert_eq!(sandbox.tree(), ["a.c", "a.o"]);
    sandbox.write("a.c", "int c;\n");
    assert_eq!(sandbox.run(&step).exit, 0);
    assert_eq!(sandbox.depfile("s"), "a.o:\n");
}

#[test]
fn a_list_of_files_is_a_dependency_file_as_one_of_make_and_several_add_up() {
    let sandbox = Sandbox::new();
    ["my list.h", "b.h"].iter().for_each(|name| sandbox.write(name, "1"));
    let step = sandbox.step("s").out("a").option(&["--depfile-as", "list:a.list", "--depfile", "a.d"]);
    let step = step.command(
        "cat 'my list.h' b.h > <a>; printf 'my list.h\\n\\nnot there.h\\n' > <a>.list; echo 'a: b.h' > <a>.d",
    );
    let words = step.words();
    assert_eq!(sandbox.run(&words).said, "");
    for (file, why) in [("my list.h", "input changed: my list.h"), ("b.h", "input changed: b.h")] {
        assert_eq!(sandbox.run(&words).outcome, "hit");
        sandbox.rewrite(file, "2");
        assert_eq!(sandbox.run(&words).why, why);
    }
    sandbox.write("not there.h", "");
    assert_eq!(sandbox.run(&words).why, "input changed: not there.h");
    assert_eq!(sandbox.run(&words).outcome, "hit");
    let other =
        sandbox.step("s").out("a").option(&["--depfile-as", "make:a.list"]).command(": > <a>; : > <a>.list");
    assert!(sandbox.run(&other.words()).said.contains("the dependency file `a.list` is empty"));
}

#[test]
fn names_are_rewritten_from_where_the_step_runs() {
    let sandbox = Sandbox::new();
    sandbox.write("rtl/a.sv", "");
    sandbox.write("b/gen.h", "");
    let here = sandbox.inside("b");
    let depfile =
        "printf 'x: rtl/a.sv b/gen.h b/out b/./in %s/rtl/a.sv none.h\\n' \"$PWD\" > <out>.d; : > <out>";
    let step = here.step("s").out("out").input("in").cwd("..", "b").option(&["--depfile", "out.d"]);
    here.write("in", "");
    assert_eq!(here.run(&step.command(depfile).words()).said, "");
    let absolute = sandbox.path("rtl/a.sv").canonicalize().unwrap();
    assert_eq!(
        here.depfile("s"),
        format!("out: {} \\\n  .. \\\n  ../rtl/a.sv \\\n  gen.h\n", absolute.display())
    );
}

#[test]
fn verilators_list_is_read_and_neither_published_nor_listed() {
    let sandbox = Sandbox::new();
    sandbox.write("a b.sv", "");
    let list = "S  20 1 2 3 4 5 \"/usr/bin/verilator_bin\"\nS 0 0 0 0 1 0 \"a\"\nS  1 2 3 4 5 6 \"a b.sv\"\n\
                S  1 2 3 4 5 6 \"unhashed\" \"inc.svh\"\nT 1 2 3 4 5 6 \"V.cpp\"\n";
    sandbox.write("inc.svh", "");
    sandbox.write("list", list);
    let step = sandbox.step("s").out("gen/").option(&["--depfile", "gen/Va__verFiles.dat"]);
    let step = step.command("cp list <gen>/Va__verFiles.dat; : > <gen>/Va__ver.d; : > <gen>/Va.cpp").words();
    assert_eq!(sandbox.run(&step).said, "");
    assert_eq!(sandbox.depfile("s"), "gen/SHA256SUMS: a\\ b.sv \\\n  inc.svh\n");
    assert_eq!(sandbox.tree(), ["a b.sv", "gen/SHA256SUMS", "gen/Va.cpp", "inc.svh", "list"]);
    sandbox.write("inc.svh", "// changed\n");
    assert_eq!(sandbox.run(&step).why, "input changed: inc.svh");
}

#[test]
fn a_dependency_file_that_was_not_written_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.write("old.d", "a: b\n");
    let step = sandbox.step("s").out("a").option(&["--depfile", "old.d"]).command(": > <a>").words();
    let expected = "error: the step did not write its dependency file `old.d`\n  \
                    cause: No such file or directory (os error 2)\n";
    let run = sandbox.run(&step);
    assert_eq!((run.exit, run.said.as_str()), (1, expected));
    assert_eq!(sandbox.tree(), [""; 0]);
}

#[test]
fn a_variable_that_the_step_reads_runs_it_and_is_kept_as_a_digest() {
    let sandbox = Sandbox::new();
    let step = sandbox.step("s").out("a").option(&["--env", "TOKEN", "--set", "SET=hunter3"]);
    let step = step.command("echo \"$TOKEN $SET\" > <a>").words();
    let run = |token: &str| sandbox.finish(sandbox.runner(&step).env("TOKEN", token));
    assert_eq!(run("hunter1").outcome, "ran");
    assert_eq!(run("hunter1").outcome, "hit");
    assert_eq!(run("hunter2").why, "variable changed: TOKEN");
    assert_eq!(sandbox.read("a"), "hunter2 hunter3\n");
    assert_eq!(sandbox.run(&step).why, "variable missing: TOKEN");
    assert!(!sandbox.read(".fudsv/steps/s.json").contains("hunter2"));
}

#[test]
fn a_changed_command_runs_the_step() {
    let sandbox = Sandbox::new();
    let step = |text: &str| sandbox.step("s").out("a").command(&format!("echo {text} > <a>")).words();
    sandbox.run(&step("1"));
    assert_eq!(sandbox.run(&step("2")).why, "command changed: 1 → 2");
    assert_eq!(sandbox.read("a"), "2\n");
}

#[test]
fn an_input_that_changes_while_the_step_runs_runs_it_again_at_once() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1");
    let step = sandbox
        .step("s")
        .out("a")
        .input("in")
        .command("cat in > <a>; if [ ! -e once ]; then echo 2 > in; : > once; fi");
    let step = step.words();
    assert_eq!(sandbox.run(&step).outcome, "ran");
    assert_eq!((sandbox.read("a"), sandbox.depfile("s")), ("2\n".into(), "a:\n".into()));
    assert_eq!(sandbox.run(&step).outcome, "hit");
}

#[test]
fn a_found_file_that_changes_while_the_step_runs_runs_it_again() {
    let sandbox = Sandbox::new();
    sandbox.write("h", "1");
    sandbox.sh("mkfifo ready go");
    let command = "echo 'a: h' > <a>.d; cat h > <a>; if [ ! -e once ]; then : > once; : > ready; cat go; fi";
    let step = sandbox.step("s").out("a").option(&["--depfile", "a.d"]).command(command).words();
    let mut runner = sandbox.runner(&step).spawn().unwrap();
    sandbox.read("ready");
    sandbox.later_than(".fudsv/steps/s.lock", "h", "2");
    sandbox.write("go", "");
    assert!(runner.wait().unwrap().success());
    assert_eq!(sandbox.read("a"), "1");
    assert_eq!(sandbox.run(&step).why, "input changed: h");
    assert_eq!(sandbox.read("a"), "2");
    assert_eq!(sandbox.run(&step).outcome, "hit");
}

#[test]
fn a_damaged_record_is_no_record() {
    let sandbox = Sandbox::new();
    let step = sandbox.step("s").out("a").command("echo 1 > <a>").words();
    sandbox.run(&step);
    let whole = sandbox.read(".fudsv/steps/s.json");
    for damaged in ["", "{}", &whole[..whole.len() / 2], &whole.replace("\"format\":2", "\"format\":0")] {
        sandbox.write(".fudsv/steps/s.json", damaged);
        assert_eq!(sandbox.run(&step).why, "new");
        assert_eq!(sandbox.run(&step).outcome, "hit");
    }
}

#[test]
fn a_command_too_long_for_an_argument_runs() {
    let sandbox = Sandbox::new();
    let long = "x".repeat(200_000);
    let step =
        sandbox.step("s").out("a b").cwd("..", "nowhere").command(&format!("printf %s {long} | wc -c"));
    let words: Vec<String> = step.command("touch '<a b>'").words().iter().map(|word| quoted(word)).collect();
    sandbox.write("words", &words.join(" ").replace("nowhere", &sandbox.name()));
    let run = sandbox.run(&["@words".to_owned()]);
    // The spans were counted with another name of the directory.
    assert_eq!(run.exit, 2, "{}", run.said);
    let step =
        sandbox.step("s").out("a b").cwd("..", &sandbox.name()).command(&format!("printf %s {long} | wc -c"));
    let words: Vec<String> = step.command("touch '<a b>'").words().iter().map(|word| quoted(word)).collect();
    sandbox.write("words", &words.join(" "));
    assert_eq!(sandbox.run(&["@words".to_owned()]).said, "200000\n");
    assert_eq!(sandbox.tree(), ["a b", "words"]);
}
