// Ports with names that C, C++ or Verilator do not allow: each output is its input.
module odd_names(
    input  logic [3:0]  \in_a.b ,      output logic [3:0]  \out_a.b ,
    input  logic [3:0]  in_a$b,        output logic [3:0]  out_a$b,
    input  logic [3:0]  \in_3[0] ,     output logic [3:0]  \out_3[0] ,
    input  logic [3:0]  in_a__b,       output logic [3:0]  out_a__b,
    input  logic [3:0]  in___under_,   output logic [3:0]  out___under_,
    input  logic [80:0] \in_u-v*/w! ,  output logic [80:0] \out_u-v*/w! ,
    input  logic [3:0]  \in_"quoted" , output logic [3:0]  \out_"quoted" ,
    input  logic        template,      output logic        \class ,
    input  logic        time_,         output logic        set_clk
);
    assign \out_a.b = \in_a.b ;
    assign out_a$b = in_a$b;
    assign \out_3[0] = \in_3[0] ;
    assign out_a__b = in_a__b;
    assign out___under_ = in___under_;
    assign \out_u-v*/w! = \in_u-v*/w! ;
    assign \out_"quoted" = \in_"quoted" ;
    assign \class = template;
    assign set_clk = time_;
endmodule
