//! Bodies run with real file names and say their steps.
//! They do not know Ninja files.

use crate::script::harness::Project;

/// A project with two states and these ops.
fn op(text: &str) -> Project {
    let states = "let a = state(\"a\", [\"la\"]); let b = state(\"b\", [\"lb\"]);\n";
    Project::script(&format!("{states}{text}"))
}

#[test]
fn the_example_of_fud2s_manual_loads_and_runs() {
    let project = Project::script(
        r#"
export const source = state("source", ["src"]);
export const hdl = state("hdl", ["sv", "v"]);
fn compile(in_file, out_file, more) {
    let base = config("hdl.base");
    let exe = config_or("hdl.exe", `${base}/target/debug/hdlc`);
    let args = config_or("hdl.args", "");
    shell(`${exe} -l ${base} ${args} ${more} ${in_file} > ${out_file}`);
}
defop source_to_hdl(prog: source) >> out: hdl {
    compile(prog, out, "--x");
}"#,
    );
    let project = project.config("hdl.base = '/h'");
    assert_eq!(
        project.run("source_to_hdl"),
        r"out.out: in.prog
  $ /h/target/debug/hdlc -l /h  --x <in.prog> > <out.out>"
    );
}

#[test]
fn what_a_body_captures_is_what_it_was_when_the_op_was_declared() {
    let project = op(r#"
let f = "-O1";
defop one(x: a) >> y: b { shell(`cc ${f} ${x} -o ${y}`); }
f = "-O2";
defop two(x: a) >> y: b { shell(`cc ${f} ${x} -o ${y}`); }
"#);
    assert_eq!(
        project.run("one"),
        r"out.y: in.x
  $ cc -O1 <in.x> -o <out.y>"
    );
    assert_eq!(
        project.run("two"),
        r"out.y: in.x
  $ cc -O2 <in.x> -o <out.y>"
    );
}

#[test]
fn each_op_of_a_loop_keeps_its_own_value_of_the_loop_variable() {
    let project = op(r#"
let made = [];
for level in ["1", "2"] {
    let flags = ["-O" + level];
    let show = || flags[0];
    defop cc(x: a) >> y: b { shell(`cc ${flags} ${show.call()} -DL=${level} ${x} -o ${y}`); }
    flags[0] = "changed";
}
"#);
    let scripts = project.load().unwrap();
    let graph = scripts.graph();
    let bodies: Vec<String> =
        graph.ops().map(|(id, _)| crate::script::harness::run_op(&scripts, id)).collect();
    assert_eq!(
        bodies.join("\n"),
        r"out.y: in.x
  $ cc -O1 -O1 -DL=1 <in.x> -o <out.y>
out.y: in.x
  $ cc -O2 -O2 -DL=2 <in.x> -o <out.y>"
    );
}

#[test]
fn what_a_body_changes_is_forgotten_after_it() {
    let project = op(r#"
let seen = [];
defop cc(x: a) >> y: b { seen.push("x"); shell(`cc ${seen} ${x} ${y}`); }
"#);
    let scripts = project.load().unwrap();
    let (first, second) =
        (crate::script::harness::run(&scripts, "cc"), crate::script::harness::run(&scripts, "cc"));
    assert_eq!(
        first,
        r"out.y: in.x
  $ cc x <in.x> <out.y>"
    );
    assert_eq!(first, second);
}

#[test]
fn a_parameter_hides_a_variable_of_its_name() {
    let project = op(r#"
let x = "one"; let z = "two"; let x = "three"; let w = "four";
{
    let inner = "five";
    defop cc(a: a, x: b) >> b: b {
        let w = w + "!";
        let all = [a, x].map(|f| { let g = || `${f}${z}`; `${g.call()}${w}${x}${inner}` });
        shell(`${all} ${a} ${x} ${b} ${w} ${inner}`);
    }
}
"#);
    assert_eq!(
        project.run("cc"),
        r"out.b: in.a in.x
  $ <in.a>twofour!<in.x>five <in.x>twofour!<in.x>five <in.a> <in.x> <out.b> four! five"
    );
}

#[test]
fn a_body_may_return_early_and_change_what_it_captured() {
    let project = op(r#"
let n = 1; let list = ["a"];
defop cc(x: a) >> y: b {
    n += 1;
    list.push("b");
    shell(`${n} ${list} ${x} ${y}`);
    if n > 1 { return; }
    shell("never");
}
list.push("later");
"#);
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x
  $ 2 a b <in.x> <out.y>"
    );
}

#[test]
fn a_body_uses_functions_constants_and_imported_scripts() {
    let project = Project::new([
        ("help.rhai", "export const LEVEL = 3;\nconst HIDDEN = 4;\nfn flag(x) { `-O${x}${global::HIDDEN}` }"),
        (
            "p.rhai",
            r#"
import "help" as h;
const NAME = "cc";
let a = state("a", ["la"]);
fn out(y) { `-o ${y} ${global::NAME}` }
defop cc(x: a) >> y: a { shell(`${NAME} ${h::flag(h::LEVEL)} ${x} ${out(y)}`); }
"#,
        ),
    ]);
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x
  $ cc -O34 <in.x> -o <out.y> cc"
    );
}

#[test]
fn a_body_branches_on_configuration_and_on_file_names() {
    let project = op(r#"
defop cc(x: a) >> y: b {
    let how = if config_or("debug", false) { "-g" } else { "-O" };
    if x.stem == "in" { how += " --stem"; }
    for n in 0..2 { how += ` -D${n}`; }
    shell(`cc ${how} ${x} ${y}`);
}"#)
    .config("debug = true");
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x
  $ cc -g --stem -D0 -D1 <in.x> <out.y>"
    );
}

#[test]
fn all_commands_of_shell_are_one_step() {
    let project = op(r#"
defop two(x: a, l: [a], o: optional(a)) >> y: b, z: b {
    shell(`one ${x} ${l} ${o} > ${y}`);
    shell(`two ${y} > ${z}`, #{ pool: "link", description: "Twice" });
}"#);
    assert_eq!(
        project.run("two"),
        r"out.y out.z: in.x in 1.l in 2.l
  $ one <in.x> <in 1.l> <in 2.l>  > <out.y>
  $ two <out.y> > <out.z>
 = description=Twice pool=link"
    );
}

#[test]
fn each_shell_deps_is_a_step() {
    let project = op(r#"
defop two(x: a, l: [a]) >> y: b, z: b {
    shell_deps(`one ${x} > mid`, [x], ["mid"]);
    shell_deps(`two mid ${l} > ${y}`, ["mid", l], [y]);
    shell_deps(`three > ${z}`, ["x", "y"], ["z"]);
}"#);
    assert_eq!(
        project.run("two"),
        r"mid: in.x
  $ one <in.x> > mid
out.y: mid in 1.l in 2.l
  $ two mid <in 1.l> <in 2.l> > <out.y>
out.z: in.x out.y
  $ three > <out.z>"
    );
}

#[test]
fn a_step_takes_all_options() {
    let project = op(r#"
defop cc(x: a) >> y: b {
    shell_deps(`cc ${x} -o ${y}`, [x], [y, y + ".map", "objs/"], #{
        depfile: y + ".d", description: "Compiling", pool: "compile", cached: true, in_place: true, console: true,
        restat: true, cwd: "root", order_only: [temp("dir")], implicit: "../../cfg.json",
        env: #{ CC: "gcc", INC: `${x}:b`, HOME: () },
    });
    shell_deps(`mkdir ${temp("dir")}`, [], [temp("dir"), "../../cfg.json"], #{ env: ["PATH"] });
}"#);
    assert_eq!(
        project.run("cc"),
        r"out.y out.y.map objs/: in.x | ../../cfg.json || use.dir
  $ cc <in.x> -o <out.y>
 = root cached in_place console depfile=<out.y>.d description=Compiling pool=compile $HOME $CC=gcc $INC=.fudsv/x/in.x:b
use.dir ../../cfg.json:
  $ mkdir <use.dir>
 = $PATH"
    );
}

#[test]
fn a_file_glued_to_text_stays_one_word() {
    let project = op(r#"
defop cc(x: a, l: [a]) >> y: b {
    let log = `${y}.log`;
    shell(`cc -MF ${y + ".d"} -I${x} ` + x + ` ${l[0]} ${l.map(|f| f + ".o")} 2> ${log}`);
}"#);
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x in 1.l in 2.l
  $ cc -MF <out.y>.d -I<in.x> <in.x> <in 1.l> <in 1.l>.o <in 2.l>.o 2> <out.y>.log"
    );
}

#[test]
fn a_word_may_hold_files() {
    let project = op(r#"
defop cc(x: a) >> y: b {
    let include = config_path("dirs").prefixed("-I");
    shell(`cc ${words(`-q ${x} 'b c'`)} ${word(`${x} and more`)} ${include} ${identifier(`${x}`)} ${y}`);
}
defop dd(x: a) >> y: b { shell_deps(`dd ${x} ${y}`, [word(`${x}`)], [y], #{ description: `dd ${x}`, env: #{ F: word(`-${x}`) } }); }
"#)
    .config("dirs = ['a b', 'c']");
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x | ../../a b ../../c
  $ cc [-q] <in.x> [b c] <in.x>[ and more] [-I]<../../a b> [-I]<../../c> in_x <out.y>"
    );
    assert_eq!(
        project.run("dd"),
        r"out.y: in.x
  $ dd <in.x> <out.y>
 = description=dd in.x $F=-in.x"
    );
}

#[test]
fn a_change_of_the_text_around_a_file_does_not_reach_the_file() {
    let project = op(r#"
defop cc(x: a, l: [a]) >> y: b {
    let text = `cc0 ${l} ${x} > ${y}`;
    for digit in ["0", "1", "2"] { text.replace(digit, "x"); }
    shell(text.to_upper());
}"#);
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x in 1.l in 2.l
  $ CCX <in 1.l> <in 2.l> <in.x> > <out.y>"
    );
}

#[test]
fn an_op_may_take_nothing() {
    let project =
        op("defop make() >> y: b { shell(`date > ${y}`); }\ndefop also( ) >> y: b { shell(`date > ${y}`); }");
    for name in ["make", "also"] {
        assert_eq!(project.run(name), "out.y:\n  $ date > <out.y>");
    }
}

#[test]
fn a_file_has_parts() {
    let project = op(r#"
defop cc(x: a) >> y: b {
    let d = path("rtl/top.v.sv");
    shell(`echo ${x.path} ${d.path} ${d.name} ${d.stem} ${d.ext} ${d.dir} ${x.dir} ${x == x} ${x != y} > ${y}`);
}"#);
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x
  $ echo in.x ../../rtl/top.v.sv top.v.sv top.v sv ../../rtl . true true > <out.y>"
    );
}

#[test]
fn a_file_of_the_user_is_a_dependency_by_being_named() {
    let project = op(r#"
const CFG = path("my cfg.json");
defop cc(x: a) >> y: b { shell(`cc ${CFG} ${x} ${y}`); }
defop dd(x: a) >> y: b { shell_deps(`dd ${CFG} ${x} ${y}`, [], [y]); }
"#);
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x | ../../my cfg.json
  $ cc <../../my cfg.json> <in.x> <out.y>"
    );
    assert_eq!(
        project.run("dd"),
        r"out.y: | ../../my cfg.json in.x
  $ dd <../../my cfg.json> <in.x> <out.y>"
    );
}

#[test]
fn a_tool_is_a_dependency_by_being_named() {
    let project = op(r#"
const CC = tool("cc");
defop one(x: a) >> y: b { shell(`${CC} ${x} | ${CC} > ${y}`); }
defop two(x: a) >> y: b { shell_deps(`./run ${x} ${y}`, [x, tool("python", #{ at_least: "3.9", key: "py" })], [y]); }
"#);
    assert_eq!(
        project.run("one"),
        r"out.y: in.x
  $ [/opt/the tools/run][cc] <in.x> | [/opt/the tools/run][cc] > <out.y>
  tool cc tools/cc"
    );
    assert_eq!(
        project.run("two"),
        r"out.y: in.x
  $ ./run <in.x> <out.y>
  tool python tools/python"
    );
}

#[test]
fn resources_stand_beside_the_script_or_are_built_in() {
    let project = op(r#"
defop one(x: a) >> y: b { shell(`run ${rsrc("mine.py")} ${rsrc("tb.cpp")} ${rsrc("deep.py")} ${x} ${y}`); }
defop two(x: a) >> y: b { shell_deps(`run ${y}`, ["tb.cpp", "mine.py"], [y]); }
"#)
    .file("fudsv/mine.py", "")
    .file("fudsv/rsrc/deep.py", "")
    .builtin("rsrc/tb.cpp", "int x;")
    .builtin("rsrc/mine.py", "");
    assert_eq!(
        project.run("one"),
        r"out.y: in.x | ../../fudsv/mine.py rsrc/tb.cpp ../../fudsv/rsrc/deep.py
  $ run <../../fudsv/mine.py> <rsrc/tb.cpp> <../../fudsv/rsrc/deep.py> <in.x> <out.y>
  lays rsrc/tb.cpp"
    );
    assert_eq!(
        project.run("two"),
        r"out.y: rsrc/tb.cpp ../../fudsv/mine.py
  $ run <out.y>
  lays rsrc/tb.cpp"
    );
}

#[test]
fn lists_in_a_command_are_their_items_separated_by_blanks() {
    let project = op(r#"
defop cc(x: a) >> y: b {
    let none = [];
    shell(`cc ${["-a", 1, x]} ${none} ${[["-b"], "-c"]} ${y}`);
}"#);
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x
  $ cc -a 1 <in.x>  -b -c <out.y>"
    );
}

#[test]
fn a_temporary_file_is_of_one_use_of_the_op() {
    let project = op(r#"
defop cc(x: a) >> y: b {
    let o = temp("a.o");
    shell_deps(`cc ${x} -o ${o}`, [x], [o]);
    shell_deps(`ld ${o} -o ${y}`, [o], [y]);
}"#);
    assert_eq!(
        project.run("cc"),
        r"use.a.o: in.x
  $ cc <in.x> -o <use.a.o>
out.y: use.a.o
  $ ld <use.a.o> -o <out.y>"
    );
}

#[test]
fn a_directory_state_makes_directory_targets() {
    let project = Project::script(
        r#"
let a = state("a", ["la"]);
let d = state("d", ["dir"], #{ directory: true });
defop cc(x: a) >> y: d { shell_deps(`cc ${x} ${y}`, [x], ["y"]); }
"#,
    );
    assert_eq!(
        project.run("cc"),
        r"out.y/: in.x
  $ cc <in.x> <out.y>"
    );
}

#[test]
fn a_function_exported_by_one_script_works_in_another() {
    let project = Project::new([
        (
            "h.rhai",
            r#"
const BASE = "/base";
export const emit = emit;
export const twice = |x| `${inner(x)} ${x}`;
fn inner(x) { `${global::BASE}/${x}` }
fn emit(x, y) { shell(`cc ${inner(x)} ${y}`); }
"#,
        ),
        (
            "p.rhai",
            r#"
import "h" as h;
let a = state("a", ["la"]);
let f = h::emit;
defop cc(x: a) >> y: a { f.call(x, h::twice.call(y)); }
"#,
        ),
    ]);
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x
  $ cc /base/<in.x> /base/<out.y> <out.y>"
    );
}

#[test]
fn scripts_can_catch_what_goes_wrong() {
    let project = op(r#"
defop cc(x: a) >> y: b {
    let base = "";
    try { base = config("no.such"); } catch (e) { base = `caught: ${e}`; }
    shell(`echo ${base} ${x} ${y}`);
}"#);
    assert_eq!(
        project.run("cc"),
        r"out.y: in.x
  $ echo caught: the configuration has no `no.such` <in.x> <out.y>"
    );
}

#[test]
fn print_and_debug_go_to_the_log_with_the_scripts_name() {
    let project = op(r#"
print("loading " + [1, "two"]);
defop cc(x: a) >> y: b { debug(x); print(`made ${y}`); shell(`${x} ${y}`); }
"#);
    project.run("cc");
    assert_eq!(
        project.said.borrow().join("\n"),
        r"fudsv/p.rhai: loading 1 two
fudsv/p.rhai: in.x
fudsv/p.rhai: made out.y"
    );
}
