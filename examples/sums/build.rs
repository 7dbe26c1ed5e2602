//! Builds the model of `rtl/adder.sv`, with a type of Rust for it.

use fudsv::runtime::{Config, Error, Runtime};

fn main() -> Result<(), Error> {
    let runtime = Runtime::in_build_script(["rtl/adder.sv"])?.include_dirs(["rtl"]);
    runtime.write_module("adder", &Config::new())
}
