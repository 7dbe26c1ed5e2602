`define WIDE_BITS 200
