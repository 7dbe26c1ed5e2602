//! Builds Rust crates with the real Verilators and compilers and runs cargo in them, offline.
//! It does not know how the crates are built: `fudsv exec` does that.

// A test says what is wrong by panicking, and hides from cargo what it was started with.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod toolchain;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use toolchain::{Toolchain, here, succeed, toolchains};

fn scratch(path: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates").join(path)
}

impl Toolchain {
    /// Builds the crate of a design; with `to`, copies it there. Build directories are kept between runs.
    fn build(&self, top: &str, files: &[&str], settings: &[&str], to: Option<&Path>) -> PathBuf {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _guard = ONE_AT_A_TIME.lock();
        let id = format!("{top}-{}{}", self.name, settings.concat().replace(['=', '/', '"', '[', ']'], "-"));
        let mut fudsv = Command::new(env!("CARGO_BIN_EXE_fudsv"));
        fudsv.current_dir(here(".")).arg("exec").args(files).args(["--to", "rust-crate", "--dir"]);
        fudsv.arg(scratch(&id));
        if let Some(to) = to {
            fudsv.arg("-o").arg(to);
        }
        let tools = [format!("verilator.exe={}", self.verilator), format!("cxx.exe={}", self.cxx)];
        let design = [format!("verilator.top={top}"), "verilator.include-dirs=tests/designs".to_owned()];
        let own = tools.iter().chain(&design).map(String::as_str);
        for setting in own.chain(settings.iter().copied()) {
            fudsv.args(["--set", setting]);
        }
        here(succeed(&mut fudsv).trim())
    }
}

/// Cargo in a directory, without a network and without what this test was started with.
fn cargo(directory: &Path, words: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    for (name, _) in std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO") && name != "CARGO_HOME" || name.starts_with("RUSTFLAGS")
    }) {
        cargo.env_remove(name);
    }
    cargo.current_dir(directory).args(words).arg("--offline").env("CARGO_TARGET_DIR", scratch("target"));
    cargo
}

const WIDE: &[&str] = &["tests/designs/wide_pkg.sv", "tests/designs/wide.sv"];

#[test]
fn a_crate_does_with_every_port_and_every_end_what_its_design_says() {
    let dpi: &[&str] = &["tests/designs/dpi_pkg.sv", "tests/designs/dpi.sv", "tests/designs/dpi_linked.c"];
    let designs: [(&str, &[&str]); 5] = [
        ("wide", WIDE),
        ("ends", &["tests/designs/ends.sv"]),
        ("hosted", &["tests/designs/hosted.sv"]),
        ("dpi", dpi),
        ("timed", &["tests/designs/timed.sv"]),
    ];
    for toolchain in toolchains() {
        for (name, files) in designs {
            println!("{toolchain:?} {name}");
            let made = toolchain.build(name, files, &[], None);
            let test = format!("tests/{name}.rs");
            fs::copy(here(&format!("tests/model/{name}.rs")), made.join(&test)).unwrap();
            let said = succeed(&mut cargo(&made, &["test", "--quiet"]));
            assert_eq!(said.matches("test result: ok").count(), 4, "{said}");
            // A file of the user's own stays when the crate is made again.
            toolchain.build(name, files, &[], None);
            assert!(made.join(test).is_file());
        }
    }
}

#[test]
fn a_crate_shows_what_is_inside_and_keeps_its_state_when_it_was_built_to() {
    let probes =
        "verilator.probes=u.pc u.state u.parts u.wide u.negative u.memory u.half u.text gen[1].inner";
    for toolchain in toolchains() {
        for (name, setting, tests) in [("probed", probes, 1), ("saved", "verilator.savable=true", 2)] {
            let made = toolchain.build(name, &[&format!("tests/designs/{name}.sv")], &[setting], None);
            let test = format!("tests/{name}.rs");
            fs::copy(here(&format!("tests/model/{name}.rs")), made.join(&test)).unwrap();
            let said = succeed(&mut cargo(&made, &["test", "--quiet", "--test", name]));
            assert!(said.contains(&format!("{tests} passed")), "{said}");
        }
    }
}

/// Waves of some ticks only, and a place where no file can be.
const TRACES: &str = r##"
use counter::{Counter, Error, Kind, Trace};

