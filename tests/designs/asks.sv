// Two designs that ask for numbers: their build links one function, their host links one and binds one.
module asks_one(input logic clk, output int sum);
    import "DPI-C" function int bound(input int a);
    import "DPI-C" function int linked_by_host(input int a);
    import "DPI-C" function int linked(input int a);
    always @(posedge clk) sum <= bound(1) + linked_by_host(1) + linked(1);
endmodule

module asks_two(input logic clk, output int sum);
    import "DPI-C" function int bound(input int a);
    import "DPI-C" function int linked_by_host(input int a);
    import "DPI-C" function int linked(input int a);
    always @(posedge clk) sum <= bound(2) + linked_by_host(2) + linked(2);
endmodule
