//! A processor runs a program from Rust and from Python, and a reader of waveforms reads what they wrote.
//! It does not know the processor's inside.

use crate::toolchain::{here, of_package, succeed, verilators};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The last time of a file of waves, how often the clock changed, and the values that were stored in order of time.
fn read_waves(file: &Path) -> (u64, usize, Vec<String>) {
    let mut waves = wellen::simple::read(file).unwrap();
    let hierarchy = waves.hierarchy();
    // From 5.030 on Verilator gives the top no scope of its own.
    let scopes: [&[&str]; 2] = [&["TOP", "picorv32"], &["picorv32"]];
    let found = |name: &str| scopes.iter().find_map(|scope| hierarchy.lookup_var(scope, name));
    let signal = |name: &str| hierarchy[found(name).unwrap()].signal_ref();
    let (clock, address) = (signal("clk"), signal("mem_addr"));
    waves.load_signals(&[clock, address]);
    let last = *waves.time_table().last().unwrap();
    let changes = waves.get_signal(clock).unwrap().iter_changes().count();
    let addresses = waves.get_signal(address).unwrap().iter_changes();
    (last, changes, addresses.map(|(_, value)| value.to_string()).collect())
}

#[test]
fn picorv32_runs_a_program_in_as_many_cycles_from_rust_as_from_python() {
    let source = of_package("picorv32", "picorv32.v");
    for toolchain in verilators() {
        let states = ["shared-lib", "c-interface", "rust-crate"];
        let built =
            toolchain.build("picorv32", &[source.to_str().unwrap()], &["verilator.trace=vcd"], &states);
        let (library, module, made) = (&built[0], &built[1], &built[2]);
        let out = tempfile::tempdir().unwrap();
        let waves = ["python.vcd", "rust.vcd"].map(|name| out.path().join(name));
        let program = here("tests/designs/sum.hex");

        let mut python = Command::new("python3");
        python.arg("-B").arg(here("tests/hosts/picorv32/sum.py")).arg(module).arg(library);
        let from_python = succeed(python.arg(&program).arg(&waves[0]));

        fs::create_dir_all(made.join("examples")).unwrap();
        fs::copy(here("tests/hosts/picorv32/sum.rs"), made.join("examples/sum.rs")).unwrap();
        let mut cargo = Command::new("cargo");
        cargo.current_dir(made).env("CARGO_TARGET_DIR", made.join("target"));
        cargo.args(["run", "--quiet", "--offline", "--example", "sum"]);
        let from_rust = succeed(cargo.arg(&program).arg(&waves[1]));

        assert_eq!(from_python, from_rust);
        let [sum, cycles, time] = from_rust.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{from_rust}")
        };
        let (cycles, time): (usize, u64) = (cycles.parse().unwrap(), time.parse().unwrap());
        assert_eq!((sum, time), ("55", 2 * (cycles as u64 + 10)));

        let [from_python, from_rust] = waves.map(|file| read_waves(&file));
        assert_eq!(from_python, from_rust);
        let (last, changes, addresses) = from_rust;
        assert_eq!((last, changes), (time - 1, 2 * (cycles + 10)));
        assert_eq!(addresses.last().unwrap(), "00010000000000000000000000000000");
    }
}
