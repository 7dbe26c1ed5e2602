//! DPI functions of every kind in Rust, put into the crate of `tests/designs/dpi.sv`.

use dpi::{Dpi, DpiModel, Error, Kind};
use std::ffi::c_void;
use std::ptr;

/// Computes what the test expects, and panics where it is told to.
#[derive(Default)]
struct Functions {
    calls: i32,
}

impl Dpi for Functions {
    fn integers(&mut self, a: i8, b: i16, c: i32, d: i64, e: &mut i64, f: &mut i32) -> i32 {
        *e = 1000;
        *f += 1;
        i32::from(a) + i32::from(b) + c + d as i32
    }
    fn naturals(&mut self, a: u8, b: u32, c: &mut u16) -> u64 {
        *c = 5;
        u64::from(a) + u64::from(b)
    }
    fn scalars(&mut self, a: bool, b: bool, c: &mut bool, d: &mut bool) -> bool {
        (*c, *d) = (a, !b);
        a ^ b
    }
    fn vectors(&mut self, a: u128, b: i8, c: &mut u128, d: &mut u8) -> u32 {
        assert_eq!((*c, *d), (0, 0));
        (*c, *d) = (a, 3);
        if b == -1 { 2 } else { 0 }
    }
    fn shapes(&mut self, a: u8, b: u128, c: &mut u8) {
        assert_eq!((a, b), (2, 9 << 61 | 0x123));
        *c = 1;
    }
    fn texts(&mut self, a: &str, b: &mut String) -> String {
        *b = "four".to_owned();
        a.replace("hello", "result!")
    }
    fn reals(&mut self, a: f64, b: &mut f64) -> f64 {
        *b = 0.25;
        a * 2.0
    }
    fn chandles(&mut self, user: *mut c_void) -> *mut c_void {
        if user.is_null() { ptr::NonNull::dangling().as_ptr() } else { ptr::null_mut() }
    }
    fn arrays(&mut self, a: &[i32; 4], b: &mut [[u32; 1]; 6]) {
        let sum = a.iter().sum::<i32>() as u32;
        *b = std::array::from_fn(|index| [sum + index as u32]);
    }
    fn c_name(&mut self, a: i32, b: &mut i32) {
        *b = a + 1;
    }
    fn outer_call(&mut self) {
        self.calls += 1;
    }
    fn inner_call(&mut self, a: i32) -> i32 {
        a * 2 + self.calls
    }
    fn failing(&mut self, a: i32) -> i32 {
        panic!("not {a}")
    }
}

#[test]
fn values_of_every_kind_come_and_go() -> Result<(), Error> {
    let mut dut = DpiModel::builder().dpi(Functions::default()).build()?;
    let sums: [u64; 12] =
        [998, 4_294_967_555, 111, 0x1_2345_6789 + 5, 1, 704, 300, 1, 15_010, 21, 0, 7];
    for (how, sum) in (1..).zip(sums) {
        dut.set_how(how)?;
        dut.tick()?;
        assert_eq!((how, dut.sum(), dut.called()), (how, sum, how));
    }
    dut.set_how(15)?;
    dut.tick()?;
    assert_eq!(dut.sum(), 1005);
    Ok(())
}

#[test]
fn a_function_that_panics_or_is_not_there_ends_the_evaluation() -> Result<(), Error> {
    for (how, message) in [
        (13, "the DPI function `failing` panicked: not 5"),
        (14, "the DPI function `missing` is not implemented"),
        (16, "a DPI function called `pthread_exit`: the thread belongs to the host"),
    ] {
        let mut dut = DpiModel::builder().dpi(Functions::default()).build()?;
        dut.set_how(how)?;
        let error = dut.tick().unwrap_err();
        assert_eq!((error.kind, error.message.as_str()), (Kind::Dpi, message));
        assert_eq!(dut.tick().unwrap_err().kind, Kind::Poisoned);
    }
    let mut dut = DpiModel::new()?;
    dut.set_how(13)?;
    let error = dut.tick().unwrap_err();
    assert!(error.kind == Kind::Dpi && error.message.contains("failing"), "{error}");
    Ok(())
}

#[test]
fn what_the_design_exports_is_called() -> Result<(), Error> {
    let (sender, printed) = std::sync::mpsc::channel();
    let output = move |text: &str| sender.send(text.to_owned()).unwrap();
    let mut dut = DpiModel::builder().dpi(Functions::default()).output(output).build()?;
    dut.set_a(5);
    dut.eval()?;
    assert_eq!((dut.exports().inner_add(-7)?, dut.exports().outer_add(37)?), (93, 42));
    let mut wide = 0;
    dut.exports().outer_c_name("a text", 1 << 98 | 3, &mut wide)?;
    assert_eq!((wide, printed.try_iter().collect::<String>().as_str()), (1 << 99 | 6, "a text is 4000000000000000000000003\n"));
    assert_eq!(dut.exports().outer_c_name("a\0b", 0, &mut wide).unwrap_err().kind, Kind::Type);
    let mut w = 0;
    dut.exports().outer_task(8, &mut w)?;
    assert_eq!(w, 8);
    let error = dut.exports().outer_fatal(1).unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (Kind::Error, "severity is 1"));
    dut.exports().outer_fatal(3)?;
    assert!(dut.finished() && dut.exports().outer_add(1).unwrap_err().kind == Kind::Finished);
    let mut dut = DpiModel::new()?;
    assert_eq!(dut.exports().outer_fatal(2).unwrap_err().kind, Kind::Fatal);
    assert_eq!(dut.exports().outer_add(1).unwrap_err().kind, Kind::Poisoned);
    Ok(())
}
