//! A file that appears where a tool looks earlier than where it found one of that name is noticed; other new files cost
//! nothing. It does not know how each tool searches.

use crate::sandbox::Sandbox;

const VERILATE: &str = "exec counter.sv --to verilated-cpp -I first -I inc -y early -y late --dir b";

/// A design with an include and a library module, both found in the second directory.
fn design() -> Sandbox {
    Sandbox::new()
        .file("counter.sv", "module counter (input logic clk, output logic [7:0] q);\n`include \"step.svh\"\n    leaf u (.clk, .q);\nendmodule\n")
        .file("inc/step.svh", "`define STEP 1\n")
        .file("late/leaf.sv", "module leaf (input logic clk, output logic [7:0] q);\n    always_ff @(posedge clk) q <= q + `STEP;\nendmodule\n")
        .file("first/other.svh", "")
        .file("early/other.v", "module other; endmodule\n")
}

/// How many steps ran, in one more build after the change, which leaves nothing to do. What `explain` said before is
/// what ran.
fn ran(sandbox: &Sandbox, exec: &str, change: &str) -> usize {
    sandbox.sh(&format!("sleep 0.03; {change}")).well();
    let explain = exec.replace("exec ", "explain ");
    let told = sandbox.fudsv(&explain).well().stdout.matches("will run: ").count();
    sandbox.fudsv(exec).well();
    let ran = sandbox.outcomes("b").iter().filter(|line| line.ends_with(" ran")).count();
    assert_eq!(told, ran, "{change}");
    assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n", "{change}");
    assert_eq!(sandbox.fudsv(&explain).well().stdout, "nothing to do\n", "{change}");
    ran
}

#[test]
fn an_include_or_a_module_that_is_found_earlier_verilates_again() {
    let sandbox = design();
    sandbox.fudsv(VERILATE).well();
    let model = || sandbox.sh("cat b/counter.verilated/*.cpp").well().stdout.clone();
    let quiet = [
        "echo > first/unrelated.svh; echo > early/unrelated.sv; echo > notes.txt",
        "mkdir last more; cp inc/step.svh last; cp late/leaf.sv last",
        "touch . first inc early late; rm first/unrelated.svh",
    ];
    for change in quiet {
        assert_eq!(ran(&sandbox, VERILATE, change), 0, "{change}");
    }
    assert!(model().contains("(IData)(1U)"));
    assert_eq!(ran(&sandbox, VERILATE, "echo '`define STEP 2' > first/step.svh"), 1);
    assert!(model().contains("(IData)(2U)"));
    assert_eq!(ran(&sandbox, VERILATE, "sed s/q.+/q-/ late/leaf.sv > early/leaf.v"), 1);
    assert!(model().contains("- (IData)(2U)"));
    // One that is not read, and one that is.
    assert_eq!(ran(&sandbox, VERILATE, "rm late/leaf.sv"), 0);
    assert_eq!(ran(&sandbox, VERILATE, "rm first/step.svh"), 1);
    assert!(model().contains("- (IData)(1U)"));
}

/// A compiler's step of a user, with headers in a directory of their own, beside the source, and of the system.
const COMPILE: &str = r#"
let cc = state("cc", ["cc"]);
let compiled = state("compiled", ["o"]);
let cxx = tool("g++");
defop compile(src: cc) >> out: compiled {
    shell_deps(`${cxx} -MMD -MF ${out}.d -Ifirst -Iinc -c ${src} -o ${out}`, [src, cxx], [out], #{ depfile: out + ".d", cwd: "root" });
}
"#;

#[test]
fn a_header_that_is_found_earlier_compiles_again() {
    let exec = "exec src/a.cc --to compiled --dir b";
    let sandbox = Sandbox::new()
        .file("fudsv/compile.rhai", COMPILE)
        .file(
            "src/a.cc",
            "#include \"h.h\"\n#include \"deep/d.h\"\n#include <i.h>\nint a() { return H + I + D; }\n",
        )
        .file("inc/h.h", "#define H 1\n")
        .file("inc/i.h", "#define I 1\n")
        .file("inc/deep/d.h", "#define D 1\n")
        .file("first/other.h", "");
    sandbox.fudsv(exec).well();
    assert_eq!(ran(&sandbox, exec, "echo > src/other.h; echo > first/more.h; mkdir first/new"), 0);
    assert_eq!(ran(&sandbox, exec, "echo '#define H 2' > src/h.h"), 1);
    assert_eq!(ran(&sandbox, exec, "echo '#define I 2' > first/i.h"), 1);
    assert_eq!(ran(&sandbox, exec, "mkdir first/deep; echo '#define D 2' > first/deep/d.h"), 1);
    let depfile = sandbox.sh("cat b/.fudsv/steps/*.d").stdout;
    for header in ["src/h.h", "first/i.h", "first/deep/d.h"] {
        assert!(depfile.contains(header), "{depfile}");
    }
}
