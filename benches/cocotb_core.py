"""cocotb's tests of picorv32: a program in a memory of cocotbext-axi, which answers at once or makes the core wait."""

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, First, RisingEdge
from cocotbext.axi import AxiLiteBus, AxiLiteRam

# The sum of the numbers from 1 to N, stored at 256.
PROGRAM = [0x00000093, 0x00000113, 0x00110133, 0xFFF08093, 0xFE009CE3, 0x10202023, 0x00100073]


async def sum_of(dut, n, stalls):
    cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
    dut.resetn.value, dut.irq.value, dut.pcpi_wait.value, dut.pcpi_ready.value = 0, 0, 0, 0
    memory = AxiLiteRam(AxiLiteBus.from_prefix(dut, "mem_axi"), dut.clk, dut.resetn, False, size=1024)
    for at, word in enumerate([PROGRAM[0] | n << 20] + PROGRAM[1:]):
        memory.write_dword(4 * at, word)
    memory.read_if.r_channel.set_pause_generator(stalls)
    await ClockCycles(dut.clk, 5)
    dut.resetn.value = 1
    await First(RisingEdge(dut.trap), ClockCycles(dut.clk, 5000))
    assert dut.trap.value == 1, "the program did not end"
    return memory.read_dword(256)


@cocotb.test()
async def adds_numbers(dut):
    n = random.randint(2, 20)
    assert await sum_of(dut, n, iter(lambda: False, None)) == n * (n + 1) // 2


@cocotb.test()
async def waits_for_a_slow_memory(dut):
    n = random.randint(2, 20)
    assert await sum_of(dut, n, iter(lambda: random.random() < 0.5, None)) == n * (n + 1) // 2
