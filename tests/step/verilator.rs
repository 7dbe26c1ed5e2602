//! Each Verilator under the runner.
//! It does not know how the driver calls it.

use crate::sandbox::{Sandbox, quoted};
use crate::toolchain::second_verilator;

/// The beginning of a command for each Verilator.
fn verilators() -> Vec<String> {
    let second = second_verilator().map(|root| {
        format!("VERILATOR_ROOT={} {}", quoted(&root), quoted(&format!("{root}/bin/verilator_bin")))
    });
    second.into_iter().chain(["verilator".to_owned()]).collect()
}

#[test]
fn a_comment_in_an_included_file_runs_verilator_and_changes_nothing() {
    for verilator in verilators() {
        let sandbox = Sandbox::new();
        let build = sandbox.inside(".fudsv/b");
        sandbox
            .write("rtl/a b.sv", "`include \"h.svh\"\nmodule t(output logic q); assign q = `Q; endmodule\n");
        sandbox.write("rtl/inc/h.svh", "`define Q 1'b1\n");
        build.write("tool", "");
        let command =
            format!("{verilator} --cc --no-skip-identical --prefix Vt -Irtl/inc --Mdir <gen> 'rtl/a b.sv'");
        let step = build
            .step("verilate")
            .out("gen/")
            .input("../../rtl/a b.sv")
            .input("tool")
            .cwd("../..", ".fudsv/b");
        let step = step.option(&["--depfile", "gen/Vt__verFiles.dat"]).command(&command).words();
        let run = build.run(&step);
        assert_eq!(run.exit, 0, "{}", run.said);
        let found = build.depfile("verilate");
        assert_eq!(found.split_whitespace().last(), Some("../../rtl/inc/h.svh"));
        assert!(!found.contains("verilator_bin") && !found.contains("a\\ b.sv"), "{found}");
        assert_eq!(build.run(&step).outcome, "hit");
        let before = (build.identity("gen/Vt.cpp"), build.identity("gen/SHA256SUMS"));
        sandbox.write("rtl/inc/h.svh", "`define Q 1'b1 // comment\n");
        let run = build.run(&step);
        assert_eq!((run.outcome.as_str(), run.why.as_str()), ("ran", "input changed: ../../rtl/inc/h.svh"));
        assert_eq!((build.identity("gen/Vt.cpp"), build.identity("gen/SHA256SUMS")), before);
        assert!(!build.path("gen/Vt__verFiles.dat").exists());
    }
}
