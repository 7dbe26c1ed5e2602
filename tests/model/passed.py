"""Each output `out_x` is its input `in_x`, in every element: `passed.py DRIVER_DIR LIBRARY`."""

import random
import sys

sys.path.insert(0, sys.argv[1])
import driver
from driver import OK, REAL, SIGNED

library = driver.Library(sys.argv[2])
model = library.new()
random.seed(1)
pairs = [
    (name, name.replace("in_", "out_", 1), index[1]) for name, index in library.ports.items()
    if name.startswith(("in_", "sin_"))
]
assert len(pairs) > 5, library.ports


def read_back(value, port):
    """What a port of its width and sign holds of a value."""
    bits = value & ((1 << port.width) - 1)
    return bits - (1 << port.width) if port.flags & SIGNED and bits >> (port.width - 1) else bits


for turn in range(20):
    expected = {}
    for name, out, port in pairs:
        assert library.ports[out][1].width == port.width and library.ports[out][1].elements == port.elements
        for element in range(port.elements):
            value = random.random() if port.kind == REAL else random.getrandbits(port.width)
            if turn == 0 and port.kind != REAL:
                value = -1 if port.flags & SIGNED else (1 << port.width) - 1
            model[name, element] = value
            expected[out, element] = value if port.kind == REAL else read_back(value, port)
    assert model.eval() == OK
    for place, value in expected.items():
        assert model[place] == value, (place, model[place], value)
model.close()
print("passed: ok")
