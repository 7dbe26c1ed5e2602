// Shifts left by up to seven; lint.vlt waives that it looks at three bits of the distance only.
module shifter #(parameter int WIDTH = 8) (
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] by,
    output logic [WIDTH-1:0] y
);

    assign y = a << by[2:0];

endmodule
