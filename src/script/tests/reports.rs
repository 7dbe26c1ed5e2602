//! Every mistake has a report with its place and what to do.
//! They do not know the command line.

use crate::script::harness::Project;

fn load(text: &str) -> String {
    Project::script(text).error()
}

fn body(text: &str) -> String {
    let head = "let a = state(\"a\", [\"la\"]);\ndefop cc(x: a) >> y: a, z: a {\n";
    Project::script(&format!("{head}    {text}\n}}")).run("cc")
}

#[test]
fn an_unknown_function_offers_the_nearest() {
    assert_eq!(
        body("shel(`x`);"),
        r"error: `shel` is not a function
  --> fudsv/p.rhai:3:5
  |
3 |     shel(`x`);
  |     ^^^^
hint: did you mean `shell`?"
    );
    assert_eq!(
        load("let a = stat(\"a\", []);"),
        r#"error: `stat` is not a function
  --> fudsv/p.rhai:1:9
  |
1 | let a = stat("a", []);
  |         ^^^^
hint: did you mean `state`?"#
    );
    assert_eq!(
        load("fn compile(x) { x }\ncompil(1);"),
        r"error: `compil` is not a function
  --> fudsv/p.rhai:2:1
  |
2 | compil(1);
  | ^^^^^^
hint: did you mean `compile`?"
    );
    assert_eq!(
        load("import \"p2\" as p2;"),
        r#"error: there is no script `p2` to import
  --> fudsv/p.rhai:1:8
  |
1 | import "p2" as p2;
  |        ^^^^
hint: did you mean `p`?"#
    );
}

#[test]
fn a_call_with_the_wrong_arguments_says_so() {
    assert_eq!(
        load("state(\"a\");"),
        r#"error: `state` cannot be called with text
  --> fudsv/p.rhai:1:1
  |
1 | state("a");
  | ^^^^^
hint: `state(name, [extension…])` or `state(name, [extension…], #{…})`"#
    );
    assert_eq!(
        body("shell(3);"),
        r"error: `shell` cannot be called with a number
  --> fudsv/p.rhai:3:5
  |
3 |     shell(3);
  |     ^^^^^
hint: `shell(command)` or `shell(command, #{…})`"
    );
    assert_eq!(
        load("let x = 3 + [];\nlet y = 3 - \"a\";"),
        r"error: `+` cannot join a number and a list
  --> fudsv/p.rhai:1:11
  |
1 | let x = 3 + [];
  |           ^"
    );
    assert_eq!(
        body("let p = x.pathh;"),
        r"error: a file has no property `pathh`
  --> fudsv/p.rhai:3:15
  |
3 |     let p = x.pathh;
  |               ^^^^^
hint: did you mean `path`?"
    );
}

#[test]
fn a_function_of_a_script_that_takes_other_arguments_says_how_it_is_declared() {
    assert_eq!(
        load("fn g(x, y) { }\ng(1);"),
        r"error: `g` cannot be called with a number
  --> fudsv/p.rhai:2:1
  |
2 | g(1);
  | ^
hint: it is declared as `g(x, y)`"
    );
    let op = |setup: &str, says: &str| {
        let script =
            format!("import \"other\" as o;\nop(\"f\", [{setup}], \"a\", \"a\", {says});\nstate(\"a\", []);");
        Project::script(&script)
            .file("fudsv/other.rhai", "fn tools() { }\nexport const tools = tools;")
            .run("f")
    };
    assert_eq!(
        op("o::tools", "|e, i, o| {}"),
        r#"error: `tools` cannot be called with an emitter
  --> fudsv/p.rhai:2:1
  |
2 | op("f", [o::tools], "a", "a", |e, i, o| {});
  | ^^
hint: it is declared as `tools()`"#
    );
    assert_eq!(
        op("", "|e, i| {}"),
        r#"error: this function cannot be called with an emitter, text, text
  --> fudsv/p.rhai:2:1
  |
2 | op("f", [], "a", "a", |e, i| {});
  | ^^
hint: an op has `|e, input, output| …`, a setup `|e| …`"#
    );
    assert_eq!(
        op("o::nothing(1)", "|e, i| {}"),
        r#"error: `o` has no function `nothing` that can be called with a number
  --> fudsv/p.rhai:2:13
  |
2 | op("f", [o::nothing(1)], "a", "a", |e, i| {});
  |             ^^^^^^^"#
    );
}

