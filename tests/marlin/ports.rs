//! Values of ports: M1 to M4, M8 and M9 of the acceptance suite, and waves (M7).
//! It does not know how values are kept.

use crate::place::Place;
use fudsv::runtime::{Config, Error, Kind, Trace, Value, Waves};

const MAIN: &str = "module main(input [31:0] in, output [31:0] out);\n  assign out = in;\nendmodule\n";

#[test]
fn a_number_of_many_bits_is_equal_to_the_same_number_of_few() -> Result<(), Error> {
    let source =
        "module wide(input [255:0] a, input signed [255:0] s, output [255:0] y, output signed [255:0] t);
  assign y = a;
  assign t = s;\nendmodule\n";
    let place = Place::new().file("wide.sv", source);
    for runtime in place.runtimes(&["wide.sv"]) {
        let mut dut = runtime.create_model("wide", &Config::new())?;
        dut.pin("a", 7)?;
        dut.pin("s", -7)?;
        dut.eval()?;
        let (y, t) = (dut.read("y")?, dut.read("t")?);
        let (seven, minus_seven) = (Value::from(7_u8), Value::from(-7_i64));
        assert!(y == 7_u32 && y == 7_i64 && y == 7_u128 && y == [7] && y == seven && y != 8_u32, "{y}");
        assert!(t == -7 && t == -7_i8 && t == minus_seven && t != 7_u32 && t != y, "{t}");
        assert_eq!((u8::try_from(y)?, i8::try_from(t)?), (7, -7));
        let mut beyond = [0; 9];
        beyond[8] = 1;
        assert_eq!(dut.set("a", beyond).unwrap_err().kind, Kind::Width);
        assert_eq!(dut.get("a")?, 7);
    }
    Ok(())
}

#[test]
fn a_value_goes_through() -> Result<(), Error> {
    for runtime in Place::new().file("main.sv", MAIN).runtimes(&["main.sv"]) {
        let library = runtime.library("main", &Config::new())?;
        let names: Vec<_> = library.ports().iter().map(|port| (port.name, port.width)).collect();
        assert_eq!((library.top(), names), ("main", vec![("in", 32), ("out", 32)]));
        for mut dut in [library.create()?, library.create()?] {
            assert_eq!(dut.read("out")?, 0);
            dut.pin("in", u32::MAX)?;
            assert_eq!(dut.read("out")?, 0);
            dut.eval()?;
            assert_eq!(u32::try_from(dut.read("out")?)?, u32::MAX);
            assert_eq!(dut.get("in")?, u32::MAX);
        }
    }
    Ok(())
}

/// The words of a value: the lowest two and the last are marked, the others count.
fn marked<const N: usize>() -> [u32; N] {
    std::array::from_fn(|index| match index {
        0 | 1 => u32::MAX,
        index => u32::try_from(index - 1).unwrap(),
    })
}

#[test]
fn wide_values_go_through() -> Result<(), Error> {
    let text = "module wide(input [64:0] a, output [64:0] a_out, input [127:0] b, output [127:0] b_out,
        input [255:0] c, output [255:0] c_out, input [255:128] d, output [255:128] d_out,
        input [1023:0] e, output [1023:0] e_out);
      assign a_out = a, b_out = b, c_out = c, d_out = d, e_out = e;
    endmodule\n";
    for runtime in Place::new().file("wide.sv", text).runtimes(&["wide.sv"]) {
        let mut dut = runtime.create_model("wide", &Config::new())?;
        for port in ["a_out", "b_out", "c_out", "d_out", "e_out"] {
            assert_eq!(dut.read(port)?, [0, 0, 0, 0]);
        }
        dut.pin("a", marked::<3>())?;
        dut.pin("b", marked::<4>().as_slice())?;
        dut.pin("c", marked::<8>().to_vec())?;
        dut.pin("d", u128::MAX)?;
        dut.pin("e", std::array::from_fn::<u32, 32, _>(|index| u32::try_from(index).unwrap()))?;
        dut.eval()?;
        assert_eq!(dut.read("a_out")?, marked::<3>());
        assert_eq!(dut.read("b_out")?, marked::<4>());
        assert_eq!(dut.read("c_out")?, Value::Wide(marked::<8>().to_vec()));
        assert_eq!(u128::try_from(dut.read("d_out")?)?, u128::MAX);
        let words = dut.read("e_out")?.words(32).unwrap();
        assert_eq!(words, (0..32).collect::<Vec<u32>>());
    }
    Ok(())
}

