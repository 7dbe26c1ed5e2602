//! Feeds the target `index` of src/fuzz.rs.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fudsv_fuzz::feed("index", bytes));
