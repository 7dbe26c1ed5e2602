// Adds or subtracts.
module adder #(parameter int WIDTH = 8) (
    input  logic             subtract,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    output logic [WIDTH-1:0] y
);

    assign y = subtract ? a - b : a + b;

endmodule
