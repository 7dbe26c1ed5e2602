// A register with a synchronous reset.
module register #(
    parameter int W = 32
) (
    input  logic         clk,
    input  logic         rst,
    input  logic [W-1:0] reg_in,
    output logic [W-1:0] reg_out
);
    always_ff @(posedge clk) reg_out <= rst ? '0 : reg_in;
endmodule
