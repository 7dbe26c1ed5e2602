//! What scripts written for fud2 rely on, run for real: one set of scripts that uses every call of theirs.
//! It does not copy any script of fud2.

use crate::sandbox::Sandbox;
use insta::assert_snapshot;

/// A "compiler", a "linker" and a "simulator", each in its own script, in fud2's style.
fn project() -> Sandbox {
    Sandbox::new()
        .file("base/tool.sh", "cat \"$@\"\n")
        .file("x.src", "source\n")
        .file("data.txt", "data\n")
        .file("fud.toml", "waves = \"true\"\n[flow]\nbase = \"../../base\"\n[sim]\ndata = \"data.txt\"\n")
        .file("fudsv/tail.txt", "tail\n")
        .file("fudsv/front-end.rhai", FRONT)
        .file("fudsv/link.rhai", LINK)
        .file("fudsv/sim.rhai", SIM)
}

const FRONT: &str = r#"
export const src_state = state("src", ["src"]);
export const obj_state = state("obj", ["obj"]);

export const front_setup = front_setup;
fn front_setup(e) {
    e.config_var("flow-base", "flow.base");
    e.config_var_or("flow-exe", "flow.exe", "sh $flow-base/tool.sh");
    e.config_var_or("args", "flow.args", "");
    e.rule("compile", "$flow-exe $in > $out $args");
}

fn stem(path) { path.split("/")[-1].split_rev(".", 2)[-1] }

op("compile", [front_setup], src_state, obj_state, |e, input, output| {
    let mid = `${stem(input)}.mid`;
    e.build_cmd([mid], "compile", [input], [""]);
    e.build_cmd([output], "compile", [mid], []);
    e.arg("args", `&& echo compiled >> ${output}`);
});
op("compile", [front_setup], src_state, obj_state, |e, input, output| e.build("compile", input, output));
"#;

const LINK: &str = r#"
import "front-end" as f;
export const exe_state = state("exe", ["exe"]);
export let link_setup = link_setup;
fn link_setup(e) {
    e.rsrc("tail.txt");
    e.add_file("list.txt", "listed\n");
    e.rule("link", "test -s files && cat $in tail.txt > $out");
    e.arg("rspfile", "files");
    e.arg("rspfile_content", "$in_newline");
    e.arg("pool", "console");
    e.rule("list", "cat list.txt $in > $out");
}
fn link(e, input, output, what) {
    if what { e.build_cmd([`${stem(input)}.linked`], "link", [input], ["tail.txt"]); }
    e.build_cmd([output], "list", `${stem(input)}.linked`, ["list.txt"]);
}
op("link", [link_setup], f::obj_state, exe_state, |e, input, output| link(e, input, output, true));
"#;

const SIM: &str = r#"
import "link" as l;
let out_state = state("out", ["out"]);
let shown = state("shown", []);
fn sim_setup(e) {
    e.var_("sim_data", e.external_path(e.config_val("sim.data")));
    e.var_("datadir", "sim_data");
    e.rule("conv", `for f in $in; do
        cat "$$f"
    done > $out`);
    e.build_cmd(["$datadir"], "conv", ["$sim_data"], []);
    let waves = e.config_constrained_or("waves", ["true", "false"], "false");
    e.rule("run", if waves == "true" { "cat $in $datadir > $out && echo waves >> $out" } else { "cat $in > $out" });
}
op("simulate", [get_setup("front_setup"), sim_setup], l::exe_state, out_state, |e, input, output| {
    e.build_cmd([output, "sim.log"], "run-and-log", [input, "$datadir"], []);
    e.rule("run-and-log", "$flow-exe $in > $out_file && echo ran > sim.log");
    e.arg("out_file", output);
});
rule([sim_setup], out_state, shown, "run");
"#;

