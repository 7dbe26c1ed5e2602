// What a host can do wrong with a model, and what a design can, each chosen at run time by `how`.
module misused(
    input  logic        clk,
    input  logic        rst_n,
    input  logic [3:0]  how,
    input  logic [7:0]  index,
    input  logic [99:0] wide,
    input  real         half,
    input  string       text,
    input  logic [7:0]  list [3],
    inout  wire  [7:0]  pad,
    output logic [7:0]  value,
    output logic [63:0] now,
    output logic        spun
);
    import "DPI-C" function int asked(input int a);

    logic [7:0] memory [5];
    logic [63:0] rows [5][3];
    assign pad = 8'h5A;

    task run;
        now = $time;
        case (how)
            1: begin memory[index[2:0]] = 8'hEE; rows[index[2:0]][index[1:0]] = 1; end
            2: value = memory[index[2:0]] + 8'(rows[index[2:0]][index[1:0]]) + list[index[1:0]];
            3: $readmemh("there_is_no_such_file.hex", memory);
            4: begin $finish; $finish; end
            5: $stop;
            6: $error("wrong");
            7: $fatal(1, "fatal");
            8: value = 8'(asked(1));
            10: begin $finish; $fatal(1, "after the end"); end
            11: value = wide[index[6:0] +: 8];
            default: ;
        endcase
    endtask

    initial value = 0;
`ifdef TIMED
    initial forever begin
        #1;
        run();
    end
`else
    always @(posedge clk) run();
`endif

    // Never settles while `how` is 9.
    /* verilator lint_off UNOPTFLAT */
    logic spin;
    always_comb spin = (how == 9) ? ~spin : 1'b0;
    assign spun = spin;
endmodule
