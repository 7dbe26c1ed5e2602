//! A design with delays, run by their times; put into the crate of `tests/designs/timed.sv`.

use timed::{Error, Kind, Timed};

#[test]
fn time_goes_from_delay_to_delay() -> Result<(), Error> {
    let mut dut = Timed::new()?;
    dut.eval()?;
    assert_eq!((dut.time(), dut.next_event(), dut.count()), (0, Some(1000), 0));
    dut.run_until(4500)?;
    assert_eq!((dut.time(), dut.next_event(), dut.count()), (4500, Some(5000), 4));
    assert_eq!(dut.run_until(4000).unwrap_err().to_string(), "the time 4000 is past: it is 4500");
    dut.set_how(4)?;
    let error = dut.run_until(6000).unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (Kind::Error, "count is 5"));
    dut.set_how(1)?;
    dut.run_until(9000)?;
    assert!(dut.finished() && dut.time() < 9000, "{}", dut.time());
    Ok(())
}
