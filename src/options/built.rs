//! The built-in states that commands and the library ask for by themselves, as a user would type them: `fudsv lint` is
//! `--to lint`. Nothing else in the program knows a built-in state or op by its name; it asks what they declare.

/// What `fudsv lint` makes.
pub const LINT: &str = "lint";

/// What `fudsv run` and `fudsv test` make of a testbench.
pub const SIMULATION: &str = "sim";

/// What they make where there is a main program of the user's own.
pub const PROGRAM: &str = "program";

/// What they make where cocotb's tests drive the design.
pub const COCOTB: &str = "cocotb";

/// What is proposed for a design, and what `fudsv::runtime` loads.
pub const LIBRARY: &str = "shared-lib";

/// What `fudsv::runtime` takes the text of typed models from.
pub const CRATE: &str = "rust-crate";

/// What `fudsv export` makes.
pub const FILELIST: &str = "filelist";

/// What `fudsv export edam` makes.
pub const EDAM: &str = "edam";

/// The state of Verilator's `--cc`.
pub const VERILATED: &str = "verilated-cpp";

/// The state of Verilator's `--cc --build`.
pub const ARCHIVE: &str = "static-lib";
