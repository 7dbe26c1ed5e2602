//! The time scale of a model, from the statements that set it in the generated C++.
//! It does not know the design.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

/// Unit and precision as powers of ten of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timescale {
    pub unit: i32,
    pub precision: i32,
}

/// Reads `timeunit(-9)` and `timeprecision(-12)`; a picosecond for what is missing, as Verilator has it.
pub fn parse(symbols: &str) -> Timescale {
    let value = |call: &str| {
        let (_, rest) = symbols.split_once(call)?;
        rest.split_once(')')?.0.trim().parse().ok()
    };
    Timescale {
        unit: value("->timeunit(").unwrap_or(-12),
        precision: value("->timeprecision(").unwrap_or(-12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_and_precision_are_read_from_the_generated_statements() {
        let text = "    _vm_contextp__->timeunit(-9);\n    _vm_contextp__->timeprecision(-12);\n";
        assert_eq!(parse(text), Timescale { unit: -9, precision: -12 });
        assert_eq!(parse(""), Timescale { unit: -12, precision: -12 });
    }
}
