// Ports of 1 to 4,096 bits, and arrays of wide elements: each output is its input.
module broad(
    input  logic [0:0] in_1, output logic [0:0] out_1,
    input  logic signed [0:0] sin_1, output logic signed [0:0] sout_1,
    input  logic [1:0] in_2, output logic [1:0] out_2,
    input  logic signed [1:0] sin_2, output logic signed [1:0] sout_2,
    input  logic [6:0] in_7, output logic [6:0] out_7,
    input  logic signed [6:0] sin_7, output logic signed [6:0] sout_7,
    input  logic [7:0] in_8, output logic [7:0] out_8,
    input  logic signed [7:0] sin_8, output logic signed [7:0] sout_8,
    input  logic [8:0] in_9, output logic [8:0] out_9,
    input  logic signed [8:0] sin_9, output logic signed [8:0] sout_9,
    input  logic [14:0] in_15, output logic [14:0] out_15,
    input  logic signed [14:0] sin_15, output logic signed [14:0] sout_15,
    input  logic [15:0] in_16, output logic [15:0] out_16,
    input  logic signed [15:0] sin_16, output logic signed [15:0] sout_16,
    input  logic [16:0] in_17, output logic [16:0] out_17,
    input  logic signed [16:0] sin_17, output logic signed [16:0] sout_17,
    input  logic [30:0] in_31, output logic [30:0] out_31,
    input  logic signed [30:0] sin_31, output logic signed [30:0] sout_31,
    input  logic [31:0] in_32, output logic [31:0] out_32,
    input  logic signed [31:0] sin_32, output logic signed [31:0] sout_32,
    input  logic [32:0] in_33, output logic [32:0] out_33,
    input  logic signed [32:0] sin_33, output logic signed [32:0] sout_33,
    input  logic [62:0] in_63, output logic [62:0] out_63,
    input  logic signed [62:0] sin_63, output logic signed [62:0] sout_63,
    input  logic [63:0] in_64, output logic [63:0] out_64,
    input  logic signed [63:0] sin_64, output logic signed [63:0] sout_64,
    input  logic [64:0] in_65, output logic [64:0] out_65,
    input  logic signed [64:0] sin_65, output logic signed [64:0] sout_65,
    input  logic [94:0] in_95, output logic [94:0] out_95,
    input  logic signed [94:0] sin_95, output logic signed [94:0] sout_95,
    input  logic [95:0] in_96, output logic [95:0] out_96,
    input  logic signed [95:0] sin_96, output logic signed [95:0] sout_96,
    input  logic [96:0] in_97, output logic [96:0] out_97,
    input  logic signed [96:0] sin_97, output logic signed [96:0] sout_97,
    input  logic [126:0] in_127, output logic [126:0] out_127,
    input  logic signed [126:0] sin_127, output logic signed [126:0] sout_127,
    input  logic [127:0] in_128, output logic [127:0] out_128,
    input  logic signed [127:0] sin_128, output logic signed [127:0] sout_128,
    input  logic [128:0] in_129, output logic [128:0] out_129,
    input  logic signed [128:0] sin_129, output logic signed [128:0] sout_129,
    input  logic [254:0] in_255, output logic [254:0] out_255,
    input  logic signed [254:0] sin_255, output logic signed [254:0] sout_255,
    input  logic [255:0] in_256, output logic [255:0] out_256,
    input  logic signed [255:0] sin_256, output logic signed [255:0] sout_256,
    input  logic [256:0] in_257, output logic [256:0] out_257,
    input  logic signed [256:0] sin_257, output logic signed [256:0] sout_257,
    input  logic [999:0] in_1000, output logic [999:0] out_1000,
    input  logic signed [999:0] sin_1000, output logic signed [999:0] sout_1000,
    input  logic [1023:0] in_1024, output logic [1023:0] out_1024,
    input  logic signed [1023:0] sin_1024, output logic signed [1023:0] sout_1024,
    input  logic [4094:0] in_4095, output logic [4094:0] out_4095,
    input  logic signed [4094:0] sin_4095, output logic signed [4094:0] sout_4095,
    input  logic [4095:0] in_4096, output logic [4095:0] out_4096,
    input  logic signed [4095:0] sin_4096, output logic signed [4095:0] sout_4096,
    input  logic [199:0] in_array [2][3], output logic [199:0] out_array [2][3],
    input  logic signed [64:0] in_down [4:1], output logic signed [64:0] out_down [4:1],
    input  logic [0:70][1:0] in_packed [2], output logic [0:70][1:0] out_packed [2],
    input  real in_real [2], output real out_real [2]
);
    assign out_1 = in_1;
    assign sout_1 = sin_1;
    assign out_2 = in_2;
    assign sout_2 = sin_2;
    assign out_7 = in_7;
    assign sout_7 = sin_7;
    assign out_8 = in_8;
    assign sout_8 = sin_8;
    assign out_9 = in_9;
    assign sout_9 = sin_9;
    assign out_15 = in_15;
    assign sout_15 = sin_15;
    assign out_16 = in_16;
    assign sout_16 = sin_16;
    assign out_17 = in_17;
    assign sout_17 = sin_17;
    assign out_31 = in_31;
    assign sout_31 = sin_31;
    assign out_32 = in_32;
    assign sout_32 = sin_32;
    assign out_33 = in_33;
    assign sout_33 = sin_33;
    assign out_63 = in_63;
    assign sout_63 = sin_63;
    assign out_64 = in_64;
    assign sout_64 = sin_64;
    assign out_65 = in_65;
    assign sout_65 = sin_65;
    assign out_95 = in_95;
    assign sout_95 = sin_95;
    assign out_96 = in_96;
    assign sout_96 = sin_96;
    assign out_97 = in_97;
    assign sout_97 = sin_97;
    assign out_127 = in_127;
    assign sout_127 = sin_127;
    assign out_128 = in_128;
    assign sout_128 = sin_128;
    assign out_129 = in_129;
    assign sout_129 = sin_129;
    assign out_255 = in_255;
    assign sout_255 = sin_255;
    assign out_256 = in_256;
    assign sout_256 = sin_256;
    assign out_257 = in_257;
    assign sout_257 = sin_257;
    assign out_1000 = in_1000;
    assign sout_1000 = sin_1000;
    assign out_1024 = in_1024;
    assign sout_1024 = sin_1024;
    assign out_4095 = in_4095;
    assign sout_4095 = sin_4095;
    assign out_4096 = in_4096;
    assign sout_4096 = sin_4096;
    assign out_array = in_array;
    assign out_down = in_down;
    assign out_packed = in_packed;
    always_comb begin
        out_real[0] = in_real[0];
        out_real[1] = in_real[1];
    end
endmodule
