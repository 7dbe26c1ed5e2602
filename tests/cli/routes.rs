//! Which way files go: several inputs and results, `--through`, `--bind`, standard input and output, and what is said
//! when there is no way.
//! It does not know how a plan is found.

use crate::sandbox::Sandbox;
use insta::assert_snapshot;

/// Texts that are made upper case, changed, and joined.
const TEXTS: &str = r#"
let txt = state("txt", ["txt"]);
let up = state("up", ["up"]);
let pair = state("pair", ["pair"]);
let sum = state("sum", ["sum"]);
let log = state("log", ["log"]);
let cfg = state("cfg", ["cfg"]);
defop upper(src: txt) >> dst: up { shell(`tr a-z A-Z < ${src} > ${dst}`); }
defop turn(src: up) >> dst: up { shell(`tac ${src} > ${dst}`); }
defop number(src: up) >> dst: up { shell(`cat -n ${src} | tr -s ' \t' ' ' > ${dst}`); }
defop join(left: up, right: up) >> dst: pair { shell(`cat ${left} ${right} > ${dst}`); }
defop gather(all: [up], cfg: optional(cfg)) >> dst: sum, log: log {
    shell(`cat ${all} ${if cfg == () { "" } else { `${cfg}` }} > ${dst}; echo ${all.len()} > ${log}`);
}
"#;

fn texts() -> Sandbox {
    let sandbox = Sandbox::new().file("fudsv/texts.rhai", TEXTS).file("a a.txt", "one\ntwo\n");
    let sandbox = sandbox.file("b.txt", "three\n").file("u.up", "U\n").file("v.up", "V\n");
    sandbox.file("k.cfg", "K\n").file("l.cfg", "L\n")
}

/// What a request makes, or the report of its error.
fn made(sandbox: &Sandbox, words: &str) -> String {
    sandbox.fudsv(&format!("exec -q {words} -o -")).to_string()
}

