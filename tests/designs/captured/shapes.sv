package shapes_pkg;
    typedef enum logic [1:0] {LOW, HIGH = 2} level_e;
    typedef level_e other_e;
    typedef struct packed {
        level_e     level;
        logic [1:0] plain;
        struct packed { logic flag; other_e same; } inner;
    } item_t;
endpackage
module shapes import shapes_pkg::*; #(
    parameter int    WIDTH = 3,
    parameter string TEXT  = "a \"b\""
) (
    input  logic                    clk,
    input  item_t                   item,
    input  logic [1:0]              plain,
    input  level_e [1:0]            levels [2],
    input  enum logic [1:0] {A, B}  nameless,
    output logic signed [0:WIDTH-1] sum,
    input  logic                    a__b
);
    parameter LOCAL = 4;
    assign sum = '0;
endmodule
