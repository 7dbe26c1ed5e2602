// A machine with one register: each tick it executes the instruction at its input, until one says HALT.
module soc import alu_pkg::*; #(parameter int WIDTH = 8) (
    input  logic             clk,
    input  logic             rst,
    input  logic [7:0]       instr,
    output logic [WIDTH-1:0] acc,
    output logic [7:0]       pc,
    output logic             halted
);

    control_t control;
    logic [4:0] arg;
    logic [WIDTH-1:0] next;
    logic halt;

    decoder decoder (.instr, .control, .arg, .halt);
    alu #(.WIDTH(WIDTH)) alu (.control, .a(acc), .b(WIDTH'(arg)), .y(next));
    accumulator #(.WIDTH(WIDTH)) accumulator (.clk, .rst, .enable(!halt && !halted), .next, .acc);
    program_counter program_counter (.clk, .rst, .halt, .pc, .halted);

endmodule
