"""Ports of every shape through `fudsv.py`: `ports.py MODULE_DIR LIBRARY`."""

import copy
import sys

sys.path.insert(0, sys.argv[1])
import fudsv

library = fudsv.load(sys.argv[2])
dut = library.new()


def refused(kind, message, action, *arguments):
    try:
        action(*arguments)
    except kind as error:
        assert str(error) == message, str(error)
        return
    raise AssertionError(f"was not refused: {message}")


def put(name, value):
    setattr(dut, name, value)


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


# Numbers of every width and sign, by attribute and by name: what the port holds, as a number or in two's complement.
for name in ["in", "s12", "u4", "ascending", "offset", "u64", "s64", "s65", "u128", "u200", "states", "matrix"]:
    port = next(port for port in dut.ports if port.name == name)
    out = "out" if name == "in" else name + "_o"
    for value in edges(port.width):
        if not -(1 << port.width - 1) <= value < 1 << port.width:
            bits = "1 bit" if port.width == 1 else f"{port.width} bits"
            message = f"`{name}` has {bits}, which cannot hold {value}"
            refused(fudsv.BadValue, message, put, port.attribute, value)
            refused(fudsv.BadValue, message, dut.__setitem__, name, value)
            assert dut[name] == 0
            continue
        put(port.attribute, value)
        dut.eval()
        expected = wrap(value, port.width, port.signed)
        assert getattr(dut, port.attribute) == dut[name] == dut[out] == expected, (name, value, dut[out])
        dut[name] = 0
        assert dut[name] == 0
assert dut.in_ == 0 and isinstance(dut.u4, int)
dut.u4, dut.s12, dut.s65 = 0xF, 0xFFF, 1 << 64
dut.eval()
assert (dut.u4_full, dut.s12_negative, dut.s65_negative) == (1, 1, 1)
dut.in_ = True
assert dut.in_ == 1
refused(fudsv.BadValue, "`row` has 7 bits, which cannot hold 128", put, "row", [0, 128, 0])
refused(fudsv.BadValue, "`item` has 18 bits, which cannot hold 262144", put, "item", 1 << 18)

# Enums: a member where there is one, else the number.
state = dut.types.state_e
dut.state = state.STOP
dut.eval()
assert dut.state_o is state.STOP and dut.state_o == 5 and list(state) == [0, 3, 5]
dut.state = 4
dut.eval()
assert dut.state_o == 4 and type(dut.state_o) is int

# Structs are copies that write to the port.
item = dut.types.item_t(tag=3, delta=-2, state=state.RUN)
dut.item = item
dut.eval()
seen = dut.item_o
assert seen == item and (seen.tag, seen.delta, seen.state, seen.lanes) == (3, -2, state.RUN, 0)
assert repr(seen) == "item_t(tag=3, delta=-2, state=<state_e.RUN: 3>, lanes=0)", seen
assert dict(seen) == {"tag": 3, "delta": -2, "state": 3, "lanes": 0} and int(seen) == 3 << 14 | 30 << 9 | 3 << 6
dut.item.delta = -16
dut.item.lanes = 0x3F
dut.eval()
assert seen.delta == -2 and dut.item_delta == -16 and dut.item_o.lanes == 0x3F
refused(fudsv.BadValue, "`tag` has 4 bits, which cannot hold 31", put, "item", {"tag": 31})
refused(fudsv.BadValue, "`delta` has 5 bits, which cannot hold -17", setattr, dut.item, "delta", -17)
dut.item = {"tag": 15}
assert dut.item == dut.types.item_t(tag=15) and dut.item == 15 << 14 and dut.item != {"tag": 1}
item.delta = 7
assert item.delta == 7 and dut.item.delta == 0
dut.either = 0xA5
dut.eval()
assert (dut.either_o.whole, dut.either_o.halves) == (0xA5, 0xA5)
refused(fudsv.NoSuchName, "`item_t` has no member `tags`; did you mean `tag`?", lambda: dut.item.tags)
refused(fudsv.BadValue, "`item` takes `item_t`, a mapping or an integer, not 'x'", put, "item", "x")

# Arrays are lists, from the lowest index on.
dut.row = [1, -2, 72]
dut.eval()
row = dut.row_o
assert row == [1, -2, -56] and list(row) == [1, -2, -56] and len(row) == 3 and row[-1] == -56 and row[1:] == [-2, -56]
dut.row[2] = 5
dut.row[-3] = 9
dut.eval()
assert row == [1, -2, -56] and dut.row_o == (9, -2, 5) and dut.row_o != [9, -2]
dut.grid = [[1, 2], [3, 1 << 69]]
dut.grid[0][1] = -1
dut.eval()
assert dut.grid_o == [[1, (1 << 70) - 1], [3, 1 << 69]] and dut.grid_o[1][1] == 1 << 69
dut.grid[1] = [7, 8]
assert dut["grid"] == [[1, (1 << 70) - 1], [7, 8]] and repr(dut.grid[1]) == "[7, 8]"
refused(fudsv.BadValue, "`row` takes 3 elements, not 2", put, "row", [1, 2])
refused(fudsv.BadValue, "`row` takes a list of 3 elements, not 5", put, "row", 5)
refused(fudsv.BadValue, "`row` takes an integer, not None", put, "row", [1, None, 3])
refused(IndexError, "range object index out of range", dut.row.__setitem__, 3, 0)

