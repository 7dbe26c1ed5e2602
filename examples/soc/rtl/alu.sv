// One step of arithmetic; without anything to do, `a` goes through.
module alu import alu_pkg::*; #(parameter int WIDTH = 8) (
    input  control_t         control,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    output logic [WIDTH-1:0] y
);

    logic [WIDTH-1:0] sum, shifted;

    adder #(.WIDTH(WIDTH)) adder (.subtract(control.subtract), .a, .b, .y(sum));
    shifter #(.WIDTH(WIDTH)) shifter (.a, .by(b), .y(shifted));

    always_comb
        if (control.load) y = b;
        else if (control.add) y = sum;
        else if (control.exclusive) y = a ^ b;
        else if (control.shift) y = shifted;
        else y = a;

endmodule
