//! What a step rests on beside the files that it names: what is in a directory, what options and response files name,
//! variables, programs, and that nothing changed while it ran.

use crate::sandbox::{FUDSV, Sandbox};
use crate::store::Shared;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

/// Outcome and reason.
fn run(sandbox: &Sandbox, step: &[String]) -> String {
    let ran = sandbox.run(step);
    assert_eq!(ran.exit, 0, "{}", ran.said);
    format!("{} {}", ran.outcome, ran.why).trim().to_owned()
}

#[test]
fn a_declared_directory_counts_with_everything_in_it() {
    let project = Sandbox::new();
    for (name, text) in [("data/a", "1"), ("data/sub/b", "2"), ("else/c", "3")] {
        project.write(name, text);
    }
    symlink("../else", project.path("data/link")).unwrap();
    // A circle of links ends.
    symlink("..", project.path("data/sub/up")).unwrap();
    let build = project.inside("build");
    fs::create_dir(build.path("")).unwrap();
    let step =
        build.step("s").out("o").input("../data").command("cat ../data/a ../data/*/b ../data/link/c > <o>");
    let step = step.words();
    assert_eq!(run(&build, &step), "ran new");
    assert_eq!(run(&build, &step), "hit");
    assert_eq!(build.scan(), Vec::<String>::new());
    for (name, text, seen) in [
        ("data/a", "x", "input changed: ../data/a"),
        ("data/sub/b", "y", "input changed: ../data/sub/b"),
        ("else/c", "z", "input changed: ../data/link/c"),
    ] {
        project.rewrite(name, text);
        assert_eq!(build.scan(), [format!("s: {seen}")]);
        assert_eq!(run(&build, &step), format!("ran {seen}"));
    }
    assert_eq!(build.read("o"), "xyz");
    project.write("data/new", "");
    assert_eq!(
        run(&build, &step),
        "ran input changed: ../data; input added: ../data/new; input changed: ../data/sub/up"
    );
    // What Python leaves beside its sources is not read as data.
    project.write("data/__pycache__/a.pyc", "");
    assert_eq!(run(&build, &step), "hit");
    assert!(build.depfile("s").contains("../data/link/c"), "{}", build.depfile("s"));
}

#[test]
fn a_directory_to_search_counts_by_what_was_found_in_it_only_where_the_tool_tells() {
    let project = Sandbox::new();
    project.write("inc/a.h", "1");
    project.write("inc/b.h", "1");
    let build = project.inside("build");
    fs::create_dir(build.path("")).unwrap();
    let words = |command: &str| build.step("s").out("o").input("../inc").command(command);
    let told = words("cat -I../inc ../inc/a.h > <o> || cat ../inc/a.h > <o>; echo 'o: ../inc/a.h' > o.d");
    let told = told.option(&["--depfile", "o.d"]).words();
    run(&build, &told);
    project.rewrite("inc/b.h", "2");
    assert_eq!(run(&build, &told), "hit");
    let silent = words(": -I../inc; cat ../inc/a.h > <o>").words();
    run(&build, &silent);
    project.rewrite("inc/a.h", "2");
    assert_eq!(run(&build, &silent), "ran input changed: ../inc/a.h");
}

#[test]
fn an_input_that_changes_and_comes_back_while_the_step_runs_is_read_again() {
    for meddle in ["echo B > in; cat in > <a>; echo A > in", "mv in x; echo B > in; cat in > <a>; mv x in"] {
        let shared = Shared::new();
        let build = shared.build("one");
        build.write("in", "A\n");
        let command = format!("echo >> runs; if [ -e once ]; then cat in > <a>; else : > once; {meddle}; fi");
        let step = build.step("s").out("a").input("in").option(&["--cached"]).command(&command).words();
        assert_eq!(build.run(&step).exit, 0);
        assert_eq!((build.read("a"), build.read("runs")), ("A\n".into(), "\n\n".into()), "{meddle}");
        assert_eq!(build.run(&step).outcome, "hit");
        let other = shared.build("two");
        other.write("in", "A\n");
        let step = other.step("s").out("a").input("in").option(&["--cached"]).command(&command).words();
        other.run(&step);
        assert_eq!((other.read("a"), other.path("runs").exists()), ("A\n".into(), false));
    }
}

