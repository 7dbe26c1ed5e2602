//! Tells cargo that the embedded scripts are an input of the program.
//! It does not know what they say.

fn main() {
    println!("cargo:rerun-if-changed=scripts");
    println!("cargo:rerun-if-changed=build.rs");
}
