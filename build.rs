//! Tells cargo that the embedded scripts are an input of the program, and sums them up with the code that keeps what they
//! declare, so that the program knows whether a kept catalog was made of these very scripts; and tells the linker where the
//! program stands in memory.
//! It does not know what the scripts say.

use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=scripts");
    println!("cargo:rerun-if-changed=build.rs");
    let mut scripts = vec![];
    for entry in fs::read_dir("scripts")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rhai") {
            scripts.push(path);
        }
    }
    scripts.sort();
    for path in KEEPERS {
        println!("cargo:rerun-if-changed={path}");
        scripts.push(path.into());
    }
    let mut sum = FNV_OFFSET;
    for path in scripts {
        let text = fs::read(&path)?;
        let name = path.file_name().unwrap_or_default();
        sum = name.as_encoded_bytes().iter().chain(&text).fold(sum, fnv);
    }
    println!("cargo:rustc-env=FUDSV_SCRIPTS_SUM={sum:016x}");
    fix_address();
    Ok(())
}

/// Lets a release start at the address that it was linked for. Otherwise the loader adds its address to 19,000 pointers at
/// each start, and Ninja starts the program once for each step.
#[allow(clippy::disallowed_methods)] // cargo tells build scripts by variables
fn fix_address() {
    let is = |variable: &str, value: &str| env::var(variable).is_ok_and(|set| set == value);
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}

/// What decides how a catalog looks.
const KEEPERS: [&str; 5] = [
    "src/script/catalog.rs",
    "src/script/own_catalog.rs",
    "src/graph/op.rs",
    "src/graph/state.rs",
    "src/graph/properties.rs",
];

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// One step of the hash FNV-1a.
fn fnv(sum: u64, byte: &u8) -> u64 {
    (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
}
