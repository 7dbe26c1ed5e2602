//! Drives the counter through its crate: put into `tests/` of it.

use counter::{parameters, Counter, Error};

#[test]
fn it_counts_while_it_is_enabled() -> Result<(), Error> {
    let mut dut = Counter::new()?;
    dut.apply_reset(2)?;
    assert_eq!(dut.count(), 0);
    dut.set_en(true);
    dut.ticks(20)?;
    dut.set_en(false);
    dut.ticks(5)?;
    assert_eq!(dut.count(), 20);
    Ok(())
}

#[test]
fn it_wraps_at_its_width() -> Result<(), Error> {
    let mut dut = Counter::new()?;
    dut.apply_reset(2)?;
    dut.set_en(true);
    dut.ticks((1 << parameters::WIDTH) + 3)?;
    assert_eq!(dut.count(), 3);
    Ok(())
}
