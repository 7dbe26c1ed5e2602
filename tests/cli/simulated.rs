//! A simulation as scripts for fud2 build it: a script makes a directory of data, Icarus Verilog reads it and writes into
//! it, and a script in Python reads that back. And the random edits of `benches/edits.py`, for some rounds.
//! It does not know how long anything takes.

use crate::sandbox::Sandbox;
use crate::toolchain::{here, optional_tool, succeed};
use std::process::Command;

const SCRIPT: &str = r#"
let design = state("design", ["v"]);
let simulator = state("simulator", ["vvp"]);
let data = state("data", ["json"]);
let printed = state("printed", ["printed"]);

fn data_setup(e) {
    e.rsrc("memory.py");
    e.config_var_or("python", "python", "python3");
    e.rule("split", "$python memory.py split $in $out");
    e.rule("join", "$python memory.py join $out $in");
    let given = e.external_path(e.config_val("sim.data"));
    e.var_("given", given);
    e.var_("memories", "memories");
    e.build_cmd(["$memories"], "split", ["$given"], ["memory.py"]);
    e.rule("simulate", "vvp -n $bin +DATA=$memories > $out || (cat $out >&2 && false)");
}

op("icarus", [], design, simulator, |e, input, output| {
    e.rule("iverilog", "iverilog -g2012 -s bench -o $out $in");
    e.build_cmd([output], "iverilog", [input], []);
});
op("simulate", [data_setup], simulator, data, |e, input, output| {
    e.build_cmd(["sim.log"], "simulate", [input, "$memories"], []);
    e.arg("bin", input);
    e.build_cmd([output], "join", ["$memories", "sim.log"], ["memory.py"]);
});
op("print", [data_setup], simulator, printed, |e, input, output| {
    e.build_cmd([output], "simulate", [input, "$memories"], []);
    e.arg("bin", input);
});
"#;

/// Adds one to each word of a memory. What it prints does not tell what they hold.
const BENCH: &str = r#"module bench;
    reg [31:0] memory [0:1];
    reg [1023:0] data;
    initial begin
        if (!$value$plusargs("DATA=%s", data)) $fatal(1, "no +DATA");
        $readmemh({data, "/memory.dat"}, memory);
        memory[0] = memory[0] + 1;
        memory[1] = memory[1] + 1;
        $writememh({data, "/memory.out"}, memory);
        $display("done");
        $finish;
    end
endmodule
"#;

const MEMORY: &str = "import json, pathlib, sys
what, first, second = sys.argv[1:4]
if what == 'split':
    pathlib.Path(second).mkdir()
    for name, words in json.loads(pathlib.Path(first).read_text()).items():
        pathlib.Path(second, name + '.dat').write_text(''.join('%x\\n' % word for word in words))
else:
    read = lambda file: [int(line, 16) for line in file.read_text().splitlines() if not line.startswith('//')]
    all = {file.stem: read(file) for file in pathlib.Path(second).glob('*.out')}
    pathlib.Path(first).write_text(json.dumps(all) + '\\n')
";

fn project() -> Sandbox {
    Sandbox::new()
        .file("bench.v", BENCH)
        .file("fudsv/sim.rhai", SCRIPT)
        .file("fudsv/memory.py", MEMORY)
        .file("fud.toml", "[sim]\ndata = \"data.json\"\n")
        .file("data.json", "{\"memory\": [1, 41]}\n")
}

#[test]
fn a_simulator_reads_a_directory_of_data_and_writes_into_it() {
    if !optional_tool("iverilog") {
        return;
    }
    let sandbox = project();
    let exec = "exec bench.v --to data -o out.json --dir b";
    sandbox.fudsv(exec).well();
    assert_eq!(sandbox.read("out.json"), "{\"memory\": [2, 42]}\n");
    assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
    // The log is the same as before; what the simulator wrote beside the data is not.
    for (data, expected) in [("[7, 8]", "[8, 9]"), ("[1, 41]", "[2, 42]")] {
        sandbox.edit("data.json", &format!("{{\"memory\": {data}}}\n"));
        sandbox.fudsv(exec).well();
        assert_eq!(sandbox.read("out.json"), format!("{{\"memory\": {expected}}}\n"));
        assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
    }
    sandbox.sh("rm b/memories/memory.out").well();
    sandbox.fudsv(exec).well();
    assert!(sandbox.read("b/memories/memory.out").contains("0000002a"));
    assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
    // Plain Ninja looks at what the directory gained, and then no more.
    for _ in 0..2 {
        sandbox.ninja("b", "").well();
    }
    assert!(sandbox.ninja("b", "").well().stdout.contains("no work to do"));
    sandbox.edit("data.json", "{\"memory\": [255]}\n");
    sandbox.edit("bench.v", &BENCH.replace("[0:1]", "[0:0]").replace("memory[1] = memory[1] + 1;", ""));
    sandbox.ninja("b", "").well();
    assert_eq!(sandbox.read("out.json"), "{\"memory\": [256]}\n");
}

#[test]
fn random_edits_give_what_clean_builds_give_and_run_nothing_needless() {
    let bench = here("benches/edits.py");
    let rounds = succeed(Command::new("python3").arg(bench).args([
        "--rounds",
        "100",
        "--fudsv",
        env!("CARGO_BIN_EXE_fudsv"),
    ]));
    assert_eq!(rounds, "100 rounds: no difference, no needless step\n");
}
