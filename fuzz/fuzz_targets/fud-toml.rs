//! Feeds the target `fud-toml` of src/fuzz.rs.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fudsv_fuzz::feed("fud-toml", bytes));
