// State of every kind, which a saved model must get back.
module saved(
    input  logic        clk,
    input  logic [7:0]  data,
    output logic [31:0] count,
    output logic [99:0] wide,
    output logic [63:0] now,
    output string       text,
    output real         half
);
    logic [7:0] memory [4];

    initial begin
        count = 0;
        wide = 0;
        half = 0;
        text = "begun";
    end

    always @(posedge clk) begin
        count <= count + 1;
        wide <= wide * 3 + 100'(data) + 100'(memory[count[1:0]]);
        memory[count[1:0]] <= data;
        half = half + 0.5;
        now <= $time;
        text = $sformatf("%0d and a text that is too long to be stored in place", count);
        if (data == 8'hff) $finish;
    end
endmodule
