"""Drives the counter from Python: `PYTHONPATH=interface python3 driver.py ./libcounter.so`."""

import sys

import fudsv

with fudsv.load(sys.argv[1]).new() as dut:
    print(f"{dut.info.top} {dut.parameters}")
    for port in dut.ports:
        print(f"  {port.direction:5} {port.name} [{port.msb}:{port.lsb}]")
    top = 1 << dut.parameters["WIDTH"]
    dut.reset(2)
    dut.en = 1
    for expected in range(1, 2 * top):
        dut.tick()
        assert dut.count == expected % top, (dut.count, expected)
    print(f"counted to {top - 1} twice: ok")
