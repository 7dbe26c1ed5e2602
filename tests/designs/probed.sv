// Signals of every kind inside of a design, some in a module that Verilator does not inline.
package probed_pkg;
    typedef enum logic [1:0] {IDLE, RUN} state_e;
    typedef struct packed { logic [3:0] high; logic [2:0] low; } parts_s;
endpackage

module probed_core import probed_pkg::*; #(parameter int WIDTH = 8) (
    input  logic             clk,
    input  logic [WIDTH-1:0] data,
    output logic [WIDTH-1:0] out
);
    logic [WIDTH-1:0] pc = 0;
    state_e state;
    parts_s parts;
    logic [99:0] wide = 0;
    logic signed [11:0] negative;
    logic [7:0] memory [4];
    logic [40:0] table_of [2][3];
    logic [1:0][3:0] packed_two;
    real half = 0;
    string text;
    int \odd.name ;
    logic unread;
    struct { int part; } unpacked;

    always @(posedge clk) begin
        pc <= pc + 1;
        state <= RUN;
        parts <= '{high: 9, low: 5};
        wide <= {8'(data), 92'(pc)};
        negative <= -12'sd3;
        memory[pc[1:0]] <= 8'(pc);
        table_of[1][2] <= 41'h1_0000_0000 + 41'(pc);
        packed_two <= 8'h42;
        half = half + 0.5;
        text = $sformatf("pc is %0d", pc);
        \odd.name <= 77;
        unread <= 1;
        unpacked.part <= 1;
    end
    assign out = pc;
endmodule

module probed_far(input logic clk);
    /* verilator no_inline_module */
    logic [15:0] far = 0;
    always @(posedge clk) far <= far + 3;
endmodule

module probed(input logic clk, input logic [7:0] data, output logic [7:0] out);
    probed_core u(.clk, .data, .out);
    probed_core #(.WIDTH(16)) v(.clk, .data(16'(data)), .out());
    for (genvar i = 0; i < 2; i++) begin : gen
        logic [3:0] inner;
        always @(posedge clk) inner <= 4'(i + 1);
        probed_far f(.clk);
    end
    logic [3:0] own;
    always @(posedge clk) own <= data[3:0];
endmodule
