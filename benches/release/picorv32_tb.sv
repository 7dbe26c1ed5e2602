// Runs picorv32 from a memory of its own: RV32I that adds 10, 9, … 1, stores the sum, and begins again.
module picorv32_tb;
    reg clk = 0;
    reg resetn = 0;
    wire trap, valid, instr;
    reg ready = 0;
    wire [31:0] addr, wdata;
    wire [3:0] wstrb;
    reg [31:0] rdata;
    reg [31:0] memory[0:63];
    reg [31:0] sum = 0;
    int cycles;

    picorv32 core (
        .clk, .resetn, .trap, .mem_valid(valid), .mem_instr(instr), .mem_ready(ready), .mem_addr(addr), .mem_wdata(wdata),
        .mem_wstrb(wstrb), .mem_rdata(rdata), .mem_la_read(), .mem_la_write(), .mem_la_addr(), .mem_la_wdata(),
        .mem_la_wstrb(), .pcpi_valid(), .pcpi_insn(), .pcpi_rs1(), .pcpi_rs2(), .pcpi_wr(1'b0), .pcpi_rd(32'b0),
        .pcpi_wait(1'b0), .pcpi_ready(1'b0), .irq(32'b0), .eoi(), .trace_valid(), .trace_data()
    );

    always #5 clk = ~clk;

    always @(posedge clk) begin
        ready <= valid && !ready;
        if (valid && !ready) begin
            rdata <= memory[addr[7:2]];
            sum <= sum + addr + wdata;
        end
    end

    initial begin
        for (int n = 0; n < 64; n++) memory[n] = 0;
        memory[0] = 32'h00000093;
        memory[1] = 32'h00a00113;
        memory[2] = 32'h002080b3;
        memory[3] = 32'hfff10113;
        memory[4] = 32'hfe011ce3;
        memory[5] = 32'h100001b7;
        memory[6] = 32'h0011a023;
        memory[7] = 32'hfe5ff06f;
        if (!$value$plusargs("cycles=%d", cycles)) cycles = 100000;
        #100 resetn = 1;
        repeat (cycles) @(posedge clk);
        $display("%0d", sum);
        if (sum == 0) $fatal(1, "the core did nothing");
        $finish;
    end
endmodule