#[test]
fn a_property_that_is_not_there_or_cannot_be_changed() {
    assert_eq!(
        body("x.stem = \"q\";"),
        r#"error: the property `stem` of a file cannot be changed
  --> fudsv/p.rhai:3:7
  |
3 |     x.stem = "q";
  |       ^^^^"#
    );
    assert_eq!(
        body("let m = #{ n: 1 }; m.o.p;"),
        r"error: there is no property `p`: what is before it is `()`
  --> fudsv/p.rhai:3:28
  |
3 |     let m = #{ n: 1 }; m.o.p;
  |                            ^"
    );
}

#[test]
fn a_body_declares_nothing() {
    assert_eq!(
        body("state(\"q\", []);"),
        r#"error: the body of an op cannot declare `q`
  --> fudsv/p.rhai:3:5
  |
3 |     state("q", []);
  |     ^^^^^
hint: declare states and ops outside of it: a body runs only for a plan"#
    );
}

#[test]
fn an_unknown_variable_offers_the_nearest() {
    assert_eq!(
        load("sv = state(\"sv\", []);"),
        r#"error: `sv` is not a variable
  --> fudsv/p.rhai:1:1
  |
1 | sv = state("sv", []);
  | ^^
hint: `let sv = …;` declares a variable"#
    );
    assert_eq!(
        load("import verilator as v;"),
        r#"error: `verilator` is not a variable
  --> fudsv/p.rhai:1:8
  |
1 | import verilator as v;
  |        ^^^^^^^^^
hint: `import "verilator" as verilator;`"#
    );
    assert_eq!(
        load("let verilog = 1;\nlet y = verilg + 1;"),
        r"error: `verilg` is not a variable
  --> fudsv/p.rhai:2:9
  |
2 | let y = verilg + 1;
  |         ^^^^^^
hint: did you mean `verilog`?"
    );
    assert_eq!(
        body("shell(`cc ${xx} ${why}`);"),
        r"error: `xx` is not a variable
  --> fudsv/p.rhai:3:17
  |
3 |     shell(`cc ${xx} ${why}`);
  |                 ^^
hint: did you mean `x`?"
    );
}

#[test]
fn what_a_script_may_not_write_is_refused() {
    assert_eq!(
        load("let a = \"\\x01\";"),
        r#"error: the control characters 1 and 2 cannot be written in a script
  --> fudsv/p.rhai:1:10
  |
1 | let a = "\x01";
  |          ^"#
    );
    assert_eq!(
        load("eval(\"1\");"),
        r#"error: reserved keyword `eval` is disabled
  --> fudsv/p.rhai:1:1
  |
1 | eval("1");
  | ^^^^"#
    );
}

