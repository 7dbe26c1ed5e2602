"""Runs a program on picorv32 until it stores something at 0x10000000: `sum.py MODULE_DIR LIBRARY PROGRAM WAVES`."""

import sys

sys.path.insert(0, sys.argv[1])
import fudsv

with open(sys.argv[3]) as program:
    memory = [int(line.split()[0], 16) for line in program if line[0] != "/"]
with fudsv.load(sys.argv[2]).new() as dut, dut.trace(sys.argv[4]):
    dut.reset(10)
    cycles = 0
    while True:
        dut.tick()
        cycles += 1
        assert not dut.trap and cycles < 10_000
        ready = bool(dut.mem_valid and not dut.mem_ready)
        dut.mem_ready = ready
        if not ready:
            continue
        if dut.mem_wstrb and dut.mem_addr == 0x1000_0000:
            break
        dut.mem_rdata = memory[dut.mem_addr // 4 % 64]
    print(dut.mem_wdata, cycles, dut.time)
