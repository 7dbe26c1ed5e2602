// What the parts of the ALU are told to do. It stands on another package, whatever the order of their names.
package alu_pkg;

    import soc_pkg::*;

    typedef struct packed {
        logic subtract;
        logic shift;
        logic exclusive;
        logic load;
        logic add;
    } control_t;

    function automatic control_t control_of(op_t op);
        control_of.load = op == LOAD;
        control_of.subtract = op == SUB;
        control_of.add = op == ADD || op == SUB;
        control_of.exclusive = op == XOR;
        control_of.shift = op == SHL;
    endfunction

endpackage
