"""The same loop over fudsv.py: `loop.py LIBRARY PROGRAM CYCLES`."""

import sys
import time

import fudsv


def run(top, memory, cycles):
    total = 0
    for _ in range(cycles):
        top.tick()
        ready = top.mem_valid and not top.mem_ready
        top.mem_ready = ready
        if ready:
            total += top.mem_addr + top.mem_wdata
            top.mem_rdata = memory[top.mem_addr // 4 % 64]
    return total & 0xFFFFFFFF


with fudsv.load(sys.argv[1]).new() as dut:
    with open(sys.argv[2]) as program:
        words = [int(word, 16) for word in program.read().split()]
    dut.reset(10)
    start = time.process_time()
    print(run(dut, words + [0] * (64 - len(words)), int(sys.argv[3])), time.process_time() - start)