#[test]
fn a_step_that_writes_its_own_input_fails_and_says_which() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1\n");
    let step = sandbox.step("s").out("a").input("in").command("echo 2 >> in; cp in <a>").words();
    for _ in 0..2 {
        let ran = sandbox.run(&step);
        assert_eq!((ran.exit, ran.outcome.as_str()), (1, "failed"));
        assert_eq!(
            ran.said,
            "error: step `s` changes its own input `in`\n\
             hint: a step only reads its inputs; let it write a copy, as one of its targets\n"
        );
    }
    assert_eq!(sandbox.tree(), ["in"]);
}

#[test]
fn a_link_to_an_input_is_no_change_of_it() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1\n");
    let step = sandbox.step("s").out("a").input("in").command("ln in <a>").words();
    assert_eq!(run(&sandbox, &step), "ran new");
    assert_eq!(run(&sandbox, &step), "hit");
}

#[test]
fn what_is_no_dependency_file_is_an_error() {
    let sandbox = Sandbox::new();
    for (text, fault) in
        [("", "is empty"), ("garbage", "has no rule in line 1"), ("{\"deps\": []}", "is JSON")]
    {
        let command = format!("printf '{}' > d; : > <a>", text.replace('"', "\\042"));
        let step = sandbox.step("s").out("a").option(&["--depfile", "d"]).command(&command).words();
        let ran = sandbox.run(&step);
        let first = ran.said.lines().next().unwrap_or_default();
        assert_eq!((ran.exit, first), (1, format!("error: the dependency file `d` {fault}").as_str()));
    }
}

#[test]
fn a_file_that_a_dependency_file_names_and_that_appears_later_is_a_change() {
    let shared = Shared::new();
    let build = shared.build("one");
    let step = |build: &Sandbox| {
        let command = "cat ../../more/inc > <a> || echo none > <a>; echo 'a:../../more/inc' > d";
        build.step("s").out("a").option(&["--depfile", "d", "--cached"]).command(command).words()
    };
    build.run(&step(&build));
    // Ninja looks at what is there: the directory in which it would appear.
    assert_eq!(build.depfile("s"), "a: ../..\n");
    assert_eq!(build.run(&step(&build)).outcome, "hit");
    shared.0.write("one/more/inc", "1");
    shared.0.write("two/more/inc", "1");
    assert_eq!(build.scan(), ["s: input changed: ../../more/inc"]);
    let other = shared.build("two");
    other.run(&step(&other));
    assert_eq!(other.read("a"), "1");
    assert_eq!(build.run(&step(&build)).why, "input changed: ../../more/inc");
    assert_eq!(build.read("a"), "1");
    fs::remove_file(shared.0.path("one/more/inc")).unwrap();
    build.run(&step(&build));
    assert_eq!(build.read("a"), "none\n");
}

#[test]
fn variables_that_compilers_read_are_read_by_steps_that_may_run_one() {
    let shared = Shared::new();
    let build = shared.build("one");
    build.write(".fudsv/tools/cxx", "");
    let compile = |build: &Sandbox| {
        let step = build.step("s").out("a").input(".fudsv/tools/cxx").option(&["--cached"]);
        step.command("echo \"$CPATH\" >> runs; echo \"$CPATH\" > <a>").words()
    };
    let with = |build: &Sandbox, variable: Option<(&str, &str)>| {
        let mut command = build.runner(&compile(build));
        command.env_remove("CPATH").envs(variable);
        build.finish(&mut command)
    };
    with(&build, None);
    assert_eq!(with(&build, Some(("CPATH", "x"))).why, "variable changed: CPATH");
    assert_eq!((build.read("a"), with(&build, Some(("CPATH", "x"))).outcome), ("x\n".into(), "hit".into()));
    assert_eq!(
        with(&build, Some(("GCC_EXEC_PREFIX", "/"))).why,
        "variable missing: CPATH; variable changed: GCC_EXEC_PREFIX"
    );
    let other = shared.build("two");
    other.write(".fudsv/tools/cxx", "");
    with(&other, Some(("CPATH", "x")));
    assert_eq!((other.read("a"), other.path("runs").exists()), ("x\n".into(), false));
    with(&other, Some(("CPATH", "y")));
    assert_eq!(other.read("a"), "y\n");
}

