//! The main job on real designs with the real Verilator, compiler and Python; a missing tool fails the test.
//! It does not know the C interface beyond what its drivers call.

use crate::sandbox::{Sandbox, which};
use crate::toolchain::{of_package, own_python};
use std::path::Path;
use std::sync::OnceLock;

const COUNTER: &str = "// Counts.
module counter (input logic clk, input logic rst, output logic [7:0] count);
`include \"step.svh\"
    always_ff @(posedge clk)
        if (rst) count <= '0;
        else count <= count + STEP;
endmodule
";

/// Ten ticks of the counter in a library.
const DRIVER: &str = "
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
new, tick = library.counter_new, library.counter_tick
new.restype = ctypes.c_void_p
library.counter_get_count.restype = ctypes.c_uint8
model = ctypes.c_void_p(new())
for _ in range(10):
    assert tick(model) == 0
print(library.counter_get_count(model))
library.counter_free(model)
";

const EXEC: &str = "exec counter.sv --to shared-lib";
const WORKDIR: &str = ".fudsv/counter-shared-lib";

/// The counter, built once and copied for each test: a copied tree rebuilds nothing.
pub fn counter() -> Sandbox {
    static BUILT: OnceLock<Sandbox> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        for tool in ["verilator", "g++", "ninja", "nm"] {
            which(tool);
        }
        let sandbox = Sandbox::new().file("counter.sv", COUNTER).file("step.svh", "localparam STEP = 1;\n");
        sandbox.fudsv(EXEC).well();
        sandbox
    });
    Sandbox::copy_of(built)
}

/// What a Python program prints.
fn run_python(program: &str, args: &[&Path]) -> String {
    let output = own_python().args(["-c", program]).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn counted(sandbox: &Sandbox, library: &str) -> String {
    run_python(DRIVER, &[&sandbox.path(library)])
}

/// The steps that ran in the last build, sorted.
fn ran(sandbox: &Sandbox) -> Vec<String> {
    let outcomes = sandbox.outcomes(WORKDIR);
    let mut ran: Vec<String> =
        outcomes.iter().filter_map(|line| line.strip_suffix(" ran").map(str::to_owned)).collect();
    ran.sort();
    ran
}

#[test]
fn the_library_counts() {
    let sandbox = counter();
    assert_eq!(counted(&sandbox, sandbox.fudsv(EXEC).result()), "10");
}

#[test]
fn second_run_does_nothing() {
    let sandbox = counter();
    let said = sandbox.fudsv(EXEC);
    assert_eq!(
        (said.result(), said.stderr.as_str()),
        (".fudsv/counter-shared-lib/libcounter.so", "Up to date\n")
    );
    assert!(ran(&sandbox).is_empty());
    let again = sandbox.fudsv(EXEC);
    assert_eq!(again.well().stderr, "Up to date\n");
    assert!(sandbox.outcomes(WORKDIR).is_empty());
}

#[test]
fn touched_sources_run_nothing() {
    let sandbox = counter();
    sandbox.fudsv(EXEC).well();
    sandbox.touch("counter.sv");
    sandbox.touch("step.svh");
    sandbox.fudsv(EXEC).well();
    assert!(ran(&sandbox).is_empty());
}

#[test]
fn an_edited_comment_compiles_no_cpp() {
    let sandbox = counter();
    sandbox.fudsv(EXEC).well();
    sandbox.edit("counter.sv", &COUNTER.replace("// Counts.", "// Counts clocks."));
    sandbox.fudsv(EXEC).well();
    let ran = ran(&sandbox);
    assert!(ran.contains(&"verilate.counter.verilated".to_owned()), "{ran:?}");
    assert!(!ran.iter().any(|step| step.ends_with(".o") || step.ends_with(".so")), "{ran:?}");
    assert_eq!(sandbox.fudsv(EXEC).well().stderr, "Up to date\n");
}

#[test]
fn an_edited_source_is_rebuilt_and_the_runtime_is_not() {
    let sandbox = counter();
    sandbox.edit("counter.sv", &COUNTER.replace("count + STEP", "count - STEP"));
    let library = sandbox.fudsv(EXEC).result().to_owned();
    assert_eq!(counted(&sandbox, &library), "246");
    let compiled: Vec<String> = ran(&sandbox).into_iter().filter(|step| step.ends_with(".o")).collect();
    assert_eq!(compiled, ["compile_model.compile_model.counter.o"]);
}

#[test]
fn an_edited_include_is_rebuilt() {
    let sandbox = counter();
    sandbox.edit("step.svh", "localparam STEP = 3;\n");
    assert_eq!(counted(&sandbox, sandbox.fudsv(EXEC).result()), "30");
}

#[test]
fn an_include_that_moves_before_the_old_one_is_found() {
    let sandbox = counter();
    sandbox.write("fud.toml", "[verilator]\ninclude-dirs = [\"first\"]\n");
    sandbox.write("first/step.svh", "localparam STEP = 2;\n");
    sandbox.sh("rm step.svh").well();
    assert_eq!(counted(&sandbox, sandbox.fudsv(EXEC).result()), "20");
}

#[test]
fn a_removed_library_is_linked_again_and_nothing_else() {
    let sandbox = counter();
    sandbox.fudsv(EXEC).well();
    sandbox.sh(&format!("rm {WORKDIR}/libcounter.so")).well();
    sandbox.fudsv(EXEC).well();
    assert_eq!(ran(&sandbox), ["link_shared.libcounter.so"]);
}

#[test]
fn a_damaged_generated_file_is_made_again() {
    let sandbox = counter();
    sandbox.fudsv(EXEC).well();
    sandbox.sh(&format!("echo broken > {WORKDIR}/counter.verilated/Vcounter.cpp")).well();
    sandbox.fudsv(EXEC).well();
    assert_eq!(ran(&sandbox), ["verilate.counter.verilated"]);
}

#[test]
fn only_the_interface_is_exported() {
    let sandbox = counter();
    let said = sandbox.sh(&format!("nm -D --defined-only {WORKDIR}/libcounter.so"));
    let mut names: Vec<&str> = said.result().lines().filter_map(|line| line.split(' ').nth(2)).collect();
    names.retain(|name| !name.starts_with("counter_"));
    assert_eq!(names, ["fudsv_get_api"]);
}

#[test]
fn a_syntax_error_is_shown_with_its_line_until_it_is_mended() {
    let sandbox = counter();
    sandbox.edit("counter.sv", &COUNTER.replace("clk,", "clk"));
    let report = || {
        let said = sandbox.fudsv(EXEC);
        assert_eq!(said.exit, Some(1));
        said.stderr
    };
    let first = report();
    assert!(first.contains("\n%Error: counter.sv:2:"), "{first}");
    assert!(first.contains("\n  log:     .fudsv/counter-shared-lib/.fudsv/steps/"), "{first}");
    assert!(first.contains("\n  command: "), "{first}");
    sandbox.edit("counter.sv", COUNTER);
    sandbox.fudsv(EXEC).well();
    assert_eq!(ran(&sandbox), Vec::<String>::new());
}

/// Blanks in the names of both sources and of the file that one includes.
#[test]
fn a_design_of_two_files_with_blanks_in_their_names() {
    let top =
        COUNTER.replace("\"step.svh\"", "\"my step.svh\"").replace("count <= count + STEP", "count <= next");
    let top =
        top.replace("always_ff", "logic [7:0] next;\n    adder #(STEP) adder (count, next);\n    always_ff");
    let adder = "module adder #(parameter STEP = 1) (input [7:0] a, output [7:0] y);\n    assign y = a + STEP;\nendmodule\n";
    let sandbox = Sandbox::new().file("rtl one/my counter.sv", &top).file("rtl one/my adder.sv", adder);
    let sandbox = sandbox
        .file("my step.svh", "localparam STEP = 2;\n")
        .file("fud.toml", "[verilator]\ntop = \"counter\"\n");
    let exec = "exec 'rtl one/my counter.sv' 'rtl one/my adder.sv' --to shared-lib";
    let library = sandbox.fudsv(exec).result().to_owned();
    assert_eq!(counted(&sandbox, &library), "20");
    assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
    sandbox.edit("my step.svh", "localparam STEP = 3;\n");
    sandbox.fudsv(exec).well();
    assert_eq!(counted(&sandbox, &library), "30");
    assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
}

#[test]
fn picorv32_becomes_a_library() {
    let source = of_package("picorv32", "picorv32.v");
    let source = source.to_str().unwrap();
    let sandbox = Sandbox::new();
    let words = ["exec", "-q", source, "--to", "shared-lib", "--set", "verilator.top=picorv32"];
    let library = sandbox.fudsv_words("", &words).result().to_owned();
    let find = "import ctypes, sys; ctypes.CDLL(sys.argv[1]).picorv32_new; print('found')";
    assert_eq!(run_python(find, &[&sandbox.path(&library)]), "found");
    let again = sandbox.fudsv_words("", &[&["exec"], &words[2..]].concat());
    assert_eq!(again.well().stderr, "Up to date\n");
}

#[test]
fn a_verilator_that_changed_in_place_compiles_everything_again() {
    let sandbox = Sandbox::new().file("counter.sv", COUNTER).file("step.svh", "localparam STEP = 1;\n");
    let copy = "root=$(verilator --getenv VERILATOR_ROOT) && mkdir -p v/bin && cp -r \"$root/include\" v/ && \
                cp \"$(command -v verilator_bin || echo \"$root/bin/verilator_bin\")\" v/bin/";
    sandbox.sh(copy).well();
    let root = sandbox.path("v").to_string_lossy().into_owned();
    let sandbox = sandbox.var("VERILATOR_ROOT", &root);
    let compiled = || {
        let results = [".o ran", ".a ran", ".so ran", ".verilated ran"];
        let mut steps = sandbox.outcomes(WORKDIR);
        steps.retain(|step| results.iter().any(|result| step.ends_with(result)));
        steps.sort();
        steps
    };
    sandbox.fudsv(EXEC).well();
    let first = compiled();
    assert!(first.contains(&"compile_model.compile_model.fudsv-runtime.o ran".to_owned()), "{first:?}");
    // The first build includes the text of the header, the second makes a precompiled one, and the third finds it.
    for _ in 0..3 {
        sandbox.edit("v/include/verilated.h", &(sandbox.read("v/include/verilated.h") + "// newer\n"));
        sandbox.fudsv(EXEC).well();
        assert_eq!(compiled(), first);
    }
}

#[test]
fn a_unit_depends_on_the_same_headers_with_and_without_a_precompiled_one() {
    for cxx in ["g++", "clang++"] {
        let sandbox = Sandbox::new().file("counter.sv", COUNTER).file("step.svh", "localparam STEP = 1;\n");
        let read = |step: u32| {
            sandbox.edit("step.svh", &format!("localparam STEP = {step};\n"));
            sandbox.fudsv(&format!("exec counter.sv --to shared-lib --dir b --set cxx.exe={cxx}")).well();
            let precompiled = sandbox
                .outcomes("b")
                .iter()
                .any(|step| step.contains("verilated.h.") && step.ends_with(" ran"));
            (precompiled, sandbox.read("b/.fudsv/steps/compile_model.compile_model.counter.o.d"))
        };
        let (first, second) = (read(1), read(2));
        assert_eq!((first.0, second.0), (false, true), "{cxx}");
        assert_eq!(first.1, second.1, "{cxx}");
        assert!(first.1.contains("/verilated.h"), "{cxx}: {}", first.1);
    }
}

#[test]
fn a_manifest_beside_the_headers_says_what_was_built() {
    let sandbox = counter();
    let text = sandbox.read(&format!("{WORKDIR}/counter.interface/fudsv.json"));
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(manifest["name"], "counter");
    assert_eq!(manifest["files"], serde_json::json!({"api_header": "fudsv_model.h", "header": "counter.h"}));
    let names: Vec<_> =
        manifest["ports"].as_array().unwrap().iter().map(|port| port["name"].clone()).collect();
    assert_eq!(names, ["clk", "rst", "count"]);
    let library = std::fs::read(sandbox.path(&format!("{WORKDIR}/libcounter.so"))).unwrap();
    let build_id = manifest["build_id"].as_str().unwrap().as_bytes();
    assert!(
        library.windows(build_id.len()).any(|bytes| bytes == build_id),
        "the library has another build id"
    );
}