# Reals and texts.
dut.ratio, dut.text = 0.1, "grün, and too long to be stored in place"
dut.eval()
assert dut.ratio_o == 0.2 and dut.text_o == "grün, and too long to be stored in place"
dut.ratio = 3
refused(fudsv.BadValue, "`ratio` takes a number, not 'x'", put, "ratio", "x")
refused(fudsv.BadValue, "`text` is a text, not 3", put, "text", 3)
refused(fudsv.BadValue, "`text` cannot hold a zero byte", put, "text", "a\0b")

# Names that Python does not have.
for bit, (name, attribute) in enumerate(
        [("free", "free"), ("new", "new"), ("q$x", "q_x"), ("esc.name", "esc_name"), ("a__b", "a__b")]):
    put(attribute, 1)
    dut.eval()
    assert dut.odd_names == 1 << bit, (name, dut.odd_names)
    dut[name] = 0

# A flop with an asynchronous reset that is active low, known by its name.
dut.u200 = (1 << 199) | 5
dut.reset()
assert (dut.rst_ni, dut.u200_q) == (1, 0)
dut.tick()
assert dut.u200_q == (1 << 199) | 5

# What is refused, and why.
refused(fudsv.Error, "`out` is an output", put, "out", 1)
refused(fudsv.Error, "`pad` is an inout, which can only be read", put, "pad", 1)
refused(fudsv.BadValue, "`u4` takes an integer, not 1.5", put, "u4", 1.5)
refused(fudsv.BadValue, "`u200` takes an integer, not '1'", put, "u200", "1")
refused(fudsv.NoSuchName, "`wide` has no port `u20`; did you mean `u200`?", put, "u20", 1)
refused(fudsv.NoSuchName, "`wide` has no port `u20`; did you mean `u200`?", lambda: dut.u20)
refused(fudsv.NoSuchName, "`wide` has no port `tex`; did you mean `text`?", lambda: dut["tex"])
refused(fudsv.NoSuchName, "`wide` has no port `5`", lambda: dut[5])
refused(fudsv.Error, "`ports` cannot be set", put, "ports", 1)
refused(fudsv.NoSuchName, "`wide` has no port `clk`; did you mean `clk_i`?", dut.tick, 1, "clk")
refused(fudsv.Error, "the model was built without waveforms: build it with `--set verilator.trace=vcd`", dut.trace, "x.vcd")
refused(fudsv.Error, "the model was built without coverage: build it with `--set verilator.coverage=true`", dut.coverage, "x")
refused(fudsv.Error, "the model was built without coverage: build it with `--set verilator.coverage=true`", dut.clear_coverage)
refused(fudsv.Error, "the model cannot be saved: build it with `--set verilator.savable=true`", dut.save, "x")
refused(fudsv.Error, "a model cannot be copied", copy.copy, dut)
refused(fudsv.BadValue, "the port `out` cannot be a clock", dut.tick, 1, "out")
refused(fudsv.BadValue, "the port `ratio` cannot be a clock", dut.tick, 1, "ratio")
refused(fudsv.BadValue, "the time cannot be -1", put, "time", -1)
refused(fudsv.BadValue, "`count` cannot be -1", dut.tick, -1)
assert copy.copy(dut.item) == dut.item
assert not hasattr(dut, "u20") and hasattr(dut, "u200") and "u200" in dir(dut)

# What the library says of the design.
assert dut.parameters == {
    "WIDTH": 12, "LABEL": 'a "label"', "MAGIC": 0xDEADBEEFCAFEBABE1234, "MINUS": -3, "RATIO": 0.1}, dut.parameters
assert (dut.info.name, dut.info.top, dut.info.time_unit, dut.info.features) == ("wide", "wide", -12, ()), dut.info
described = {port.name: (port.direction, port.width, port.dimensions, port.role) for port in dut.ports}
assert described["grid"] == ("in", 70, (2, 2), None) and described["rst_ni"] == ("in", 1, (), "reset_n")
assert described["clk_i"] == ("in", 1, (), "clock") and described["pad"][0] == "inout"
assert type(dut).s12.__doc__ == "in `s12`: 12 bits, signed" and "u4=15" in repr(dut)

# A closed model answers, and its ports are gone.
dut.close()
dut.close()
assert repr(dut) == "<wide: closed>"
for action in (dut.eval, dut.tick, dut.reset, dut.final, lambda: dut.time, lambda: dut.u4, lambda: dut.row,
               lambda: dut.u200, lambda: dut.text, lambda: dut.errors, lambda: put("u4", 1), lambda: put("row", [1] * 3)):
    refused(fudsv.Error, "the model is closed", action)
for path, message in (("no-such.so", "`no-such.so` cannot be loaded: No such file or directory"),):
    refused(fudsv.Error, message, fudsv.load, path)
refused(fudsv.Error, "make a model with `fudsv.load(…).new()`", fudsv.Model)
refused(fudsv.BadValue, "`plusargs` is a list of texts, not '+x'", library.new, "+x")
print("wide: ok")
