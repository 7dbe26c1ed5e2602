// A design with delays that ends, when `how` says so, from inside a process that waits.
`timescale 1ns / 1ps
module timed(
    input  logic [3:0] how,
    output logic [7:0] count
);
    initial begin
        count = 0;
        forever begin
            #1;
            count = count + 1;
            case (how)
                1: $finish;
                3: $stop;
                4: $error("count is %0d", count);
                5: $fatal(1, "gave up at %0d", count);
                default: ;
            endcase
            if (how == 3 || how == 5) $display("not reached");
        end
    end

    // More processes with something on their stack.
    for (genvar i = 0; i < 3; i++) begin : other
        string s;
        initial forever begin
            #3;
            s = $sformatf("%0d and a text that is too long to be stored in place: %m", i);
        end
    end
endmodule
