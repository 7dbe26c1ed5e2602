//! When a model is built again, and who waits for whom: M11 of the acceptance suite.
//! It does not know how the program finds out.

use crate::place::Place;
use fudsv::runtime::{Config, Error};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

const MAIN: &str = "module main(output [31:0] out);\n  assign out = `VALUE;\nendmodule\n";

/// Which steps ran in the builds of a place, one text for each build directory.
fn ran(place: &Place) -> Vec<usize> {
    let dirs = fs::read_dir(place.path("models")).unwrap().map(|entry| entry.unwrap().path());
    let ran = |dir: PathBuf| {
        let events = fs::read_to_string(dir.join(".fudsv/events.ndjson")).unwrap();
        events
            .lines()
            .filter(|line| line.contains("\"event\":\"end\"") && !line.contains("\"outcome\":\"hit\""))
            .count()
    };
    dirs.map(ran).collect()
}

#[test]
fn a_second_run_builds_nothing_and_an_edit_is_noticed() -> Result<(), Error> {
    let place = Place::new().file("main.sv", &format!("`include \"value.svh\"\n{MAIN}"));
    place.write("inc/value.svh", "`define VALUE 1\n");
    let runtime = place.runtime(&["main.sv"]).include_dirs([place.path("inc")]);
    let value = |runtime: &fudsv::runtime::Runtime| {
        let mut dut = runtime.create_model("main", &Config::new())?;
        dut.eval()?;
        u32::try_from(dut.read("out")?)
    };
    assert_eq!(value(&runtime)?, 1);
    let mut first = runtime.library("main", &Config::new())?.create()?;
    assert_eq!(ran(&place), [0]);
    place.write("inc/value.svh", "`define VALUE 22\n");
    assert_eq!(value(&runtime)?, 22);
    // What runs goes on with the library that it has.
    first.eval()?;
    assert_eq!(first.read("out")?, 1);
    let forced = runtime.clone().force_rebuild(true);
    assert_eq!((value(&forced)?, value(&runtime)?), (22, 22));
    Ok(())
}

#[test]
fn everything_is_built_again_when_that_is_asked() -> Result<(), Error> {
    let place = Place::new().file("main.sv", MAIN);
    let config = Config::new().define("VALUE", 7);
    let runtime = place.runtime(&["main.sv"]);
    let id = runtime.library("main", &config)?.build_id();
    let forced = runtime.clone().force_rebuild(true);
    assert_eq!(forced.library("main", &config)?.build_id(), id);
    assert!(ran(&place)[0] > 5, "{:?}", ran(&place));
    Ok(())
}

#[test]
fn threads_share_one_directory() -> Result<(), Error> {
    let place = Place::new().file("main.sv", MAIN);
    let runtime = place.runtime(&["main.sv"]);
    let value = |value: u32| {
        let mut dut = runtime.create_model("main", &Config::new().define("VALUE", value))?;
        dut.eval()?;
        u32::try_from(dut.read("out")?)
    };
    let value = &value;
    let all: Result<Vec<u32>, Error> = thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|index| scope.spawn(move || value(index % 2))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(all?, [0, 1, 0, 1, 0, 1]);
    Ok(())
}