#[test]
fn ops_are_gone_through_in_the_order_they_are_named() {
    let sandbox = texts();
    assert_snapshot!(made(&sandbox, "'a a.txt' --to up --through turn --through number"), @"
    exit 0
    --- stdout
     1 TWO
     2 ONE
    ");
    assert_snapshot!(made(&sandbox, "'a a.txt' --to up --through number --through turn"), @"
    exit 0
    --- stdout
     2 TWO
     1 ONE
    ");
    assert_snapshot!(made(&sandbox, "u.up --to up --through number --through number"), @"
    exit 0
    --- stdout
     1 1 U
    ");
    assert_snapshot!(made(&sandbox, "'a a.txt' --to sum --through turn"), @"
    exit 0
    --- stdout
    TWO
    ONE
    ");
    assert_snapshot!(made(&sandbox, "'a a.txt' --to up --through turn --through upper"), @"
    exit 2
    --- stderr
    error: no way from `txt` to `up` through `turn` and `upper`
      given:  a a.txt (`txt`, from its extension)
      wanted: `up`
    hint: `upper` takes `txt` and makes `up`; no op makes that once `turn` is required
    ");
    assert_snapshot!(made(&sandbox, "u.up --to pair --through gather"), @"
    exit 2
    --- stderr
    error: no way from `up` to `pair` through `gather`
      given:  u.up (`up`, from its extension)
      wanted: `pair`
    hint: `pair` is made by `join` (from `up`); no op makes `up` once `gather` is required
    ");
}

#[test]
fn several_files_for_one_place_are_an_error_with_words_to_paste() {
    let sandbox = texts();
    assert_snapshot!(made(&sandbox, "'a a.txt' b.txt --to up"), @"
    exit 2
    --- stderr
    error: `a a.txt` and `b.txt` could both be `upper.src`, which takes one file
      given: a a.txt (`txt`)
             b.txt (`txt`)
    hint: `--each` does this for each of them
    ");
    assert_snapshot!(made(&sandbox, "'a a.txt' b.txt --to up --each"), @"
    exit 0
    --- stdout
    ONE
    TWO
    THREE
    ");
    assert_snapshot!(made(&sandbox, "u.up k.cfg l.cfg --to sum"), @"
    exit 2
    --- stderr
    error: `k.cfg` and `l.cfg` could both be `gather.cfg`, which takes one file
      given: k.cfg (`cfg`)
             l.cfg (`cfg`)
    hint: `--each='*.cfg'` does this for each of them
    ");
    assert_snapshot!(made(&sandbox, "u.up k.cfg l.cfg --to sum --each='*.cfg'"), @"
    exit 0
    --- stdout
    U
    K
    U
    L
    ");
    assert_snapshot!(made(&sandbox, "u.up v.up --to pair"), @"
    exit 2
    --- stderr
    error: it is not clear which of `u.up` and `v.up` belongs to which of `join.left` and `join.right`
      given: u.up (`up`)
             v.up (`up`)
    hint: assign them, as in `--bind join.left=u.up --bind join.right=v.up`
    ");
}

#[test]
fn a_list_takes_all_files_and_what_is_bound_goes_where_it_is_bound() {
    let sandbox = texts();
    assert_snapshot!(made(&sandbox, "v.up u.up k.cfg --to sum"), @"
    exit 0
    --- stdout
    V
    U
    K
    ");
    assert_snapshot!(made(&sandbox, "u.up v.up --to pair --bind join.left=v.up"), @"
    exit 0
    --- stdout
    V
    U
    ");
    assert_snapshot!(made(&sandbox, "u.up v.up --to pair --bind join.left=v.up --bind join.left=u.up"), @"
    exit 2
    --- stderr
    error: `v.up` and `u.up` are both bound to `join.left`, which takes one file
    ");
    assert_snapshot!(made(&sandbox, "b.txt u.up --to pair --bind join.left=b.txt"), @"
    exit 2
    --- stderr
    error: `b.txt` is `txt`, but `join.left` takes `up`
    hint: `--from up` treats the file as one
    ");
    assert_snapshot!(made(&sandbox, "u.up v.up --to sum --bind join.left=v.up"), @"
    exit 2
    --- stderr
    error: a file is bound to `join.left`, but the plan does not use `join`
    hint: `--through join` asks for a plan that uses it
    ");
    assert_snapshot!(made(&sandbox, "b.txt u.up --to sum"), @"
    exit 0
    --- stdout
    U
    THREE
    ");
    assert_snapshot!(made(&sandbox, "b.txt u.up --to sum --through upper"), @"
    exit 0
    --- stdout
    U
    THREE
    ");
}

#[test]
fn what_nobody_asked_for_has_a_name_too() {
    let sandbox = texts();
    assert_snapshot!(sandbox.fudsv("plan u.up --to log --dir d"), @"
    exit 0
    --- stdout
    gather: u.up -> d/u.sum d/u.log
    result: d/u.log (`log`)
    ");
    assert_eq!(sandbox.fudsv("exec -q u.up --to log --dir d").result(), "d/u.log");
    assert_eq!(sandbox.read("d/u.sum"), "U\n");
}

#[test]
fn standard_input_is_one_file_among_others_and_results_go_to_standard_output_in_turn() {
    let sandbox = texts();
    let made = |words: &str| sandbox.fudsv_with_stdin(&format!("exec -q {words}"), "typed\n").to_string();
    assert_snapshot!(made("--from up v.up - --from up --to sum -o -"), @"
    exit 0
    --- stdout
    V
    typed
    ");
    assert_snapshot!(made("--from up - v.up --to log --to sum -o - -o -"), @"
    exit 0
    --- stdout
    2
    typed
    V
    ");
    assert_snapshot!(made("--from txt - --to up -o out/x.up"), @"
    exit 0
    --- stdout
    out/x.up
    ");
    assert_eq!(sandbox.read("out/x.up"), "TYPED\n");
}

#[test]
fn a_gap_is_named() {
    let sandbox = texts();
    assert_snapshot!(made(&sandbox, "k.cfg --to sum"), @"
    exit 2
    --- stderr
    error: no way from `cfg` to `sum`
      given:     k.cfg (`cfg`, from its extension)
      wanted:    `sum`
      reachable: nothing else
    hint: `gather` (which makes `sum` and `log`) also needs an `up` file
    ");
    assert_snapshot!(made(&sandbox, "u.up --to txt"), @"
    exit 2
    --- stderr
    error: no way from `up` to `txt`
      given:     u.up (`up`, from its extension)
      wanted:    `txt`
      reachable: `log`, `pair`, `sum`
    hint: no op makes `txt`
    ");
}

/// Things to be covered by as few sets as can be: nobody can prove in a short time which those are.
const COVER: &str = r#"
let count = 45;
let start = state("start", ["start"]);
let done = state("done", ["done"]);
let things = [];
for i in 0..count { things.push(state(`t${i}`, [`t${i}`])); }
fn touch(e, ins, outs) { e.rule("touch", "touch $out"); e.build_cmd(outs, "touch", ins, []); }
for i in 0..count {
    let made = [0, 1, 5, 12].map(|step| things[(i + step) % count]);
    op_multi(`set${i}`, [], [start], made, touch);
}
op_multi("all", [], things, [done], touch);
"#;

#[test]
fn a_plan_that_could_not_be_proved_says_so_and_is_the_same_every_time() {
    let sandbox = Sandbox::new().file("fudsv/cover.rhai", COVER).file("x.start", "");
    let first = sandbox.fudsv("plan x.start --to done").well().stdout.clone();
    assert!(first.contains("\nnote: the search stopped early; there may be a cheaper plan\n"), "{first}");
    assert!(!first.contains("\nalso: "), "{first}");
    assert_eq!(sandbox.fudsv("plan x.start --to done").stdout, first);
}

/// A project's own state for files that a built-in state takes too.
#[test]
fn a_state_that_only_ends_like_the_one_that_is_needed_is_told_apart() {
    let script = "let verilog = state(\"verilog\", [\"sv\"]);
        let plain = state(\"plain\", [\"plain.txt\"]);
        defop strip(v: verilog) >> p: plain { shell(`cp ${v} ${p}`); }";
    let sandbox = Sandbox::new().file("fudsv/verilog.rhai", script).file("a.sv", "module a; endmodule\n");
    assert_snapshot!(sandbox.fudsv("plan a.sv --from verilog --to verilated-cpp"), @"
    exit 2
    --- stderr
    error: no way from `verilog` to `verilated-cpp`
      given:     a.sv (`verilog`, as `--from` says)
      wanted:    `verilated-cpp`
      reachable: `plain`
    hint: `verilog` and `sv` are two states, though files of both end in `.sv`; `--from sv` treats the file as the other
    ");
    sandbox.fudsv("plan a.sv --to verilated-cpp").well();
}

#[test]
fn a_library_comes_with_external_modules_when_the_manifest_is_to_be_assassyns() {
    let results = |words: &str| {
        let text = "[manifest]\ncompat = \"assassyn\"\n";
        let sandbox = Sandbox::new().file("fud.toml", text).file("m.sv", "module m; endmodule\n");
        let planned = sandbox.fudsv(&format!("plan m.sv {words}")).well().stdout.clone();
        planned
            .lines()
            .filter_map(|line| Some(line.strip_prefix("result: .fudsv/")?.to_owned()))
            .collect::<Vec<_>>()
    };
    let modules = |dir: &str| format!("{dir}/m.modules (`external-modules`)");
    let [lib, both] = ["m-shared-lib", "m-shared-lib+external-modules"];
    assert_eq!(results("--to shared-lib"), [format!("{lib}/libm.so (`shared-lib`)"), modules(lib)]);
    assert_eq!(
        results("--to shared-lib --to external-modules"),
        [format!("{both}/libm.so (`shared-lib`)"), modules(both)]
    );
    assert_eq!(results("-o libm.so"), ["m-so/libm.so (`shared-lib`)".to_owned(), modules("m-so")]);
    assert_eq!(results("--to py-module"), ["m-py-module/m.py-module (`py-module`)"]);
}

#[test]
fn each_file_of_one_stem_gets_a_name_that_no_other_has_in_a_program() {
    let files = ["a/m.sv", "b/m.sv", "c/m_2.sv", "d/M.sv", "e/m.sv"];
    let sandbox =
        files.iter().fold(Sandbox::new(), |sandbox, file| sandbox.file(file, "module m; endmodule\n"));
    let planned = sandbox.fudsv(&format!("plan --each {} --to shared-lib", files.join(" ")));
    let names: Vec<&str> = planned
        .well()
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("result: ")?.split('/').nth(2))
        .collect();
    let expected = ["m", "m_3", "m_2", "M_4", "m_5"].map(|name| format!("lib{name}.so (`shared-lib`)"));
    assert_eq!(names, expected);
}

#[test]
fn one_name_for_several_crates_is_refused() {
    let sandbox = Sandbox::new().file("a.sv", "module a; endmodule\n").file("b.sv", "module b; endmodule\n");
    assert_snapshot!(sandbox.fudsv("plan --each a.sv b.sv --to rust-crate --set rust.name=mine"), @"
    exit 2
    --- stderr
    error: `rust.name` gives one name to 2 models
      set by: --set
    hint: without it, each model has the name of its file, and `--each` numbers models with the same name
    ");
    sandbox.fudsv("plan --each a.sv b.sv --to shared-lib --set rust.name=mine").well();
}
