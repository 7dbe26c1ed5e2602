// Which instruction is next, and whether there is one. The counter of a longer program wraps.
`include "soc_defs.svh"

module program_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       halt,
    output logic [7:0] pc,
    output logic       halted
);

    always_ff @(posedge clk)
        if (rst) begin
            pc <= `SOC_RESET;
            halted <= 1'b0;
        end else if (halt) begin
            halted <= 1'b1;
        end else if (!halted) begin
            pc <= pc + 1'b1;
        end

endmodule
