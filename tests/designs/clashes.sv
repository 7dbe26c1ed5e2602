// Ports whose names are keywords of Rust, methods of a model, or almost those of others.
package clashes_pkg;
  typedef enum logic [1:0] {Ok, Err, SELF, fn_} Result;
  typedef struct packed {logic [3:0] bits; logic [3:0] fmt; Result self;} Error;
endpackage

module clashes
  import clashes_pkg::*;
(
    input  logic       clk,
    input  logic [3:0] fn,
    input  logic [3:0] self,
    input  logic [3:0] Self,
    input  logic [3:0] gen,
    input  logic [3:0] a,
    input  logic [3:0] set_a,
    input  logic [3:0] set_set_a,
    input  logic [3:0] tick,
    input  logic [3:0] new_,
    input  logic [3:0] drop,
    input  logic [3:0] core,
    input  logic [3:0] value[2],
    input  logic [3:0] value_at,
    input  Result      Result_,
    input  Error       Error_,
    output logic [7:0] sum
);
  // DPI functions of names and kinds that the crate must get right; nobody calls them.
  import "DPI-C" self = function void dpi_self(input bit [199:0] fn, output logic [199:0] host, inout bit [149:0] texts,
                                      output bit signed [2:0] user, inout string p0, input chandle result,
                                      input real v0[2], inout shortreal call, input int open[]);
  import "DPI-C" function logic missing(input bit one, output string drop[2]);
  import "DPI-C" function bit [6:0] bind_(input logic [6:0] value);

  assign sum = fn + self + Self + gen + a + set_a + set_set_a + tick + new_ + drop + core + value[0] + value[1]
      + value_at + Result_ + Error_.bits + clk;
endmodule
