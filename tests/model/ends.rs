//! Every end of `tests/designs/ends.sv`, put into the crate of that design.

use ends::{Ends, Error, Kind};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Mutex};

/// A model after one cycle with this `how`, and what that cycle came to.
fn after(how: u8) -> (Ends, Result<(), Error>) {
    let mut dut = Ends::builder().output(|_| ()).build().unwrap();
    dut.eval().unwrap();
    dut.set_how(how).unwrap();
    let result = dut.tick();
    (dut, result)
}

fn shown(result: Result<(), Error>) -> String {
    result.map_or_else(|error| error.to_string(), |()| "ok".to_owned())
}

#[test]
fn finish_is_no_error_and_running_on_is_one() {
    for how in [1, 2] {
        let (mut dut, result) = after(how);
        assert_eq!((shown(result), dut.finished()), ("ok".to_owned(), true));
        let error = dut.tick().unwrap_err();
        assert_eq!((error.kind, error.line.is_some()), (Kind::Finished, true));
        assert!(error.to_string().ends_with("$finish was reached before: $finish"), "{error}");
        // A second `$finish` leaves the cycle at once where it ends the program of the same Verilator.
        assert!(dut.entered() == 1 || how == 2, "{}", dut.entered());
        assert_eq!(shown(dut.close()), "ok");
    }
}

#[test]
fn complaints_name_their_place_and_the_model_goes_on() {
    for (how, text) in [
        (4, "$error: value is 0"),
        (6, "$error: how is six"),
        (7, "$error: 'assert' failed."),
    ] {
        let (mut dut, result) = after(how);
        let error = result.unwrap_err();
        assert_eq!((error.kind, dut.errors()), (Kind::Error, 1));
        assert!(error.to_string().ends_with(text), "{error}");
        assert!(error.file.is_some_and(|file| file.ends_with("ends.sv")));
        dut.set_how(0).unwrap();
        assert_eq!(shown(dut.tick()), "ok");
        assert_eq!((dut.entered(), dut.finished()), (2, false));
    }
    assert_eq!(after(11).0.errors(), 2);
    assert_eq!(shown(after(9).1), "ok");
}

#[test]
fn stop_and_fatal_end_the_model_and_not_the_host() {
    let (mut dut, result) = after(3);
    assert_eq!(result.map_err(|error| error.kind), Err(Kind::Stop));
    assert_eq!(dut.eval().map_err(|error| error.kind), Err(Kind::Stop));
    for (how, kind, text) in [(5, Kind::Fatal, "gave up at 0"), (10, Kind::NotConverged, "converge")] {
        let (mut dut, result) = after(how);
        let error = result.unwrap_err();
        assert_eq!(error.kind, kind);
        assert!(error.message.contains(text), "{error}");
        let again = dut.eval().unwrap_err();
        assert_eq!((again.kind, again.message), (Kind::Poisoned, error.message));
        dut.set_how(0).unwrap();
        assert!(dut.get("how").is_ok() && dut.entered() <= 1);
    }
}

#[test]
fn output_goes_where_it_was_asked_for() -> Result<(), Error> {
    let said = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&said);
    let mut dut = Ends::builder().output(move |text| sink.lock().unwrap().push_str(text)).build()?;
    dut.set_how(8).unwrap();
    dut.tick()?;
    assert_eq!(*said.lock().unwrap(), "hello 0\nbehind it\n");
    Ok(())
}

#[test]
fn a_panic_in_the_output_goes_on_behind_the_design() {
    let mut dut = Ends::builder().output(|text| panic!("not this: {text}")).build().unwrap();
    dut.set_how(8).unwrap();
    let panic = catch_unwind(AssertUnwindSafe(|| dut.tick())).unwrap_err();
    assert_eq!(panic.downcast_ref::<String>().map(String::as_str), Some("not this: hello 0\n"));
    dut.set_how(0).unwrap();
    assert_eq!((shown(dut.tick()), dut.entered()), ("ok".to_owned(), 2));
}

#[test]
fn models_have_a_time_of_their_own_and_move_between_threads() -> Result<(), Error> {
    let (mut one, mut other) = (Ends::new()?, Ends::new()?);
    one.ticks(50)?;
    other.set_how(1).unwrap();
    other.tick()?;
    assert_eq!((one.time(), other.time(), one.finished(), other.finished()), (100, 1, false, true));
    let run = |mut dut: Ends| std::thread::spawn(move || dut.ticks(10).map(|()| dut.entered()));
    let threads = [run(one), run(Ends::new()?), run(Ends::new()?)];
    let entered = threads.map(|thread| thread.join().unwrap());
    assert_eq!(entered, [Ok(60), Ok(10), Ok(10)]);
    Ok(())
}
