// What an instruction asks for.
module decoder import soc_pkg::*, alu_pkg::*; (
    input  logic [7:0] instr,
    output control_t   control,
    output logic [4:0] arg,
    output logic       halt
);

    instr_t now;

    assign now = instr_t'(instr);
    assign control = control_of(now.op);
    assign arg = now.arg;
    assign halt = now.op == HALT;

endmodule