#[test]
fn response_files_and_libraries_that_options_name_are_inputs() {
    let project = Sandbox::new();
    project.write("flags", "@more\n");
    project.write("more", "-O1");
    project.write("l/libfoo.a", "1");
    let build = project.inside("build");
    build.write(".fudsv/tools/cxx", "");
    let command = "echo c++ @../flags -L../k -L../l -lfoo >> runs; cat ../more > <o>";
    let step = build.step("s").out("o").input(".fudsv/tools/cxx").command(command).words();
    assert_eq!(run(&build, &step), "ran new");
    assert_eq!(run(&build, &step), "hit");
    for (name, text, seen) in [
        ("more", "-O2", "input changed: ../more"),
        ("l/libfoo.a", "2", "input changed: ../l/libfoo.a"),
        (
            "k/libfoo.so",
            "3",
            "input changed: ../k/libfoo.so; input removed: ../k/libfoo.a; input removed: ../l/libfoo.a; input removed: ../l/libfoo.so",
        ),
    ] {
        project.write(name, text);
        assert_eq!(build.scan().len(), 1, "{name}");
        assert_eq!(run(&build, &step), format!("ran {seen}"));
    }
}

#[test]
fn an_output_may_turn_out_to_be_a_directory() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1\n");
    sandbox.write("how", "mkdir -p $1 $1/empty; cp in $1/x");
    for (name, command) in [("known", "sh how <known>"), ("unknown", "sh how unk\"\"nown")] {
        let step = sandbox.step(name).out(name).input("in").input("how").command(command).words();
        assert_eq!(run(&sandbox, &step), "ran new");
        assert_eq!(run(&sandbox, &step), "hit");
        sandbox.sh(&format!("cd {name} && sha256sum -c --quiet --strict SHA256SUMS && test -d empty"));
        sandbox.remove(&format!("{name}/x"));
        assert_eq!(sandbox.scan(), [format!("{name}: output missing: {name}/x")]);
        assert_eq!(run(&sandbox, &step), format!("ran output missing: {name}/x"));
        assert_eq!(sandbox.read(&format!("{name}/x")), "1\n");
    }
    let known = sandbox.step("known").out("known").input("in").input("how").command("sh how <known>").words();
    sandbox.write("how", "exit 3");
    assert_eq!(sandbox.run(&known).exit, 3);
    assert_eq!(sandbox.read("known/x"), "1\n");
    sandbox.write("how", "echo file > $1");
    run(&sandbox, &known);
    assert_eq!(sandbox.read("known"), "file\n");
    sandbox.write("how", "mkdir $1; echo 2 > $1/y");
    run(&sandbox, &known);
    assert_eq!(
        sandbox.tree(),
        ["how", "in", "known/SHA256SUMS", "known/y", "unknown/SHA256SUMS", "unknown/x"]
    );
}

#[test]
fn what_a_later_step_adds_to_a_directory_belongs_to_that_step() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1\n");
    let data = sandbox.step("data").out("dir").input("in").command("mkdir <dir>; cp in <dir>/mem.dat");
    let sim =
        sandbox.step("sim").out("log").input("dir").command("cp dir/mem.dat dir/mem.out; echo done > <log>");
    let json = sandbox.step("json").out("json").input("dir").input("log").command("cat dir/mem.out > <json>");
    sandbox.ninja_file(&[&data, &sim, &json]);
    assert!(sandbox.ninja().0);
    assert_eq!(sandbox.outcomes(), ["data ran", "sim ran", "json ran"]);
    assert_eq!(sandbox.scan(), Vec::<String>::new());
    sandbox.ninja();
    assert!(sandbox.outcomes().iter().all(|outcome| outcome.ends_with("hit")));
    sandbox.ninja();
    assert_eq!(sandbox.outcomes(), Vec::<String>::new());
    // The log says the same, and yet what was read beside it is another.
    sandbox.later_than("json", "in", "2\n");
    sandbox.ninja();
    assert_eq!(
        (sandbox.read("json"), sandbox.outcomes()),
        ("2\n".into(), vec!["data ran".into(), "sim ran".into(), "json ran".into()])
    );
    sandbox.remove("dir/mem.out");
    assert_eq!(sandbox.scan(), ["sim: output missing: dir/mem.out"]);
    sandbox.ninja();
    assert_eq!(sandbox.read("dir/mem.out"), "2\n");
}

#[test]
fn a_step_must_not_change_what_another_made_in_a_directory() {
    let sandbox = Sandbox::new();
    let data = sandbox.step("data").out("dir/").command("echo 1 > <dir>/x").words();
    run(&sandbox, &data);
    let sim =
        sandbox.step("sim").out("log").input("dir/SHA256SUMS").command("echo 2 > dir/x; : > <log>").words();
    let ran = sandbox.run(&sim);
    assert_eq!(
        (ran.exit, ran.said.lines().next()),
        (1, Some("error: step `sim` changes its own input `dir/x`"))
    );
}

