// Runs the program that `+program=FILE` names, and checks what it computes.
module tb_a;

    logic clk = 0, rst = 1, halted;
    logic [7:0] instr, pc, program_memory [256];
    logic [15:0] acc;
    string file;

    soc #(.WIDTH(16)) soc (.*);

    assign instr = program_memory[pc];
    initial forever #5 clk = !clk;

    initial begin
        if (!$value$plusargs("program=%s", file)) file = "tb/program.hex";
        $readmemh(file, program_memory);
        #20 rst = 0;
        wait (halted);
        if (acc != 16'd42) $error("the program leaves %0d, not 42", acc);
        $display("halted at %0d with %0d", pc, acc);
        $finish;
    end

endmodule
