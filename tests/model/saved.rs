//! The state of a model in a file, put into the crate of `tests/designs/saved.sv`.

use saved::{Error, Kind, Saved};

#[test]
fn a_model_that_was_never_evaluated_begins_again_when_it_is_restored() -> Result<(), Error> {
    let mut dut = Saved::new()?;
    dut.save("never evaluated")?;
    dut.ticks(3)?;
    dut.restore("never evaluated")?;
    assert_eq!((dut.text().as_str(), dut.count()), ("", 0));
    dut.eval()?;
    assert_eq!((dut.text().as_str(), dut.count()), ("begun", 0));
    Ok(())
}

#[test]
fn a_model_goes_on_where_it_was_saved() -> Result<(), Error> {
    let mut dut = Saved::new()?;
    dut.ticks(5)?;
    dut.save("a state")?;
    let then = (format!("{dut:?}"), dut.time());
    dut.ticks(3)?;
    assert_ne!(format!("{dut:?}"), then.0);
    dut.restore("a state")?;
    assert_eq!((format!("{dut:?}"), dut.time()), then);
    let mut other = Saved::new()?;
    other.restore("a state")?;
    assert_eq!((format!("{other:?}"), other.time()), then);
    assert_eq!(dut.restore("no state").unwrap_err().kind, Kind::Machine);
    assert_eq!(dut.save("no/such/place").unwrap_err().to_string(), "`no/such/place` cannot be written: No such file or directory");
    let error = dut.write_coverage("coverage.dat").unwrap_err();
    let message = "the model was built without coverage: set `verilator.coverage`";
    assert_eq!((error.kind, error.message.as_str()), (Kind::NotSupported, message));
    Ok(())
}
