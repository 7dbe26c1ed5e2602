// Ports of every shape; each output passes its input on, so that a host can see what arrived.
`include "wide_defs.svh"

module wide
    import wide_pkg::*;
#(
    parameter int                 WIDTH = 12,
    parameter string              LABEL = "a \"label\"",
    parameter logic [79:0]        MAGIC = 80'hdead_beef_cafe_babe_1234,
    parameter logic signed [7:0]  MINUS = -3,
    parameter real                RATIO = 0.1
) (
    input  logic                         clk_i,
    input  logic                         rst_ni,
    input  logic                         in,          // a word of other languages
    output logic                         out,
    input  logic signed [WIDTH-1:0]      s12,
    output logic signed [WIDTH-1:0]      s12_o,
    output logic                         s12_negative,
    input  logic [3:0]                   u4,
    output logic [3:0]                   u4_o,
    output logic                         u4_full,
    input  logic [0:6]                   ascending,
    output logic [0:6]                   ascending_o,
    input  logic [15:8]                  offset,
    output logic [15:8]                  offset_o,
    input  logic [63:0]                  u64,
    output logic [63:0]                  u64_o,
    input  logic signed [63:0]           s64,
    output logic signed [63:0]           s64_o,
    input  logic signed [64:0]           s65,
    output logic signed [64:0]           s65_o,
    output logic                         s65_negative,
    input  logic [127:0]                 u128,
    output logic [127:0]                 u128_o,
    input  logic [`WIDE_BITS-1:0]        u200,
    output logic [`WIDE_BITS-1:0]        u200_o,
    output logic [`WIDE_BITS-1:0]        u200_q,
    input  state_e                       state,
    output state_e                       state_o,
    input  logic [2:0]                   state_bits,  // as wide as the enum, and none
    input  item_t                        item,
    output item_t                        item_o,
    output logic signed [4:0]            item_delta,
    input  either_t                      either,
    output either_t                      either_o,
    input  state_e [1:0]                 states,
    output state_e [1:0]                 states_o,
    input  logic [1:0][3:0]              matrix,
    output logic [1:0][3:0]              matrix_o,
    input  logic signed [6:0]            row [3],
    output logic signed [6:0]            row_o [3],
    input  logic [69:0]                  grid [2:1][0:1],
    output logic [69:0]                  grid_o [2:1][0:1],
    input  real                          ratio,
    output real                          ratio_o,
    input  string                        text,
    output string                        text_o,
    input  logic                         time_,
    input  logic                         a__b,
    input  logic                         \esc.name ,
    input  logic                         q$x,
    input  logic                         \new ,
    input  logic                         free,
    output logic [4:0]                   odd_names,
    inout  wire  [3:0]                   pad
);
    assign out = in;
    assign s12_o = s12;
    assign s12_negative = s12 < 0;
    assign u4_o = u4;
    assign u4_full = u4 == 4'hf;
    assign ascending_o = ascending;
    assign offset_o = offset;
    assign u64_o = u64;
    assign s64_o = s64;
    assign s65_o = s65;
    assign s65_negative = s65 < 0;
    assign u128_o = u128;
    assign u200_o = u200;
    assign state_o = state;
    assign item_o = item;
    assign item_delta = item.delta;
    assign either_o = either;
    assign states_o = states;
    assign matrix_o = matrix;
    assign row_o = row;
    assign grid_o = grid;
    assign ratio_o = ratio * 2.0;
    assign text_o = text;
    assign odd_names = {a__b, \esc.name , q$x, \new , free};
    assign pad = u4;

    always_ff @(posedge clk_i or negedge rst_ni)
        if (!rst_ni) u200_q <= '0;
        else u200_q <= u200;
endmodule