#[test]
fn waves_are_written_while_the_guard_lives() -> Result<(), Error> {
    let mut dut = Counter::new()?;
    dut.apply_reset(2)?;
    dut.set_en(true);
    assert_eq!(dut.trace("no/such/dir.vcd").map(drop).unwrap_err().kind, Kind::Machine);
    {
        let mut dut = dut.trace("some waves.vcd")?;
        dut.ticks(3)?;
        assert_eq!(dut.count(), 3);
        Trace::flush(&mut dut)?;
    }
    dut.ticks(3)?;
    let text = std::fs::read_to_string("some waves.vcd").unwrap();
    let times: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(times, ["#4", "#5", "#6", "#7", "#8", "#9"]);
    Ok(())
}

#[test]
fn waves_that_nothing_holds_are_written_until_they_are_ended() -> Result<(), Error> {
    let mut dut = Counter::new()?;
    dut.start_trace("until.vcd")?;
    dut.set_en(dut.count() == 0);
    dut.ticks(2)?;
    dut.end_trace().unwrap();
    dut.end_trace().unwrap();
    dut.ticks(2)?;
    let text = std::fs::read_to_string("until.vcd").unwrap();
    let times: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(times, ["#0", "#1", "#2", "#3"]);
    Ok(())
}
"##;

#[test]
fn a_crate_writes_waves_when_it_was_built_to() {
    let counter: &[&str] = &["examples/counter/counter.sv"];
    for toolchain in toolchains() {
        let made = toolchain.build("counter", counter, &["verilator.trace=vcd"], None);
        fs::write(made.join("tests/traces.rs"), TRACES).unwrap();
        let said = succeed(&mut cargo(&made, &["test", "--quiet", "--test", "traces"]));
        assert!(said.contains("2 passed"), "{said}");
    }
}

/// Of a crate whose model writes no waves.
const TRACES_NOT: &str = r#"
use counter::{Counter, Kind};

#[test]
fn there_are_no_waves() {
    let mut dut = Counter::new().unwrap();
    assert_eq!(dut.trace("x.vcd").map(drop).unwrap_err().kind, Kind::NotSupported);
}
"#;

#[test]
fn crates_of_one_name_take_turns_in_one_target_directory() {
    let counter: &[&str] = &["examples/counter/counter.sv"];
    let of = |trace: &str| toolchains()[0].build("counter", counter, &[trace], None);
    let (with, without) = (of("verilator.trace=vcd"), of("verilator.trace=false"));
    fs::write(with.join("tests/traces.rs"), TRACES).unwrap();
    fs::write(without.join("tests/traces.rs"), TRACES_NOT).unwrap();
    for made in [&with, &without, &with] {
        // Not where other tests build: each run replaces the program of the one before.
        let mut test = cargo(made, &["test", "--quiet", "--test", "traces"]);
        succeed(test.env("CARGO_TARGET_DIR", scratch("target of turns")));
    }
}

