//! Tells cargo that the embedded scripts are an input of the program, and sums them up with the code that keeps what they
//! declare, so that the program knows whether a kept catalog was made of these very scripts.
//! It does not know what they say.

use std::{fs, io};

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
    Ok(())
}

/// What decides how a catalog looks.
const KEEPERS: [&str; 4] =
    ["src/script/catalog.rs", "src/graph/op.rs", "src/graph/state.rs", "src/graph/properties.rs"];

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// One step of the hash FNV-1a.
fn fnv(sum: u64, byte: &u8) -> u64 {
    (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
}