#[test]
fn a_state_is_checked() {
    assert_eq!(
        load("state(\"a\", [1]);"),
        r#"error: the extensions of the state `a` must be text
  --> fudsv/p.rhai:1:1
  |
1 | state("a", [1]);
  | ^^^^^"#
    );
    assert_eq!(
        load("state(\"\", []);"),
        r#"error: the name of a state is empty
  --> fudsv/p.rhai:1:1
  |
1 | state("", []);
  | ^^^^^"#
    );
    assert_eq!(
        load("state(\"a\", [], #{ patern: \"x\" });"),
        r#"error: `state` has no option `patern`
  --> fudsv/p.rhai:1:1
  |
1 | state("a", [], #{ patern: "x" });
  | ^^^^^
hint: did you mean `pattern`?"#
    );
    assert_eq!(
        load("state(\"a\", [], #{ pattern: \"x\" });"),
        r#"error: the option `pattern` of `state` must be text with `{}` where the stem goes, such as `lib{}.so`
  --> fudsv/p.rhai:1:1
  |
1 | state("a", [], #{ pattern: "x" });
  | ^^^^^"#
    );
    assert_eq!(
        load("state(\"a\", [], #{ directory: 1 });"),
        r#"error: the option `directory` of `state` must be `true` or `false`
  --> fudsv/p.rhai:1:1
  |
1 | state("a", [], #{ directory: 1 });
  | ^^^^^"#
    );
}

#[test]
fn the_states_of_an_op_are_checked() {
    assert_eq!(
        load("state(\"verilog\", []);\ndefop cc(x: get_state(\"verilg\")) >> y: \"verilog\" { }"),
        r#"error: no state is called `verilg`
  --> fudsv/p.rhai:2:13
  |
2 | defop cc(x: get_state("verilg")) >> y: "verilog" { }
  |             ^^^^^^^^^
hint: did you mean `verilog`?"#
    );
    assert_eq!(
        load("defop cc(x: 3) >> y: \"a\" { }"),
        r#"error: a state is expected here, not a number
  --> fudsv/p.rhai:1:13
  |
1 | defop cc(x: 3) >> y: "a" { }
  |             ^"#
    );
    assert_eq!(
        load("defop cc(x: [\"a\", \"b\"]) >> y: \"a\" { }"),
        r#"error: a list parameter names exactly one state
  --> fudsv/p.rhai:1:13
  |
1 | defop cc(x: ["a", "b"]) >> y: "a" { }
  |             ^
hint: `srcs: [verilog]` takes all files of the state `verilog`"#
    );
}

#[test]
fn the_parameters_and_options_of_an_op_are_checked() {
    assert_eq!(
        load("defop cc(x: \"a\") >> x: \"a\" { }"),
        r#"error: two parameters are called `x`
  --> fudsv/p.rhai:1:21
  |
1 | defop cc(x: "a") >> x: "a" { }
  |                     ^"#
    );
    assert_eq!(
        load("defop cc(x: \"a\") >> y: [\"a\"] { }"),
        r#"error: the output `y` must be exactly one file
  --> fudsv/p.rhai:1:21
  |
1 | defop cc(x: "a") >> y: ["a"] { }
  |                     ^
hint: make a state with `directory: true` for a result of many files"#
    );
    assert_eq!(
        load("defop cc(x: \"a\") >> y: \"a\" #{ costs: 1 } { }"),
        r#"error: `defop` has no option `costs`
  --> fudsv/p.rhai:1:28
  |
1 | defop cc(x: "a") >> y: "a" #{ costs: 1 } { }
  |                            ^
hint: did you mean `cost`?"#
    );
    assert_eq!(
        load("defop cc(x: \"a\") >> y: \"a\" #{ cost: 0 } { }"),
        r#"error: the option `cost` of `defop` must be a whole number of at least 1
  --> fudsv/p.rhai:1:28
  |
1 | defop cc(x: "a") >> y: "a" #{ cost: 0 } { }
  |                            ^"#
    );
}

#[test]
fn shell_works_only_in_a_body() {
    assert_eq!(
        load("shell(\"ls\");"),
        r#"error: `shell` works only in the body of an op
  --> fudsv/p.rhai:1:1
  |
1 | shell("ls");
  | ^^^^^
hint: code outside of a `defop` runs while scripts are loaded: it only declares states and ops"#
    );
    assert_eq!(
        load("fn f() { shell_deps(\"ls\", [], [\"x\"]); }\nf();"),
        r#"error: `shell_deps` works only in the body of an op
  --> fudsv/p.rhai:1:10
  |
1 | fn f() { shell_deps("ls", [], ["x"]); }
  |          ^^^^^^^^^^
  called at: fudsv/p.rhai:2:1
hint: code outside of a `defop` runs while scripts are loaded: it only declares states and ops"#
    );
    assert_eq!(
        load("temp(\"x\");"),
        r#"error: `temp` works only in the body of an op
  --> fudsv/p.rhai:1:1
  |
1 | temp("x");
  | ^^^^
hint: code outside of a `defop` runs while scripts are loaded: it only declares states and ops"#
    );
}

#[test]
fn shell_and_shell_deps_do_not_mix() {
    assert_eq!(
        body("shell(\"ls\");\n    shell_deps(\"ls\", [], [y]);"),
        r#"error: a body uses either `shell` or `shell_deps`, not both
  --> fudsv/p.rhai:4:5
  |
4 |     shell_deps("ls", [], [y]);
  |     ^^^^^^^^^^
  the other: fudsv/p.rhai:3:5
hint: commands of `shell` run in turn as one step; each `shell_deps` is a step of its own"#
    );
    assert_eq!(
        body("shell_deps(\"ls\", [], [y]);\n    shell(\"ls\");"),
        r#"error: a body uses either `shell` or `shell_deps`, not both
  --> fudsv/p.rhai:4:5
  |
4 |     shell("ls");
  |     ^^^^^
  the other: fudsv/p.rhai:3:5
hint: commands of `shell` run in turn as one step; each `shell_deps` is a step of its own"#
    );
}

#[test]
fn a_command_cannot_hold_what_is_no_text() {
    assert_eq!(
        body("let t = #{ n: 1 };\n    shell(`cp ${x} ${t} ${y} ${z}`);"),
        r#"error: a command cannot contain a map
  --> fudsv/p.rhai:4:5
  |
4 |     shell(`cp ${x} ${t} ${y} ${z}`);
  |     ^^^^^
  it is: #{"n": 1}
hint: put its parts into the command one by one"#
    );
    assert_eq!(
        body("fn_of(x);\n    shell(`cp ${x} ${[Fn(\"f\")]} ${y} ${z}`);\n}\nfn fn_of(x) {"),
        r#"error: a command cannot contain a function
  --> fudsv/p.rhai:4:5
  |
4 |     shell(`cp ${x} ${[Fn("f")]} ${y} ${z}`);
  |     ^^^^^
  it is: Fn(f)
hint: put its parts into the command one by one"#
    );
    assert_eq!(
        body("let t = `${x}`;\n    shell(`cp ${t[0]} ${y} ${z}`);"),
        r"error: a file, a word or a tool was cut into pieces
  --> fudsv/p.rhai:4:5
  |
4 |     shell(`cp ${t[0]} ${y} ${z}`);
  |     ^^^^^
hint: cut plain text instead: `file.path`, `word.text`, `tool.name`"
    );
}

#[test]
fn a_body_must_make_its_outputs() {
    assert_eq!(
        body(""),
        r"error: `cc` does not make its output `y`
  --> fudsv/p.rhai:2:7
  |
2 | defop cc(x: a) >> y: a, z: a {
  |       ^^
hint: its body must call `shell`, or name `y` in the third argument of a `shell_deps`"
    );
    assert_eq!(
        body("shell_deps(`x`, [x], [y]);"),
        r"error: `cc` does not make its output `z`
  --> fudsv/p.rhai:2:7
  |
2 | defop cc(x: a) >> y: a, z: a {
  |       ^^
hint: its body must call `shell`, or name `z` in the third argument of a `shell_deps`"
    );
}

#[test]
fn a_file_is_made_once() {
    assert_eq!(
        body("shell_deps(`x`, [x], [y]);\n    shell_deps(`x`, [x], [z, y]);"),
        r"error: `out.y` is made twice
  --> fudsv/p.rhai:4:5
  |
4 |     shell_deps(`x`, [x], [z, y]);
  |     ^^^^^^^^^^
  first: fudsv/p.rhai:3:5
hint: each file has one step that makes it"
    );
    assert_eq!(
        body("shell_deps(`x`, [x], [y, \"y\"]);"),
        r#"error: `out.y` is made twice
  --> fudsv/p.rhai:3:5
  |
3 |     shell_deps(`x`, [x], [y, "y"]);
  |     ^^^^^^^^^^
  first: fudsv/p.rhai:3:5
hint: each file has one step that makes it"#
    );
}

#[test]
fn an_unknown_dependency_is_refused() {
    assert_eq!(
        body("shell_deps(`x`, [\"mid.oo\"], [y, z]);\n    shell_deps(`x`, [x], [\"mid.o\"]);"),
        r#"error: the dependency `mid.oo` is unknown
  --> fudsv/p.rhai:3:5
  |
3 |     shell_deps(`x`, ["mid.oo"], [y, z]);
  |     ^^^^^^^^^^
hint: did you mean `mid.o`?"#
    );
    assert_eq!(
        body("shell_deps(`x`, [temp(\"t\")], [y, z]);"),
        r#"error: nothing in the body makes `use.t`
  --> fudsv/p.rhai:3:5
  |
3 |     shell_deps(`x`, [temp("t")], [y, z]);
  |     ^^^^^^^^^^
hint: name it among the targets of a `shell_deps`, its third argument"#
    );
    assert_eq!(
        body("shell_deps(`x`, [3], [y, z]);"),
        r"error: a step can wait for files, resources and tools, not a number
  --> fudsv/p.rhai:3:5
  |
3 |     shell_deps(`x`, [3], [y, z]);
  |     ^^^^^^^^^^"
    );
    assert_eq!(
        body("shell_deps(`x`, [], [y, z], #{ implicit: true });"),
        r"error: a step can wait for files, resources and tools, not `true` or `false`
  --> fudsv/p.rhai:3:5
  |
3 |     shell_deps(`x`, [], [y, z], #{ implicit: true });
  |     ^^^^^^^^^^"
    );
}

#[test]
fn options_are_checked() {
    assert_eq!(
        body("shell(`x`, #{ pol: \"link\" });"),
        r#"error: `shell` has no option `pol`
  --> fudsv/p.rhai:3:5
  |
3 |     shell(`x`, #{ pol: "link" });
  |     ^^^^^
hint: did you mean `pool`?"#
    );
    assert_eq!(
        body("shell(`x`, #{ pool: 3 });"),
        r"error: the option `pool` of `shell` must be text
  --> fudsv/p.rhai:3:5
  |
3 |     shell(`x`, #{ pool: 3 });
  |     ^^^^^"
    );
    assert_eq!(
        body("shell(`x`, #{ cwd: \"here\" });"),
        r#"error: the option `cwd` of `shell` must be `"root"` or `"workdir"`
  --> fudsv/p.rhai:3:5
  |
3 |     shell(`x`, #{ cwd: "here" });
  |     ^^^^^"#
    );
    assert_eq!(
        body("shell(`x`, #{ env: 3 });"),
        r"error: the option `env` of `shell` must be a list of variables to read, or a map of variables to set (`()` reads one)
  --> fudsv/p.rhai:3:5
  |
3 |     shell(`x`, #{ env: 3 });
  |     ^^^^^"
    );
    assert_eq!(
        body("shell(`x`, #{ depfile: [] });"),
        r"error: the option `depfile` of `shell` must be a file
  --> fudsv/p.rhai:3:5
  |
3 |     shell(`x`, #{ depfile: [] });
  |     ^^^^^"
    );
    assert_eq!(
        body("tool(\"x\", #{ version: 3 });"),
        r#"error: `tool` has no option `version`
  --> fudsv/p.rhai:3:5
  |
3 |     tool("x", #{ version: 3 });
  |     ^^^^
hint: its options: at_least, key"#
    );
}

#[test]
fn a_missing_resource_or_tool_is_said_where_it_is_asked_for() {
    assert_eq!(
        body("rsrc(\"tb.cp\");"),
        r#"error: there is no resource `tb.cp`
  --> fudsv/p.rhai:3:5
  |
3 |     rsrc("tb.cp");
  |     ^^^^
hint: resources are beside the script, in `rsrc` beside it, or built in"#
    );
    assert_eq!(
        body("let t = tool(\"missing\");\n    shell(`${t}`);"),
        r#"error: `missing` is not installed
  --> fudsv/p.rhai:3:13
  |
3 |     let t = tool("missing");
  |             ^^^^"#
    );
}

#[test]
fn fail_and_throw_end_it_with_their_message() {
    assert_eq!(
        body("fail(`cannot read ${x}`);"),
        r"error: cannot read .fudsv/x/in.x
  --> fudsv/p.rhai:3:5
  |
3 |     fail(`cannot read ${x}`);
  |     ^^^^"
    );
    assert_eq!(
        body("throw \"no way\";"),
        r#"error: no way
  --> fudsv/p.rhai:3:5
  |
3 |     throw "no way";
  |     ^^^^^"#
    );
    assert_eq!(
        body("throw;"),
        r"error: the script failed
  --> fudsv/p.rhai:3:5
  |
3 |     throw;
  |     ^^^^^"
    );
}

#[test]
fn a_loop_without_end_is_an_error() {
    assert_eq!(
        load("let a = 1;\nloop { }"),
        r"error: the script does not end within 10000000 operations
  --> fudsv/p.rhai:2:6
  |
2 | loop { }
  |      ^
hint: is there an endless loop?"
    );
    assert_eq!(
        load("fn f() {\n  while true { }\n}\nf();"),
        r"error: the script does not end within 10000000 operations
  --> fudsv/p.rhai:4:1
  |
4 | f();
  | ^
hint: is there an endless loop?"
    );
}

#[test]
fn declarations_without_end_are_an_error() {
    assert_eq!(
        load("let s = state(\"s\", []);\nloop { defop cc(x: s) >> y: s { } }"),
        r"error: `cc` is declared more than 1000 times
  --> fudsv/p.rhai:2:14
  |
2 | loop { defop cc(x: s) >> y: s { } }
  |              ^^
hint: is there an endless loop?"
    );
    assert_eq!(
        load("let n = 0;\nwhile n < 3 { state(`s${n}`, []); }"),
        r"error: `s0` is declared more than 1000 times
  --> fudsv/p.rhai:2:15
  |
2 | while n < 3 { state(`s${n}`, []); }
  |               ^^^^^
hint: is there an endless loop?"
    );
}

#[test]
fn recursion_without_end_is_an_error() {
    assert_eq!(
        load("fn f(x) { 1 + f(x + [1 + 2 * (3 + x.len())]) }\nf([1]);"),
        r"error: functions call each other more than 128 deep
  --> fudsv/p.rhai:2:1
  |
2 | f([1]);
  | ^
hint: is there a function that calls itself forever?"
    );
    let deep = format!("let a = {}1{};", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(load(&deep).lines().next(), Some("error: expressions are nested more than 128 deep"));
    let deep = format!("let a = {}1{};", "[".repeat(30), "]".repeat(30));
    assert_eq!(load(&deep), "no error");
}

#[test]
fn sizes_are_bounded() {
    assert_eq!(
        load("let a = \"x\";\nloop { a += a; }"),
        r"error: a value grows too large: length of string
  --> fudsv/p.rhai:2:10
  |
2 | loop { a += a; }
  |          ^"
    );
    assert_eq!(
        load("let a = [1];\nloop { a += a; }"),
        r"error: a value grows too large: size of array/BLOB
  --> fudsv/p.rhai:2:10
  |
2 | loop { a += a; }
  |          ^"
    );
}

#[test]
fn nothing_reaches_outside() {
    for call in ["sleep(1)", "timestamp()", "open_file(\"x\")", "exit()"] {
        assert!(load(&format!("{call};")).contains("is not a function"), "{call}");
    }
}

#[test]
fn a_place_is_found_through_imports_and_calls() {
    let project = Project::new([
        ("a.rhai", "import \"b\" as b;\nlet x = b::outer(1);"),
        ("b.rhai", "fn inner(x) {\n    x.nothing()\n}\nfn outer(x) { inner(x) }"),
    ]);
    assert_eq!(
        project.error(),
        r"error: `nothing` is not a function
  --> fudsv/b.rhai:2:7
  |
2 |     x.nothing()
  |       ^^^^^^^
  called at: fudsv/b.rhai:4:15
  called at: fudsv/a.rhai:2:12"
    );
    let project = Project::new([("a.rhai", "import \"b\" as b;"), ("b.rhai", "\n  let x = 1 + y;")]);
    assert_eq!(
        project.error(),
        r"error: `y` is not a variable
  --> fudsv/b.rhai:2:15
  |
2 |   let x = 1 + y;
  |               ^
  imported at: fudsv/a.rhai:1:8"
    );
    let project = Project::new([
        (
            "a.rhai",
            "import \"b\" as b;\nlet s = state(\"s\", []);\ndefop o(x: s) >> y: s {\n    [x].map(|f| b::f(f));\n}",
        ),
        ("b.rhai", "fn f(x) { config(\"no.key\") }"),
    ]);
    assert_eq!(
        project.run("o"),
        r#"error: the configuration has no `no.key`
  --> fudsv/b.rhai:1:11
  |
1 | fn f(x) { config("no.key") }
  |           ^^^^^^
  called at: fudsv/a.rhai:4:20
  called at: fudsv/a.rhai:4:9
hint: `--set no.key=VALUE`, or `key = …` under `[no]` in fud.toml"#
    );
}

#[test]
fn a_circle_of_imports_is_named_in_full() {
    let project = Project::new([
        ("a.rhai", "import \"b\" as b;"),
        ("b.rhai", "import \"c\" as c;"),
        ("c.rhai", "import \"a\" as a;"),
    ]);
    assert_eq!(
        project.error(),
        r#"error: scripts import each other in a circle: `a` → `b` → `c` → `a`
  --> fudsv/c.rhai:1:8
  |
1 | import "a" as a;
  |        ^^^
  imported at: fudsv/b.rhai:1:8
  imported at: fudsv/a.rhai:1:8"#
    );
    assert_eq!(
        load("import \"p\" as me;"),
        r#"error: scripts import each other in a circle: `p` → `p`
  --> fudsv/p.rhai:1:8
  |
1 | import "p" as me;
  |        ^^^"#
    );
}

#[test]
fn a_missing_import_offers_the_nearest() {
    let project = Project::new([("a.rhai", "import \"verilater\" as v;")]).builtin("verilator.rhai", "");
    assert_eq!(
        project.error(),
        r#"error: there is no script `verilater` to import
  --> fudsv/a.rhai:1:8
  |
1 | import "verilater" as v;
  |        ^^^^^^^^^^^
hint: did you mean `verilator`?"#
    );
    assert_eq!(
        load("let x = v::y;"),
        r#"error: no script is imported as `v`
  --> fudsv/p.rhai:1:9
  |
1 | let x = v::y;
  |         ^
hint: `import "v" as v;` at the top of the script"#
    );
    assert_eq!(
        load("v::f();"),
        r#"error: no script is imported as `v`
  --> fudsv/p.rhai:1:1
  |
1 | v::f();
  | ^
hint: `import "v" as v;` at the top of the script"#
    );
}
