// Enables the counter in random cycles, and compares it with a count of its own.
module tb_counter;
    logic       clk = 0, rst = 1, en = 0;
    logic [7:0] count, expected = 0;

    counter dut (.clk, .rst, .en, .count);

    initial forever #5 clk = ~clk;

    initial begin
        @(negedge clk) rst = 0;
        repeat (100) begin
            en = 1'($urandom);
            @(negedge clk);
            if (en) expected++;
            if (count !== expected) $fatal(1, "counted to %0d, not %0d", count, expected);
        end
        $display("counted to %0d", count);
        $finish;
    end
endmodule
