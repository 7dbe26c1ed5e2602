//! Sums, computed in hardware.

// `pub mod adder`, with `Adder`.
include!(concat!(env!("OUT_DIR"), "/adder.rs"));

use adder::{Adder, Error};

/// The sum of all terms, as far as eight bits hold it.
///
/// # Errors
/// What the design complains about.
pub fn sum(terms: &[u8]) -> Result<u8, Error> {
    let mut dut = Adder::new()?;
    for term in terms {
        dut.set_a(dut.sum());
        dut.set_b(*term);
        dut.eval()?;
    }
    Ok(dut.sum())
}
