`ifndef A_SVH
`define A_SVH
`define LOG(x) \
  log_pkg::log(`W, x)
`include "b.svh"
package automatic p; import q::*; typedef struct { int a; } pair_t [2]; endpackage : p
`endif
---
`ifdef X
import p::*;
`elsif Y
`else
`LOG(q_pkg::Q)
`endif
`undef W
interface bus; endinterface
module top import p::*; #(parameter type T = int, W = 3) (input T a, bus.slave b, inout wire [3:0] c, d, ref int e,
    input event f = "a,b", output \esc ,x ); /* `end */ sub u (.*); endmodule : top
---
package q; class c; endclass endpackage
`begin_keywords "1364-2001"
module sub(x); input x; endmodule
