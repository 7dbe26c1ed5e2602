// A memory that is read in the cycle after its address, with the words of a file.
module rom #(
    parameter int    ADDR_WIDTH = 9,
    parameter int    DATA_WIDTH = 32,
    parameter string INIT_FILE  = ""
) (
    input  logic                  clk,
    input  logic [ADDR_WIDTH-1:0] address,
    output logic [DATA_WIDTH-1:0] data
);
    logic [DATA_WIDTH-1:0] words[2**ADDR_WIDTH];

    initial $readmemh(INIT_FILE, words);
    always_ff @(posedge clk) data <= words[address];
endmodule
