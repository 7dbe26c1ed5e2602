//! Feeds the target `source` of src/fuzz.rs.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fudsv_fuzz::feed("source", bytes));
