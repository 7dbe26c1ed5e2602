// Every way a design can end or complain, each chosen at run time by `how`.
module ends(
    input  logic       clk,
    input  logic [3:0] how,
    output logic [7:0] entered,  // how many rising edges there were
    output logic       loop_out
);
    initial entered = 0;

    always @(posedge clk) begin
        entered <= entered + 1;
        case (how)
            1: $finish;
            2: begin $finish; $finish; end
            3: $stop;
            4: $error("value is %0d", entered);
            5: $fatal(1, "gave up at %0d", entered);
            6: assert (how != 6) else $error("how is six");
            7: assert (how != 7);
            8: $display("hello %0d", entered);
            9: $warning("careful");
            11: begin $error("first"); $error("second"); end
            12: begin $error("then"); $finish; end
            default: ;
        endcase
        if (how != 0) $display("behind it");
    end

    // Never settles while `how` is 10.
    /* verilator lint_off UNOPTFLAT */
    logic spin;
    always_comb spin = (how == 10) ? ~spin : 1'b0;
    assign loop_out = spin;
endmodule
