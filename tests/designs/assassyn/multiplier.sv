// A product of 64 bits, four cycles after its factors; the sum of the signed narrow inputs in the same cycle.
module multiplier (
    input  logic               clk,
    input  logic               rst,
    input  logic               in_valid,
    input  logic        [31:0] x,
    input  logic        [31:0] y,
    input  logic signed [11:0] narrow,
    output logic               out_valid,
    output logic        [63:0] product,
    output logic signed [11:0] narrow_o
);
    logic [63:0] stage[3];
    logic [2:0] valid;

    assign narrow_o = narrow;

    always_ff @(posedge clk) begin
        stage[0] <= {32'b0, x} * {32'b0, y};
        stage[1] <= stage[0];
        stage[2] <= stage[1];
        product <= stage[2];
        {out_valid, valid} <= rst ? '0 : {valid, in_valid};
    end
endmodule
