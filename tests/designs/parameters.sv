// Parameters of every kind.
module parameters import parameters_pkg::*; #(
    parameter int INT = 5,
    parameter bit [7:0] BYTE = 8'hff,
    parameter real REAL = 1.5,
    parameter string TEXT = "a \"b\"",
    parameter word_e WORD = TWO,
    parameter pair_s PAIR = 8'h21,
    parameter logic [99:0] WIDE = 100'h1_2345_6789_abcd_ef01_2345_6789,
    parameter signed [3:0] SIGNED = -3,
    parameter int LIST [2] = '{1, 2},
    parameter type TYPE = logic [6:0],
    parameter UNTYPED = 7,
    parameter logic [3:0] UNKNOWN = 4'b1x0z,
    parameter longint unsigned LONG = 64'hffff_ffff_ffff_ffff
) (
    input  TYPE         in_type,
    output TYPE         out_type,
    output logic [31:0] sum,
    output pair_s       pair
);
    localparam int HIDDEN = 1;
    assign out_type = in_type;
    assign sum = INT + int'(BYTE) + LIST[1] + HIDDEN;
    assign pair = PAIR;
endmodule
