// Runs a program on picorv32 until it stores something at 0x10000000, which must be 55.
`timescale 1ns / 1ps
module picorv32_tb;

    logic clk = 0, resetn = 0, trap, mem_valid, mem_ready = 0;
    logic [31:0] mem_addr, mem_wdata, mem_rdata = 0, memory[64];
    logic [3:0] mem_wstrb;
    string program_file;

    picorv32 core (.clk, .resetn, .trap, .mem_valid, .mem_ready, .mem_addr, .mem_wdata, .mem_wstrb, .mem_rdata);

    always #5 clk = !clk;

    always @(posedge clk) begin
        mem_ready <= mem_valid && !mem_ready;
        mem_rdata <= memory[mem_addr[7:2]];
        if (mem_valid && mem_ready && mem_wstrb != 0 && mem_addr == 32'h1000_0000) begin
            if (mem_wdata != 55) $error("the sum is %0d", mem_wdata);
            $display("picorv32 says %0d", mem_wdata);
            $finish;
        end
        if (trap) $fatal(1, "trap");
    end

    initial begin
        if (!$value$plusargs("program=%s", program_file)) $fatal(1, "no +program=FILE");
        $readmemh(program_file, memory, 0, 7);
        #100 resetn = 1;
        #100_000 $fatal(1, "the program does not end");
    end

endmodule
