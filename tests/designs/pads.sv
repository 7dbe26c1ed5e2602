// Pads that the design drives while `oe`.
module pads(
    input  logic        oe,
    input  logic [7:0]  data,
    inout  wire  [7:0]  pad,
    inout  wire         one,
    inout  wire  [99:0] wide,
    output logic [7:0]  seen,
    output logic [99:0] seen_wide
);
    assign pad = oe ? data : 'z;
    assign one = oe ? data[0] : 1'bz;
    assign wide = oe ? 100'(data) << 80 : 'z;
    assign seen = pad;
    assign seen_wide = wide;
endmodule
