"""Values of every width and sign go in where they fit and come out extended: `wide.py DRIVER_DIR LIBRARY`."""

import ctypes
import math
import sys

sys.path.insert(0, sys.argv[1])
import driver
from driver import OK, Refused

ENOPORT, EDIR, EWIDTH, ETYPE, ENOTSUP, EINVAL = -2, -3, -4, -5, -6, -1

library = driver.Library(sys.argv[2])
api = library.api
model = library.new()


def refused(status, action):
    try:
        action()
    except Refused as error:
        assert str(error).endswith(f": {status}"), error
        return
    raise AssertionError(f"was not refused with {status}")


def wrap(value, width, signed):
    """What a port of this width makes of a value."""
    value &= (1 << width) - 1
    return value - (1 << width) if signed and value >> (width - 1) else value


def edges(width):
    """Values at, around and beyond the bounds of a width."""
    for power in (width - 1, width, 31, 32, 63, 64, 65):
        for near in (-1, 0, 1):
            yield (1 << power) + near
            yield -(1 << power) + near
    yield from (0, 1, -1, int("5a" * 32, 16))


names = ["in", "s12", "u4", "ascending", "offset", "u64", "s64", "s65", "u128", "u200", "state", "item", "either",
         "states", "matrix"]
for name in names:
    _, port = library.ports[name]
    signed = bool(port.flags & driver.SIGNED)
    expected = model[name]
    for value in edges(port.width):
        if 0 <= value < 1 << port.width or (signed and -(1 << port.width - 1) <= value < 0):
            model[name] = value
            expected = wrap(value, port.width, signed)
        else:
            refused(EWIDTH, lambda: model.__setitem__(name, value))
        assert model.eval() == OK
        for read in (name, "out" if name == "in" else name + "_o"):
            assert model[read] == expected, (read, value, model[read], expected)
    print(f"{name}: {port.width} bits")

# The design sees the same numbers.
model["u4"], model["s12"], model["s65"] = 0xF, 0xFFF, 1 << 64
model.eval()
assert (model["u4_full"], model["s12_negative"], model["s65_negative"]) == (1, 1, 1)
model["item"] = 0b10110 << 9
model.eval()
assert model["item_delta"] == wrap(0b10110, 5, True)

# Arrays: elements from the lowest index, the last dimension fastest.
for name in ("row", "grid"):
    _, port = library.ports[name]
    signed = bool(port.flags & driver.SIGNED)
    for element in range(port.elements):
        model[name, element] = -(element + 1) if signed else (1 << port.width) - element - 1
    model.eval()
    for element in range(port.elements):
        assert model[name + "_o", element] == wrap(-(element + 1), port.width, signed), (name, element)
    refused(ENOPORT, lambda: model[name, port.elements])

model["ratio"], model["text"] = 0.1, "a text that is too long to be stored in place"
model.eval()
assert model["ratio_o"] == 0.2 and model["text_o"] == "a text that is too long to be stored in place"

for bit, name in enumerate(["free", "new", "q$x", "esc.name", "a__b"]):
    model[name] = 1
    model.eval()
    assert model["odd_names"] == 1 << bit, (name, model["odd_names"])
    model[name] = 0

# A flop with an asynchronous reset that is active low, known by its name.
model["u200"] = (1 << 199) | 5
assert model.reset() == OK and model["rst_ni"] == 1
assert model["u200_q"] == 0
assert model.tick() == OK and model["u200_q"] == (1 << 199) | 5

# What is refused, and why.
refused(EDIR, lambda: model.__setitem__("out", 1))
refused(ENOTSUP, lambda: model.__setitem__("pad", 1))
model["u4"] = 9
model.eval()
assert model["pad"] == 9
value = ctypes.c_uint64()
index = library.ports["u200"][0]
words = (ctypes.c_uint32 * 9)()
assert api.get_u64(model.handle, index, 0, ctypes.byref(value)) == EWIDTH
assert api.get_words(model.handle, index, 0, words, 6) == EWIDTH
assert api.get_u64(model.handle, 10_000, 0, ctypes.byref(value)) == ENOPORT
assert api.get_u64(model.handle, library.ports["ratio"][0], 0, ctypes.byref(value)) == ETYPE
assert api.get_u64(None, 0, 0, ctypes.byref(value)) == EINVAL
assert api.find_port(b"u200") == index and api.find_port(b"nothing") == ENOPORT

