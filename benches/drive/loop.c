/* The same loop over the typed functions of the C interface: `loop PROGRAM CYCLES`. */
#include "picorv32.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char** words) {
    fudsv_model* const top = picorv32_new();
    uint32_t memory[64] = {0}, count = 0, sum = 0;
    FILE* const program = fopen(words[argc - 2], "r");
    const unsigned long cycles = strtoul(words[argc - 1], NULL, 10);
    unsigned long n;
    clock_t start;
    while (program && fscanf(program, "%x", &memory[count]) == 1) ++count;
    picorv32_reset(top, 10);
    start = clock();
    for (n = 0; n < cycles; ++n) {
        uint32_t ready;
        if (picorv32_tick(top) != FUDSV_OK) return 1;
        ready = picorv32_get_mem_valid(top) && !picorv32_get_mem_ready(top);
        picorv32_set_mem_ready(top, ready);
        if (!ready) continue;
        sum += picorv32_get_mem_addr(top) + picorv32_get_mem_wdata(top);
        picorv32_set_mem_rdata(top, memory[picorv32_get_mem_addr(top) / 4 % 64]);
    }
    printf("%u %f\n", sum, (double)(clock() - start) / CLOCKS_PER_SEC);
    picorv32_free(top);
    return 0;
}
