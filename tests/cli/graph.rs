//! Plans that are saved and run again, `--each`, pictures, and the commands for plugins.
//! It does not know how a plan is found.

use crate::sandbox::Sandbox;
use insta::assert_snapshot;

/// `join` takes one part and one glue; `split` makes two files.
fn parts() -> Sandbox {
    let script = r#"
let part = state("part", ["part"]);
let glue = state("glue", ["glue"]);
let bond = state("bond", ["bond"]);
let whole = state("whole", ["whole"]);
let rest = state("rest", ["rest"]);
/// Thickens glue
defop thicken(g: glue) >> b: bond { shell(`cat ${g} ${g} > ${b}`); }
defop join(p: part, b: bond) >> w: whole, r: rest { shell(`cat ${p} ${b} > ${w}; echo rest > ${r}`); }
"#;
    let sandbox = Sandbox::new().file("fudsv/parts.rhai", script).file("g.glue", "-");
    sandbox.file("a b.part", "1").file("c.part", "2").file("sub/c.part", "3")
}

#[test]
fn each_file_goes_its_way() {
    let sandbox = parts();
    assert_snapshot!(sandbox.fudsv("exec -q --each='*.part' 'a b.part' c.part sub/c.part g.glue --to whole -o done"), @"
    exit 0
    --- stdout
    done/a b.whole
    done/c.whole
    done/c_2.whole
    ");
    assert_eq!(sandbox.read("done/c_2.whole"), "3--");
    assert_snapshot!(sandbox.fudsv("plan --each='c*' c.part sub/c.part g.glue --to whole"), @"
    exit 0
    --- stdout
    thicken: g.glue -> .fudsv/c-whole-6416dffd/c.bond
    join: c.part .fudsv/c-whole-6416dffd/c.bond -> .fudsv/c-whole-6416dffd/c.whole .fudsv/c-whole-6416dffd/c.rest
    join: sub/c.part .fudsv/c-whole-6416dffd/c.bond -> .fudsv/c-whole-6416dffd/c_2.whole .fudsv/c-whole-6416dffd/c_2.rest
    result: .fudsv/c-whole-6416dffd/c.whole (`whole`)
    result: .fudsv/c-whole-6416dffd/c_2.whole (`whole`)
    ");
    assert_snapshot!(sandbox.fudsv("exec --each='*.x' c.part g.glue --to whole"), @"
    exit 2
    --- stderr
    error: no input file matches `--each=*.x`
    ");
    assert_snapshot!(sandbox.fudsv("exec --each='*.part' c.part g.glue --to whole -o g.glue"), @"
    exit 2
    --- stderr
    error: `g.glue` is a file
    hint: with `--each`, `-o` names the directory that the results are copied to
    ");
}

#[test]
fn a_saved_plan_runs_again_and_is_checked() {
    let sandbox = parts();
    let plan = sandbox.fudsv("plan c.part g.glue --to whole --format json").well().stdout.clone();
    sandbox.write("plan.json", &plan);
    assert_eq!(sandbox.fudsv("exec -q --plan plan.json -o -").result(), "2--");
    sandbox.write("plan.json", &plan.replace("c.part", "a b.part"));
    assert_eq!(sandbox.fudsv("exec -q --plan plan.json -o -").result(), "1--");
    sandbox.write("plan.json", &plan.replace("\"join\"", "\"jion\""));
    assert_snapshot!(sandbox.fudsv("exec --plan plan.json"), @"
    exit 2
    --- stderr
    error: no op is called `jion`
      plan: plan.json
    hint: did you mean `join`?
    ");
    sandbox.write("plan.json", "[]");
    assert_snapshot!(sandbox.fudsv("exec --plan plan.json"), @"
    exit 2
    --- stderr
    error: `plan.json` is not a plan
      cause: invalid length 0, expected an object with `given`, `uses` and `results` at line 1 column 2
    hint: `fudsv plan --format json` writes one
    ");
}

#[test]
fn a_saved_plan_makes_nothing_outside_of_its_build_directory_and_has_the_results_it_says() {
    let sandbox = parts().file("mine.txt", "mine\n");
    let plan = sandbox.fudsv("plan c.part g.glue --to whole --format json").well().stdout.clone();
    for elsewhere in ["../../mine.txt", "/tmp/mine.txt", "build.ninja", ".fudsv/steps.json"] {
        sandbox.write("plan.json", &plan.replace("\"c.whole\"", &format!("\"{elsewhere}\"")));
        let said = sandbox.fudsv("exec --plan plan.json");
        assert_eq!(said.exit, Some(2), "{said}");
        assert!(said.stderr.starts_with(&format!("error: no op can make `{elsewhere}`\n")), "{said}");
    }
    assert_eq!(sandbox.read("mine.txt"), "mine\n");
    sandbox.write("plan.json", &plan);
    assert_snapshot!(sandbox.fudsv("exec --plan plan.json -o a -o b"), @"
    exit 2
    --- stderr
    error: there is no result for `-o b`: the plan has 1
    ");
}

#[test]
fn a_saved_plan_takes_standard_input_each_time() {
    let sandbox = parts();
    let plan = "plan --from part --from glue - g.glue --to whole --format json";
    let plan = sandbox.fudsv(plan).well().stdout.clone();
    assert!(plan.contains("\"path\": \"-\""), "{plan}");
    sandbox.write("plan.json", &plan);
    for text in ["one", "two"] {
        assert_eq!(
            sandbox.fudsv_with_stdin("exec -q --plan plan.json -o -", text).result(),
            format!("{text}--")
        );
    }
}

#[test]
fn a_plan_is_drawn() {
    let sandbox = parts();
    assert_snapshot!(sandbox.fudsv("plan c.part g.glue --to whole --format dot"), @r##"
    exit 0
    --- stdout
    digraph fudsv {
      rankdir=LR;
      node [fontname="Helvetica", fontsize=11];
      n0 [label="c.part", shape=box, style="rounded,filled", fillcolor="#ceead6", tooltip="part"];
      n1 [label="g.glue", shape=box, style="rounded,filled", fillcolor="#ceead6", tooltip="glue"];
      n2 [label="c.bond", shape=box, style="rounded,filled", fillcolor="#e8f0fe", tooltip="bond"];
      n3 [label="c.whole", shape=box, style="rounded,filled", fillcolor="#ceead6", tooltip="whole"];
      n4 [label="c.rest", shape=box, style="rounded,filled", fillcolor="#e8f0fe", tooltip="rest"];
      n5 [label="thicken", shape=plain, tooltip="Thickens glue"];
      n6 [label="join", shape=plain];
      n1 -> n5;
      n5 -> n2;
      n0 -> n6;
      n2 -> n6;
      n6 -> n3;
      n6 -> n4;
    }
    "##);
    let svg = sandbox.fudsv("plan c.part g.glue --to whole --format svg").well().stdout.clone();
    assert!(svg.starts_with("<svg xmlns=") && svg.trim_end().ends_with("</svg>"), "{svg}");
    assert_eq!(svg, sandbox.fudsv("plan c.part g.glue --to whole --format svg").stdout);
}

#[test]
fn the_graph_is_drawn() {
    let sandbox = parts();
    let svg = sandbox.fudsv("graph --format svg").well().stdout.clone();
    assert!(
        ["thicken", "join", "whole", "sv"].iter().all(|name| svg.contains(&format!("{name}</"))),
        "{svg}"
    );
    assert!(sandbox.fudsv("graph").well().stdout.contains("label=\"thicken\""));
    let html = sandbox.fudsv("graph --format html").well().stdout.clone();
    assert!(html.starts_with("<!doctype html>") && html.contains("<td>Thickens glue</td>"), "{html}");
    assert!(!html.contains("src=") && !html.contains("<script"), "the page stands alone");
}

#[test]
fn a_new_plugin_works() {
    let sandbox = Sandbox::new().file("a b.sv", "one\ntwo\n");
    assert_eq!(
        sandbox.fudsv("plugin new lines").result(),
        "fudsv/lines.rhai\nfudsv/tests/lines/example.toml"
    );
    assert_eq!(sandbox.fudsv("exec -q 'a b.sv' --to lines-report -o -").result(), "2");
    assert_eq!(sandbox.fudsv("check").result(), "checked 1 op: all is well");
    let said = sandbox.fudsv("check --examples");
    assert!(said.well().stdout.contains("\nlines  passed "), "{said}");
    assert_snapshot!(sandbox.fudsv("plugin new lines"), @"
    exit 2
    --- stderr
    error: `fudsv/lines.rhai` already exists
    ");
}

#[test]
fn plugins_are_listed_with_what_their_names_mean() {
    let sandbox =
        Sandbox::new().file("fudsv/mine.rhai", "").file("ops/mine.rhai", "").file("ops/verilator.rhai", "");
    let sandbox = sandbox.var("FUDSV_PLUGIN_PATH", "ops");
    assert_eq!(sandbox.fudsv("plugin register ops/verilator.rhai").result(), "fud.toml");
    assert_eq!(sandbox.read("fud.toml"), "plugins = [\"ops/verilator.rhai\"]\n");
    let listed = sandbox.fudsv("plugin list").stdout;
    let lines: Vec<&str> = listed
        .lines()
        .filter(|line| ["mine", "veri", "cxx "].iter().any(|start| line.starts_with(start)))
        .collect();
    assert_snapshot!(lines.join("\n"), @"
    verilator   ops/verilator.rhai: named by the project
    mine        ops/mine.rhai: FUDSV_PLUGIN_PATH, loaded when its name is given
    mine        fudsv/mine.rhai: project, its name means ops/mine.rhai
    cxx         (part of fudsv): built-in
    verilator   (part of fudsv): built-in, its name means ops/verilator.rhai
    ");
}

#[test]
fn a_check_finds_what_a_load_does_not() {
    let script = r#"
let a = state("aa", ["aa"]);
let b = state("bb", ["bb"]);
let lonely = state("cc", ["cc"]);
defop one(x: a, y: optional(b)) >> z: b { shell(`touch ${z}`); }
defop one(x: a) >> z: b { shell(`cp ${x} ${z} ${misspelt}`); }
defop two(x: a) >> z: b { shell(`${config("my.key")} ${x} ${z}`); }
"#;
    assert_snapshot!(Sandbox::new().file("fudsv/p.rhai", script).fudsv("check"), @r#"
    exit 2
    --- stdout
    note: the op `one` is declared twice, at fudsv/p.rhai:5 and fudsv/p.rhai:6; `--through one` means the first
    note: `two` was not checked: the configuration has no `my.key`
    --- stderr
    error: no op takes or makes the state `cc`
      --> fudsv/p.rhai:4:14
      |
    4 | let lonely = state("cc", ["cc"]);
      |              ^^^^^

    error: the body of `one` never mentions `x`
      --> fudsv/p.rhai:5:7
      |
    5 | defop one(x: a, y: optional(b)) >> z: b { shell(`touch ${z}`); }
      |       ^^^

    error: the body of `one` never mentions `y`
      --> fudsv/p.rhai:5:7
      |
    5 | defop one(x: a, y: optional(b)) >> z: b { shell(`touch ${z}`); }
      |       ^^^

    error: `misspelt` is not a variable
      --> fudsv/p.rhai:6:49
      |
    6 | defop one(x: a) >> z: b { shell(`cp ${x} ${z} ${misspelt}`); }
      |                                                 ^^^^^^^^

    error: there are 4 problems with the plugins
    "#);
}
