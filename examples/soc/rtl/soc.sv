// A machine with one register: each tick it executes the instruction at its input, until one says HALT.
`include "soc_defs.svh"

module soc import soc_pkg::*; #(parameter int WIDTH = 8) (
    input  logic             clk,
    input  logic             rst,
    input  logic [7:0]       instr,
    output logic [WIDTH-1:0] acc,
    output logic [7:0]       pc,
    output logic             halted
);

    instr_t now;
    logic [WIDTH-1:0] next;

    assign now = instr_t'(instr);

    alu #(.WIDTH(WIDTH)) alu (.op(now.op), .a(acc), .b(WIDTH'(now.arg)), .y(next));

    always_ff @(posedge clk)
        if (rst) begin
            acc <= `SOC_RESET;
            pc <= `SOC_RESET;
            halted <= 1'b0;
        end else if (now.op == HALT) begin
            halted <= 1'b1;
        end else if (!halted) begin
            acc <= next;
            pc <= pc + 1'b1;
        end

endmodule