# 64-bit calls on other widths: extended by the sign of the port, or of the value that is set.
s12, s65 = library.ports["s12"][0], library.ports["s65"][0]
assert api.set_i64(model.handle, s12, 0, -2049) == EWIDTH and api.set_i64(model.handle, s12, 0, -1) == OK
assert api.set_u64(model.handle, s12, 0, 1 << 12) == EWIDTH and model["s12"] == -1
assert api.set_i64(model.handle, library.ports["u4"][0], 0, -1) == OK and model["u4"] == 15
assert api.get_u64(model.handle, s12, 0, ctypes.byref(value)) == OK and value.value == (1 << 64) - 1
signed_value = ctypes.c_int64()
assert api.get_i64(model.handle, s12, 0, ctypes.byref(signed_value)) == OK and signed_value.value == -1
assert api.set_i64(model.handle, s65, 0, -2) == OK and model["s65"] == -2
assert api.set_u64(model.handle, s65, 0, (1 << 64) - 2) == OK and model["s65"] == (1 << 64) - 2
model["s65"] = -3
assert api.get_words(model.handle, s65, 0, words, 9) == OK and set(words[1:]) == {0xFFFFFFFF}

# The table describes the design.
info = library.info
assert (info.time_unit, info.time_precision) == (-12, -12)
assert library.params == {
    "WIDTH": "12", "LABEL": 'a "label"', "MAGIC": "0xdeadbeefcafebabe1234", "MINUS": "-3", "RATIO": "0.1",
}, library.params
types = {kind.name.decode(): kind for kind in library.types}
state = types["wide_pkg::state_e"]
assert [(state.items[n].name, state.items[n].words[0]) for n in range(state.item_count)] == [
    (b"IDLE", 0), (b"RUN", 3), (b"STOP", 5)]
item = types["wide_pkg::item_t"]
members = [item.members[n] for n in range(item.member_count)]
assert [(m.name, m.lsb, m.width, m.is_signed) for m in members] == [
    (b"tag", 14, 4, 0), (b"delta", 9, 5, 1), (b"state", 6, 3, 0), (b"lanes", 0, 6, 0)]
assert library.types[members[2].type].name == b"wide_pkg::state_e" and members[0].type == -1
assert library.types[library.ports["states"][1].type].name == b"wide_pkg::state_e"
assert library.ports["state_bits"][1].type == -1
shape = {name: (port.msb, port.lsb) for name, (_, port) in library.ports.items()}
assert (shape["ascending"], shape["offset"], shape["u4"]) == ((0, 6), (15, 8), (3, 0))

# The typed functions do the same without the table.
flat = library.library
flat.wide_get_s12.restype, flat.wide_set_s12.argtypes = ctypes.c_int16, [ctypes.c_void_p, ctypes.c_int16]
flat.wide_get_s12.argtypes = [ctypes.c_void_p]
assert flat.wide_set_s12(model.handle, 0x1000) == EWIDTH and flat.wide_set_s12(model.handle, 0x0FFF) == OK
assert flat.wide_get_s12(model.handle) == -1 == model["s12"]
flat.wide_set_grid.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.POINTER(ctypes.c_uint32)]
assert flat.wide_set_grid(model.handle, 3, (ctypes.c_uint32 * 3)(1, 2, 0xFFFFFFFF)) == EWIDTH
assert flat.wide_set_grid(model.handle, 3, (ctypes.c_uint32 * 3)(1, 2, 0x3F)) == OK
assert flat.wide_set_grid(model.handle, 4, (ctypes.c_uint32 * 3)(9, 9, 9)) == ENOPORT
assert model["grid", 3] == 1 | 2 << 32 | 0x3F << 64
flat.wide_set_esc__02ename.argtypes = [ctypes.c_void_p, ctypes.c_uint8]
assert flat.wide_set_esc__02ename(model.handle, 3) == EWIDTH and flat.wide_set_esc__02ename(model.handle, 1) == OK
assert model["esc.name"] == 1

# Storage without calls.
storage = ctypes.c_void_p()
assert api.port_ptr(model.handle, library.ports["u64"][0], ctypes.byref(storage)) == OK
ctypes.c_uint64.from_address(storage.value).value = 77
model.eval()
assert model["u64_o"] == 77

assert math.isclose(model["ratio"], 0.1) and model.close() == OK
print("wide: ok")
