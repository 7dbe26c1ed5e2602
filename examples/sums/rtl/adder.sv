`include "width.svh"

module adder (
    input  logic [`WIDTH-1:0] a,
    input  logic [`WIDTH-1:0] b,
    output logic [`WIDTH-1:0] sum,
    output logic              carry
);
  assign {carry, sum} = a + b;
endmodule
