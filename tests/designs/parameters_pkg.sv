package parameters_pkg;
    typedef enum logic [1:0] {ONE, TWO, THREE} word_e;
    typedef struct packed { logic [3:0] high; logic [3:0] low; } pair_s;
endpackage