/// Marlin's own test of its locks, M1: `FUDSV_TEST_ROUNDS` says how often.
#[test]
fn tests_that_begin_at_once_share_a_directory_that_is_not_there_yet() -> Result<(), Error> {
    let rounds = std::env::var("FUDSV_TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(2);
    let place = Place::new().file("main.sv", MAIN);
    let one_test = || {
        let mut dut = place.runtime(&["main.sv"]).create_model("main", &Config::new().define("VALUE", 3))?;
        assert_eq!(dut.read("out")?, 0);
        dut.eval()?;
        u32::try_from(dut.read("out")?)
    };
    for _ in 0..rounds {
        let processes = [other_process(&place), other_process(&place)];
        let values: Result<Vec<u32>, Error> = thread::scope(|scope| {
            let threads = [(); 5].map(|()| scope.spawn(one_test));
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(values?, [3; 5]);
        processes.into_iter().for_each(|process| drop(said(process)));
        fs::remove_dir_all(place.path("models")).unwrap();
    }
    Ok(())
}

#[test]
fn models_of_one_name_never_share_a_directory() -> Result<(), Error> {
    let place = Place::new().file("a/main.sv", MAIN).file("b/main.sv", &MAIN.replace("`VALUE", "2"));
    let config = Config::new().define("VALUE", 1);
    let mut values = vec![];
    for source in ["a/main.sv", "b/main.sv", "a/main.sv"] {
        let mut dut = place.runtime(&[source]).create_model("main", &config)?;
        dut.eval()?;
        values.push(u32::try_from(dut.read("out")?)?);
    }
    assert_eq!(values, [1, 2, 1]);
    let names = fs::read_dir(place.path("models")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(names.collect::<BTreeSet<_>>().len(), 2);
    Ok(())
}

/// Run by the next test, in a process of its own, where standard error is not that of the test.
#[test]
fn one_model_in_a_directory_that_is_named() -> Result<(), Error> {
    let Some(dir) = std::env::var_os("MARLIN_PLACE").map(PathBuf::from) else { return Ok(()) };
    let runtime = fudsv::runtime::Runtime::new(dir.join("models"), [dir.join("main.sv")])?;
    let runtime = runtime.program(env!("CARGO_BIN_EXE_fudsv"));
    let mut dut = runtime.create_model("main", &Config::new().define("VALUE", 3))?;
    dut.eval()?;
    assert_eq!(dut.read("out")?, 3);
    Ok(())
}

/// Runs the test before this one; what it says on standard error, with its number of seconds masked.
fn other_process(place: &Place) -> std::process::Child {
    let mut test = Command::new(std::env::current_exe().unwrap());
    test.args(["--exact", "rebuilds::one_model_in_a_directory_that_is_named"]);
    test.env("MARLIN_PLACE", place.path("")).stderr(std::process::Stdio::piped());
    test.stdout(std::process::Stdio::null()).spawn().unwrap()
}

fn said(child: std::process::Child) -> String {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    let masked = |line: &str| {
        let line = line.split_once(" in ").map_or(line.to_owned(), |(start, _)| format!("{start} in S"));
        match line.split_once('#') {
            Some((start, rest)) => format!("{start}#DIGEST ({}", rest.split_once('(').unwrap().1),
            None => line,
        }
    };
    text.lines().map(masked).collect::<Vec<_>>().join("\n")
}

#[test]
fn builds_are_told_past_the_capture_of_tests() {
    let place = Place::new().file("main.sv", MAIN);
    let source = place.path("main.sv");
    let building = format!("   Compiling main#DIGEST ({})\n    Finished `main` in S", source.display());
    assert_eq!(said(other_process(&place)), building);
    assert_eq!(said(other_process(&place)), "");
}

#[test]
fn warnings_of_verilator_are_told_while_it_builds() {
    let narrow = "\nmodule main(output [31:0] out);\n  wire [2:0] narrow = 5'd3;\n  assign out = `VALUE + 32'(narrow) - 3;\nendmodule\n";
    let place = Place::new().file("main.sv", narrow);
    let told = said(other_process(&place));
    // Verilator may be done before the program says what it builds.
    let warning = format!("%Warning-WIDTH: {}:3:", place.path("main.sv").display());
    assert!(told.lines().any(|line| line.starts_with(&warning)), "{told}");
    assert_eq!(said(other_process(&place)), "");
}

#[test]
fn a_process_waits_for_another_and_says_so() {
    let place = Place::new().file("main.sv", MAIN);
    assert!(said(other_process(&place)).contains("Compiling"));
    let dir = fs::read_dir(place.path("models")).unwrap().next().unwrap().unwrap().path();
    let lock = fs::File::options().read(true).write(true).open(dir.join(".fudsv/lock")).unwrap();
    lock.lock().unwrap();
    fs::write(dir.join(".fudsv/lock"), "pid 1: a test\n").unwrap();
    let mut child = other_process(&place);
    let mut first = [0; 15];
    std::io::Read::read_exact(child.stderr.as_mut().unwrap(), &mut first).unwrap();
    assert_eq!(String::from_utf8_lossy(&first), "    Blocking wa");
    lock.unlock().unwrap();
    assert!(said(child).starts_with("iting for file lock on build directory (held by pid 1: a test)"));
}
