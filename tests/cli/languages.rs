//! Designs in other languages than Verilog, by the scripts of `examples/languages`: M10 of Marlin's tests.
//! It does not know the languages. Compilers that are not installed are stood in for.

use crate::sandbox::Sandbox;
use std::fs;
use std::path::Path;

/// What Veryl makes of the wire, for a project that it finds where it stands.
const VERYL: &str = r#"set -e
[ "$1" = build ] && test -f src/wire.veryl
grep -q 'path = "design.sv"' Veryl.toml
printf 'module Wire (\n  input var logic [8-1:0] i,\n  output var logic [8-1:0] o\n);\n  always_comb o = i;\nendmodule\n' > design.sv
"#;

/// What Spade makes of the constant.
const SPADE: &str = r#"set -e
[ "$1 $2" = "--no-color -o" ] && grep -q 'entity constant' "$4"
printf 'module constant(input clk_i, output[7:0] output__);\n  assign output__ = 42;\nendmodule\n' > "$3"
"#;

/// The example, with the compilers that are installed, else with what stands in for them.
fn languages() -> Sandbox {
    let mut sandbox = Sandbox::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/languages");
    for name in
        ["fudsv/veryl.rhai", "fudsv/spade.rhai", "fudsv/rsrc/Veryl.toml", "wire.veryl", "constant.spade"]
    {
        sandbox = sandbox.file(name, &fs::read_to_string(from.join(name)).unwrap());
    }
    let path = std::env::var_os("PATH").unwrap();
    let is_here = |name: &str| std::env::split_paths(&path).any(|dir| dir.join(name).is_file());
    for (name, stand_in) in [("veryl", VERYL), ("spade", SPADE)] {
        if is_here(name) {
            println!("with the real `{name}`");
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
fn what_is_wrong_with_a_design_is_told_by_its_own_compiler() {
    let sandbox = languages().tool("veryl", "echo 'Error: unknown type: lgic' >&2; exit 1");
    let said = sandbox.fudsv("exec wire.veryl --top Wire --to ports -q");
    assert_eq!(said.exit, Some(1), "{said}");
    assert!(
        said.stderr.starts_with("error: `compile Veryl` failed (exit code 1)\nError: unknown type: lgic\n"),
        "{said}"
    );
}
