//! The same design by the names of its ports, built by the test itself.

use fudsv::runtime::{Config, Error, Runtime};

#[test]
fn it_adds() -> Result<(), Error> {
    let runtime = Runtime::new("target/models", ["rtl/adder.sv"])?.include_dirs(["rtl"]);
    let mut dut = runtime.create_model("adder", &Config::new().optimization(2))?;
    dut.pin("a", 200)?;
    dut.pin("b", 100)?;
    dut.eval()?;
    assert_eq!(dut.read("sum")?, 44);
    assert_eq!(dut.read("carry")?, true);
    Ok(())
}
