// A loop around picorv32 as people write it over Verilator's class: `by_hand PROGRAM CYCLES`.
#include "Vpicorv32.h"
#include "verilated.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

int main(int, char** words) {
    VerilatedContext context;
    Vpicorv32 top{&context};
    uint32_t memory[64] = {}, count = 0, sum = 0;
    FILE* const program = std::fopen(words[1], "r");
    while (program && std::fscanf(program, "%x", &memory[count]) == 1) ++count;
    const unsigned long cycles = std::strtoul(words[2], nullptr, 10);
    const auto tick = [&] {
        top.clk = 0;
        top.eval();
        context.timeInc(1);
        top.clk = 1;
        top.eval();
        context.timeInc(1);
    };
    for (int n = 0; n < 10; ++n) tick();
    top.resetn = 1;
    const std::clock_t start = std::clock();
    for (unsigned long n = 0; n < cycles; ++n) {
        tick();
        const bool ready = top.mem_valid && !top.mem_ready;
        top.mem_ready = ready;
        if (!ready) continue;
        sum += top.mem_addr + top.mem_wdata;
        top.mem_rdata = memory[top.mem_addr / 4 % 64];
    }
    std::printf("%u %f\n", sum, double(std::clock() - start) / CLOCKS_PER_SEC);
}
