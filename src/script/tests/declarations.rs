//! States and ops as scripts declare them.
//! They do not know plans.

use crate::script::harness::{Project, graph};

#[test]
fn states_and_ops_have_all_their_properties() {
    let project = Project::script(
        r#"
/// SystemVerilog sources.
/// Of any version.
export const sv = state("sv", ["sv", ".v"]);
let lib = state("shared-lib", ["so"], #{ pattern: "lib{}.so", description: "a library" });
let dir = state("crate", [], #{ directory: true });
/// Builds a library
/// with Verilator.
defop build(srcs: [sv], cfg: optional("json"), one: get_state("sv"), more: optional(["json"])) >> l: lib, c: dir { }
defop costly(x: sv) >> y: lib #{ cost: 7, description: "dear", needs: ["verilator", "c++"] } { }
state("json", ["json"]);
"#,
    );
    assert_eq!(
        graph(&project.load().unwrap()),
        r#"sv ["sv", "v"] (SystemVerilog sources) 0:fudsv/p.rhai:4:19
shared-lib ["so"] lib{}.so (a library) 0:fudsv/p.rhai:5:11
crate/ [] 0:fudsv/p.rhai:6:11
json ["json"] 0:fudsv/p.rhai:11:1
build(srcs: [sv], cfg: json?, one: sv, more: [json]?) >> l: shared-lib, c: crate =1 [] (Builds a library with Verilator) 0:fudsv/p.rhai:9:7
costly(x: sv) >> y: shared-lib =7 ["verilator", "c++"] (dear) 0:fudsv/p.rhai:10:7"#
    );
}

#[test]
fn what_windows_editors_write_is_read_too() {
    let project = Project::script("\u{feff}let a = state(\"a\", []);\r\nlet b = `${a}\r\n`;\r\n");
    assert_eq!(project.load().unwrap().graph().state_count(), 1);
    let project = Project::script("\u{feff}let a = 1;\r\n  stat(a);\r\n");
    assert_eq!(
        project.error(),
        "error: `stat` is not a function\n  --> fudsv/p.rhai:2:3\n  |\n2 |   stat(a);\n  |   ^^^^\nhint: did you mean `state`?"
    );
}

#[test]
fn a_state_may_be_named_by_any_expression() {
    let project = Project::new([
        ("base.rhai", "export const sv = state(\"sv\", [\"sv\"]);"),
        ("mid.rhai", "import \"base\" as base;\nexport const v = base::sv;"),
        (
            "p.rhai",
            r#"
import "mid" as mid;
let all = #{ out: state("o", ["o"]) };
defop one(x: mid::v, y: mid::base::sv, z: "sv") >> o: all.out { }
"#,
        ),
    ]);
    assert_eq!(
        graph(&project.load().unwrap()),
        r#"sv ["sv"] 0:fudsv/base.rhai:1:19
o ["o"] 0:fudsv/p.rhai:3:19
one(x: sv, y: sv, z: sv) >> o: o =1 [] 0:fudsv/p.rhai:4:7"#
    );
}

#[test]
fn the_order_of_loading_does_not_matter() {
    let a = "import \"b\" as b;\nlet s = state(\"s\", [\"a\"]);\ndefop a1(x: s) >> y: b::t { }";
    let b = "export const t = state(\"t\", [\"t\"]);\nstate(\"s\", [\"b\"]);\ndefop b1(x: get_state(\"u\")) >> y: t { }";
    let c = "state(\"u\", [\"u\"]);";
    let one = Project::new([("a.rhai", a), ("b.rhai", b), ("c.rhai", c)]);
    let other = Project::new([
        ("a.rhai", &*a.replace("import \"b\"", "import \"c\" as c; import \"b\"")),
        ("b.rhai", b),
        ("c.rhai", c),
    ]);
    assert_eq!(
        graph(&one.load().unwrap()),
        r#"s ["a"] 0:fudsv/a.rhai:2:9
t ["t"] 0:fudsv/b.rhai:1:18
u ["u"] 0:fudsv/c.rhai:1:1
a1(x: s) >> y: t =1 [] 0:fudsv/a.rhai:3:7
b1(x: u) >> y: t =1 [] 0:fudsv/b.rhai:3:7"#
    );
    assert_eq!(graph(&one.load().unwrap()), graph(&other.load().unwrap()));
}

#[test]
fn a_function_may_declare_ops() {
    let project = Project::new([
        (
            "lib.rhai",
            r#"
fn compiler(name, from, to) {
    defop compile(x: from) >> y: to { shell(`${name} ${x} ${y}`); }
}"#,
        ),
        (
            "p.rhai",
            "import \"lib\" as lib;\nlib::compiler(\"gcc\", state(\"c\", [\"c\"]), state(\"o\", [\"o\"]));",
        ),
    ]);
    assert_eq!(
        project.run("compile"),
        r"out.y: in.x
  $ gcc <in.x> <out.y>"
    );
}

#[test]
fn a_script_is_evaluated_once() {
    let project = Project::new([
        ("a.rhai", "import \"b\" as b;"),
        ("b.rhai", "print(\"b\");"),
        ("c.rhai", "import \"b\" as b; import \"b.rhai\" as again;"),
    ]);
    project.load().unwrap();
    assert_eq!(project.said.borrow().as_slice(), ["fudsv/b.rhai: b"]);
}

#[test]
fn an_import_finds_a_sibling_first_and_built_ins_import_built_ins() {
    let project = Project::new([
        ("tools.rhai", "print(\"mine\");"),
        ("p.rhai", "import \"tools\" as t; import \"other\" as o;"),
    ])
    .builtin("tools.rhai", "print(\"built in\");")
    .builtin("main.rhai", "import \"tools\" as t;")
    .builtin("other.rhai", "");
    project.load().unwrap();
    assert_eq!(
        project.said.borrow().as_slice(),
        ["fudsv/tools.rhai: mine", "<built-in>/tools.rhai: built in"]
    );
}

/// A script and a built-in one with the same names.
fn alike() -> Project {
    let mine = r#"
state("s", ["mine"]);
defop o(x: "s", y: get_state("builtin::s"), z: get_state("t")) >> w: get_state("p::s") { }"#;
    Project::script(mine).builtin(
        "b.rhai",
        "let s = state(\"s\", [\"theirs\"]);\nstate(\"t\", []);\ndefop o(x: s) >> y: \"s\" { }",
    )
}

#[test]
fn each_means_its_own_where_a_name_is_that_of_a_built_in_one() {
    assert_eq!(
        graph(&alike().load().unwrap()),
        r#"s ["mine"] 0:fudsv/p.rhai:2:1
s ["theirs"] 1:<built-in>/b.rhai:1:9
t [] 1:<built-in>/b.rhai:2:1
o(x: s, y: builtin::s, z: t) >> w: s =1 [] 0:fudsv/p.rhai:3:7
o(x: builtin::s) >> y: builtin::s =1 [] 1:<built-in>/b.rhai:3:7"#
    );
}

#[test]
fn override_puts_a_state_and_an_op_in_the_place_of_the_built_in_ones() {
    assert_eq!(
        graph(&alike().config("override = ['s']").load().unwrap()),
        r#"s ["mine"] 0:fudsv/p.rhai:2:1
t [] 1:<built-in>/b.rhai:2:1
o(x: s, y: s, z: t) >> w: s =1 [] 0:fudsv/p.rhai:3:7
o(x: s) >> y: s =1 [] 1:<built-in>/b.rhai:3:7"#
    );
    assert_eq!(
        graph(&alike().config("override = ['o', 't']").load().unwrap()),
        r#"s ["mine"] 0:fudsv/p.rhai:2:1
s ["theirs"] 1:<built-in>/b.rhai:1:9
t [] 1:<built-in>/b.rhai:2:1
o(x: s, y: builtin::s, z: t) >> w: s =1 [] 0:fudsv/p.rhai:3:7"#
    );
}

#[test]
fn a_state_in_the_place_of_a_built_in_one_is_used_as_that_was() {
    let project = Project::script("state(\"s\", [\"own\"]); defop x(a: \"s\") >> b: \"s\" {}")
        .builtin("b.rhai", "let s = state(\"s\", [\"s\"], #{ hdl: true }); defop o(a: s) >> b: s {}");
    let hdl = |project: &Project| -> Vec<bool> {
        let scripts = project.load().unwrap();
        scripts.graph().states().map(|(_, state)| state.properties.hdl).collect()
    };
    assert_eq!(hdl(&project), [false, true]);
    assert_eq!(hdl(&project.config("override = ['s']")), [true]);
}

#[test]
fn what_an_op_sets_must_be_text_and_what_it_does_with_ports_must_be_known() {
    let error = |option: &str| {
        let op = format!("let s = state(\"s\", []);\ndefop o(a: s) >> b: s #{{ {option} }} {{}}");
        Project::script(&op).error().lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(error("sets: #{ \"a.b\": 1 }"), "error: the option `sets` of `defop` must be a map of text");
    assert_eq!(
        error("top_ports: \"all\""),
        "error: the option `top_ports` of `defop` must be `\"compiled\"` or `\"passed\"`"
    );
}
