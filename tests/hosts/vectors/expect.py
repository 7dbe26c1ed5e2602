"""What a design must make of its inputs, by Python's own integers: `expect.py PLAN VECTORS RESULTS`.

A number that a port cannot hold, as it is or in two's complement, is refused, and the port stays as it was. A line of the plan is an operation, and the width, the sign and the number of elements of its operands and result.
"""

import sys


def fits(text, width):
    return -(1 << width - 1) <= int(text, 16) < 1 << width


def number(text, width, signed):
    value = int(text, 16) & (1 << width) - 1
    return value - (1 << width) if signed and value >> width - 1 else value


OPERATIONS = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
    "less": lambda a, b: a < b, "shift": lambda a, b: a >> 3,
}
with open(sys.argv[1]) as plan:
    steps = [(name, *map(int, numbers)) for name, *numbers in map(str.split, plan)]
with open(sys.argv[2]) as vectors, open(sys.argv[3], "w") as results:
    widths = [width for name, width, _, elements, _ in steps for _ in range(elements * (1 + (name != "pass")))]
    kept = ["0"] * len(widths)
    for line in vectors:
        for place, (text, width) in enumerate(zip(line.split(), widths, strict=True)):
            if fits(text, width):
                kept[place] = text
            else:
                results.write("refused ")
        numbers = iter(kept)
        for name, width, signed, elements, result in steps:
            for _ in range(elements):
                value = number(next(numbers), width, signed)
                if name != "pass":
                    value = int(OPERATIONS[name](value, number(next(numbers), width, signed)))
                results.write(f"{value & (1 << result) - 1:0{(result + 3) // 4}x} ")
        results.write("\n")