#[test]
fn wide_registers_take_their_value_at_the_edge() -> Result<(), Error> {
    let text = "module held(input clk, input [199:0] d, output logic [199:0] q, output [199:0] through);
      assign through = d;
      always_ff @(posedge clk) q <= d;
    endmodule\n";
    let words = [0xdead_beef, 0xcafe_babe, 0x1234_5678, 0x9abc_def0, 0x1111_1111, 0x2222_2222, 0x55];
    for runtime in Place::new().file("held.sv", text).runtimes(&["held.sv"]) {
        let mut dut = runtime.create_model("held", &Config::new())?;
        dut.pin("clk", 0)?;
        dut.pin("d", words)?;
        dut.eval()?;
        assert_eq!((dut.read("through")? == words, dut.read("q")? == [0]), (true, true));
        dut.pin("clk", true)?;
        dut.eval()?;
        assert_eq!(dut.read("q")?, words);
        dut.pin("d", [0_u32; 7])?;
        dut.tick()?;
        assert_eq!(dut.read("q")?, [0]);
    }
    Ok(())
}

#[test]
fn values_are_those_of_their_ports() -> Result<(), Error> {
    let text = "module kinds(input [3:0] nibble, input signed [11:0] s, input var clk, input real r, input string t,
        input int in, output [3:0] next, output signed [11:0] same, output was, output real half, output string said,
        output full);
      assign next = nibble + 1, full = nibble == 4'hf, same = s, was = clk, half = r / 2, said = {t, \"!\"};
    endmodule\n";
    for runtime in Place::new().file("kinds.sv", text).runtimes(&["kinds.sv"]) {
        let mut dut = runtime.create_model("kinds", &Config::new())?;
        assert_eq!(dut.set("nibble", 0xff).unwrap_err().kind, Kind::Width);
        dut.set("nibble", 15)?;
        dut.pin("s", -1)?;
        dut.pin("clk", true)?;
        dut.pin("r", 3.0)?;
        dut.pin("t", "text")?;
        dut.pin("in", -7)?;
        dut.eval()?;
        assert_eq!(dut.read("next")?, 0);
        assert_eq!(dut.read("full")?, true);
        assert_eq!(i32::try_from(dut.read("same")?)?, -1);
        assert!(bool::try_from(dut.read("was")?)?);
        assert_eq!(f64::try_from(dut.read("half")?)?, 1.5);
        assert_eq!(String::try_from(dut.read("said")?)?, "text!");
        assert_eq!(dut.get("in")?, -7);
        assert_eq!(dut.ports().iter().find(|port| port.name == "clk").unwrap().width, 1);
        let error = u8::try_from(dut.get("in")?).unwrap_err();
        assert_eq!((error.kind, error.to_string().as_str()), (Kind::Type, "-7 is not a value of `u8`"));
        // What fits is a matter of the value, not of its type in Rust.
        dut.pin("nibble", 15_u64)?;
        dut.pin("nibble", -8)?;
        dut.pin("s", 0xfff_u16)?;
        for (value, shown) in [
            (Value::from(16), "16"),
            (Value::from(-9), "-9"),
            (Value::from([0_u32, 1]), "0x0000000100000000"),
        ] {
            let error = dut.pin("nibble", value).unwrap_err();
            let message = format!("{shown} does not fit into the 4 bits of the port `nibble`");
            assert_eq!((error.kind, error.message), (Kind::Width, message));
        }
    }
    Ok(())
}

#[test]
fn a_model_is_made_as_it_is_configured() -> Result<(), Error> {
    let text = "`include \"width.svh\"
    module main #(parameter N = 1, M = 1, K = 1)(input [`WIDTH-1:0] in, output [`WIDTH-1:0] out);
    `ifdef INVERT_OUTPUT
      assign out = ~in;
    `else
      assign out = in + N + M - K + 8;
    `endif
    endmodule\n";
    let place = Place::new().file("main.sv", text).file("inc/width.svh", "`define WIDTH 8\n");
    for runtime in place.runtimes(&["main.sv"]) {
        let runtime = runtime.include_dirs([place.path("inc")]);
        let config =
            Config::new().parameter("N", 4).parameter("M", 8).parameter("K", 10).ignore_warning("WIDTH");
        let library = runtime.library("main", &config.clone().optimization(1).cxx_standard(20))?;
        let parameters: Vec<_> = library.parameters().iter().map(|of| (of.name, of.value)).collect();
        assert_eq!(parameters, [("N", "4"), ("M", "8"), ("K", "10")]);
        let mut dut = library.create()?;
        dut.pin("in", 5)?;
        dut.eval()?;
        assert_eq!(dut.read("out")?, 15);
        let mut inverted = runtime.create_model("main", &config.define("INVERT_OUTPUT", ""))?;
        inverted.pin("in", 1)?;
        inverted.eval()?;
        assert_eq!((inverted.read("out")?, dut.read("out")?), (Value::from(254_u8), Value::from(15_u8)));
    }
    Ok(())
}

#[test]
fn names_are_those_of_the_design() -> Result<(), Error> {
    let text = "module \\a::b (input [7:0] \\x.y , output [7:0] type_, input $in$, output \\match );
      assign type_ = \\x.y , \\match = $in$;
    endmodule\n";
    let text = text.replace("$in$", "in$");
    for runtime in Place::new().file("odd name.sv", &text).runtimes(&["odd name.sv"]) {
        let mut dut = runtime.create_model("a::b", &Config::new())?;
        dut.pin("x.y", 3)?;
        dut.pin("in$", 1)?;
        dut.eval()?;
        assert_eq!((dut.read("type_")? == 3, dut.read("match")? == true), (true, true));
    }
    Ok(())
}

