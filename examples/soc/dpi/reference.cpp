// What one instruction does, in C++: the model that tb_b compares with.
#include "Vtb_b__Dpi.h"

int reference_step(int acc, unsigned char instr) {
    const int arg = instr & 0x1f;
    switch (instr >> 5) {
    case 1: return arg;
    case 2: return (acc + arg) & 0xff;
    case 3: return (acc - arg) & 0xff;
    case 4: return (acc ^ arg) & 0xff;
    case 5: return (acc << (arg & 7)) & 0xff;
    default: return acc;
    }
}
