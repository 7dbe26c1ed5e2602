//! What other tools than Verilator make of a design: GHDL, Icarus Verilog, Yosys, with the real ones.
//! It does not know Verilator, except that it simulates the end of it.

use crate::sandbox::{Said, Sandbox};
use crate::toolchain::optional_tool;

/// A register in VHDL, whose generic says what it adds.
const VHDL: &str = "library ieee; use ieee.std_logic_1164.all; use ieee.numeric_std.all;
entity adder is
  generic (STEP : natural := 1);
  port (clk : in std_logic; din : in std_logic_vector(7 downto 0); dout : out std_logic_vector(7 downto 0));
end;
architecture rtl of adder is
begin
  process(clk) begin
    if rising_edge(clk) then dout <= std_logic_vector(unsigned(din) + STEP); end if;
  end process;
end;
";

const BENCH: &str = "module bench;
  reg clk = 0; reg [7:0] din = 41; wire [7:0] dout;
  adder dut(.clk(clk), .din(din), .dout(dout));
  initial begin #1 clk = 1; #1 if (dout != 42) $fatal(1, \"got %0d\", dout); $finish; end
endmodule
";

fn last_line(said: &Said) -> &str {
    said.stderr.lines().last().unwrap_or_default()
}

#[test]
fn vhdl_beside_systemverilog_becomes_one_simulation() {
    if !optional_tool("ghdl") {
        return;
    }
    let sandbox = Sandbox::new()
        .file("an adder.vhd", VHDL)
        .file("bench.sv", BENCH)
        .file("fud.toml", "[design.d]\nsources = ['bench.sv', 'an adder.vhd']\ntop = 'bench'\n");
    let plan = sandbox.fudsv("plan bench.sv 'an adder.vhd' --top bench --to verilated-cpp");
    let expected = "synthesize_vhdl: an adder.vhd -> .fudsv/bench-verilated-cpp/an adder.sv
verilate: bench.sv .fudsv/bench-verilated-cpp/an adder.sv -> .fudsv/bench-verilated-cpp/bench.verilated
result: .fudsv/bench-verilated-cpp/bench.verilated (`verilated-cpp`)
note: `an adder.vhd` becomes `sv` first
";
    assert_eq!(plan.well().stdout, expected);
    let said = sandbox.fudsv("run d -q");
    assert_eq!((said.exit, said.stderr.as_str()), (Some(0), ""), "{said}");
    assert_eq!(sandbox.fudsv("build d --to verilated-cpp -n").exit, Some(0));
    let again = sandbox.fudsv("run d");
    assert!(again.stderr.starts_with("Up to date"), "{again}");
    sandbox.write("an adder.vhd", &VHDL.replace(":= 1", ":= 2"));
    let said = sandbox.fudsv("run d -q");
    assert_eq!(said.exit, Some(1), "{said}");
    assert!(last_line(&said).contains("got 43"), "{said}");
    sandbox.write("an adder.vhd", "entity is\n");
    let said = sandbox.fudsv("run d");
    assert_eq!(said.exit, Some(1), "{said}");
    assert!(
        said.stderr.contains("`synthesize an adder.sv` failed") && said.stderr.contains("an adder.vhd:1:"),
        "{said}"
    );
}

/// A design that includes a file, under names with a blank.
fn design() -> Sandbox {
    Sandbox::new()
        .file(
            "the rtl/gate.sv",
            "`include \"width.svh\"\nmodule gate #(parameter N = `WIDTH)\
             (input [N-1:0] a, output y);\n  assign y = ^a;\nendmodule\n",
        )
        .file("inc/width.svh", "`define WIDTH 4\n")
}

const FILES: &str = "'the rtl/gate.sv' -I inc";

/// The line of the report for so many cells.
fn cells(number: usize) -> String {
    format!("Number of cells:{number:>19}\n")
}

#[test]
fn yosys_makes_netlists_a_report_and_a_drawing() {
    if !optional_tool("yosys") || !optional_tool("dot") {
        return;
    }
    let sandbox = design();
    let states = ["yosys-json", "netlist", "yosys-stat", "schematic"];
    let options: String = states.iter().map(|state| format!(" --to {state}")).collect();
    let exec = format!("exec {FILES} --dir 'the build'{options}");
    let made = |words: &str| {
        let said = sandbox.fudsv(&format!("{words} -q"));
        said.result().lines().map(|path| sandbox.read(path)).collect::<Vec<String>>()
    };
    let [json, netlist, stat, drawing] = &made(&exec)[..] else { panic!() };
    assert!(json.contains("\"$reduce_xor\"") && netlist.contains("module gate(a, y);"), "{json}{netlist}");
    assert!(stat.contains(&cells(3)), "{stat}");
    assert!(drawing.contains("<svg") && drawing.contains("$reduce_xor"), "{drawing}");
    assert_eq!(sandbox.fudsv(&exec).well().stderr, "Up to date\n");
    sandbox.write("inc/width.svh", "`define WIDTH 8\n");
    assert!(made(&exec)[2].contains(&cells(7)));
    let wide = format!("exec {FILES} --to yosys-stat --top gate -GN=3 -DX");
    assert!(made(&wide)[0].contains(&cells(2)));
    let said = sandbox.fudsv(&format!("exec {FILES} --to yosys-stat -GN=3"));
    assert!(said.stderr.contains("add `--top NAME`"), "{said}");
    // Its language has no escapes: a word of the user's is never a command.
    let said = sandbox.fudsv(&format!("exec {FILES} --to netlist '-DX;exec -- touch x'"));
    assert!(said.stderr.contains("Yosys cannot read a name or value with `;`"), "{said}");
    assert!(!sandbox.has("x") && !sandbox.has("gate.dot") && !sandbox.has("a.out"));
}

#[test]
fn icarus_compiles_a_program_for_vvp() {
    if !optional_tool("iverilog") {
        return;
    }
    let sandbox = design().file(
        "bench.sv",
        "module bench; wire y; gate #(.N(3)) g(3'b111, y);\n\
         initial begin #1 $display(\"parity %0d\", y); $finish; end endmodule\n",
    );
    let exec = format!("exec {FILES} bench.sv --top bench --to vvp -o 'a b.vvp'");
    sandbox.fudsv(&exec).well();
    assert!(sandbox.sh("vvp -n 'a b.vvp'").well().stdout.contains("parity 1"));
    assert!(sandbox.fudsv(&exec).well().stderr.starts_with("Up to date"));
    sandbox.write("inc/width.svh", "`define WIDTH 2\n");
    assert!(sandbox.fudsv(&exec).well().stderr.contains("[1/"));
}

#[test]
fn the_preprocessor_leaves_no_macros_and_no_included_files() {
    let sandbox = design();
    let exec = format!("exec {FILES} --to preprocessed -o all.sv");
    sandbox.fudsv(&exec).well();
    let text = sandbox.read("all.sv");
    assert!(
        text.contains("parameter N = 4") && !text.contains("`include") && !text.contains("`WIDTH"),
        "{text}"
    );
    sandbox.write("inc/width.svh", "`define WIDTH 5\n");
    sandbox.fudsv(&exec).well();
    assert!(sandbox.read("all.sv").contains("parameter N = 5"));
    sandbox.fudsv("lint all.sv").well();
}
