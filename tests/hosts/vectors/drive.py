"""Sets every input to what a file says, and writes every output: `drive.py MODULE_DIR LIBRARY VECTORS RESULTS`."""

import sys

sys.path.insert(0, sys.argv[1])
import fudsv


def flat(value):
    """The elements of any array."""
    if isinstance(value, fudsv.Array):
        for element in value:
            yield from flat(element)
    else:
        yield value


def shaped(dimensions, numbers):
    if not dimensions:
        return next(numbers)
    return [shaped(dimensions[1:], numbers) for _ in range(dimensions[0])]


dut = fudsv.load(sys.argv[2]).new()
inputs = [port for port in dut.ports if port.direction == "in"]
outputs = [port for port in dut.ports if port.direction == "out"]
with open(sys.argv[3]) as vectors, open(sys.argv[4], "w") as results:
    for line in vectors:
        numbers = iter(line.split())
        for port in inputs:
            try:
                setattr(dut, port.attribute, shaped(port.dimensions, (int(n, 16) for n in numbers)))
            except fudsv.BadValue:
                results.write("refused ")
        dut.eval()
        for port in outputs:
            for value in flat(getattr(dut, port.attribute)):
                assert -(1 << port.width - 1) <= value < 1 << port.width and (port.signed or value >= 0), port
                results.write(f"{value & (1 << port.width) - 1:0{(port.width + 3) // 4}x} ")
        results.write("\n")
