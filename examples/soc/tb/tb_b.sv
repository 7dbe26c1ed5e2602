// Random instructions, compared with the model of dpi/reference.cpp.
`include "soc_defs.svh"
`ifndef STEPS
`define STEPS 20
`endif

module tb_b;

    import "DPI-C" function int reference_step(input int acc, input byte unsigned instr);

    logic clk = 0, rst = 1, halted;
    logic [7:0] instr = 8'h20, pc, acc;
    int expected = `SOC_RESET;

    soc soc (.*);

    initial forever #5 clk = !clk;

    initial begin
        #20 rst = 0;
        repeat (`STEPS) begin
            instr = {3'($urandom_range(1, 5)), 5'($urandom)};
            expected = reference_step(expected, instr);
            @(posedge clk);
            #1 if (acc != 8'(expected)) $error("after %h the machine holds %h, the model %h", instr, acc, expected);
        end
        if (halted || pc != 8'(`STEPS)) $error("halted: %b, pc: %0d", halted, pc);
        $display("%0d steps agree", `STEPS);
        $finish;
    end

endmodule