#[test]
fn a_flow_in_fud2s_style_runs() {
    let sandbox = project();
    assert_snapshot!(sandbox.fudsv("exec -q x.src --to out -o -"), @"
    exit 0
    --- stdout
    listed
    source
    compiled
    tail
    data
    ");
    assert_snapshot!(sandbox.fudsv("exec x.src --to out"), @"
    exit 0
    --- stdout
    .fudsv/x-out/x.out
    --- stderr
    Up to date
    ");
}

#[test]
fn a_name_with_blanks_goes_through_the_same_flow() {
    let sandbox = project().file("my $x.src", "mine\n");
    assert_eq!(
        sandbox.fudsv("exec -q 'my $x.src' --to out -o -").result(),
        "listed\nmine\ncompiled\ntail\ndata"
    );
    sandbox.write("my $x.src", "changed\n");
    assert_eq!(
        sandbox.fudsv("exec -q 'my $x.src' --to out -o -").result(),
        "listed\nchanged\ncompiled\ntail\ndata"
    );
}

#[test]
fn an_action_and_a_doubled_name_are_said() {
    let sandbox = project();
    assert_snapshot!(sandbox.fudsv("plan x.src --to shown"), @"
    exit 0
    --- stdout
    compile: x.src -> .fudsv/x-shown/x.obj
    link: .fudsv/x-shown/x.obj -> .fudsv/x-shown/x.exe
    simulate: .fudsv/x-shown/x.exe -> .fudsv/x-shown/x.out
    run: .fudsv/x-shown/x.out -> .fudsv/x-shown/x
    result: .fudsv/x-shown/x (`shown`)
    note: the op `compile` is declared twice, at fudsv/front-end.rhai:15 and fudsv/front-end.rhai:21; `--through compile` means the first
    ");
}

#[test]
fn with_a_full_cache_a_plan_is_as_with_an_empty_one_until_a_script_changes() {
    let sandbox = project();
    let all = |sandbox: &Sandbox| {
        let formats = [
            "plan x.src --to shown",
            "plan x.src --to shown --format json",
            "emit x.src --to out",
            "list",
            "check",
        ];
        formats.map(|words| sandbox.fudsv(words).to_string())
    };
    let first = all(&sandbox);
    assert_eq!(all(&sandbox), first);
    sandbox.edit("fudsv/link.rhai", &LINK.replace("op(\"link\"", "op(\"join\""));
    let edited = sandbox.fudsv("plan x.src --to exe");
    assert!(edited.well().result().contains("join: "), "{edited}");
    sandbox.edit("fudsv/link.rhai", &format!("{LINK}\nnonsense();"));
    let broken = sandbox.fudsv("plan x.src --to exe").to_string();
    assert!(broken.contains("exit 2") && broken.contains("`nonsense` is not a function"), "{broken}");
    assert_eq!(sandbox.fudsv("plan x.src --to exe").to_string(), broken);
    sandbox.edit("fudsv/link.rhai", LINK);
    assert_eq!(all(&sandbox), first);
}

#[test]
fn a_check_finds_nothing_wrong_with_such_a_flow() {
    assert_snapshot!(project().fudsv("check"), @"
    exit 0
    --- stdout
    note: the op `compile` is declared twice, at fudsv/front-end.rhai:15 and fudsv/front-end.rhai:21; `--through compile` means the first
    checked 5 ops: all is well
    ");
}

/// As in fud2's own scripts: two ops of one name in one script, of which the second goes on from the first.
const TWO_STAGES: &str = r#"
let a = state("aa", ["aa"]); let b = state("bb", ["bb"]); let c = state("cc", ["cc"]);
fn setup(e) { e.rule("copy", "cp $in $out"); }
op("stage", [setup], a, b, |e, input, output| { e.build_cmd([output], "copy", [input], []); });
op("stage", [setup], b, c, |e, input, output| { e.build_cmd([output], "copy", [input], []); });
"#;

#[test]
fn a_saved_plan_knows_two_ops_of_one_name_apart() {
    let sandbox = Sandbox::new().file("fudsv/p.rhai", TWO_STAGES).file("x.aa", "x\n").file("y.bb", "y\n");
    for (from, text) in [("x.aa", "x"), ("y.bb", "y")] {
        sandbox
            .write("plan.json", &sandbox.fudsv(&format!("plan {from} --to cc --format json")).well().stdout);
        assert_eq!(sandbox.fudsv("exec -q --plan plan.json -o -").result(), text);
    }
}

#[test]
fn what_is_written_into_a_state_without_extension_stays_there() {
    let script = r#"
let a = state("aa", ["aa"]); let bare = state("bare", []); let c = state("cc", ["cc"]); let seen = state("seen", []);
defop first(x: a) >> y: bare { shell(`cat ${x} > ${y}`); }
defop second(x: bare) >> y: c { shell(`cat ${x} > ${y}`); }
defop show(x: c) >> y: seen { shell(`cat ${x} >&2`); }
"#;
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("x.aa", "mine\n");
    assert_eq!(sandbox.fudsv("exec -q x.aa --to cc -o -").result(), "mine");
    assert_eq!(sandbox.fudsv("exec -q x.aa --to bare -o -").result(), "mine");
    assert_eq!(sandbox.fudsv("exec -q x.aa --to seen -o -").result(), "");
}

#[test]
fn a_command_of_several_lines_is_one_command() {
    let script = r#"
let a = state("aa", ["aa"]); let b = state("bb", ["bb"]);
defop join(x: a) >> y: b {
    shell(`for n in 1 2; do
        printf '%s\n' "$n \\"
    done > ${y}
    cat ${x} >> ${y}`);
}
"#;
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("x.aa", "end\n");
    assert_eq!(sandbox.fudsv("exec -q x.aa --to bb -o -").result(), "1 \\\n2 \\\nend");
    assert_snapshot!(sandbox.fudsv("exec x.aa --to bb"), @"
    exit 0
    --- stdout
    .fudsv/x-bb/x.bb
    --- stderr
    Up to date
    ");
}
