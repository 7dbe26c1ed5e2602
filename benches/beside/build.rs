//! Makes the typed model that is driven beside Marlin's.

use fudsv::runtime::{Config, Error, Runtime};

fn main() -> Result<(), Error> {
    let config = Config::new().optimization(3).set("cxx.exe", "g++").set("cxx.flags", "-O3");
    Runtime::in_build_script(["lfsrs.sv"])?.write_module("lfsrs", &config)
}
