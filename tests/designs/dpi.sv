// DPI functions of every kind: those that the design calls, each chosen at run time by `how`, and those it has.
module dpi_inner;
    import "DPI-C" context function int inner_call(input int a);
    export "DPI-C" function inner_add;
    int base = 100;
    function int inner_add(input int z);
        return base + z;
    endfunction
endmodule

module dpi import dpi_pkg::*; (
    input  logic        clk,
    input  logic [4:0]  how,
    input  logic [7:0]  a,
    output logic [63:0] sum,
    output logic [7:0]  called
);
    import "DPI-C" function int integers(input byte a, input shortint b, input int c, input longint d,
                                         output longint e, inout int f);
    import "DPI-C" function longint unsigned naturals(input byte unsigned a, input int unsigned b,
                                                      output shortint unsigned c);
    import "DPI-C" function bit scalars(input bit a, input logic b, output bit c, output logic d);
    import "DPI-C" function bit [31:0] vectors(input bit [99:0] a, input logic signed [6:0] b,
                                               output bit [99:0] c, output logic [6:0] d);
    import "DPI-C" function void shapes(input amount_e a, input pair_t b, output amount_e c);
    import "DPI-C" function string texts(input string a, output string b);
    import "DPI-C" function real reals(input real a, output real b);
    import "DPI-C" function chandle chandles(input chandle user);
    import "DPI-C" function void arrays(input int a[4], output bit [7:0] b[2][3]);
    import "DPI-C" c_name = task sv_name(input int a, output int b);
    import "DPI-C" context function void outer_call();
    import "DPI-C" function int failing(input int a);
    import "DPI-C" function int missing(input int a);
    import "DPI-C" function int linked(input int a);
    export "DPI-C" function outer_add;
    export "DPI-C" outer_c_name = function outer_wide;
    export "DPI-C" function outer_fatal;
    export "DPI-C" task outer_task;

    function longint outer_add(input int v);
        return longint'(v) + longint'(a);
    endfunction
    function void outer_wide(input string name, input bit [99:0] v, output bit [99:0] w);
        $display("%s is %0h", name, v);
        w = v << 1;
    endfunction
    function void outer_fatal(input int severity);
        if (severity == 1) $error("severity is %0d", severity);
        if (severity == 2) $fatal(1, "severity is %0d", severity);
        if (severity == 3) $finish;
    endfunction
    task outer_task(input int v, output int w);
        w = integers(8'sd0, 16'sd0, v, 64'sd0, e, f);
    endtask

    dpi_inner inner();

    longint e;
    int f = 7;
    int four[4] = '{1, 2, 3, 4};
    bit [7:0] six[2][3];
    bit [99:0] wide = 100'h1_2345_6789_abcd_ef01_2345_6789;
    bit [99:0] wide_out;
    logic [6:0] narrow_out;
    string text;
    real half;
    chandle handle;
    amount_e amount;
    bit one;
    logic two;
    shortint unsigned natural;
    int number;

    function void count(input longint value);
        sum = value;
        called = called + 1;
    endfunction

    task run;
        case (how)
            1: count(longint'(integers(-8'sd1, -16'sd2, -32'sd3, -64'sd4, e, f)) + e + longint'(f));
            2: count(longint'(naturals(8'd255, 32'hffff_ffff, natural)) + longint'(natural));
            3: count(longint'(scalars(1, 0, one, two)) + (one ? 10 : 0) + (two ? 100 : 0));
            4: count(longint'(vectors(wide, -7'sd1, wide_out, narrow_out)) + longint'(wide_out[99:64]) + longint'(narrow_out));
            5: begin shapes(ALL, '{high: 4'h9, low: 61'h123}, amount); count(longint'(amount)); end
            6: begin
                string said;
                said = texts("hello", text);
                count(longint'(said.len()) * 100 + longint'(text.len()));
            end
            7: begin
                real result;
                result = reals(1.5, half);
                count(longint'(result * 100.0 + half));
            end
            8: begin handle = chandles(handle); count(handle == null ? 0 : 1); end
            9: begin arrays(four, six); count(longint'(six[1][2]) * 1000 + longint'(six[0][0])); end
            10: begin sv_name(20, number); count(longint'(number)); end
            11: begin outer_call(); count(0); end
            12: count(longint'(inner.inner_call(3)));
            13: count(longint'(failing(5)));
            14: count(longint'(missing(5)));
            15: count(longint'(linked(5)));
            16: count(longint'(linked(-1)));
            default: ;
        endcase
    endtask

    initial called = 0;
`ifdef TIMED
    initial forever begin
        #1;
        run();
    end
`else
    always @(posedge clk) run();
`endif
endmodule
