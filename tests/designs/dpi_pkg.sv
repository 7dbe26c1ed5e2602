package dpi_pkg;
    typedef enum logic [1:0] {NONE, SOME, ALL} amount_e;
    typedef struct packed { logic [3:0] high; logic [60:0] low; } pair_t;
endpackage
