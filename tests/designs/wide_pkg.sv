package wide_pkg;
    typedef enum logic [2:0] {IDLE, RUN = 3, STOP = 5} state_e;
    typedef struct packed {
        logic [3:0]        tag;
        logic signed [4:0] delta;
        state_e            state;
        logic [1:0][2:0]   lanes;
    } item_t;
    typedef union packed {
        logic [7:0]      whole;
        logic [1:0][3:0] halves;
    } either_t;
endpackage
