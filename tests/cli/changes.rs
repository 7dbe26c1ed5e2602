//! Every change is noticed by the real Verilator's steps, and what changes nothing runs nothing; counted by steps.
//! It does not know how long anything takes.

use crate::sandbox::Sandbox;

const EXEC: &str = "exec counter.sv --to verilated-cpp";
const WORKDIR: &str = ".fudsv/counter-verilated-cpp";

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
fn built() -> Sandbox {
    let sandbox = Sandbox::new()
        .file("fud.toml", "")
        .file("counter.sv", COUNTER)
        .file("step.svh", "`include \"inner.svh\"\n")
        .file("inner.svh", "`define STEP 1\n");
    sandbox.fudsv(EXEC).well();
    sandbox
}

/// How many steps ran in one more build, which leaves nothing to do. The store is emptied: from there a result would come
/// back without a run.
fn ran(sandbox: &Sandbox, change: &str) -> usize {
    sandbox.sh(&format!("sleep 0.02; rm -rf \"$XDG_CACHE_HOME/fudsv/store\"; {change}")).well();
    let said = sandbox.fudsv(EXEC);
    assert_eq!(said.exit, Some(0), "{change}: {said}");
    let ran = sandbox.outcomes(WORKDIR).iter().filter(|line| line.ends_with(" ran")).count();
    assert_eq!(sandbox.fudsv(EXEC).well().stderr, "Up to date\n", "{change}");
    ran
}

#[test]
fn each_change_of_content_verilates_again() {
    let sandbox = built();
    let changes = [
        "sed -i 's/7:0/8:0/' counter.sv",
        "echo '`define STEP 2' > inner.svh",
        "echo '// more' >> step.svh",
        "echo '`define STEP 3' > inner.svh; touch -d '1 hour ago' inner.svh",
        "mv inner.svh other.svh; sed -i s/inner/other/ step.svh",
        "rm .fudsv/counter-verilated-cpp/counter.verilated/Vcounter.h",
        "echo x >> .fudsv/counter-verilated-cpp/counter.verilated/Vcounter.h",
        "printf '[verilator]\\nargs = [\"-O0\"]\\n' > fud.toml",
        "printf '[verilator]\\nargs = [\"-DNAME\"]\\n' > fud.toml",
    ];
    for change in changes {
        assert_eq!(ran(&sandbox, change), 1, "{change}");
    }
}

#[test]
fn what_is_no_change_of_content_runs_nothing() {
    let sandbox = built();
    let changes = [
        "touch counter.sv step.svh inner.svh fud.toml",
        "find . -exec touch {} +",
        "cp counter.sv c; rm counter.sv; mv c counter.sv",
        "echo '# a comment' >> fud.toml",
        "mkdir fudsv; echo 'state(\"unrelated\", [\"unrelated\"]);' > fudsv/unrelated.rhai",
        "tar -cf b.tar .fudsv; rm -r .fudsv; tar -xmf b.tar; rm b.tar",
        "mkdir c; cp *.sv *.svh fud.toml c; rm *.sv *.svh fud.toml; mv c/* .; rmdir c",
    ];
    for change in changes {
        assert_eq!(ran(&sandbox, change), 0, "{change}");
    }
}

#[test]
fn a_generated_file_of_a_renamed_module_goes() {
    let sandbox = Sandbox::new().file("counter.sv", TWO_MODULES);
    sandbox.fudsv(EXEC).well();
    let named = |module: &str| {
        let names = sandbox.tree(WORKDIR).into_iter();
        names.filter(|name| name.contains(&format!("Vcounter_{module}"))).count()
    };
    assert!(named("inner") > 0 && named("renamed") == 0);
    assert_eq!(ran(&sandbox, "sed -i s/inner/renamed/ counter.sv"), 1);
    assert!(named("inner") == 0 && named("renamed") > 0);
}

#[test]
fn a_deleted_include_is_named() {
    let sandbox = built();
    sandbox.sh("rm inner.svh").well();
    let said = sandbox.fudsv(EXEC);
    assert_eq!(said.exit, Some(1), "{said}");
    assert!(said.stderr.contains("inner.svh"), "{said}");
    sandbox.write("inner.svh", "`define STEP 1\n");
    assert_eq!(ran(&sandbox, "true"), 0);
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
