// What a design asks its host for: arguments, random numbers, files; and what it says at its end.
module hosted(
    input  logic        clk,
    input  logic        load,
    output logic [31:0] level,
    output logic [31:0] random,
    output logic [31:0] edges,
    output logic [63:0] now
);
    logic [7:0] memory [4];

    initial begin
        edges = 0;
        if (!$value$plusargs("level=%d", level)) level = 7;
        random = $urandom;
    end

    always @(posedge clk) begin
        edges <= edges + 1;
        now <= $time;
        if (load) $readmemh("there_is_no_such_file.hex", memory);
    end

    final $display("%m: %0d edges", edges);
endmodule
