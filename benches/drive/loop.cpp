// The same loop over the C++ header: `loop PROGRAM CYCLES`.
#include "picorv32.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

int main(int, char** words) {
    picorv32::Model top;
    uint32_t memory[64] = {}, count = 0, sum = 0;
    FILE* const program = std::fopen(words[1], "r");
    while (program && std::fscanf(program, "%x", &memory[count]) == 1) ++count;
    const unsigned long cycles = std::strtoul(words[2], nullptr, 10);
    top.reset(10);
    const std::clock_t start = std::clock();
    for (unsigned long n = 0; n < cycles; ++n) {
        top.tick();
        const bool ready = top.mem_valid() && !top.mem_ready();
        top.set_mem_ready(ready);
        if (!ready) continue;
        sum += top.mem_addr() + top.mem_wdata();
        top.set_mem_rdata(memory[top.mem_addr() / 4 % 64]);
    }
    std::printf("%u %f\n", sum, double(std::clock() - start) / CLOCKS_PER_SEC);
}
