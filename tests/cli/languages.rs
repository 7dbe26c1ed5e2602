//! Designs in other languages than Verilog and VHDL: Veryl and Spade, by their own compilers. M10 of Marlin's tests.
//! It does not know the languages. Compilers that are not installed are stood in for.

use crate::sandbox::{Sandbox, which};
use crate::toolchain::skipped;
use insta::assert_snapshot;
use std::fs;
use std::path::Path;

/// What Veryl makes of the wire, for a project that it finds where it stands.
const VERYL: &str = r#"set -e
[ "$*" = "build --quiet" ] && test -f src/wire.veryl
grep -q 'sources = \["src"\]' Veryl.toml && grep -q 'omit_project_prefix = true' Veryl.toml
mkdir target
printf 'module Wire (\n  input var logic [8-1:0] i,\n  output var logic [8-1:0] o\n);\n  always_comb o = i;\nendmodule\n' \
    > target/wire.sv
echo "$PWD/target/wire.sv" > design.f
"#;

/// A Veryl that tells its settings as a module, and where its source is.
const TOLD: &str = r#"set -e
mkdir target
{ echo "module told;"; sed 's|^|// |' Veryl.toml; ls -A | sed 's|^|// here: |'; echo endmodule; } > target/told.sv
list=design
if grep -q 'name = "mine"' Veryl.toml; then list=mine; fi
echo "$PWD/target/told.sv" > $list.f
find "$PWD/src" -type f | sed 's|.*|Error: [&:3:5] odd|' >&2
"#;

/// What Spade makes of the constant.
const SPADE: &str = r#"set -e
[ "$1 $2" = "--no-color -o" ] && grep -q 'entity constant' "$4"
printf 'module constant(input clk_i, output[7:0] output__);\n  assign output__ = 42;\nendmodule\n' > "$3"
"#;

fn is_here(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path).any(|dir| dir.join(name).is_file())
}

/// Whether a compiler is here that no package offers and that is long to compile: CI has none.
fn rare_tool(name: &str) -> bool {
    let is_here = is_here(name);
    if !is_here {
        skipped(&format!("`{name}` is not on PATH"));
    }
    is_here
}

/// The example, with the compilers that are installed, else with what stands in for them.
fn languages() -> Sandbox {
    let mut sandbox = Sandbox::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/languages");
    for name in ["wire.veryl", "constant.spade"] {
        sandbox = sandbox.file(name, &fs::read_to_string(from.join(name)).unwrap());
    }
    for (name, stand_in) in [("veryl", VERYL), ("spade", SPADE)] {
        if is_here(name) {
            println!("with the real `{name}`: {}", which(name).display());
        } else {
            sandbox = sandbox.tool(name, stand_in);
        }
    }
    sandbox
}

/// Drives a library by its C interface and prints one byte.
fn driven(sandbox: &Sandbox, program: &str) -> String {
    sandbox.write("drive.py", &format!("import ctypes\n{program}"));
    sandbox.sh("python3 -B drive.py").result().to_owned()
}

#[test]
fn a_wire_in_veryl_passes_what_comes_in() {
    let sandbox = languages();
    let exec = "exec wire.veryl --top Wire --to shared-lib -o libwire.so";
    sandbox.fudsv(exec).well();
    let program = "
wire = ctypes.CDLL('./libwire.so')
wire.Wire_new.restype = ctypes.c_void_p
dut = ctypes.c_void_p(wire.Wire_new())
wire.Wire_set_i(dut, 0xa5)
wire.Wire_eval(dut)
print(wire.Wire_get_o(dut))
";
    assert_eq!(driven(&sandbox, program), "165");
    assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
}

#[test]
fn a_constant_in_spade_is_42() {
    let sandbox = languages();
    sandbox.fudsv("exec constant.spade --top constant --to shared-lib -o libconstant.so").well();
    let program = "
constant = ctypes.CDLL('./libconstant.so')
constant.constant_new.restype = ctypes.c_void_p
dut = ctypes.c_void_p(constant.constant_new())
constant.constant_eval(dut)
print(constant.constant_get_output__(dut))
";
    assert_eq!(driven(&sandbox, program), "42");
}

#[test]
fn what_is_wrong_with_a_design_is_told_by_its_own_compiler_with_the_place_in_the_users_file() {
    let failing = format!("{TOLD}exit 1");
    let sandbox = languages().tool("veryl", &failing);
    sandbox.sh("mkdir 'a dir' sub; cp wire.veryl 'a dir/wire.veryl'").well();
    let said = sandbox.fudsv("exec 'a dir/wire.veryl' --top Wire --to ports -q");
    assert_eq!(said.exit, Some(1), "{said}");
    let told =
        |file: &str| format!("error: `compile Wire.sv` failed (exit code 1)\nError: [{file}:3:5] odd\n");
    assert!(said.stderr.starts_with(&told("a dir/wire.veryl")), "{said}");
    // A file outside of the project is told by its absolute path.
    let said = sandbox.fudsv_in("sub", "exec ../wire.veryl --top Wire --to ports -q");
    assert!(said.stderr.starts_with(&told("/sandbox/project/wire.veryl")), "{said}");
}