#[test]
fn crates_are_clean_and_documented() {
    let outside = tempfile::tempdir().unwrap(); // where no settings of ours are
    let made = toolchains()[0].build("wide", WIDE, &[], Some(&outside.path().join("wide")));
    succeed(cargo(&made, &["clippy", "--quiet", "--lib", "--tests"]).env("RUSTFLAGS", "-D warnings"));
    let loading = ["clippy", "--quiet", "--lib", "--features", "dlopen"];
    succeed(cargo(&made, &loading).env("RUSTFLAGS", "-D warnings"));
    succeed(cargo(&made, &["doc", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"));
    succeed(Command::new("rustfmt").current_dir(&made).args(["--check", "src/lib.rs", "tests/smoke.rs"]));
    let page = scratch("target").join("doc/wide/struct.Wide.html");
    let page = fs::read_to_string(page).unwrap();
    for text in ["Input <code>s12</code>: 12 bits", "Inout, which can only be read, <code>pad</code>"] {
        assert!(page.contains(text), "{text}");
    }
}

/// Every input is set, under whatever name it has.
const CLASHES: &str = r#"
use clashes::{Clashes, ClashesPkgError, ClashesPkgResult, Error};

#[test]
fn every_port_has_a_name() -> Result<(), Error> {
    let mut dut = Clashes::new()?;
    dut.set_fn(1)?;
    dut.set_self_(2)?;
    dut.set_Self_(3)?;
    dut.set_gen(4)?;
    dut.set_a(5)?;
    dut.set_set_a_(6)?;
    dut.set_set_set_a(7)?;
    dut.set_tick_(8)?;
    dut.set_new_(9)?;
    dut.set_drop_(10)?;
    dut.set_core(11)?;
    dut.set_value([12, 0])?;
    dut.set_value_at(1, 13)?;
    dut.set_value_at_(14)?;
    dut.set_Result_(ClashesPkgResult::fn_);
    dut.set_Error_(ClashesPkgError::default().with_bits_(15)?);
    dut.tick()?;
    assert_eq!(usize::from(dut.sum()), (1..=15).sum::<usize>() + 3 + 1);
    assert_eq!((dut.r#fn(), dut.set_a_(), dut.value_at(0)?), (1, 6, 12));
    Ok(())
}
"#;

#[test]
fn names_that_clash_are_told_apart() {
    let outside = tempfile::tempdir().unwrap();
    let made = outside.path().join("clashes");
    toolchains()[0].build("clashes", &["tests/designs/clashes.sv"], &[], Some(&made));
    fs::write(made.join("tests/names.rs"), CLASHES).unwrap();
    let said = succeed(&mut cargo(&made, &["test", "--quiet", "--test", "names"]));
    assert!(said.contains("1 passed"), "{said}");
    succeed(cargo(&made, &["clippy", "--quiet", "--all-targets"]).env("RUSTFLAGS", "-D warnings"));
    succeed(cargo(&made, &["doc", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"));
}

/// Of a crate that loads its model.
const LOADED: &str = r#"
use counter::{Counter, Error, Kind};

#[test]
fn the_library_is_found_beside_the_manifest() -> Result<(), Error> {
    let mut dut = Counter::new()?;
    dut.set_en(true);
    dut.ticks(3)?;
    assert_eq!(dut.count(), 3);
    Ok(())
}

#[test]
fn a_library_of_another_build_is_refused() {
    let other = std::env::var("OTHER").unwrap();
    let error = Counter::builder().library(&other).build().unwrap_err();
    assert_eq!(error.kind, Kind::Stale);
    let parts = [other.as_str(), " is build ", ", and this crate belongs to build ", counter::BUILD_ID];
    assert!(parts.iter().all(|part| error.message.contains(part)), "{error}");
    let error = Counter::builder().library("no/such.so").build().unwrap_err();
    assert_eq!(error.kind, Kind::Machine);
}
"#;

#[test]
fn a_crate_loads_its_model_when_it_is_asked_to() {
    let counter: &[&str] = &["examples/counter/counter.sv"];
    let outside = tempfile::tempdir().unwrap();
    let place = |name: &str| outside.path().join(name);
    let build =
        |name: &str, width: &str| toolchains()[0].build("counter", counter, &[width], Some(&place(name)));
    let made = build("counter", "verilator.parameters=WIDTH=8");
    build("other", "verilator.parameters=WIDTH=9");
    fs::write(made.join("tests/loaded.rs"), LOADED).unwrap();
    let other = place("other/native/libcounter-model.so");
    let words = ["test", "--quiet", "--features", "dlopen", "--test", "loaded"];
    let said = succeed(cargo(&made, &words).env("OTHER", &other));
    assert!(said.contains("2 passed"), "{said}");
    // The variable goes before what is beside the manifest.
    let named = cargo(&made, &words).env("OTHER", &other).env("FUDSV_COUNTER_LIB", &other).output().unwrap();
    assert!(!named.status.success());
    let said = String::from_utf8_lossy(&named.stdout).into_owned();
    assert!(said.contains("Stale"), "{said}");
}

/// A program over three models: one design twice, with other parameters.
const PROGRAM: &str = r#"
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut narrow, mut wide) = (counter::Counter::new()?, counter70::Counter70::new()?);
    let mut ends = ends::Ends::new()?;
    narrow.apply_reset(1)?;
    wide.apply_reset(1)?;
    narrow.set_en(true);
    wide.set_en(true);
    narrow.ticks(300)?;
    wide.ticks(300)?;
    ends.set_how(1)?;
    ends.tick()?;
    println!("{} {} {}", narrow.count(), wide.count(), ends.entered());
    println!("{} {} {}", narrow.time(), wide.time(), ends.time());
    println!("{} {}", ends.finished(), narrow.finished());
    Ok(())
}
"#;

#[test]
fn several_crates_live_in_one_workspace_and_one_program() {
    let workspace = tempfile::tempdir().unwrap();
    let place = |path: &str| workspace.path().join(path);
    let counter: &[&str] = &["examples/counter/counter.sv"];
    let toolchain = &toolchains()[0];
    fs::create_dir_all(place("crates/app/src")).unwrap();
    fs::write(place("Cargo.toml"), "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n").unwrap();
    let wider = ["verilator.parameters=WIDTH=70", "rust.name=counter70"];
    toolchain.build("counter", counter, &[], Some(&place("crates/counter")));
    toolchain.build("counter", counter, &wider, Some(&place("crates/counter70")));
    toolchain.build("ends", &["tests/designs/ends.sv"], &[], Some(&place("crates/ends")));
    let package = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\n";
    let paths = ["counter", "counter70", "ends"].map(|name| format!("{name} = {{ path = \"../{name}\" }}\n"));
    fs::write(place("crates/app/Cargo.toml"), package.to_owned() + &paths.concat()).unwrap();
    fs::write(place("crates/app/src/main.rs"), PROGRAM).unwrap();
    let said = succeed(&mut cargo(workspace.path(), &["run", "--quiet", "--release"]));
    assert_eq!(said, "behind it\n44 300 1\n602 602 1\ntrue false\n");
    let said = succeed(&mut cargo(workspace.path(), &["test", "--quiet", "--workspace"]));
    assert_eq!(said.matches("test result: ok. 1 passed").count(), 3, "{said}");
    assert_eq!(said.matches("test result: ok. 2 passed").count(), 3, "the examples of each: {said}");
}

#[test]
fn crates_of_one_base_name_have_names_of_their_own() {
    let place = tempfile::tempdir().unwrap();
    let mut fudsv = Command::new(env!("CARGO_BIN_EXE_fudsv"));
    fudsv.current_dir(place.path()).args(["exec", "--to", "rust-crate", "-o", "crates", "-q", "--each"]);
    for (dir, value) in [("a", 1), ("b", 2), ("c", 3)] {
        let text = format!("module main(output [7:0] y);\n  assign y = {value};\nendmodule\n");
        fs::create_dir_all(place.path().join(dir)).unwrap();
        fs::write(place.path().join(dir).join("main.sv"), text).unwrap();
        fudsv.arg(format!("{dir}/main.sv"));
    }
    assert_eq!(succeed(&mut fudsv), "crates/main\ncrates/main_2\ncrates/main_3\n");
    let app = place.path().join("app");
    let package = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\n";
    let crates = [("main", "main"), ("main_2", "main_2"), ("main_3", "main_3")];
    let paths = crates.map(|(dir, name)| format!("{name} = {{ path = \"../crates/{dir}\" }}\n"));
    fs::create_dir_all(app.join("src")).unwrap();
    fs::write(app.join("Cargo.toml"), package.to_owned() + &paths.concat()).unwrap();
    fs::write(app.join("src/main.rs"), THREE).unwrap();
    assert_eq!(succeed(&mut cargo(&app, &["run", "--quiet"])), "1 2 3\n");
}

/// Three designs of one name.
const THREE: &str = r#"
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut a, mut b, mut c) = (main::Main::new()?, main_2::Main2::new()?, main_3::Main3::new()?);
    a.eval()?;
    b.eval()?;
    c.eval()?;
    println!("{} {} {}", a.y(), b.y(), c.y());
    Ok(())
}
"#;

#[test]
fn a_crate_in_the_build_directory_is_no_member_of_a_workspace_above_it() {
    let workspace = tempfile::tempdir().unwrap();
    fs::write(workspace.path().join("Cargo.toml"), "[workspace]\nmembers = []\nresolver = \"2\"\n").unwrap();
    fs::copy(here("examples/counter/counter.sv"), workspace.path().join("counter.sv")).unwrap();
    let mut fudsv = Command::new(env!("CARGO_BIN_EXE_fudsv"));
    fudsv.current_dir(workspace.path()).args(["exec", "counter.sv", "--to", "rust-crate"]);
    let made = workspace.path().join(succeed(&mut fudsv).trim());
    let said = succeed(&mut cargo(&made, &["test", "--quiet", "--test", "smoke"]));
    assert!(said.contains("1 passed"), "{said}");
}
