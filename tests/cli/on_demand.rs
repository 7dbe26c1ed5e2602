//! What only makes a step faster is made when that step runs, in the second build that wants it.
//! It does not know Verilator's headers, which are made so.

use crate::sandbox::Sandbox;

/// An op whose command uses a table where there is one.
const SCRIPT: &str = "let seed = state(\"seed\", [\"seed\"]);\nlet plant = state(\"plant\", [\"plant\"]);\ndefop grow(x: seed) >> y: plant {\n    let table = temp(\"table\");\n    shell_deps(`[ ! -e ../../broken ] && echo known > ${table}`, [], [table]);\n    shell_deps(`if [ -e ${table} ]; then cat ${x} > ${y}; else cat ${x} > ${y}; fi`, [x], [y], #{ on_demand: [table] });\n}\n";

const WORKDIR: &str = ".fudsv/a-plant";

fn garden() -> Sandbox {
    Sandbox::new().file("fudsv/garden.rhai", SCRIPT).file("a.seed", "1").file("b.seed", "1")
}

/// The steps that ran in a build of `a.seed` with this content.
fn grown(sandbox: &Sandbox, content: &str) -> Vec<String> {
    sandbox.edit("a.seed", content);
    sandbox.fudsv("exec a.seed --to plant").well();
    assert_eq!(sandbox.read(&format!("{WORKDIR}/a.plant")), content);
    sandbox.outcomes(WORKDIR)
}

#[test]
fn what_saves_time_is_made_by_the_second_build_that_wants_it_and_by_no_other() {
    let sandbox = garden();
    assert_eq!(grown(&sandbox, "1"), ["grow.a.plant ran"]);
    assert_eq!(sandbox.fudsv("exec a.seed --to plant").well().stderr, "Up to date\n");
    assert_eq!(grown(&sandbox, "2"), ["grow.grow.table ran", "grow.a.plant ran"]);
    assert_eq!(grown(&sandbox, "3"), ["grow.grow.table hit", "grow.a.plant ran"]);
    sandbox.sh(&format!("rm {WORKDIR}/grow.table")).well();
    assert_eq!(sandbox.fudsv("exec a.seed --to plant").well().stderr, "Up to date\n");
    assert_eq!(grown(&sandbox, "4"), ["grow.grow.table ran", "grow.a.plant ran"]);
    assert_eq!(grown(&sandbox, ""), ["grow.a.plant ran"]);
}

#[test]
fn another_design_is_a_second_build_and_plain_ninja_too() {
    let sandbox = garden();
    assert_eq!(grown(&sandbox, "1"), ["grow.a.plant ran"]);
    sandbox.fudsv("gen b.seed --to plant").well();
    sandbox.ninja(".fudsv/b-plant", "").well();
    assert_eq!(sandbox.read(".fudsv/b-plant/grow.table"), "known\n");
}

#[test]
fn a_step_runs_without_what_would_save_time_if_that_cannot_be_made_and_uses_no_old_one() {
    let sandbox = garden();
    assert_eq!(grown(&sandbox, "1"), ["grow.a.plant ran"]);
    assert_eq!(grown(&sandbox, "2"), ["grow.grow.table ran", "grow.a.plant ran"]);
    let sandbox = sandbox.file("broken", "");
    sandbox.edit("fudsv/garden.rhai", &SCRIPT.replace("echo known", "echo more"));
    assert_eq!(grown(&sandbox, "3"), ["grow.grow.table failed", "grow.a.plant ran"]);
    let log = sandbox.read(&format!("{WORKDIR}/.fudsv/steps/grow.a.plant.log"));
    let why = "failed: exited with 1; see .fudsv/steps/grow.grow.table.log\n";
    assert_eq!(log, format!("warning: step `grow.grow.table`, which only saves time, {why}"));
    sandbox.sh(&format!("[ ! -e {WORKDIR}/grow.table ]")).well();
}

#[test]
fn only_an_earlier_step_of_the_op_makes_what_is_wanted_on_demand() {
    let script = SCRIPT.replace("temp(\"table\");", "temp(\"table\"); let other = temp(\"other\");");
    let sandbox =
        garden().file("fudsv/garden.rhai", &script.replace("on_demand: [table]", "on_demand: [other]"));
    let said = sandbox.fudsv("exec a.seed --to plant");
    assert!(said.stderr.contains("hint: "), "{said}");
    assert!(said.stderr.starts_with("error: "), "{said}");
}
