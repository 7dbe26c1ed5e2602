//! `fudsv exec` on small ops: what is printed where, what runs again and what does not, and where results go.
//! It does not know Verilator.

use crate::sandbox::Sandbox;
use insta::assert_snapshot;

/// Text to upper case, then to lines with a dash; a state of two files; a directory.
const LETTERS: &str = r#"
export const txt = state("txt", ["txt"]);
export const upper = state("upper", ["up"]);
export const list = state("list", ["list"]);
export const count = state("count", ["n"]);
export const both = state("both", ["both"]);
export const split = state("split", [], #{ directory: true });

/// Every letter as a capital.
defop raise(src: txt) >> out: upper {
    shell(`tr a-z A-Z < ${src} > ${out}`);
}
/// One line each, with a dash.
defop dash(src: upper) >> out: list {
    shell(`sed s/^/${config_or("list.sign", "-")}/ ${src} > ${out}`);
}
/// How many lines.
defop measure(src: list) >> out: count {
    shell(`wc -l < ${src} | tr -d ' ' > ${out}`);
}
/// All of them, one after the other.
defop join(srcs: [txt]) >> out: both {
    shell(`cat ${srcs} > ${out}`);
}
/// One file per word.
defop scatter(src: txt) >> dir: split {
    shell(`for word in $(cat ${src}); do echo $word > ${dir}/$word; done`);
}
"#;

pub fn letters() -> Sandbox {
    Sandbox::new().file("fudsv/letters.rhai", LETTERS).file("a.txt", "one\ntwo\n").file("b.txt", "three\n")
}

/// What standard error says of the steps that ran.
fn steps(sandbox: &Sandbox, words: &str) -> String {
    sandbox.fudsv(words).well().stderr.clone()
}

#[test]
fn the_path_of_the_result_is_all_that_stdout_gets() {
    let sandbox = letters();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/a-list/a.list
    --- stderr
    [1/2] raise a.up
    [2/2] dash a.list
    Finished: 2 steps ran
    ");
    assert_snapshot!(sandbox.read(".fudsv/a-list/a.list"), @"
    -ONE
    -TWO
    ");
}

#[test]
fn second_run_does_nothing() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list").well();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/a-list/a.list
    --- stderr
    Up to date
    ");
    assert!(sandbox.outcomes(".fudsv/a-list").is_empty());
}

#[test]
fn ninja_is_started_only_when_something_is_to_be_done() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list").well();
    sandbox.program("ninja", "exit 9");
    sandbox.touch("a.txt");
    assert_eq!(sandbox.fudsv("exec a.txt --to list").well().stderr, "Up to date\n");
    let record = ".fudsv/a-list/.fudsv/steps/raise.a.up.json";
    let text = sandbox.read(record);
    for change in [format!("rm {record}"), "rm .fudsv/a-list/a.up".to_owned(), "echo x >> a.txt".to_owned()] {
        sandbox.sh(&change).well();
        assert_eq!(sandbox.fudsv("exec a.txt --to list").exit, Some(1), "{change}");
        sandbox.write(record, &text);
    }
}

#[test]
fn the_record_of_a_step_that_is_no_longer_stated_goes() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list").well();
    let has = |step: &str| sandbox.has(&format!(".fudsv/a-list/.fudsv/steps/{step}.a.list.json"));
    assert!(has("dash"));
    let script = sandbox.read("fudsv/letters.rhai");
    sandbox.edit("fudsv/letters.rhai", &script.replace("defop dash", "defop stroke"));
    sandbox.fudsv("exec a.txt --to list").well();
    assert!(has("stroke") && !has("dash"));
    assert_eq!(sandbox.fudsv("exec a.txt --to list").well().stderr, "Up to date\n");
}

