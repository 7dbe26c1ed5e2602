//! Programs: main programs of the user's own over Verilator's class, Verilator's own examples, and software that runs on
//! real cores.
//! It does not know how a model is compiled.

use crate::sandbox::{Sandbox, quoted, verilators, which};
use crate::toolchain::{of_package, skipped};
use std::path::Path;
use std::process::Command;

const ADDER: &str = "module adder(input int a, input int b, output int y); assign y = a + b; endmodule\n";

const MAIN: &str = "#include \"Vadder.h\"
#include \"more.h\"
#include <cstdio>
int main(int argc, char** argv) {
    VerilatedContext context;
    context.commandArgs(argc, argv);
    Vadder adder{&context};
    adder.a = 40;
    adder.b = MORE;
    adder.eval();
    std::printf(\"%d, waves: %d\\n\", adder.y, VM_TRACE);
}
";

#[test]
fn a_main_program_of_ones_own_drives_verilators_class() {
    for options in verilators() {
        let sandbox = Sandbox::new().file("adder.sv", ADDER).file("my main.cpp", MAIN);
        sandbox.write("more.h", "#define MORE 2\n");
        let exec = format!("exec adder.sv 'my main.cpp' --to program -o add {options}");
        sandbox.fudsv(&exec).well();
        assert_eq!(sandbox.sh("./add").result(), "42, waves: 0");
        sandbox.edit("more.h", "#define MORE 3\n");
        sandbox.fudsv(&exec).well();
        assert_eq!(sandbox.sh("./add").result(), "43, waves: 0");
        assert_eq!(sandbox.fudsv(&exec).well().stderr, "Up to date\n");
    }
}

#[test]
fn cpp_that_uses_no_dpi_is_compiled_into_a_model() {
    let sandbox = Sandbox::new().file("adder.sv", ADDER);
    let sandbox = sandbox
        .file("more.cpp", "extern \"C\" __attribute__((visibility(\"default\"))) int more() { return 7; }\n");
    let library = sandbox.fudsv("exec adder.sv more.cpp --to static-lib -q").result().to_owned();
    assert!(sandbox.sh(&format!("nm {library}")).result().contains(" more"));
}

#[test]
fn the_examples_of_verilator_run() {
    let root = Command::new(which("verilator")).args(["--getenv", "VERILATOR_ROOT"]).output().unwrap();
    let examples = Path::new(String::from_utf8(root.stdout).unwrap().trim()).join("examples");
    if !examples.is_dir() {
        return skipped(&format!("this Verilator has no {}", examples.display()));
    }
    let copy = |name: &str| {
        let sandbox = Sandbox::new();
        let copied =
            Command::new("cp").arg("-r").arg(examples.join(name).join(".")).arg(sandbox.path("")).status();
        assert!(copied.unwrap().success());
        sandbox
    };
    assert_eq!(copy("make_hello_binary").fudsv("run top.v -q").result(), "Hello World!");
    let hello = copy("make_hello_c");
    hello.fudsv("exec top.v sim_main.cpp --to program -o hello -q").well();
    assert!(hello.sh("./hello").result().starts_with("Hello World!\n"));
    let tracing = copy("make_tracing_c");
    let settings = "-s verilator.trace=vcd -s verilator.coverage=true";
    tracing
        .fudsv(&format!("exec -f input.vc top.v sim_main.cpp --top top --to program -o run {settings} -q"))
        .well();
    assert!(tracing.sh("./run +trace").result().contains("*-* All Finished *-*"));
    assert!(tracing.read("logs/coverage.dat").starts_with("# SystemC::Coverage-3\n"));
    assert!(tracing.read("logs/vlt_dump.vcd").contains("\n#17\n"));
}

/// What is said when the program that adds the numbers to 10 runs on a core.
fn sum(bench: &str, words: &str) -> String {
    let sandbox = Sandbox::new();
    let designs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/designs");
    for file in ["sum.hex", bench] {
        std::fs::copy(designs.join(file), sandbox.path(file)).unwrap();
    }
    let said = sandbox.fudsv(&format!("run {bench} {words} -q -- +program=sum.hex"));
    said.result().to_owned()
}

#[test]
fn a_program_runs_on_picorv32() {
    let source = of_package("picorv32", "picorv32.v");
    assert_eq!(
        sum("picorv32_tb.sv", &format!("{} --top picorv32_tb", quoted(source.to_str().unwrap()))),
        "picorv32 says 55"
    );
}

#[test]
fn a_program_runs_on_serv() {
    let rtl = of_package("serv", "rtl");
    assert_eq!(sum("serv_tb.sv", &format!("-y {}", quoted(rtl.to_str().unwrap()))), "serv says 55");
}

/// A library for the VPI: it needs functions of whatever loads it.
const VPI: &str = "#include <vpi_user.h>
#include <cstdio>
extern \"C\" void began() { std::printf(\"%s\\n\", vpi_handle_by_name(const_cast<char*>(\"TOP.t.x\"), nullptr) ? \"seen\" : \"unseen\"); }
";

const LOADS: &str = "#include \"Vt.h\"
#include <dlfcn.h>
#include <cstdio>
int main(int, char** argv) {
    VerilatedContext context;
    Vt t{&context};
    t.eval();
    void* const library = dlopen(argv[1], RTLD_NOW);
    if (!library) return std::puts(dlerror()), 1;
    reinterpret_cast<void (*)()>(dlsym(library, \"began\"))();
}
";

#[test]
fn a_library_for_the_vpi_finds_its_functions_in_the_program_that_loads_it() {
    for toolchain in crate::toolchain::verilators() {
        let sandbox = Sandbox::new()
            .file("t.sv", "module t; logic [7:0] x /* verilator public_flat */ = 7; endmodule\n")
            .file("main.cpp", LOADS)
            .file("vpi.cpp", VPI);
        let root = toolchain.verilator.strip_suffix("/bin/verilator_bin").unwrap_or("/usr/share/verilator");
        let compile = format!("{} -shared -fPIC -isystem {root}/include/vltstd", toolchain.cxx);
        sandbox.sh(&format!("{compile} -o libvpi.so vpi.cpp")).well();
        let exe = format!("-s verilator.exe={} -s cxx.exe={}", toolchain.verilator, toolchain.cxx);
        let args = "-s 'verilator.args=[\"--vpi\"]' -s 'cxx.libs=[\"dl\"]'";
        sandbox.fudsv(&format!("exec t.sv main.cpp --to program -o p -q {exe} {args}")).well();
        assert_eq!(sandbox.sh("./p ./libvpi.so").result(), "seen", "{}", toolchain.name);
    }
}

#[test]
fn a_shared_library_is_found_from_every_directory_and_after_a_move() {
    let sandbox = Sandbox::new()
        .file("t.sv", "module t; import \"DPI-C\" function int bar(); initial begin $display(bar()); $finish; end endmodule\n")
        .file("my lib/bar.c", "int bar(void) { return 42; }\n")
        .file("fud.toml", "")
        .file("below/x", "");
    sandbox.sh("g++ -shared -fPIC -x c -o 'my lib/libbar.so' 'my lib/bar.c'").well();
    assert_eq!(sandbox.fudsv("run t.sv 'my lib/libbar.so' -q").result().trim(), "42");
    assert_eq!(sandbox.fudsv_in("below", "run ../t.sv '../my lib/libbar.so' -q").result().trim(), "42");
    sandbox.fudsv("exec t.sv 'my lib/libbar.so' --to sim -o t.sim -q").well();
    let built = sandbox.sh("find .fudsv -name t.sim | head -1").result().to_owned();
    let needed = sandbox.sh(&format!("readelf -d {built} | grep -c 'NEEDED.*\\[libbar.so\\]'"));
    assert_eq!(needed.result(), "1");
    let moved = format!(
        "mkdir elsewhere && cp -r .fudsv 'my lib' t.sim elsewhere && mv 'my lib' gone && cd below && ../elsewhere/{built} && ../elsewhere/t.sim"
    );
    assert_eq!(sandbox.sh(&moved).result().split_whitespace().collect::<Vec<_>>(), ["42", "42"]);
}

const SAYS: &str = "#include \"Vown.h\"
#include <cstdio>
#include <cstring>
int main(int argc, char** argv) {
    for (int n = 1; n < argc; ++n) std::printf(\"%s\\n\", argv[n]);
    FILE* const file = std::fopen(\"tb/data.txt\", \"r\");
    std::puts(file ? \"data\" : \"no data\");
    return argc > 1 && std::strcmp(argv[1], \"+fail\") == 0 ? 3 : 0;
}
";

#[test]
fn a_design_that_makes_a_program_is_run_and_tested_by_its_exit_code() {
    let design =
        "[design.own]\nsources = [\"adder.sv\", \"main.cpp\"]\nto = \"program\"\nrun-args = [\"+x=1\"]\n";
    let sandbox = Sandbox::new()
        .file("adder.sv", ADDER)
        .file("main.cpp", SAYS)
        .file("tb/data.txt", "7")
        .file("fud.toml", design);
    let said = sandbox.fudsv_in("tb", "run own -q");
    assert_eq!(said.well().stdout, "+x=1\ndata\n");
    let said = sandbox.fudsv_in("tb", "run own -- +fail");
    assert_eq!((said.exit, said.stdout.as_str()), (Some(1), "+fail\n+x=1\ndata\n"), "{said}");
    assert!(said.stderr.ends_with("error: failed: exited with 3\n"), "{said}");
    let said = sandbox.fudsv("run own --seed 3 -q");
    assert!(said.well().stdout.starts_with("+verilator+seed+"), "{said}");
    let said = sandbox.fudsv("run own --max-time 3ns");
    let refused = "error: `--max-time` is for simulations, and `program` makes a program of your own\n\
                   hint: arguments of the program stand behind `--`\n";
    assert_eq!((said.exit, said.stderr.as_str()), (Some(2), refused));
    let said = sandbox.fudsv_in("tb", "test -q");
    let row: Vec<&str> = said.well().stdout.split_whitespace().collect();
    assert_eq!(row[..2], ["own", "passed"], "{said}");
}

/// Verilator 5.006 refuses such names itself; UVM has one.
#[test]
fn a_dpi_function_may_have_two_underscores_in_a_row() {
    let verilators = verilators();
    let [_, newer] = verilators.as_slice() else { return };
    let sandbox = Sandbox::new()
        .file(
            "t.sv",
            "module t; import \"DPI-C\" context function int two__in(int a); export \"DPI-C\" function one__out;\n\
             function int one__out(int a); return a + 1; endfunction\n\
             initial begin $display(two__in(1)); $finish; end endmodule\n",
        )
        .file("t.c", "int one__out(int);\nint two__in(int a) { return one__out(a) + 1; }\n");
    assert!(
        sandbox.fudsv(&format!("run t.sv t.c -q {newer}")).well().stdout.starts_with(&format!("{:>11}\n", 3))
    );
}
