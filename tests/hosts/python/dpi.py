"""DPI functions of every kind in Python: `dpi.py MODULE_DIR LIBRARY`."""

import sys

sys.path.insert(0, sys.argv[1])
import fudsv

library = fudsv.load(sys.argv[2])
seen = []


def refused(kind, message, action, *arguments):
    try:
        action(*arguments)
    except kind as error:
        assert getattr(error, "message", str(error)) == message, str(error)
        return
    raise AssertionError(f"was not refused: {message}")


def created():
    dut = library.new(output=seen.append)

    @dut.dpi("integers")
    def integers(a, b, c, d, f):
        seen.append((a, b, c, d, f))
        return c, a + b + c + d, f + 1

    dut.dpi("naturals")(lambda a, b: (a + b, 65535))
    dut.dpi("scalars")(lambda a, b: (1, a, not b))

    @dut.dpi("vectors")
    def vectors(a, b):
        seen.append((a, b))
        return 5, a, b

    @dut.dpi("shapes")
    def shapes(a, b):
        assert (a, b) == (2, 9 << 61 | 0x123), (a, b)
        return 1

    @dut.dpi("texts")
    def texts(a):
        return "ab", a.replace("hello", "worlds")

    dut.dpi("reals")(lambda a: (a + 1, a * 2))
    dut.dpi("chandles")(lambda handle: 77 if handle is None else handle)

    @dut.dpi("arrays")
    def arrays(a):
        assert a == [1, 2, 3, 4], a
        return [1, 2, 3, 4, 40, 50]

    dut.dpi("c_name")(lambda a: a + 1)

    @dut.dpi("outer_call")
    def outer_call():
        refused(fudsv.Error, "the model is running, in another thread or around its own output", dut.eval)
        assert dut.call("outer_add", 2_000_000_000) == 2_000_000_200
        assert dut.call("outer_c_name", "wide", 1 << 99 | 1 << 63) == 1 << 64
        assert dut.call("outer_task", 33) == 33
        assert dut.call("outer_fatal", 0) is None

    dut.dpi("inner_call")(lambda a: dut.call("inner_add", a))

    @dut.dpi("failing")
    def failing(a):
        raise LookupError(f"{a} is too much")

    dut.a = 200
    return dut


def step(dut, how):
    dut.how = how
    dut.tick()
    return dut.sum


expected = [0, -3 - 10 + 8, 255 + 4294967295 + 65535, 111, 5 + 0x123456789 + 127, 1, 206, 253, 1, 50001, 21, 0, 103]
dut = created()
for how in range(1, 13):
    assert step(dut, how) == expected[how] % 2**64, (how, dut.sum)
assert seen[0] == (-1, -2, -3, -4, 7) and (0x12345_6789ABCDEF0123456789, -1) in seen, seen
assert step(dut, 15) == 1005 and dut.called == 13

# What a function raises comes out of the evaluation, and the model has ended.
refused(LookupError, "5 is too much", step, dut, 13)
refused(fudsv.Fatal, "the model ended before: LookupError: 5 is too much", dut.tick)
dut.close()

dut = created()
try:
    step(dut, 14)
    raise AssertionError("was not refused")
except fudsv.Fatal as error:
    assert (error.kind, error.message) == ("dpi", "the DPI function `missing` is not bound"), error
dut = created()
dut.dpi("reals")(lambda a: (1, 2, 3))
refused(fudsv.BadValue, "the DPI function `reals` returns 2 values, not 3", step, dut, 7)

dut = created()
dut.dpi("c_name")(lambda a: "x")
refused(fudsv.BadValue, "`b` takes an integer, not 'x'", step, dut, 10)

# Exports between evaluations.
dut = created()
assert dut.call("outer_add", 5) == 205 and dut.call("inner_add", 5) == 105
refused(fudsv.BadValue, "the DPI function `outer_add` takes 1 values, not 2", dut.call, "outer_add", 1, 2)
refused(fudsv.NoSuchName, "`dpi` exports no DPI function `outer_ad`; did you mean `outer_add`?", dut.call, "outer_ad")
refused(fudsv.NoSuchName, "`dpi` imports no DPI function `vector`; did you mean `vectors`?", dut.dpi, "vector")
refused(fudsv.Error, "the DPI function `linked` is linked into the library", dut.dpi("linked"), lambda a: a)
try:
    dut.call("outer_fatal", 2)
except fudsv.Fatal as error:
    assert error.message == "severity is 2", error
print("dpi: ok")