#[test]
fn a_command_that_needs_no_shell_has_the_variables_of_one() {
    let script = "let txt = state(\"txt\", [\"txt\"]);
        let seen = state(\"seen\", [\"seen\"]);
        defop look(src: txt) >> out: seen {
            shell_deps(`cp /proc/self/environ ${out}`, [src], [out], #{ cwd: \"root\" });
        }";
    let sandbox = letters().file("fudsv/seen.rhai", script);
    let result = sandbox.fudsv("exec a.txt --to seen -q").result().to_owned();
    let root = sandbox.path(".").canonicalize().unwrap();
    let stands = format!("PWD={}", root.display());
    assert!(sandbox.read(&result).split('\0').any(|variable| variable == stands));
}

#[test]
fn touch_runs_nothing() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list").well();
    sandbox.touch("a.txt");
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/a-list/a.list
    --- stderr
    Up to date
    ");
}

#[test]
fn edited_input_rebuilds_and_an_equal_middle_stops_it() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list").well();
    sandbox.edit("a.txt", "four\n");
    assert_snapshot!(steps(&sandbox, "exec a.txt --to list"), @"
    [1/2] raise a.up
    [2/2] dash a.list
    Finished: 2 steps ran
    ");
    assert_eq!(sandbox.read(".fudsv/a-list/a.list"), "-FOUR\n");
    sandbox.edit("a.txt", "FOUR\n");
    assert_snapshot!(steps(&sandbox, "exec a.txt --to list"), @"
    [1/2] raise a.up
    Finished: 1 step ran
    ");
}

#[test]
fn content_that_changed_under_an_older_time_is_seen() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list").well();
    sandbox.write("a.txt", "old\n");
    sandbox.sh("touch -d 2001-01-01 a.txt").well();
    sandbox.fudsv("exec a.txt --to list").well();
    assert_eq!(sandbox.read(".fudsv/a-list/a.list"), "-OLD\n");
}

#[test]
fn a_setting_flipped_and_flipped_back_is_right_each_time() {
    let sandbox = letters();
    let sign = |sign: &str| {
        sandbox.edit("fud.toml", &format!("[list]\nsign = \"{sign}\"\n"));
        sandbox.fudsv("exec a.txt --to list").well();
        sandbox.read(".fudsv/a-list/a.list")
    };
    assert_eq!([sign("+"), sign("="), sign("+")], ["+ONE\n+TWO\n", "=ONE\n=TWO\n", "+ONE\n+TWO\n"]);
}

#[test]
fn dash_o_copies_the_result_and_says_so() {
    let sandbox = letters();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list -o 'out dir/my list'"), @"
    exit 0
    --- stdout
    out dir/my list
    --- stderr
    [1/3] raise a.up
    [2/3] dash a.list
    [3/3] copy to out dir/my list
    Finished: 3 steps ran
    ");
    assert_eq!(sandbox.read("out dir/my list"), "-ONE\n-TWO\n");
    sandbox.sh("echo x >> 'out dir/my list'").well();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list -o 'out dir/my list'"), @"
    exit 0
    --- stdout
    out dir/my list
    --- stderr
    [1/1] copy to out dir/my list
    Finished: 1 step ran
    ");
    assert_eq!(sandbox.read("out dir/my list"), "-ONE\n-TWO\n");
}

#[test]
fn the_extension_of_dash_o_says_what_is_wanted() {
    let sandbox = letters();
    assert_snapshot!(sandbox.fudsv("exec a.txt -o a.n"), @"
    exit 0
    --- stdout
    a.n
    --- stderr
    [1/4] raise a.up
    [2/4] dash a.list
    [3/4] measure a.n
    [4/4] copy to a.n
    Finished: 4 steps ran
    ");
    assert_eq!(sandbox.read("a.n"), "2\n");
}

#[test]
fn dash_o_of_a_directory_copies_what_is_in_it_and_removes_what_vanished() {
    let sandbox = letters();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to split -o words"), @"
    exit 0
    --- stdout
    words
    --- stderr
    [1/2] scatter a
    [2/2] copy to words
    Finished: 2 steps ran
    ");
    sandbox.write("words/mine", "");
    sandbox.edit("a.txt", "two three\n");
    sandbox.fudsv("exec a.txt --to split -o words").well();
    assert_eq!(sandbox.tree("words"), ["SHA256SUMS", "mine", "three", "two"]);
}

#[test]
fn dash_o_dash_writes_the_result_to_stdout() {
    let sandbox = letters();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list -o -"), @"
    exit 0
    --- stdout
    -ONE
    -TWO
    --- stderr
    [1/2] raise a.up
    [2/2] dash a.list
    Finished: 2 steps ran
    ");
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list -o -"), @"
    exit 0
    --- stdout
    -ONE
    -TWO
    --- stderr
    Up to date
    ");
}

#[test]
fn standard_input_is_a_file_of_the_state_that_from_says() {
    let sandbox = letters();
    let run = |text: &str| sandbox.fudsv_with_stdin("exec - --from txt --to list -o -", text);
    assert_snapshot!(run("x\n"), @"
    exit 0
    --- stdout
    -X
    --- stderr
    [1/2] raise stdin.up
    [2/2] dash stdin.list
    Finished: 2 steps ran
    ");
    assert_snapshot!(run("x\n"), @"
    exit 0
    --- stdout
    -X
    --- stderr
    Up to date
    ");
    assert_snapshot!(run("y\n"), @"
    exit 0
    --- stdout
    -Y
    --- stderr
    [1/2] raise stdin.up
    [2/2] dash stdin.list
    Finished: 2 steps ran
    ");
}

#[test]
fn dash_o_of_an_output_that_turns_out_to_be_a_directory_copies_that() {
    let script = r#"
let a = state("aa", ["aa"]); let b = state("bb", ["bb"]);
defop make(x: a) >> y: b { shell(`if grep -q file ${x}; then cp ${x} ${y}; else mkdir ${y} && cp ${x} ${y}/$(cat ${x}); fi`); }
"#;
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("x.aa", "one\n");
    let exec = "exec x.aa --to bb -q -o 'new/my out'";
    for (edit, left) in [("two", "one"), ("one", "two")] {
        sandbox.fudsv(exec).well();
        assert!(sandbox.has(&format!("new/my out/{left}")), "{left}");
        assert_eq!(sandbox.fudsv("exec x.aa --to bb -o 'new/my out'").well().stderr, "Up to date\n");
        sandbox.edit("x.aa", &format!("{edit}\n"));
    }
    sandbox.fudsv(exec).well();
    assert!(!sandbox.has("new/my out/two"));
    // A file of the user's in it stays; without one, the file takes the place of the directory.
    sandbox.write("new/my out/mine", "");
    sandbox.edit("x.aa", "file\n");
    assert_eq!(sandbox.fudsv(exec).exit, Some(1));
    assert!(sandbox.has("new/my out/mine"));
    sandbox.sh("rm 'new/my out/mine'").well();
    sandbox.fudsv(exec).well();
    assert_eq!(sandbox.read("new/my out"), "file\n");
    sandbox.edit("x.aa", "one\n");
    sandbox.fudsv(exec).well();
    assert!(sandbox.has("new/my out/one"));
    let said = sandbox.fudsv("exec x.aa --to bb -q -o -");
    assert!(said.stderr.contains("is a directory and cannot go to standard output"), "{said}");
    sandbox.sh("mkdir users").well();
    assert!(
        sandbox.fudsv("exec x.aa --to bb -o users").stderr.starts_with("error: `users` is a directory\n")
    );
}

#[test]
fn dir_names_another_build_directory() {
    let sandbox = letters();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list --dir 'my build'"), @"
    exit 0
    --- stdout
    my build/a.list
    --- stderr
    [1/2] raise a.up
    [2/2] dash a.list
    Finished: 2 steps ran
    ");
    assert!(!sandbox.has(".fudsv"));
}

#[test]
fn several_states_are_several_lines() {
    let sandbox = letters();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list --to count --to upper -q"), @"
    exit 0
    --- stdout
    .fudsv/a-list+count+upper/a.list
    .fudsv/a-list+count+upper/a.n
    .fudsv/a-list+count+upper/a.up
    ");
}

#[test]
fn several_results_go_to_several_places() {
    let sandbox = letters();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list -o l --to count -o - -q"), @"
    exit 0
    --- stdout
    l
    2
    ");
    assert_eq!(sandbox.read("l"), "-ONE\n-TWO\n");
}

#[test]
fn dry_run_prints_the_commands_and_writes_nothing() {
    let sandbox = letters();
    assert_snapshot!(sandbox.fudsv("exec -n a.txt --to list"), @"
    exit 0
    --- stdout
    fudsv gen a.txt --to list
    mkdir -p .fudsv/a-list
    (cd .fudsv/a-list && tr a-z A-Z < ../../a.txt > a.up)
    (cd .fudsv/a-list && sed s/^/-/ a.up > a.list)
    ");
    assert!(!sandbox.has(".fudsv"));
    let commands = sandbox.fudsv("exec -n a.txt --to list").result().to_owned();
    sandbox.sh("mkdir -p .fudsv/a-list").well();
    sandbox.sh(&commands).well();
    assert_eq!(sandbox.read(".fudsv/a-list/a.list"), "-ONE\n-TWO\n");
}

#[test]
fn quiet_says_nothing_but_the_result() {
    assert_snapshot!(letters().fudsv("exec -q a.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/a-list/a.list
    ");
}

#[test]
fn verbose_says_why_and_which_command() {
    let sandbox = letters();
    assert_snapshot!(sandbox.fudsv("exec -v a.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/a-list/a.list
    --- stderr
    [1/2] raise a.up
      why: new
      $ tr a-z A-Z < ../../a.txt > a.up
    [2/2] dash a.list
      why: new
      $ sed s/^/-/ a.up > a.list
    Finished: 2 steps ran
    ");
    sandbox.edit("a.txt", "x\n");
    assert_snapshot!(sandbox.fudsv("exec -v a.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/a-list/a.list
    --- stderr
    [1/2] raise a.up
      why: input changed: a.txt
      $ tr a-z A-Z < ../../a.txt > a.up
    [2/2] dash a.list
      why: input changed: .fudsv/a-list/a.up
      $ sed s/^/-/ a.up > a.list
    Finished: 2 steps ran
    ");
    sandbox.sh("rm .fudsv/a-list/a.up").well();
    assert_snapshot!(sandbox.fudsv("exec -v a.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/a-list/a.list
    --- stderr
    [1/2] raise a.up
      why: output missing: .fudsv/a-list/a.up
      $ tr a-z A-Z < ../../a.txt > a.up
    Finished: 1 step ran
    ");
}

#[test]
fn what_a_tool_prints_is_shown_even_when_it_succeeds() {
    let sandbox = letters().tool("tr", "echo 'warning: slow' >&2\ncommand -p tr \"$@\"");
    assert_snapshot!(sandbox.fudsv("exec a.txt --to upper"), @"
    exit 0
    --- stdout
    .fudsv/a-upper/a.up
    --- stderr
    [1/1] raise a.up
    warning: slow
    Finished: 1 step ran
    ");
}

/// Two ops that fail.
const FAILING: &str = r#"
let txt = state("txt", ["txt"]);
let a = state("a", ["a"]);
let b = state("b", ["b"]);
defop fail_a(src: txt) >> out: a { shell(`echo error: no a >&2; false > ${out}`); }
defop fail_b(src: txt) >> out: b { shell(`echo error: no b >&2; false > ${out}`); }
"#;

#[test]
fn keep_going_runs_what_can_run() {
    let sandbox = Sandbox::new().file("fudsv/f.rhai", FAILING).file("x.txt", "");
    let ends = |words: &str| {
        let exit = sandbox.fudsv(words).exit;
        (exit, sandbox.outcomes(".fudsv/x-a+b").len())
    };
    assert_eq!(ends("exec -j 1 x.txt --to a --to b"), (Some(1), 1));
    assert_eq!(ends("exec -j 1 x.txt --to a --to b -k"), (Some(1), 2));
    assert_eq!(ends("exec -j 1 -k x.txt --to a --to b"), (Some(1), 2));
    assert_eq!(ends("exec -j 1 x.txt --to a --to b --keep-going=0"), (Some(1), 2));
}

#[test]
fn profiles_have_directories_of_their_own() {
    let sandbox = letters().file("fud.toml", "[profile.release.list]\nsign = \"+\"\n");
    assert_eq!(sandbox.fudsv("exec -q a.txt --to list").result(), ".fudsv/a-list/a.list");
    assert_eq!(sandbox.fudsv("exec -q a.txt --to list --release").result(), ".fudsv/a-list-release/a.list");
    let said = sandbox.fudsv("exec -q a.txt --to list --profile release -o -");
    assert_eq!(said.result(), "+ONE\n+TWO");
}

#[test]
fn options_that_matter_are_hashed_into_the_name_and_files_are_not() {
    let sandbox = letters();
    let dir = |words: &str| {
        let path = sandbox.fudsv(&format!("exec -q {words}")).result().to_owned();
        path.rsplit_once('/').unwrap().0.to_owned()
    };
    assert_eq!(dir("a.txt --to both"), ".fudsv/a-both");
    assert_eq!(dir("a.txt b.txt --to both"), ".fudsv/a-both");
    let set = dir("a.txt --to both --set x.y=1");
    assert!(set.starts_with(".fudsv/a-both-") && set.len() == ".fudsv/a-both-".len() + 8, "{set}");
    assert_eq!(dir("b.txt --to both --set x.y=1"), set.replace("/a-", "/b-"));
    assert_ne!(dir("a.txt --to both --set x.y=2"), set);
}

#[test]
fn an_added_file_is_built_in_place() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to both").well();
    assert_snapshot!(sandbox.fudsv("exec -v a.txt b.txt --to both"), @"
    exit 0
    --- stdout
    .fudsv/a-both/a.both
    --- stderr
    [1/1] join a.both
      why: command changed: added b.txt
      why: input added: b.txt
      $ cat ../../a.txt ../../b.txt > a.both
    Finished: 1 step ran
    ");
    assert_eq!(sandbox.read(".fudsv/a-both/a.both"), "one\ntwo\nthree\n");
}

#[test]
fn a_moved_tree_rebuilds_nothing() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list").well();
    sandbox.sh("mkdir moved && mv .fudsv fudsv a.txt moved").well();
    assert_snapshot!(sandbox.fudsv_in("moved", "exec a.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/a-list/a.list
    --- stderr
    Up to date
    ");
}

#[test]
fn a_fresh_checkout_over_a_kept_build_directory_runs_nothing() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list").well();
    sandbox
        .sh("cp a.txt new && rm a.txt && mv new a.txt && cp -R fudsv new && rm -r fudsv && mv new fudsv")
        .well();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/a-list/a.list
    --- stderr
    Up to date
    ");
}

#[test]
fn a_subdirectory_of_the_project_shares_its_build_directory() {
    let sandbox = letters().file("fud.toml", "").file("rtl/c.txt", "c\n");
    assert_snapshot!(sandbox.fudsv_in("rtl", "exec c.txt --to list"), @"
    exit 0
    --- stdout
    ../.fudsv/c-list/c.list
    --- stderr
    [1/2] raise c.up
    [2/2] dash c.list
    Finished: 2 steps ran
    ");
    assert_snapshot!(sandbox.fudsv("exec rtl/c.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/c-list/c.list
    --- stderr
    Up to date
    ");
}

#[test]
fn an_absolute_path_outside_the_project_is_used_as_it_is() {
    let sandbox = letters();
    std::fs::write(sandbox.dir().join("home/far.txt"), "far\n").unwrap();
    let far = sandbox.dir().join("home/far.txt");
    let said = sandbox.fudsv_words("", &["exec", far.to_str().unwrap(), "--to", "list", "-o", "-"]);
    assert_snapshot!(said, @"
    exit 0
    --- stdout
    -FAR
    --- stderr
    [1/2] raise far.up
    [2/2] dash far.list
    Finished: 2 steps ran
    ");
}

#[test]
fn the_build_directory_is_kept_out_of_the_repository() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list").well();
    assert_eq!(sandbox.read(".fudsv/.gitignore"), "*\n");
}

#[test]
fn a_failed_copy_leaves_the_old_result_and_fails_again() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list -o out").well();
    sandbox.edit("a.txt", "x\n");
    sandbox.program("sed", "echo sed: error: broken; exit 1");
    assert_eq!(sandbox.fudsv("exec a.txt --to list -o out").exit, Some(1));
    assert_eq!(sandbox.read("out"), "-ONE\n-TWO\n");
    assert_eq!(sandbox.fudsv("exec a.txt --to list -o out").exit, Some(1));
    sandbox.sh("rm ../bin/sed").well();
    sandbox.fudsv("exec a.txt --to list -o out").well();
    assert_eq!(sandbox.read("out"), "-X\n");
}

#[test]
fn a_step_with_the_terminal_is_heard() {
    let script = r#"
let txt = state("txt", ["txt"]);
let seen = state("seen", ["seen"]);
defop look(src: txt) >> out: seen {
    shell(`echo looking; echo closely >&2; cp ${src} ${out}`, #{ console: true });
}
"#;
    let sandbox = Sandbox::new().file("fudsv/look.rhai", script).file("a.txt", "");
    let said = sandbox.fudsv("exec a.txt --to seen");
    assert_eq!(said.result(), ".fudsv/a-seen/a.seen");
    assert!(said.stderr.contains("looking\n") && said.stderr.contains("closely\n"), "{said}");
    assert_eq!(said.stderr.matches("] look a.seen\n").count(), 1, "{said}");
    let failing = script.replace("cp ${src} ${out}", "false");
    assert_snapshot!(sandbox.file("fudsv/look.rhai", &failing).fudsv("exec -q a.txt --to seen"), @"
    exit 1
    --- stderr
    looking
    closely
    error: `look a.seen` failed (exit code 1)
      script:  fudsv/look.rhai:5:5
      command: (cd .fudsv/a-seen && echo looking; echo closely >&2; false)
    ");
}

#[test]
fn a_removed_input_is_an_error_and_its_return_is_not() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to list").well();
    sandbox.sh("mv a.txt away").well();
    assert_eq!(sandbox.fudsv("exec a.txt --to list").exit, Some(2));
    sandbox.sh("mv away a.txt").well();
    assert_eq!(sandbox.fudsv("exec a.txt --to list").well().stderr, "Up to date\n");
}

#[test]
fn a_damaged_build_directory_is_mended() {
    let sandbox = letters();
    for damage in [
        "echo x > build.ninja",
        "rm build.ninja",
        "rm -r .fudsv",
        "echo x > .fudsv/generated.json",
        "rm .ninja_log",
    ] {
        sandbox.fudsv("exec a.txt --to list").well();
        sandbox.sh(&format!("cd .fudsv/a-list && {damage}")).well();
        sandbox.fudsv("exec a.txt --to list").well();
        assert_eq!(sandbox.read(".fudsv/a-list/a.list"), "-ONE\n-TWO\n", "{damage}");
    }
}

#[test]
fn what_can_be_pasted_asks_for_all_that_was_asked() {
    let requests = [
        (
            letters(),
            "a.txt --to list --strict -DA=1 -s x.y=1 --each --release -o out",
            "a.txt --to list --output out '--each=*' --strict -DA=1 --set x.y=1 --release",
        ),
        (
            Sandbox::new().file("a.sv", "").verilator("5.006 2023-01-22"),
            "--untrusted a.sv --strict --to lint",
            "a.sv --to lint --strict --untrusted",
        ),
    ];
    for (sandbox, asked, said) in requests {
        let first = |words: &str| sandbox.fudsv(words).result().lines().next().unwrap().to_owned();
        assert_eq!(first(&format!("exec -n {asked}")), format!("fudsv gen {said}"));
        let emitted = sandbox.fudsv(&format!("emit {asked}")).result().to_owned();
        assert_eq!(emitted.lines().nth(1), Some(&*format!("# Made by: fudsv exec {said}")));
        assert_eq!(sandbox.fudsv(&format!("emit {said}")).result(), emitted);
    }
}
