//! Bodies run with real file names and say their steps.

use crate::script::harness::Project;

const STATES: &str = "export const a = state(\"a\", [\"la\"]);\nexport const b = state(\"b\", [\"lb\"]);\n";

fn op(text: &str) -> Project {
    Project::script(&format!("{STATES}{text}"))
}

#[test]
fn the_manuals_example_of_fud2_loads_and_runs() {
    let project = Project::script(
        r#"
export const calyx_state = state("calyx", ["futil"]);
export const verilog_state = state("verilog", ["sv", "v"]);
fn calyx_cmd(in_file, out_file, add_args) {
    let calyx_base = config("calyx.base");
    let calyx_exe = config_or("calyx.exe", `${calyx_base}/target/debug/calyx`);
    let args = config_or("calyx.args", "");
    shell(`${calyx_exe} -l ${calyx_base} -b verilog ${args} ${add_args} ${in_file} > ${out_file}`);
}
defop calyx_to_verilog(calyx_prog: calyx_state) >> verilog_prog: verilog_state {
    calyx_cmd(calyx_prog, verilog_prog, "--x");
}"#,
    );
    let project = project.config("calyx.base = '/calyx'");
    assert_eq!(
        project.run("calyx_to_verilog"),
        "out.verilog_prog: in.calyx_prog\n  $ /calyx/target/debug/calyx -l /calyx -b verilog  --x <in.calyx_prog> > <out.verilog_prog>"
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
    assert_eq!(project.run("one"), "out.y: in.x\n  $ cc -O1 <in.x> -o <out.y>");
    assert_eq!(project.run("two"), "out.y: in.x\n  $ cc -O2 <in.x> -o <out.y>");
}
