//! What a host chooses for `tests/designs/hosted.sv`, put into the crate of that design.

use hosted::{Error, Hosted, Kind};
use std::sync::{Arc, Mutex};

#[test]
fn plusargs_and_seeds_are_those_of_one_model() -> Result<(), Error> {
    let start = |builder: hosted::Builder| {
        let mut dut = builder.build()?;
        dut.eval()?;
        Ok((dut.level(), dut.random()))
    };
    let (level, random) = start(Hosted::builder().plusarg("level=42").seed(1))?;
    assert_eq!((level, start(Hosted::builder().plusarg("+level=43"))?.0), (42, 43));
    assert_eq!(start(Hosted::builder().seed(1))?, (7, random));
    assert_ne!(start(Hosted::builder().seed(2))?.1, random);
    let error = Hosted::builder().plusarg("a\0b").build().unwrap_err();
    assert_eq!(error.kind, Kind::Type);
    Ok(())
}

#[test]
fn a_missing_memory_file_is_an_error_and_the_model_goes_on() -> Result<(), Error> {
    let mut dut = Hosted::builder().output(|_| ()).build()?;
    dut.set_load(true);
    let error = dut.tick().unwrap_err();
    assert_eq!((error.kind, dut.errors()), (Kind::MemoryFile, 1));
    dut.set_load(false);
    dut.tick()?;
    assert_eq!((dut.edges(), dut.now()), (2, 3));
    Ok(())
}

#[test]
fn final_blocks_run_once_at_the_end() -> Result<(), Error> {
    for close in [true, false] {
        let said = Arc::new(Mutex::new(String::new()));
        let sink = Arc::clone(&said);
        let output = move |text: &str| sink.lock().unwrap().push_str(text);
        let mut dut = Hosted::builder().scope("bench").output(output).build()?;
        dut.ticks(3)?;
        if close {
            dut.close()?;
        } else {
            drop(dut);
        }
        assert_eq!(*said.lock().unwrap(), "bench.hosted: 3 edges\n");
    }
    Ok(())
}
