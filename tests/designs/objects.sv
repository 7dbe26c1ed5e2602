// An object of a class in every cycle, to which nothing refers in the next one.
module objects(
    input  logic       clk,
    input  logic [7:0] data,
    output logic [7:0] sum
);
    class Pair;
        int first;
        int second;
        function new(int value);
            first = value;
            second = value + 1;
        endfunction
    endclass

    Pair pair;

    always @(posedge clk) begin
        pair = new(int'(data));
        sum <= 8'(pair.first + pair.second);
    end
endmodule
