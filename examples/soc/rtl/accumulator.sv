// The register of the machine.
`include "soc_defs.svh"

module accumulator #(parameter int WIDTH = 8) (
    input  logic             clk,
    input  logic             rst,
    input  logic             enable,
    input  logic [WIDTH-1:0] next,
    output logic [WIDTH-1:0] acc
);

    always_ff @(posedge clk)
        if (rst) acc <= `SOC_RESET;
        else if (enable) acc <= next;

endmodule
