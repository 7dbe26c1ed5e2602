// Every way a design can end or complain, each chosen at run time by `how`.
module ends(
    input  logic       clk,
    input  logic [3:0] how,
    output logic [7:0] entered,   // counts up just before the chosen end
    output logic [7:0] passed,    // counts up just behind it, when it is reached at all
    output logic       loop_out
);
    initial begin
        entered = 0;
        passed = 0;
    end

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
        passed <= passed + 1;
        if (how == 3 || how == 5) $display("not reached");
    end

    // Never settles while `how` is 10.
    /* verilator lint_off UNOPTFLAT */
    logic spin;
    always_comb spin = (how == 10) ? ~spin : 1'b0;
    assign loop_out = spin;
endmodule
