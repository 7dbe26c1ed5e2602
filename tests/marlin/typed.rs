//! Typed models of a package's own, by a build script: the example `examples/sums`, tested by cargo without a network.
//! It does not know how the example works.

use crate::place::Place;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Cargo in a directory, without what this test was started with; what it said.
fn cargo(directory: &Path, words: &[&str]) -> (bool, String) {
    let mut cargo = Command::new("cargo");
    for (name, _) in std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO") && name != "CARGO_HOME" || name.starts_with("RUSTFLAGS")
    }) {
        cargo.env_remove(name);
    }
    let output = cargo.current_dir(directory).args(words).arg("--offline");
    let output = output.env("FUDSV", env!("CARGO_BIN_EXE_fudsv")).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout) + text(&output.stderr).as_str())
}

/// A copy of the example, which finds this package where it is.
fn example() -> Place {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut place = Place::new();
    for name in
        ["build.rs", "src/lib.rs", "rtl/adder.sv", "rtl/width.svh", "tests/typed.rs", "tests/by_name.rs"]
    {
        place = place.file(name, &fs::read_to_string(here.join("examples/sums").join(name)).unwrap());
    }
    let manifest = fs::read_to_string(here.join("examples/sums/Cargo.toml")).unwrap();
    place.file("Cargo.toml", &manifest.replace("\"../..\"", &format!("{here:?}")))
}

#[test]
fn a_package_has_typed_models_of_its_own() {
    let place = example();
    let at = place.path("");
    let (well, said) = cargo(&at, &["test"]);
    assert!(well && said.matches("1 passed").count() == 2, "{said}");
    assert_eq!(said.matches("Compiling fudsv").count(), 1, "{said}");
    assert_eq!(
        said.lines().filter(|line| line.starts_with("   Compiling") && line.contains(" v")).count(),
        2,
        "{said}"
    );
    assert!(!said.contains("warning"), "{said}");
    let (well, said) = cargo(&at, &["test"]);
    assert!(well && !said.contains("Compiling"), "nothing changed, and nothing is built: {said}");
    // A port that cannot hold each value of its type answers with a result, and an included file is a source too.
    place.write("rtl/width.svh", "`define WIDTH 4\n");
    let (well, said) = cargo(&at, &["test", "--test", "typed"]);
    assert!(!well && said.contains("unused `Result` that must be used"), "{said}");
    assert!(said.contains("left: (0, false)"), "{said}");
    place.write("rtl/width.svh", "`define WIDTH 9\n");
    let (well, said) = cargo(&at, &["test", "--test", "typed"]);
    assert!(!well && said.contains("mismatched types"), "{said}");
}

/// One design twice, with other parameters, in modules of a library.
const TWO: &str = r#"
pub mod hardware {
    include!(concat!(env!("OUT_DIR"), "/counter.rs"));
    include!(concat!(env!("OUT_DIR"), "/wider.rs"));
}

#[test]
fn both_count() -> Result<(), Box<dyn std::error::Error>> {
    let (mut narrow, mut wide) = (hardware::counter::Counter::new()?, hardware::wider::Wider::new()?);
    narrow.apply_reset(1)?;
    wide.apply_reset(1)?;
    narrow.set_en(true);
    wide.set_en(true);
    narrow.ticks(300)?;
    wide.ticks(300)?;
    assert_eq!((narrow.count(), wide.count()), (44_u8, 300_u16));
    Ok(())
}
"#;

#[test]
fn one_design_is_several_modules_with_names_of_their_own() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = "use fudsv::runtime::{Config, Error, Runtime};\nfn main() -> Result<(), Error> {\n
        let runtime = Runtime::in_build_script([\"counter.sv\"])?;
        runtime.write_module(\"counter\", &Config::new())?;
        runtime.write_module_as(\"wider\", \"counter\", &Config::new().parameter(\"WIDTH\", 12))\n}\n";
    let manifest = fs::read_to_string(here.join("examples/sums/Cargo.toml")).unwrap();
    let place = Place::new().file("Cargo.toml", &manifest.replace("\"../..\"", &format!("{here:?}")));
    let place = place.file("build.rs", script).file("src/lib.rs", TWO);
    fs::copy(here.join("examples/counter/counter.sv"), place.path("counter.sv")).unwrap();
    let (well, said) = cargo(&place.path(""), &["test"]);
    assert!(well && said.contains("both_count ... ok") && !said.contains("warning"), "{said}");
}

#[test]
fn the_library_alone_brings_no_package() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (well, said) = cargo(here, &["tree", "--no-default-features", "--edges", "normal,build", "--quiet"]);
    assert_eq!((well, said.lines().count()), (true, 1), "{said}");
}
