"""Delays, and a state that is saved: `state.py MODULE_DIR TIMED SAVED DIR`."""

import os
import sys

sys.path.insert(0, sys.argv[1])
import fudsv

with fudsv.load(sys.argv[2]).new(output=lambda text: None) as dut:
    dut.run_until(10_500)
    assert (dut.count, dut.time, dut.next_event) == (10, 10_500, 11_000), dut
    try:
        dut.run_until(10_499)
        raise AssertionError("was not refused")
    except fudsv.BadValue as error:
        assert str(error) == "10499 is past: it is 10500"
    dut.how = 1
    dut.run_until(10**9)
    assert dut.finished and dut.time == 11_000

path = os.path.join(sys.argv[4], "a state")
one, two = (fudsv.load(sys.argv[3]).new(output=lambda text: None) for _ in range(2))
one.data = 3
one.tick(20)
one.save(path)
two.restore(path)
assert (two.count, two.time) == (one.count, one.time) == (20, 40), two
one.data = 255
one.tick()
assert one.finished
one.restore(path)
assert not one.finished and one.count == 20
one.data = 3
one.tick()
for action in (lambda: one.restore(path + "x"), lambda: one.save(os.path.join(path, "no"))):
    try:
        action()
        raise AssertionError("was not refused")
    except fudsv.Error as error:
        assert path in str(error) and error.status == -10, error
print("state: ok")
