//! Ops of one's own as their authors see them: what `check` warns of, and lists of files that follow the disk.
//! It does not know the built-in ops.

use crate::sandbox::Sandbox;
use insta::assert_snapshot;

#[test]
fn a_check_warns_of_what_no_step_waits_for() {
    let script = "let s = state(\"s\", [\"s\"]);\nlet t = state(\"t\", [\"t\"]);\n/// Reads.\ndefop read(a: s) >> b: t {\n    shell_deps(`mytool ${b} && sh ../../dat.sh > ${b}`, [a], [b]);\n}\n";
    assert_snapshot!(Sandbox::new().file("fudsv/p.rhai", script).fudsv("check"), @r#"
    exit 0
    --- stdout
    checked 1 op: all is well
    --- stderr
    warning: `../../dat.sh` is plain text: no step waits for this file
      --> fudsv/p.rhai:5:5
      |
    5 |     shell_deps(`mytool ${b} && sh ../../dat.sh > ${b}`, [a], [b]);
      |     ^^^^^^^^^^
    hint: a file value is a dependency: a parameter, `path(…)`, `rsrc(…)`, `config_path(…)`

    warning: `mytool` is plain text: another version of it runs nothing again
      --> fudsv/p.rhai:5:5
      |
    5 |     shell_deps(`mytool ${b} && sh ../../dat.sh > ${b}`, [a], [b]);
      |     ^^^^^^^^^^
    hint: `tool("mytool")` is a dependency, and a setting can name the program
    "#);
}

#[test]
fn a_check_finds_overrides_that_do_not_fit() {
    let script = "let t = state(\"mine\", [\"mine\"]);\n/// Other.\ndefop lint(a: t) >> b: \"sv\" {\n    shell(`cp ${a} ${b}`);\n}\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script);
    let sandbox = sandbox.file("fud.toml", "override = [\"lint\", \"verilate\"]\n");
    assert_snapshot!(sandbox.fudsv("check"), @r#"
    exit 2
    --- stderr
    error: `lint` does not fit in the place of the built-in one
      --> fudsv/p.rhai:3:7
      |
    3 | defop lint(a: t) >> b: "sv" {
      |       ^^^^
      this one: mine >> sv
      built-in: optional([verilator-config]), [sv] >> lint
    hint: take and make the same states, or give the op a name of its own

    error: `override` names `verilate`, and no script declares another one
    hint: without one the built-in `verilate` stays

    error: there are 2 problems with the plugins
    "#);
}

/// Two parts that each make a result, and one that takes all results.
const MERGES: &str = "let stim = state(\"stim\", [\"stim\"]);\nlet cov = state(\"cov\", [\"cov\"]);\nlet all = state(\"covm\", [\"covm\"]);\ndefop cover(a: stim) >> b: cov {\n    shell(`sed s/^/cov:/ ${a} > ${b}`);\n}\ndefop merge(parts: [cov]) >> b: all {\n    shell(`cat ${parts} > ${b}`);\n}\n";

#[test]
fn what_is_made_of_each_file_is_gathered_by_an_op_that_takes_a_list() {
    let sandbox = Sandbox::new().file("fudsv/p.rhai", MERGES);
    let sandbox = sandbox.file("x/a.stim", "one\n").file("y/a.stim", "two\n").file("b.stim", "three\n");
    assert_snapshot!(sandbox.fudsv("plan x/a.stim y/a.stim b.stim --to covm"), @r#"
    exit 0
    --- stdout
    cover: x/a.stim -> .fudsv/a-covm/a.cov
    cover: y/a.stim -> .fudsv/a-covm/a_2.cov
    cover: b.stim -> .fudsv/a-covm/b.cov
    merge: .fudsv/a-covm/a.cov .fudsv/a-covm/a_2.cov .fudsv/a-covm/b.cov -> .fudsv/a-covm/a.covm
    result: .fudsv/a-covm/a.covm (`covm`)
    note: what is made of `x/a.stim`, `y/a.stim` and `b.stim` is gathered as `cov`
    "#);
    let made = sandbox.fudsv("exec -q x/a.stim y/a.stim b.stim --to covm -o -");
    assert_eq!(made.well().stdout, "cov:one\ncov:two\ncov:three\n");
}

#[test]
fn a_directory_is_an_input_where_its_state_is_one_of_directories() {
    let script = "let pages = state(\"pages\", [], #{ directory: true, pattern: \"{}.pages\" });\nlet idx = state(\"idx\", [\"idx\"]);\ndefop index(p: pages) >> i: idx {\n    shell(`ls ${p} > ${i}`);\n}\n";
    let sandbox = Sandbox::new()
        .file("fudsv/p.rhai", script)
        .file("my pages/a", "")
        .file("d.pages/b", "")
        .file("f", "");
    assert_eq!(sandbox.fudsv("exec -q 'my pages' --from pages --to idx -o -").well().stdout, "a\n");
    assert_eq!(sandbox.fudsv("exec -q 'my pages/' --from pages --to idx -o -").well().stdout, "a\n");
    assert_eq!(sandbox.fudsv("exec -q d.pages --to idx -o -").well().stdout, "b\n");
    sandbox.write("d.pages/c", "");
    assert_eq!(sandbox.fudsv("exec -q d.pages --to idx -o -").well().stdout, "b\nc\n");
    assert_snapshot!(sandbox.fudsv("exec 'my pages' --to idx"), @r#"
    exit 2
    --- stderr
    error: `my pages` is a directory
    hint: name files: `my pages/*.sv`, or the state of a directory: `--from pages`
    "#);
    assert_snapshot!(sandbox.fudsv("exec d.pages --from sv --to lint"), @r#"
    exit 2
    --- stderr
    error: `d.pages` is a directory, and `sv` is a state of files
    "#);
    assert_snapshot!(sandbox.fudsv("exec f --from pages --to idx"), @r#"
    exit 2
    --- stderr
    error: `f` is a file, and `pages` is a state of directories
    "#);
}

#[test]
fn a_list_of_files_follows_the_directory() {
    let script = "let s = state(\"s\", [\"s\"]);\nlet t = state(\"t\", [\"t\"]);\ndefop join(a: s) >> b: t {\n    shell(`cat ${a} ${files(\"inc\", \"*.svh\")} > ${b}`, #{ cached: true });\n}\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("a.s", "a\n");
    let sandbox = sandbox.file("inc/z.svh", "z\n").file("inc/no.txt", "no\n");
    let made = |sandbox: &Sandbox| sandbox.fudsv("exec -q a.s --to t -o -").well().stdout.clone();
    assert_eq!(made(&sandbox), "a\nz\n");
    sandbox.write("inc/b b.svh", "b\n");
    assert_eq!(made(&sandbox), "a\nb\nz\n");
    sandbox.edit("inc/z.svh", "y\n");
    assert_eq!(made(&sandbox), "a\nb\ny\n");
    std::fs::remove_file(sandbox.path("inc/z.svh")).unwrap();
    assert_eq!(made(&sandbox), "a\nb\n");
    sandbox.write("inc/c.svh", "c\n");
    sandbox.fudsv("exec -q a.s --to t").well();
    sandbox.write("inc/d.svh", "d\n");
    let workdir = sandbox.tree(".fudsv").into_iter().find(|path| path.ends_with("build.ninja")).unwrap();
    let workdir = format!(".fudsv/{}", workdir.trim_end_matches("/build.ninja"));
    sandbox.ninja(&workdir, "").well();
    assert_eq!(made(&sandbox), "a\nb\nc\nd\n");
}

#[test]
fn an_op_of_ones_own_may_take_the_waves_of_a_simulation_which_is_built_to_write_them() {
    let script = "let wave = get_state(\"vcd\");\nlet lines = state(\"lines\", [\"lines\"]);\n/// Counts.\ndefop count(a: wave) >> b: lines {\n    shell(`wc -l ${a} > ${b}`);\n}\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("tb.sv", "module tb; endmodule\n");
    let emitted = sandbox.fudsv("emit tb.sv --to lines").well().stdout.clone();
    let verilated =
        emitted.lines().find(|line| line.trim_start().starts_with("cmd = ") && line.contains("--cc"));
    assert!(verilated.is_some_and(|command| command.contains(" --trace ")), "{emitted}");
    let said = sandbox.fudsv("emit tb.sv --to vcd --to fst").stderr.clone();
    assert!(said.starts_with("error: `verilator.trace` is not `fst`, which these waveforms need"), "{said}");
}

#[test]
fn a_filelist_may_name_files_of_a_state_of_ones_own() {
    let script = "let table = state(\"table\", [\"tab\"], #{ listed: true });\n/// Makes.\ndefop make(a: table) >> b: \"sv\" {\n    shell(`cp ${a} ${b}`);\n}\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("all.f", "a.tab\n");
    let sandbox = sandbox.file("a.tab", "module a; endmodule\n");
    let plan = sandbox.fudsv("plan -f all.f --to verilated-cpp").well().stdout.clone();
    assert!(plan.starts_with("make: a.tab -> "), "{plan}");
}
