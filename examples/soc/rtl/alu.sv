// One step of arithmetic.
module alu import soc_pkg::*; #(parameter int WIDTH = 8) (
    input  op_t              op,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    output logic [WIDTH-1:0] y
);

    always_comb
        case (op)
            LOAD: y = b;
            ADD: y = a + b;
            SUB: y = a - b;
            XOR: y = a ^ b;
            SHL: y = a << b[2:0];
            default: y = a;
        endcase

endmodule
