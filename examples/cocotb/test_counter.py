"""Tests of the counter, by cocotb."""

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, FallingEdge


async def start(dut):
    """Starts the clock and resets the counter."""
    cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
    dut.rst.value, dut.en.value = 1, 0
    await ClockCycles(dut.clk, 2)
    await FallingEdge(dut.clk)
    dut.rst.value = 0


@cocotb.test()
async def counts_when_enabled(dut):
    await start(dut)
    expected = 0
    for _ in range(100):
        enabled = random.random() < 0.5
        dut.en.value = enabled
        expected += enabled
        await FallingEdge(dut.clk)
        assert dut.count.value == expected


@cocotb.test()
async def wraps(dut):
    await start(dut)
    dut.en.value = 1
    for _ in range(2 ** len(dut.count)):
        await FallingEdge(dut.clk)
    assert dut.count.value == 0
