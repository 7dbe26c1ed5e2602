//! Units of a large model: an edit compiles few of them, and what is linked is what a clean build links, byte by byte.
//! It does not know how files are divided or members laid out; src/model/hosts/c has tests for that.

use crate::sandbox::{Sandbox, verilators};
use crate::toolchain::optional_tool;
use std::fmt::Write;

/// A design that is too large for one unit.
fn design() -> String {
    let mut text =
        String::from("module chip (input logic clk, input logic [31:0] x, output logic [31:0] y);\n");
    let mut all = String::from("x");
    for block in 0..48 {
        let _ = writeln!(
            text,
            "    logic [31:0] a{block};\n    always_ff @(posedge clk) case (x[3:0] ^ a{block}[3:0])"
        );
        for arm in 0..16 {
            let (high, low) = (31 - (block + arm) % 16, (block * 3 + arm) % 8);
            let _ = writeln!(
                text,
                "        {arm}: a{block} <= (a{block} ^ {{x[{low}:0], a{block}[31:{}]}}) + (x[{high}:{low}] * 32'd{});",
                low + 1,
                block * 100 + arm
            );
        }
        text.push_str("    endcase\n");
        let _ = write!(all, " ^ a{block}");
    }
    let _ = writeln!(text, "    assign y = {all};\nendmodule");
    text
}

/// The units that the last build compiled, and how many there are.
fn compiled(sandbox: &Sandbox) -> (usize, usize) {
    let ran = sandbox.outcomes("made").into_iter().filter(|line| line.contains("compile_model.chip"));
    let units = sandbox.sh("find made -name 'compile_model.chip*.o' -size +0 | wc -l");
    (ran.filter(|line| line.ends_with(".o ran")).count(), units.result().parse().unwrap())
}

#[test]
fn an_edit_compiles_few_units_and_links_what_a_clean_build_links() {
    // Each Verilator and each compiler once.
    for (cxx, verilator) in ["g++", "clang++"].into_iter().zip(verilators().into_iter().rev()) {
        if cxx == "clang++" && !optional_tool("clang++") {
            continue;
        }
        let sandbox = Sandbox::new().file("chip.sv", &design());
        let exec =
            format!("exec chip.sv --to shared-lib -q --set store=false --set cxx.exe={cxx} {verilator}");
        sandbox.fudsv(&format!("{exec} --dir made")).well();
        sandbox.sh("cp -a made clean").well();
        let mut few = 0;
        for (edit, with) in [
            // Another constant, another type, a member more, one less.
            ("32'd2005)", "32'd77)"),
            ("logic [31:0] a7;", "logic [15:0] a7;"),
            (
                "    logic [31:0] a9;\n",
                "    logic [31:0] a9; logic [6:0] more; always_ff @(posedge clk) more <= more + a9[8:2];\n",
            ),
            ("{x[3:0], a11[31:4]}", "32'd0"),
        ] {
            assert!(design().contains(edit), "{edit}");
            sandbox.edit("chip.sv", &design().replace(edit, with));
            sandbox.fudsv(&format!("{exec} --dir made")).well();
            let (ran, units) = compiled(&sandbox);
            let again = sandbox.fudsv(&format!("{} --dir made", exec.replace(" -q", "")));
            assert!(again.well().stderr.starts_with("Up to date"), "{again}");
            assert!(ran > 0 && units > 3, "{edit}: {ran} of {units}");
            few += usize::from(ran * 2 <= units + 1);
            sandbox.sh("rm clean/compile_model.chip*.o").well();
            sandbox.fudsv(&format!("{exec} --dir clean")).well();
            sandbox.sh("cd made && for o in compile_model.*.o; do cmp $o ../clean/$o || exit 1; done").well();
            sandbox.sh("cmp made/libchip.so clean/libchip.so").well();
        }
        assert!(few >= 3, "{few} of 4 edits compile half of the units or less");
    }
}

/// An op that copies its input below a directory; what is made of the copy is made again if its first letter changes.
const COVERED: &str = "let seed = state(\"seed\", [\"seed\"]);\nlet plant = state(\"plant\", [\"plant\"]);
defop grow(x: seed) >> y: plant {
    let parts = temp(\"parts/\");
    let first = temp(\"first\");
    shell_deps(`cp ${x} ${parts}/copy`, [x], [parts]);
    shell_deps(`head -c 1 ${parts}/copy > ${first}`, [parts], [first]);
    shell_deps(`cat ${parts}/copy > ${y} && echo ${parts}/copy > ${y}.d`, [first], [y],
        #{ covered: [parts], depfile: `${y}.d`, depfile_format: \"list\" });
}
";

#[test]
fn what_is_read_below_a_covered_directory_runs_nothing() {
    let sandbox = Sandbox::new().file("fudsv/garden.rhai", COVERED).file("a.seed", "12");
    let exec = "exec a.seed --to plant --dir b";
    sandbox.fudsv(exec).well();
    sandbox.edit("a.seed", "13");
    sandbox.fudsv(exec).well();
    assert_eq!(sandbox.read("b/a.plant"), "12");
    assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
    sandbox.edit("a.seed", "23");
    sandbox.fudsv(exec).well();
    assert_eq!(sandbox.read("b/a.plant"), "23");
    assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
}
