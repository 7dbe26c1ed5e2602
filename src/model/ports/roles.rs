//! Which ports are clocks and resets, by their names.
//! It does not know the design: it looks only at names.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::model::interface::Role;

const CLOCKS: [&str; 8] = ["clk", "clock", "aclk", "hclk", "pclk", "sysclk", "mclk", "ck"];
const RESETS: [&str; 8] = ["rst", "reset", "arst", "areset", "srst", "sreset", "hreset", "preset"];
const LOW_RESETS: [&str; 12] = [
    "rstn", "resetn", "arstn", "aresetn", "srstn", "hresetn", "presetn", "rstb", "resetb", "nrst", "nreset",
    "rstni",
];

/// The role of a one-bit input of this name: `clk`, `core_clk`, `clk_i`, `i_rst`, `rst_ni`, `aresetn`, ….
pub fn role_of(name: &str) -> Option<Role> {
    let lower = name.to_ascii_lowercase();
    let mut parts: Vec<&str> = lower.split('_').filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && matches!(parts.first(), Some(&("i" | "in"))) {
        parts.remove(0);
    }
    while parts.len() > 1 && matches!(parts.last(), Some(&("i" | "in"))) {
        parts.pop();
    }
    match parts.as_slice() {
        ["n", reset] if RESETS.contains(reset) => Some(Role::ResetLow),
        [.., reset, "n" | "ni" | "b" | "l"] if RESETS.contains(reset) => Some(Role::ResetLow),
        [.., last] if CLOCKS.contains(last) => Some(Role::Clock),
        [.., last] if RESETS.contains(last) => Some(Role::ResetHigh),
        [.., last] if LOW_RESETS.contains(last) => Some(Role::ResetLow),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_recognised_and_others_are_not() {
        for name in ["clk", "clock", "clk_i", "i_clk", "clk_in", "CLK", "core_clk", "aclk", "s_axi_aclk"] {
            assert_eq!(role_of(name), Some(Role::Clock), "{name}");
        }
        for name in ["rst", "reset", "rst_i", "i_rst", "arst", "core_reset", "RST"] {
            assert_eq!(role_of(name), Some(Role::ResetHigh), "{name}");
        }
        for name in ["rst_n", "rst_ni", "resetn", "reset_n", "aresetn", "rstn_i", "nrst", "n_rst", "rst_n_i"]
        {
            assert_eq!(role_of(name), Some(Role::ResetLow), "{name}");
        }
        for name in ["clk_en", "clken", "clock_gate", "restart", "first", "n", "i", "", "rst_done", "burst"] {
            assert_eq!(role_of(name), None, "{name}");
        }
    }
}
