//! Ports of the top that no model has, or has only in part: told while planning, or by the step that knows.
//! It does not know how they are found.

use crate::sandbox::Sandbox;
use crate::toolchain::second_verilator;
use insta::assert_snapshot;

const BUS: &str = "interface bus_if;\n    logic [7:0] d;\n    modport to(input d);\nendinterface\n";
const SINK: &str =
    "module sink(input logic clk, bus_if.to bus, output logic [7:0] q);\n    assign q = bus.d;\nendmodule\n";

fn sink() -> Sandbox {
    Sandbox::new().file("rtl/bus.sv", BUS).file("rtl/sink.sv", SINK)
}

/// The Verilator on PATH, and the second one.
fn verilators(sandbox: fn() -> Sandbox) -> Vec<Sandbox> {
    let newer = second_verilator().map(|root| sandbox().var("VERILATOR_ROOT", &root));
    [Some(sandbox()), newer].into_iter().flatten().collect()
}

#[test]
fn an_interface_at_the_top_is_refused_while_planning() {
    let said = |command: &str| sink().fudsv(&format!("{command} rtl/sink.sv rtl/bus.sv --to shared-lib"));
    assert_snapshot!(said("plan"), @"
    exit 2
    --- stderr
    error: `bus` of the top module `sink` is an interface port, which Verilator does not allow at the top
      --> rtl/sink.sv:1:40
      |
    1 | module sink(input logic clk, bus_if.to bus, output logic [7:0] q);
      |                                        ^^^
    hint: wrap `sink` in a module whose ports are the signals of the interface
    ");
    for command in ["emit", "exec", "exec -n"] {
        assert_eq!(said(command), said("plan"));
    }
}

#[test]
fn an_interface_below_the_top_and_one_that_is_linted_are_none_of_its_business() {
    let wrapped =
        "module top(output logic [7:0] q); bus_if b(); sink s(.clk(1'b0), .bus(b), .q(q)); endmodule\n";
    let sandbox = sink().file("rtl/top.sv", wrapped);
    let files = "rtl/bus.sv rtl/sink.sv rtl/top.sv";
    sandbox.fudsv(&format!("plan {files} --to shared-lib")).well();
    sandbox.fudsv(&format!("plan {files} --to shared-lib --top top")).well();
    sandbox.fudsv("plan rtl/bus.sv rtl/sink.sv --to lint").well();
    assert_eq!(sandbox.fudsv(&format!("plan {files} --to shared-lib --top sink")).exit, Some(2));
}

#[test]
fn ref_ports_and_types_that_hosts_have_no_word_for_are_refused_while_planning() {
    let said = |port: &str| {
        let text = format!("module m(\n    input logic a,\n    {port}\n);\nendmodule\n");
        Sandbox::new().file("m.sv", &text).fudsv("plan m.sv --to ports")
    };
    assert_snapshot!(said("ref logic r"), @"
    exit 2
    --- stderr
    error: `r` of the top module `m` is a `ref` port, which Verilator does not allow at the top
      --> m.sv:3:15
      |
    3 |     ref logic r
      |               ^
    hint: wrap `m` in a module whose ports are inputs and outputs
    ");
    assert_snapshot!(said("input chandle h"), @"
    exit 2
    --- stderr
    error: `h` of the top module `m` is a `chandle`, which a model cannot pass
      --> m.sv:3:19
      |
    3 |     input chandle h
      |                   ^
    hint: wrap `m` in a module whose ports are bits, packed types, reals or strings
    ");
    // What drives the class itself may pass one.
    let sandbox = Sandbox::new().file("m.sv", "module m(input chandle h); endmodule\n");
    sandbox.fudsv("plan m.sv --to verilated-cpp").well();
}

#[test]
fn a_port_that_became_an_interface_since_is_told_in_the_same_words() {
    let plain = "module sink(input logic clk, output logic [7:0] q);\n    assign q = {8{clk}};\nendmodule\n";
    for sandbox in verilators(sink) {
        sandbox.edit("rtl/sink.sv", plain);
        sandbox.fudsv("exec rtl/bus.sv rtl/sink.sv --top sink --to ports -q").well();
        sandbox.edit("rtl/sink.sv", SINK);
        let said = sandbox.fudsv("exec rtl/bus.sv rtl/sink.sv --top sink --to ports -q");
        assert_eq!(said.exit, Some(2), "{said}");
        assert!(
            said.stderr.starts_with("error: `bus` of the top module `sink` is an interface port"),
            "{said}"
        );
    }
}

#[test]
fn where_the_scan_is_not_sure_verilator_refuses_it_and_the_hint_says_what_to_do() {
    fn conditional() -> Sandbox {
        sink().file("rtl/sink.sv", &format!("`ifndef NO_SINK\n{SINK}`endif\n"))
    }
    for sandbox in verilators(conditional) {
        let said = sandbox.fudsv("exec rtl/bus.sv rtl/sink.sv --top sink --to ports -q");
        assert_eq!(said.exit, Some(1), "{said}");
        assert!(
            said.stderr.contains("%Error-UNSUPPORTED: rtl/sink.sv:2:40: Unsupported: Interfaced port on top"),
            "{said}"
        );
        assert!(
            said.stderr.ends_with("hint: wrap the top module in one whose ports are inputs and outputs\n"),
            "{said}"
        );
    }
}

#[test]
fn a_type_that_only_verilator_knows_is_refused_with_its_place() {
    fn packet() -> Sandbox {
        let package = "package p;\n    typedef struct { logic [7:0] a; int b; } packet_t;\nendpackage\n";
        let module = "module m(\n    input p::packet_t given,\n    output logic [7:0] q\n);\n    assign q = given.a;\nendmodule\n";
        Sandbox::new().file("p.sv", package).file("m.sv", module)
    }
    for sandbox in verilators(packet) {
        let said = sandbox.fudsv("exec p.sv m.sv --top m --to ports -q");
        let lines: Vec<&str> = said.stderr.lines().take(4).collect();
        assert_eq!(
            lines,
            [
                "error: `write m.ports.json` failed (exit code 2)",
                "error: port `given` has a type that a model cannot pass: unpacked struct",
                "  --> m.sv:2",
                "hint: wrap the top module in one whose ports are bits, packed types, reals or strings",
            ]
        );
    }
}

#[test]
fn inouts_are_noted_while_planning_and_when_the_ports_are_read() {
    const ONLY_READ: &str = "hosts can only read the inouts `pad`, `one`, `wide` of the top; \
         `verilator.pins-inout-enables = true` changes that, with Verilator 5.026 or newer\n";
    let pads = || Sandbox::new().file("pads.sv", include_str!("../designs/pads.sv"));
    let note = format!("note: {ONLY_READ}");
    let planned = |words: &str| pads().fudsv(&format!("plan pads.sv {words}")).well().stdout.contains(&note);
    assert!(planned("--to shared-lib"));
    assert!(!planned("--to verilated-cpp"));
    assert!(!planned("--to shared-lib --set verilator.pins-inout-enables=true"));
    for sandbox in verilators(pads) {
        let said = sandbox.fudsv("exec pads.sv --to ports");
        assert!(said.well().stderr.contains(&format!("\nwarning: {ONLY_READ}")), "{said}");
    }
}
