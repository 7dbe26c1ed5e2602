// Sixteen shift registers that one input disturbs.
module lfsrs (
    input  logic        clk,
    input  logic        rst,
    input  logic [31:0] a,
    output logic [31:0] y
);
    logic [31:0] state[16];
    always_ff @(posedge clk)
        for (int i = 0; i < 16; i++)
            if (rst) state[i] <= i + 1;
            else state[i] <= {state[i][30:0], state[i][31] ^ state[i][21] ^ state[i][1] ^ state[i][0]} ^ a;
    always_comb begin
        y = 0;
        for (int i = 0; i < 16; i++) y ^= state[i];
    end
endmodule