#[test]
fn signals_inside_are_read_and_a_state_is_kept() -> Result<(), Error> {
    let text =
        "module core(input clk);\n  logic [7:0] pc = 0;\n  always @(posedge clk) pc <= pc + 1;\nendmodule
    module main(input clk);\n  core u(.clk);\nendmodule\n";
    let place = Place::new().file("main.sv", text);
    for runtime in place.runtimes(&["main.sv"]) {
        let config = Config::new().set("verilator.probes", "u.pc").set("verilator.savable", "true");
        let library = runtime.library("main", &config)?;
        assert_eq!((library.ports().len(), library.probes()[0].name), (1, "u.pc"));
        let mut dut = library.create()?;
        dut.ticks(3)?;
        dut.save(place.path("state"))?;
        dut.ticks(3)?;
        assert_eq!(dut.read("u.pc")?, 6);
        dut.restore(place.path("state"))?;
        assert_eq!((dut.read("u.pc")? == 3, dut.time()), (true, 6));
        assert_eq!(dut.pin("u.pc", 1).unwrap_err().kind, Kind::Direction);
    }
    Ok(())
}

#[test]
fn waves_show_what_was_dumped_and_when() -> Result<(), Error> {
    for runtime in Place::new().file("main.sv", MAIN).runtimes(&["main.sv"]) {
        let scratch = Place::new();
        let mut dut = runtime.create_model("main", &Config::new().waves(Waves::Vcd))?;
        {
            let mut dut = dut.trace(scratch.path("a b.vcd"))?;
            Trace::dump(&mut dut, 0);
            dut.pin("in", u32::MAX)?;
            dut.set_time(1);
            dut.eval()?;
            Trace::dump(&mut dut, 2);
            Trace::rotate(&mut dut, scratch.path("more.vcd"))?;
            Trace::dump(&mut dut, 3);
        }
        assert!(std::fs::read_to_string(scratch.path("more.vcd")).unwrap().contains("\n#3\n"));
        let text = std::fs::read_to_string(scratch.path("a b.vcd")).unwrap();
        let times: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(times, ["#0", "#1", "#2"]);
        assert!(text.contains(&format!("#1\nb{} ", "1".repeat(32))), "{text}");
        let error = dut.trace("no/such/dir.vcd").map(drop).unwrap_err();
        assert_eq!(error.to_string(), "`no/such/dir.vcd` cannot be written: No such file or directory");
        let mut plain = runtime.create_model("main", &Config::new())?;
        let error = plain.trace(scratch.path("x.vcd")).map(drop).unwrap_err();
        assert_eq!(error.kind, Kind::NotSupported);
    }
    Ok(())
}

#[test]
fn coverage_is_written_and_cleared() -> Result<(), Error> {
    let place = Place::new().file("main.sv", MAIN);
    for runtime in place.runtimes(&["main.sv"]) {
        let mut dut = runtime.create_model("main", &Config::new().set("verilator.coverage", "true"))?;
        for value in [0, u32::MAX, 0] {
            dut.pin("in", value)?;
            dut.eval()?;
        }
        let toggles = |dut: &mut fudsv::runtime::Model| {
            dut.write_coverage(place.path("coverage.dat"))?;
            let text = std::fs::read_to_string(place.path("coverage.dat")).unwrap();
            Ok(text.lines().filter(|line| line.starts_with("C ") && !line.ends_with(" 0")).count())
        };
        assert!(toggles(&mut dut)? > 60);
        dut.clear_coverage()?;
        assert_eq!(toggles(&mut dut)?, 0);
    }
    Ok(())
}

#[test]
fn waves_are_written_as_fst_too() -> Result<(), Error> {
    let place = Place::new().file("main.sv", MAIN);
    let mut dut = place.runtime(&["main.sv"]).create_model("main", &Config::new().waves(Waves::Fst))?;
    let file = place.path("main.fst");
    {
        let mut dut = dut.trace(&file)?;
        for (time, value) in [(0, 0), (5, 7)] {
            dut.pin("in", value)?;
            dut.set_time(time);
            dut.eval()?;
        }
    }
    let mut waves = wellen::simple::read(&file).unwrap();
    let out = waves.hierarchy().lookup_var(&["TOP"], "out").unwrap();
    let signal = waves.hierarchy()[out].signal_ref();
    waves.load_signals(&[signal]);
    let values: Vec<_> =
        waves.get_signal(signal).unwrap().iter_changes().map(|(_, value)| value.to_string()).collect();
    assert_eq!(
        (waves.time_table(), values),
        (&[0, 5][..], [0, 7].map(|value| format!("{value:032b}")).to_vec())
    );
    Ok(())
}