#[test]
fn the_nearest_settings_of_veryl_count_and_its_dependencies_only_where_they_may_be_fetched() {
    let settings = "[project]\nname = 'mine'\n[build]\nreset_type = 'sync_high'\nsources = ['rtl']\n[[components]]\npath = 'x'\n";
    let sandbox = Sandbox::new()
        .tool("veryl", TOLD)
        .file("ip/rtl/wire.veryl", "")
        .file("ip/Veryl.toml", settings)
        .file("ip/Veryl.lock", "")
        .file("other.toml", "[build]\nreset_type = 'async_low'\n");
    let exec = |options: &str| sandbox.fudsv(&format!("exec ip/rtl/wire.veryl --to sv -o - -q {options}"));
    let told = exec("").well().stdout.clone();
    assert!(
        told.contains("// reset_type = \"sync_high\"\n") && told.contains("// sources = [\"src\"]\n"),
        "{told}"
    );
    assert!(!told.contains("components") && !told.contains("here: Veryl.lock"), "{told}");
    let told = exec("-s veryl.project=other.toml").well().stdout.clone();
    assert!(told.contains("// reset_type = \"async_low\"\n"), "{told}");
    sandbox.write("ip/Veryl.toml", &settings.replace("sync_high", "async_high"));
    assert!(exec("").well().stdout.contains("async_high"));
    sandbox.write(
        "ip/Veryl.toml",
        &format!("{settings}[dependencies]\nfar = '1.0'\nnear = {{path = '../near'}}\n"),
    );
    assert_snapshot!(exec("").stderr.lines().take(3).collect::<Vec<_>>().join("\n"), @"
    error: `compile wire.sv` failed (exit code 2)
    error: `ip/Veryl.toml` depends on other projects: `far`, `near`
    hint: `-s veryl.dependencies=true` lets Veryl fetch them
    ");
    let told = exec("-s veryl.dependencies=true").well().stdout.clone();
    assert!(told.contains("// path = \"/sandbox/project/near\"\n"), "{told}");
    assert!(told.contains("// here: Veryl.lock"), "{told}");
    // A project that is not trusted cannot let them be fetched.
    sandbox.write("fud.toml", "[veryl]\ndependencies = true\n");
    let refused = exec("--untrusted");
    assert!(refused.stderr.contains("`veryl.dependencies` lets Veryl fetch other projects"), "{refused}");
}

#[test]
fn a_directory_of_veryl_is_a_design_unless_its_verilog_lies_beside_it() {
    let sandbox = Sandbox::new()
        .tool("veryl", "")
        .file("rtl/a.veryl", "")
        .file("rtl/b.veryl", "")
        .file("rtl/b.sv", "")
        .file("fud.toml", "[design.d]\nsources = ['rtl/']\ntop = 'a'\n");
    let plan = sandbox.fudsv("plan d --to lint");
    assert!(plan.well().stdout.starts_with("compile_veryl: rtl/a.veryl -> "), "{plan}");
    assert!(plan.stdout.contains("lint: rtl/b.sv .fudsv/"), "{plan}");
}

const ALU: &str = "module Alu (\n    a: input  logic<8>,\n    y: output logic<8>,\n) {\n    assign y = a + Pkg::STEP as 8;\n}\n";

const TOP: &str = "module Top (\n    clk: input  clock,\n    rst: input  reset,\n    a  : input  logic<8>,\n    y  : output logic<8>,\n) {\n    \
    var s: logic<8>;\n    inst u: Alu (\n        a,\n        y: s,\n    );\n    always_ff {\n        if_reset {\n            y = 0;\n        } else {\n            \
    y = s;\n        }\n    }\n}\n";

#[test]
fn veryl_compiles_several_files_of_one_name_with_the_settings_of_their_project() {
    if !rare_tool("veryl") {
        return;
    }
    let sandbox = Sandbox::new()
        .file("the rtl/alu.veryl", ALU)
        .file("the rtl/top/alu.veryl", TOP)
        .file("the rtl/pkg.veryl", "package Pkg {\n    const STEP: u32 = 1;\n}\n")
        .file(
            "Veryl.toml",
            "[project]\nname = 'mine'\nversion = '0.1.0'\n[build]\nreset_type = 'sync_high'\n",
        )
        .file("fud.toml", "[design.d]\nsources = ['the rtl/']\ntop = 'mine_Top'\n");
    let text = sandbox.fudsv("exec d --to sv -o - -q").well().stdout.clone();
    for part in
        ["package mine_Pkg;", "module mine_Alu (", "module mine_Top (", "always_ff @ (posedge clk) begin"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    sandbox.fudsv("exec d --to shared-lib -q").well();
    sandbox.write("the rtl/top/alu.veryl", &TOP.replace("var s: logic", "var s: lgic"));
    let said = sandbox.fudsv("exec d --to sv -q");
    assert!(said.stderr.contains("[the rtl/top/alu.veryl:7:"), "{said}");
}

#[test]
fn spade_tells_where_a_mistake_is() {
    if !rare_tool("spade") {
        return;
    }
    let sandbox =
        Sandbox::new().file("a b/bad.spade", "entity top(clk: clock) -> uint<8> {\n    nothing\n}\n");
    let said = sandbox.fudsv("exec 'a b/bad.spade' --to sv -q");
    assert_eq!(said.exit, Some(1), "{said}");
    assert!(said.stderr.contains("a b/bad.spade:2:5"), "{said}");
}
