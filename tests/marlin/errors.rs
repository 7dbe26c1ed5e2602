//! What is refused, and how: the error cases of the acceptance suite.
//! It does not know how values are kept.

use crate::place::Place;
use fudsv::runtime::{Config, Error, Kind, Library, Runtime};

const COUNTER: &str = "module counter(input clk, input rst, input [7:0] load [2], output logic [7:0] count);
  always_ff @(posedge clk) count <= rst ? 0 : count + load[1];
  always @(posedge clk) if (count == 3) $error(\"three\");
  always @(posedge clk) if (count == 5) $finish;
endmodule\n";

fn shown(error: Error) -> (Kind, String) {
    (error.kind, error.to_string())
}

fn says<T: std::fmt::Debug>(result: Result<T, Error>) -> (Kind, String) {
    shown(result.unwrap_err())
}

#[test]
fn a_port_is_used_for_what_it_is() -> Result<(), Error> {
    let place = Place::new().file("counter.sv", COUNTER);
    let library = place.runtime(&["counter.sv"]).library("counter", &Config::new())?;
    let mut dut = library.create()?;
    let message = |text: &str| text.to_owned();
    assert_eq!(
        says(dut.read("cuont")),
        (Kind::NoPort, message("there is no port `cuont`: did you mean `count`?"))
    );
    assert_eq!(says(dut.pin("x", 1)), (Kind::NoPort, message("there is no port `x`")));
    assert_eq!(says(dut.pin("count", 1)), (Kind::Direction, message("the port `count` is an output")));
    assert_eq!(says(dut.set("count", 1)), (Kind::Direction, message("the port `count` is an output")));
    assert_eq!(
        says(dut.read("clk")),
        (Kind::Direction, message("the port `clk` is an input: `get` reads it"))
    );
    assert_eq!(
        says(dut.pin("clk", 2)),
        (Kind::Width, message("2 does not fit into the 1 bit of the port `clk`"))
    );
    assert_eq!(says(dut.pin("clk", "high")), (Kind::Type, message("the port `clk` cannot be set to a text")));
    assert_eq!(
        says(dut.pin("clk", 1.0)),
        (Kind::Type, message("the port `clk` cannot be set to a real number"))
    );
    let array = message("the port `load` is an array: use `get_at` and `set_at`");
    assert_eq!(says(dut.pin("load", 1)), (Kind::Type, array.clone()));
    assert_eq!(says(dut.tick_port("load")), (Kind::Type, array));
    assert_eq!(
        says(dut.set_at("load", 2, 1)),
        (Kind::NoPort, message("the port `load` has no element 2 where it has 2"))
    );
    Ok(())
}

#[test]
fn what_the_design_complains_about_is_an_error_with_its_place() -> Result<(), Error> {
    let place = Place::new().file("counter.sv", COUNTER);
    for runtime in place.runtimes(&["counter.sv"]) {
        let library = runtime.library("counter", &Config::new())?;
        let mut dut = library.builder().output(|_| ()).build()?;
        dut.set_at("load", 1, 1)?;
        dut.apply_reset(2)?;
        dut.ticks(2)?;
        let error = dut.ticks(4).unwrap_err();
        assert_eq!((error.kind, error.line, error.message.as_str()), (Kind::Error, Some(3), "three"));
        assert_eq!((dut.errors(), dut.finished()), (1, false));
        while !dut.finished() {
            dut.tick()?;
        }
        assert_eq!(dut.tick().unwrap_err().kind, Kind::Finished);
        dut.close()?;
    }
    Ok(())
}

#[test]
fn a_design_without_a_clock_says_so() -> Result<(), Error> {
    let text = "module pair(input a_clk, b_clk, output y);\n  assign y = a_clk & b_clk;\nendmodule\n";
    let text = format!("{text}module none(input a, output y);\n  assign y = a;\nendmodule\n");
    let place = Place::new().file("pair.sv", &text);
    let runtime = place.runtime(&["pair.sv"]);
    let mut dut = runtime.create_model("pair", &Config::new())?;
    let several = "more than one port of `pair` is named like a clock: use `tick_port`";
    assert_eq!(says(dut.tick()), (Kind::NotSupported, several.to_owned()));
    dut.tick_port("a_clk")?;
    let mut dut = runtime.create_model("none", &Config::new())?;
    let none = "no port of `none` is named like a clock: use `tick_port`";
    assert_eq!(says(dut.tick()), (Kind::NotSupported, none.to_owned()));
    assert_eq!(
        says(dut.apply_reset(1)),
        (Kind::NotSupported, "no port of `none` is named like a reset".to_owned())
    );
    Ok(())
}

#[test]
fn what_can_not_be_built_is_told_in_the_words_of_the_tool_each_time() -> Result<(), Error> {
    let bad = "module bad(input [4:0] a, output [3:0] y);\n  assign y = a;\nendmodule\n";
    let place = Place::new().file("bad.sv", bad);
    for runtime in place.runtimes(&["bad.sv"]) {
        let strict = Config::new().set("verilator.werror", "true");
        let first = runtime.create_model("bad", &strict).unwrap_err();
        assert_eq!(first.kind, Kind::Build);
        assert!(first.message.starts_with("`verilate bad` failed (exit code 1)\n%Warning-WIDTH"), "{first}");
        assert!(first.message.contains("bad.sv:2:12"), "{first}");
        assert_eq!(runtime.create_model("bad", &strict).unwrap_err(), first);
        runtime.create_model("bad", &Config::new())?;
    }
    let runtime = place.runtime(&["bad.sv"]);
    let (kind, message) = says(runtime.create_model("worse", &Config::new()));
    assert!(kind == Kind::Build && message.contains("worse"), "{message}");
    let level = "Verilator has the optimisation levels 0 to 3, and not 7".to_owned();
    assert_eq!(says(runtime.create_model("bad", &Config::new().optimization(7))), (Kind::Build, level));
    let no_program = place.runtime(&["bad.sv"]).program("/no/such/fudsv").create_model("bad", &Config::new());
    let hint = "cannot build a model: there is no program `/no/such/fudsv`; install it with `cargo install fudsv`, or name it in the variable `FUDSV`";
    assert_eq!(says(no_program), (Kind::Machine, hint.to_owned()));
    Ok(())
}

#[test]
fn sources_and_libraries_must_be_there() {
    let missing = Runtime::new("target/models", ["src/no.sv"]).map(drop);
    let message = "the source `src/no.sv` is not a file: a relative path is relative to the program's current directory";
    assert_eq!(says(missing), (Kind::Build, message.to_owned()));
    let (kind, message) = says(Library::load("no/such.so"));
    assert!(
        kind == Kind::Machine && message.starts_with("cannot load `no/such.so`: No such file"),
        "{message}"
    );
    let place = Place::new().file("text.so", "no library");
    let (kind, message) = says(Library::load(place.path("text.so")));
    assert!(kind == Kind::Machine && message.contains("text.so"), "{message}");
}
