//! Ops of one's own as their authors see them: what `check` warns of, and lists of files that follow the disk.
//! It does not know the built-in ops.

use crate::sandbox::Sandbox;
use insta::assert_snapshot;

#[test]
fn a_check_warns_of_what_no_step_waits_for() {
    let script = "let s = state(\"s\", [\"s\"]);\nlet t = state(\"t\", [\"t\"]);\n/// Reads.\ndefop read(a: s) >> b: t {\n    shell_deps(`mytool ${b} && sh ../../dat.sh > ${b}`, [a], [b]);\n    print(tool(\"sh\").name);\n}\n";
    assert_snapshot!(Sandbox::new().file("fudsv/p.rhai", script).fudsv("check"), @"");
}

#[test]
fn a_check_finds_overrides_that_do_not_fit() {
    let script = "let t = state(\"mine\", [\"mine\"]);\n/// Other.\ndefop lint(a: t) >> b: \"sv\" {\n    shell(`cp ${a} ${b}`);\n}\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script);
    let sandbox = sandbox.file("fud.toml", "override = [\"lint\", \"verilate\"]\n");
    assert_snapshot!(sandbox.fudsv("check"), @"");
}

/// Two parts that each make a result, and one that takes all results.
const MERGES: &str = "let stim = state(\"stim\", [\"stim\"]);\nlet cov = state(\"cov\", [\"cov\"]);\nlet all = state(\"covm\", [\"covm\"]);\ndefop cover(a: stim) >> b: cov {\n    shell(`sed s/^/cov:/ ${a} > ${b}`);\n}\ndefop merge(parts: [cov]) >> b: all {\n    shell(`cat ${parts} > ${b}`);\n}\n";

#[test]
fn what_is_made_of_each_file_is_gathered_by_an_op_that_takes_a_list() {
    let sandbox = Sandbox::new().file("fudsv/p.rhai", MERGES);
    let sandbox = sandbox.file("x/a.stim", "one\n").file("y/a.stim", "two\n").file("b.stim", "three\n");
    assert_snapshot!(sandbox.fudsv("plan x/a.stim y/a.stim b.stim --to covm"), @"");
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
    assert_snapshot!(sandbox.fudsv("exec 'my pages' --to idx"), @"");
    assert_snapshot!(sandbox.fudsv("exec d.pages --from sv --to lint"), @"");
    assert_snapshot!(sandbox.fudsv("exec f --from pages --to idx"), @"");
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
