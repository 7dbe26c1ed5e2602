//! Functions of Rust that a design calls: M5 and M6 of the acceptance suite.
//! It does not know how they are called.

use crate::place::Place;
use fudsv::dpi;
use fudsv::runtime::{Builder, Config, DpiFunction, Error, Kind, Model};
use std::sync::atomic::{AtomicU32, Ordering};

const MAIN: &str = "module main(input how, output logic [31:0] out, output logic [31:0] sum, output logic one);
  import \"DPI-C\" function void three(output int v);
  import \"DPI-C\" function void five(output int unsigned v);
  import \"DPI-C\" function void is_five(input int unsigned v);
  import \"DPI-C\" function void one_bit(output bit v);
  import \"DPI-C\" function bit turned(input bit v, input logic w, inout bit total);
  import \"DPI-C\" function int add(input int a, input byte b, inout longint total);
  import \"DPI-C\" function bit [31:0] fold(input bit [99:0] wide, input real r, input string s, input int four[4]);
  import \"DPI-C\" task rest(input bit how);
  int unsigned word;
  longint total = 10;
  bit value;
  int four[4] = '{1, 2, 3, 4};
  initial begin
    three(out);
    five(word);
    is_five(word);
    one_bit(value);
    one = turned(1'b0, 1'b1, value) & value;
    sum = add(-3, 4, total) + 32'(total) + fold({36'd1, 64'd2}, 1.5, \"abc\", four);
  end
  always @(posedge how) rest(how);
endmodule\n";

/// Gives a model all functions; `seen` gets what `is_five` saw.
fn with_all(builder: Builder, seen: &'static AtomicU32) -> Builder {
    let step = 100;
    builder
        .dpi(dpi!(
            fn three(out: &mut i32) {
                *out = 3;
            }
        ))
        .dpi(dpi!(
            fn five(out: &mut u32) {
                *out = 5;
            }
        ))
        .dpi(dpi!(
            fn is_five(v: u32) {
                seen.store(v, Ordering::Relaxed);
            }
        ))
        .dpi(dpi!(
            fn one_bit(out: &mut bool) {
                *out = true;
            }
        ))
        .dpi(dpi!(
            fn turned(v: bool, w: bool, total: &mut bool) -> bool {
                *total = *total && w;
                !v
            }
        ))
        .dpi(dpi!(
            fn add(a: i32, b: i8, total: &mut i64) -> i32 {
                *total += step;
                a + i32::from(b)
            }
        ))
        .dpi(dpi!(
            fn fold(wide: &[u32; 4], r: f64, s: *const std::ffi::c_char, four: &[i32; 4]) -> u32 {
                assert_eq!((wide, r, s.is_null()), (&[2, 0, 1, 0], 1.5, false));
                1000 * four.iter().sum::<i32>() as u32
            }
        ))
}

#[test]
fn a_design_calls_functions_of_rust() -> Result<(), Error> {
    static SEEN: AtomicU32 = AtomicU32::new(0);
    for runtime in Place::new().file("main.sv", MAIN).runtimes(&["main.sv"]) {
        let library = runtime.library("main", &Config::new())?;
        let mut dut: Model = with_all(library.builder(), &SEEN)
            .dpi(dpi!(
                fn rest(how: u8) -> i32 {
                    panic!("how is {how}")
                }
            ))
            .build()?;
        dut.eval()?;
        assert_eq!(
            (dut.read("out")? == 3, dut.read("one")? == 1, SEEN.swap(0, Ordering::Relaxed)),
            (true, true, 5)
        );
        assert_eq!(dut.read("sum")?, 1 + 110 + 10_000);
        dut.pin("how", 1)?;
        let error = dut.eval().unwrap_err();
        assert_eq!(
            (error.kind, error.message.as_str()),
            (Kind::Dpi, "the DPI function `rest` panicked: how is 1")
        );
        // What nobody gave is told by its name, when it is called.
        let mut dut = with_all(library.builder(), &SEEN).build()?;
        dut.eval()?;
        dut.pin("how", 1)?;
        let error = dut.eval().unwrap_err();
        assert!(error.kind == Kind::Dpi && error.message.contains("rest"), "{error}");
    }
    Ok(())
}

/// Functions that are not those of the design, and what is said of them.
fn refused() -> Vec<(DpiFunction, &'static str)> {
    vec![
        (
            dpi!(
                fn add(a: i32) -> i32 {
                    a
                }
            ),
            "the number of arguments is 1 here",
        ),
        (
            dpi!(
                fn add(a: bool, b: i8, t: &mut i64) -> i32 {
                    i32::from(a) + i32::from(b) + *t as i32
                }
            ),
            "argument 1 is `bool` here",
        ),
        (
            dpi!(
                fn add(a: i32, b: u8, t: &mut i64) -> i32 {
                    a + i32::from(b) + *t as i32
                }
            ),
            "argument 2 is `u8` here",
        ),
        (
            dpi!(
                fn add(a: i32, b: i8, t: i64) -> i32 {
                    a + i32::from(b) + t as i32
                }
            ),
            "argument 3 is `i64` here",
        ),
        (
            dpi!(
                fn add(a: i32, b: i8, t: &mut i64) {
                    *t = i64::from(a) + i64::from(b);
                }
            ),
            "the result is `()` here",
        ),
    ]
}

#[test]
fn a_function_must_be_what_the_design_declares() -> Result<(), Error> {
    let place = Place::new().file("main.sv", MAIN).file("other.c", "void three(int* v) { *v = 4; }\n");
    let library = place.runtime(&["main.sv"]).library("main", &Config::new())?;
    let says = |function| library.builder().dpi(function).build().unwrap_err().message;
    for (function, message) in refused() {
        let declared = "the DPI function `add` is `int add(int a, char b, long long* total)` in the design: ";
        assert_eq!(says(function), format!("{declared}{message}"));
    }
    assert_eq!(
        says(dpi!(
            fn fourth() {}
        )),
        "the design imports no DPI function `fourth`"
    );
    let message = "the DPI function `rest` is `int rest(svBit how)` in the design: the result is `()` here";
    assert_eq!(
        says(dpi!(
            fn rest(how: u8) {
                _ = how;
            }
        )),
        message
    );
    let linked = place.runtime(&["main.sv", "other.c"]).library("main", &Config::new())?;
    let error = linked
        .builder()
        .dpi(dpi!(
            fn three(v: &mut i32) {
                *v = 3;
            }
        ))
        .build()
        .unwrap_err();
    let message = "the DPI function `three` is linked into the model";
    assert_eq!((error.kind, error.message.as_str()), (Kind::NotSupported, message));
    Ok(())
}
