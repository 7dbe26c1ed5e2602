//! Ops that say their steps as Ninja statements.
//! They do not know Ninja files as a whole.

use crate::script::harness::Project;

/// A project with two states and this script.
fn low(text: &str) -> Project {
    let states = "export const a = state(\"a\", [\"la\"]); export const b = state(\"b\", [\"lb\"]);\n";
    Project::script(&format!("{states}{text}"))
}

#[test]
fn setups_define_rules_and_the_op_builds() {
    let project = low(r#"
const FLAGS = "-q";
fn setup(e) {
    e.comment("the compiler");
    e.config_var("exe", "cc.exe");
    e.config_var_or("opt", "cc.opt", "-O2");
    e.var_("cmd", `$exe ${global::FLAGS}`);
    e.rule("cc", "$cmd $opt $extra -MF $out.d $in -o $out");
    e.arg("depfile", "$out.d");
    e.arg("pool", "console");
    e.arg("description", "CC $out");
}
op("comp", [setup], a, b, |e, input, output| {
    let mid = input.split(".")[0] + ".mid";
    e.build_cmd([mid], "cc", [input], ["cfg"]);
    e.arg("extra", "-x $opt");
    e.build("cc", mid, output);
});
"#)
    .config("cc = { exe = 'my$cc', opt = ['a b'] }");
    assert_eq!(
        project.run("comp"),
        r"in.mid: in.in | cfg
  $ my$cc -q [a b] -x [a b] -MF <in.mid>.d <in.in> -o <in.mid>
 = console depfile=<in.mid>.d description=CC in.mid
out.out: in.mid
  $ my$cc -q [a b]  -MF <out.out>.d <in.mid> -o <out.out>
 = console depfile=<out.out>.d description=CC out.out"
    );
}

#[test]
fn a_variable_is_read_when_the_command_is_made_and_a_definition_when_it_stands() {
    let project = low(r#"
fn setup(e) {
    e.var_("x", "1");
    e.var_("y", "$x$x");
    e.rule("r", "say $x $y $$HOME ${in} > $out");
    e.var_("x", "2");
}
op("o", [setup], a, b, |e, i, o| { e.build_cmd([o], "r", [i, ""], []); });
rule([setup], a, b, "r");
"#);
    assert_eq!(
        project.run("o"),
        r"out.out: in.in
  $ say 2 11 $HOME <in.in> > <out.out>"
    );
    assert_eq!(
        project.run("r"),
        r"out.out: in.in
  $ say 2 11 $HOME <in.in> > <out.out>"
    );
}

#[test]
fn an_op_may_take_and_make_several_files() {
    let project = low(r#"
op_multi("many", [|e| e.rule("r", "run $in > $out")], [a, a], [b, b], |e, ins, outs| {
    e.build_cmd([outs[0], outs[1]], "r", ins, []);
});
"#);
    assert_eq!(
        project.run("many"),
        r"out.out0 out.out1: in.in0 in.in1
  $ run <in.in0> <in.in1> > <out.out0> <out.out1>"
    );
}

#[test]
fn functions_of_another_script_keep_their_constants_helpers_and_imports() {
    let project = Project::new([
        ("base.rhai", "export const s = state(\"s\", [\"s\"]);\nexport const ROOT = \"/root\";"),
        (
            "tools.rhai",
            r#"
import "base" as base;
export const EXE = "exe";
fn flags() { "-f" }
fn setup(e) { e.rule("t", `${base::ROOT}/${global::EXE} ${flags()} $in > $out`); }
export const setup = setup;
export const builder = |e, i, o| e.build_cmd([o], "t", [i], []);
"#,
        ),
        (
            "p.rhai",
            r#"
import "tools" as t;
let exe = "captured";
op("named", [t::setup], t::base::s, t::base::s, t::builder);
op("anonymous", [t::setup, |e| e.rule("u", exe + " $in $out")], t::base::s, t::base::s, |e, i, o| e.build_cmd([o], "u", [i], []));
exe = "changed";
"#,
        ),
    ]);
    assert_eq!(
        project.run("named"),
        r"out.out: in.in
  $ /root/exe -f <in.in> > <out.out>"
    );
    assert_eq!(
        project.run("anonymous"),
        r"out.out: in.in
  $ captured <in.in> <out.out>"
    );
}

#[test]
fn a_setup_is_reached_through_the_script_that_imports_its_own() {
    let base = r#"
export const s = state("s", ["s"]);
export const EXE = "base";
fn words() { "-w" }
fn base_setup(e) { e.rule("t", `${global::EXE} ${words()} $in $out`); }
export const base_setup = base_setup;
"#;
    let project = Project::new([
        ("ba-se.rhai", base),
        ("mid.rhai", "import \"ba-se\" as b;\nexport let again = b::base_setup;"),
        (
            "p.rhai",
            r#"import "mid" as m;
op("near", [m::again], m::b::s, m::b::s, |e, i, o| e.build("t", i, o));
op("far", [m::b::base_setup], m::b::s, m::b::s, |e, i, o| e.build("t", i, o));
"#,
        ),
    ]);
    for op in ["near", "far"] {
        assert_eq!(project.run(op), "out.out: in.in\n  $ base -w <in.in> <out.out>");
    }
}

#[test]
fn text_is_taken_apart_as_fud2s_scripts_do() {
    let project = low(r#"
fn stem(path) { path.split("/")[-1].split_rev(".", 2)[-1] }
op("o", [], a, b, |e, input, output| {
    /// A comment that describes nothing.
    let short = "abcdef";
    short.truncate(3);
    let name = "x.v";
    name.replace(`v`, `sv`);
    let dots = "";
    while dots.len() < 2 { dots += "."; }
    let flags = if "b" in ["a", "b"] && "ee" in "been" { "--in" } else { "" };
    let unset = e.config_or("no.key", "").is_empty();
    e.rule("r", `say ${stem("../a/in.x.la")} ${stem(output)} ${short} ${name} ${dots} ${flags} ${unset} $in`);
    e.build_cmd([output], "r", [input], [""]);
});
"#);
    assert_eq!(
        project.run("o"),
        r"out.out: in.in
  $ say in.x out abc x.sv .. --in true <in.in>
 = in_place"
    );
}

#[test]
fn an_emitter_lays_files_and_asks_the_configuration() {
    let project = low(r#"
op("o", [], a, b, |e, i, o| {
    let how = e.config_constrained_or("how", ["fast", "slow"], "slow") + e.config_constrained_val("how", ["fast"]);
    let base = e.config_val("base");
    e.rsrc("tb.sv");
    e.add_file("list.txt", `${i}\n`);
    e.rule("r", `${base}/${how} ${e.config_or("n", "5")} ${e.external_path("data/x")} tb.sv ${i} ${o}`);
    e.build_cmd([o], "r", [i, "tb.sv", "list.txt"], []);
});
"#)
    .file("fudsv/tb.sv", "module tb;")
    .config("base = '/b'\nhow = 'fast'");
    assert_eq!(
        project.run("o"),
        r"out.out: in.in tb.sv list.txt
  $ /b/fastfast 5 ../../data/x tb.sv in.in out.out
 = in_place
  lays tb.sv
  lays list.txt"
    );
}

/// What an op with this body says.
fn body(text: &str) -> String {
    low(&format!("op(\"o\", [], a, b, |e, i, o| {{\n  {text}\n}});")).run("o")
}

#[test]
fn a_section_of_the_configuration_is_no_value() {
    let project = low(r#"
op("o", [], a, b, |e, i, o| {
    e.config_var_or("yxi", "yxi", "$base/yxi");
    e.var_("file", e.config_val("yxi.file") + e.config_or("yxi", ".d"));
    e.rule("r", "$yxi $file $in $out");
    e.build("r", i, o);
});
op("p", [], a, b, |e, i, o| { e.config_var("yxi", "yxi"); });
"#)
    .config("yxi.file = 'y'");
    assert_eq!(
        project.run("o"),
        r"out.out: in.in
  $ /yxi y.d <in.in> <out.out>"
    );
    assert_eq!(
        project.run("p"),
        r#"error: `yxi` is a section of the configuration
  --> fudsv/p.rhai:9:33
  |
9 | op("p", [], a, b, |e, i, o| { e.config_var("yxi", "yxi"); });
  |                                 ^^^^^^^^^^
hint: ask for one of its keys, as `yxi.NAME`"#
    );
}

#[test]
fn what_is_wrong_with_a_statement_has_its_place() {
    assert_eq!(
        body("e.rule(\"cc\", \"x\");\n  e.build_cmd([o], \"cd\", [i], []);"),
        r#"error: there is no rule `cd`
  --> fudsv/p.rhai:4:5
  |
4 |   e.build_cmd([o], "cd", [i], []);
  |     ^^^^^^^^^
hint: did you mean `cc`?"#
    );
    assert_eq!(
        body("e.rule(\"cc\", \"x $\");\n  e.build_cmd([o], \"cc\", [i], []);"),
        r#"error: a `$` in `x $` names no variable
  --> fudsv/p.rhai:4:5
  |
4 |   e.build_cmd([o], "cc", [i], []);
  |     ^^^^^^^^^
hint: `$$` is a dollar; `$name` and `${name}` are variables"#
    );
    assert_eq!(
        body(
            "e.rule(\"cc\", \"$a\");\n  e.arg(\"a\", \"$b\");\n  e.arg(\"b\", \"$a\");\n  e.build(\"cc\", i, o);"
        ),
        r#"error: the variable `a` refers to itself
  --> fudsv/p.rhai:6:5
  |
6 |   e.build("cc", i, o);
  |     ^^^^^"#
    );
    assert_eq!(
        body("e.arg(\"a\", \"$b\");"),
        r#"error: `arg` must follow a `rule` or a `build`
  --> fudsv/p.rhai:3:5
  |
3 |   e.arg("a", "$b");
  |     ^^^"#
    );
}

#[test]
fn a_setting_that_has_none_of_a_few_values_is_refused() {
    assert_eq!(
        body("e.config_constrained_or(\"how\", [\"fast\", \"slow\"], \"slo\");"),
        r#"error: `how` cannot be `slo`
  --> fudsv/p.rhai:3:5
  |
3 |   e.config_constrained_or("how", ["fast", "slow"], "slo");
  |     ^^^^^^^^^^^^^^^^^^^^^
hint: did you mean `slow`?"#
    );
    assert_eq!(
        body("e.config_constrained_val(\"how\", [\"fast\", \"slow\"]);"),
        r#"error: the configuration has no `how`
  --> fudsv/p.rhai:3:5
  |
3 |   e.config_constrained_val("how", ["fast", "slow"]);
  |     ^^^^^^^^^^^^^^^^^^^^^^
hint: `--set how=VALUE`, or `how = …` in fud.toml"#
    );
}

#[test]
fn what_is_wrong_with_a_call_has_its_place() {
    assert_eq!(
        body("e.build_cmd([1], \"cc\", [i], []);"),
        r#"error: the outputs of `build_cmd` must be text
  --> fudsv/p.rhai:3:5
  |
3 |   e.build_cmd([1], "cc", [i], []);
  |     ^^^^^^^^^"#
    );
    assert_eq!(
        body("e.ruel(\"cc\", \"x\");"),
        r#"error: `ruel` is not a function
  --> fudsv/p.rhai:3:5
  |
3 |   e.ruel("cc", "x");
  |     ^^^^
hint: did you mean `rule`?"#
    );
    assert_eq!(
        body(""),
        r#"error: `o` does not make its output `out`
  --> fudsv/p.rhai:2:1
  |
2 | op("o", [], a, b, |e, i, o| {
  | ^^
hint: a `build` or `build_cmd` must make this file"#
    );
}

#[test]
fn what_is_wrong_with_a_declaration_has_its_place() {
    assert_eq!(
        low("op(\"o\", [setup()], a, b, |e, i, o| {});\nfn setup() { 1 }").error(),
        r#"error: a setup must be a function
  --> fudsv/p.rhai:2:1
  |
2 | op("o", [setup()], a, b, |e, i, o| {});
  | ^^
hint: `fn setup(e) { … }`, named without `()`"#
    );
    assert_eq!(
        low("op(\"\", [], a, b, |e, i, o| {});").error(),
        r#"error: the name of an op is empty
  --> fudsv/p.rhai:2:1
  |
2 | op("", [], a, b, |e, i, o| {});
  | ^^"#
    );
    assert_eq!(
        low("op(\"o\", [], a);").error(),
        r#"error: `op` cannot be called with text, a list, a state
  --> fudsv/p.rhai:2:1
  |
2 | op("o", [], a);
  | ^^
hint: `op(name, [setup…], from, to, |e, input, output| …)`"#
    );
}

#[test]
fn a_name_that_ninja_text_cannot_carry_is_copied_to_one_that_it_can() {
    assert_eq!(
        low("op(\"o\", [|e| e.rule(\"r\", \"run $in $out\")], a, b, |e, i, o| e.build(\"r\", i, o));")
            .run_with("o", "in $x.la"),
        r"staged/25564dd5/in__x.la: in $x.la
  $ cp <in $x.la> <staged/25564dd5/in__x.la>
 = description=copy in $x.la to staged/25564dd5/in__x.la
out.out: staged/25564dd5/in__x.la
  $ run <staged/25564dd5/in__x.la> <out.out>"
    );
}

#[test]
fn a_setup_runs_once_however_many_ops_list_it() {
    let project = Project::new([
        (
            "base.rhai",
            "fn setup(e) { print(\"once\"); e.rule(\"r\", \"run $in $out\"); e.build_cmd([\"made\"], \"r\", [], []); }\nexport const setup = setup;",
        ),
        (
            "p.rhai",
            r#"
import "base" as base;
state("a", ["la"]); state("b", ["lb"]);
op("one", [base::setup], "a", "b", |e, i, o| e.build("r", i, o));
op("two", [base::setup, get_setup("setup")], "a", "b", |e, i, o| e.build("r", i, o));
op("wrong", [get_setup("setpu")], "a", "b", |e, i, o| e.build("r", i, o));
"#,
        ),
    ]);
    let scripts = project.load().unwrap();
    let said = crate::script::harness::run(&scripts, "one");
    assert_eq!(
        said,
        r"made:
  $ run  <made>
out.out: in.in
  $ run <in.in> <out.out>"
    );
    assert!(
        crate::script::harness::run(&scripts, "two").ends_with("out.out: in.in\n  $ run <in.in> <out.out>")
    );
    assert_eq!(*project.said.borrow(), ["fudsv/base.rhai: once"]);
    let error = crate::script::harness::run(&scripts, "wrong");
    assert!(
        error.starts_with("error: no op has a setup that is called `setpu`\n  --> fudsv/p.rhai:6:14"),
        "{error}"
    );
    assert!(error.ends_with("hint: did you mean `setup`?"), "{error}");
}

#[test]
fn an_op_sees_what_the_setups_of_earlier_uses_defined() {
    let project = low(r#"
op("first", [|e| { e.var_("base", "/b"); e.rule("shared", "$base/run $in $out"); }], a, b, |e, i, o| {
    e.build("shared", i, o);
});
op("then", [|e| e.var_("own", "$base/own")], a, b, |e, i, o| {
    e.build("shared", i, o);
    e.rule("mine", "$own $base $in $out");
    e.build("mine", i, "x");
});
op("other", [|e| e.var_("base", "/other")], a, b, |e, i, o| e.build("shared", i, o));
"#);
    let scripts = project.load().unwrap();
    crate::script::harness::run(&scripts, "first");
    assert_eq!(
        crate::script::harness::run(&scripts, "then"),
        r"out.out: in.in
  $ /b/run <in.in> <out.out>
x: in.in
  $ /b/own /b <in.in> <x>"
    );
    assert!(crate::script::harness::run(&scripts, "other").ends_with("$ /other/run <in.in> <out.out>"));
    crate::lower::Bodies::start(&scripts, &[]);
    assert!(crate::script::harness::run(&scripts, "other").starts_with("error: there is no rule `shared`"));
}

#[test]
fn a_low_level_function_calls_those_of_scripts_that_it_imports() {
    let project = Project::new([
        (
            "base.rhai",
            "const DOT = \".\";\nfn stem(path) { path.split(global::DOT)[0] }\nfn mine() { \"base\" }",
        ),
        (
            "p.rhai",
            r#"
import "base" as base;
state("a", ["la"]); state("b", ["lb"]);
fn mine() { "own" }
fn build(e, i, o) {
    e.rule("r", `${mine()} $in $out`);
    e.build_cmd([o, stem(i)], "r", i, []);
}
op("o", [], "a", "b", build);
"#,
        ),
    ]);
    assert_eq!(
        project.run("o"),
        r"out.out in: in.in
  $ own <in.in> <out.out> <in>"
    );
}

#[test]
fn a_response_file_is_laid_and_put_where_the_tool_looks() {
    let project = low(r#"
fn setup(e) {
    e.rule("ar", "ar rcs $out @$out.rsp");
    e.arg("rspfile", "$out.rsp");
    e.arg("rspfile_content", "$flags $in_newline");
}
op("o", [setup], a, b, |e, i, o| { e.build_cmd([o], "ar", [i, "more.o"], []); e.arg("flags", "-q"); });
"#);
    assert_eq!(
        project.run("o"),
        r"out.out: in.in more.o | rsp/out.out
  $ cp <rsp/out.out> <out.out>.rsp
  $ ar rcs <out.out> @<out.out>.rsp
  lays rsp/out.out"
    );
}
