"""Every way a design can end comes back as a status, and this process lives on: `ends.py DRIVER_DIR LIBRARY`."""

import sys

sys.path.insert(0, sys.argv[1])
import driver
from driver import FATAL, FINISHED, OK, STOPPED

FINISH, STOP, ERROR, FATAL_TASK, NOT_CONVERGED = 1, 2, 3, 4, 5
POISONED = -7

library = driver.Library(sys.argv[2])


def run(how):
    """Two quiet ticks, one with `how`, one behind it."""
    printed = []
    model = library.new(output=printed.append)
    assert model.tick(2) == OK
    model["how"] = how
    first = model.tick()
    status = model.status()
    try:
        model["how"] = 0
        second = model.tick()
    except driver.Refused:
        second = POISONED
    seen = model["entered"]
    closed = model.close()
    return first, second, status, seen, "".join(printed), closed


def expect(how, first, second, kind, seen, message="", printed=""):
    got = run(how)
    assert got[0] == first, (how, got)
    assert got[1] == second, (how, got)
    assert got[2]["kind"] == kind, (how, got)
    assert seen is None or got[3] == seen, (how, got)
    assert message in got[2]["message"], (how, got)
    assert printed in got[4], (how, got)
    if first != OK:
        assert got[2]["status"] == first, (how, got)
        assert got[2]["file"].endswith("ends.sv") and got[2]["line"] > 0, (how, got)
    # Statements behind `$stop`, `$fatal`, such a `$finish` and a loop without end do not run; behind everything else they do.
    assert ("behind it" in got[4]) == (seen is not None and how != 0), (how, got)
    return got


expect(0, OK, OK, 0, 4)
expect(1, FINISHED, FINISHED, FINISH, 3, "$finish")
# A second `$finish` leaves the evaluation at once where it ends Verilator's own program.
expect(2, FINISHED, FINISHED, FINISH, None if library.info.verilator.decode() < "5.020" else 3, "$finish")
expect(3, STOPPED, STOPPED, STOP, None, "$stop")
expect(4, STOPPED, OK, ERROR, 4, "value is 2", "value is 2")
expect(5, FATAL, POISONED, FATAL_TASK, None, "gave up at 2", "gave up at 2")
expect(6, STOPPED, OK, ERROR, 4, "how is six")
expect(7, STOPPED, OK, ERROR, 4, "'assert' failed")
expect(8, OK, OK, 0, 4, printed="hello 2\n")
expect(9, OK, OK, 0, 4, printed="careful")
expect(10, FATAL, POISONED, NOT_CONVERGED, None, "converge")
got = expect(11, STOPPED, OK, ERROR, 4, "first", "second")
assert got[2]["errors"] == 2, got
expect(12, STOPPED, FINISHED, ERROR, 3, "then")

# Two models at once keep their own time and their own end.
one, two = library.new(), library.new()
one.tick(3)
two["how"] = 1
assert two.tick() == FINISHED and one.tick() == OK
assert (one.time, two.time) == (8, 1), (one.time, two.time)
one.close(), two.close()
print("ends: ok")