#[test]
fn two_steps_that_add_one_file_at_once_are_an_error() {
    let sandbox = Sandbox::new();
    sandbox.write("in", "1\n");
    let data = sandbox.step("data").out("dir").input("in").command("mkdir <dir>; cp in <dir>/mem.dat");
    // Neither writes before both run.
    let sim = |name: &str, wait: &str, file: &str| {
        let command = format!("{wait}; echo {name} > dir/{file}; : > <{name}.log>");
        sandbox.step(name).out(&format!("{name}.log")).input("dir").command(&command)
    };
    sandbox.sh("mkfifo pipe");
    let steps = [&data, &sim("one", "echo go > pipe", "mem.out"), &sim("two", "read go < pipe", "mem.out")];
    sandbox.ninja_file(&steps);
    let (is_fine, said) = sandbox.ninja();
    assert!(!is_fine && said.contains(" adds `dir/mem.out`, and so does the step that makes `"), "{said}");
}

#[test]
fn empty_directories_of_a_result_are_kept_here_and_for_others() {
    let shared = Shared::new();
    let step = |build: &Sandbox| {
        let command = "echo >> runs; mkdir -p <d>/a/b <d>/c; : > <d>/c/x";
        build.step("s").out("d/").option(&["--cached"]).command(command).words()
    };
    let (one, two) = (shared.build("one"), shared.build("two"));
    for build in [&one, &two] {
        build.run(&step(build));
        assert!(build.path("d/a/b").is_dir());
        assert_eq!(build.read("d/SHA256SUMS").lines().last(), Some("# empty directory: a/b"));
        fs::remove_dir(build.path("d/a/b")).unwrap();
        assert_eq!(build.scan(), ["s: output missing: d/a/b"]);
    }
    assert!(!two.path("runs").exists());
}

#[test]
fn a_result_of_another_program_than_was_planned_with_is_neither_kept_nor_believed() {
    let shared = Shared::new();
    let build = shared.build("one");
    let program = |dir: &str, text: &str| {
        shared.0.write(&format!("{dir}/mytool"), &format!("#!/bin/sh\necho {text} > $1\n"));
        fs::set_permissions(shared.0.path(&format!("{dir}/mytool")), fs::Permissions::from_mode(0o755))
            .unwrap();
    };
    program("t1", "one");
    program("t2", "two");
    let sum = shared.0.sh("sha256sum t1/mytool");
    build.write(".fudsv/tools/mytool", &format!("version 1\n{}  mytool\n", sum.split(' ').next().unwrap()));
    let step =
        build.step("s").out("a").input(".fudsv/tools/mytool").option(&["--cached"]).command("mytool <a>");
    let with = |dir: &str| {
        let mut command = build.runner(&step.words());
        let path = format!("{}:{}", shared.0.path(dir).display(), std::env::var("PATH").unwrap());
        command.env("PATH", path).env_remove("FUDSV_TOKEN");
        build.finish(&mut command)
    };
    let ran = with("t2");
    assert!(ran.said.contains("is not the `mytool` that this build was planned with"), "{}", ran.said);
    assert_eq!((ran.exit, build.read("a"), shared.entries()), (0, "two\n".into(), vec![]));
    assert!(!build.path(".fudsv/steps/s.d").exists());
    assert_eq!(build.scan(), ["s: no record"]);
    assert_eq!(with("t1").why, "tool changed: mytool");
    assert_eq!((build.read("a"), shared.entries().len()), ("one\n".into(), 1));
    assert_eq!(with("t1").outcome, "hit");
}

#[test]
fn a_relative_path_to_fudsv_means_the_same_for_the_commands() {
    let sandbox = Sandbox::new();
    let build = sandbox.inside("build");
    fs::create_dir(build.path("")).unwrap();
    symlink(FUDSV, sandbox.path("fudsv")).unwrap();
    let step = build.step("s").out("a").cwd("..", "build").command("\"$FUDSV\" --version > <a>").words();
    let mut command = build.runner(&step);
    command.env("FUDSV", "../fudsv");
    let ran = build.finish(&mut command);
    assert_eq!(ran.exit, 0, "{}", ran.said);
}

#[test]
fn a_variable_that_was_never_set_is_seen_when_it_is() {
    let sandbox = Sandbox::new();
    run(&sandbox, &sandbox.step("s").out("a").command("make --version > <a>").words());
    let mut variables: BTreeMap<String, String> = std::env::vars().collect();
    variables.insert("LIBRARY_PATH".into(), "x".into());
    assert_eq!(sandbox.scan_with(&variables), ["s: variable changed: LIBRARY_PATH"]);
}
