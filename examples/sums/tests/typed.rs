//! The model by its type: a port that is renamed, or gets another width, is an error of the compiler.

use sums::adder::{Adder, Error};

#[test]
fn it_adds() -> Result<(), Error> {
    let mut dut = Adder::new()?;
    dut.set_a(200);
    dut.set_b(100);
    dut.eval()?;
    assert_eq!((dut.sum(), dut.carry()), (44, true));
    assert_eq!(sums::sum(&[1, 2, 3])?, 6);
    Ok(())
}
