// The instructions of the machine.
package soc_pkg;

    typedef enum logic [2:0] {
        HALT, LOAD, ADD, SUB, XOR, SHL
    } op_t;

    typedef struct packed {
        op_t op;
        logic [4:0] arg;
    } instr_t;

endpackage
