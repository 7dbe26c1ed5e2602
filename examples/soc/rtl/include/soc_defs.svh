// Shared by the machine and its benches.
`ifndef SOC_DEFS_SVH
`define SOC_DEFS_SVH

`define SOC_RESET '0

`endif
