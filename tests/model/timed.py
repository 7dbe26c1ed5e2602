"""A design with delays can be left from inside a waiting process: `timed.py DRIVER_DIR LIBRARY`."""

import ctypes
import sys

sys.path.insert(0, sys.argv[1])
import driver
from driver import FATAL, FINISHED, OK, STOPPED

library = driver.Library(sys.argv[2])
assert library.info.features & 1
assert (library.info.time_unit, library.info.time_precision) == (-9, -12)


def run(how, steps=5):
    """The status of each evaluation, `how` from the third on, at 0, 1, 2, … ns."""
    printed, statuses = [], []
    model = library.new(output=printed.append)
    for step in range(steps):
        model.time = step * 1000
        try:
            if step == 2:
                model["how"] = how
            elif step > 2:
                model["how"] = 0
            statuses.append(model.eval())
        except driver.Refused as refused:
            statuses.append(str(refused))
    info, count = model.status(), model["count"]
    model.close()
    assert "not reached" not in "".join(printed)
    return statuses, info, count


for _ in range(50):
    statuses, _, count = run(0)
    assert (statuses, count) == ([OK] * 5, 4), (statuses, count)
    assert run(1)[0] == [OK, OK, FINISHED, FINISHED, FINISHED]
    statuses, info, _ = run(3)
    assert (statuses, info["kind"]) == ([OK, OK, STOPPED, STOPPED, STOPPED], 2), (statuses, info)
    statuses, info, count = run(4)
    assert (statuses, info["message"], count) == ([OK, OK, STOPPED, OK, OK], "count is 2", 4), (statuses, info)
    statuses, info, _ = run(5)
    assert statuses[:3] == [OK, OK, FATAL] and statuses[3] == "set: -7", statuses
    assert (info["kind"], info["message"]) == (4, "gave up at 2"), info

# The library runs from delay to delay by itself.
run_until, next_event = library.library.timed_run_until, library.library.timed_next_event
run_until.argtypes, next_event.argtypes = [driver.Model, ctypes.c_uint64], [driver.Model]
next_event.restype = ctypes.c_uint64
model = library.new(output=[].append)
assert run_until(model.handle, 10_500) == OK
assert (model["count"], model.time, next_event(model.handle)) == (10, 10_500, 11_000)
assert run_until(model.handle, 10_499) == -1 and run_until(model.handle, 10_500) == OK
assert model["count"] == 10
model["how"] = 1
assert run_until(model.handle, 10**9) == FINISHED and (model.time, model["count"]) == (11_000, 11)
assert run_until(model.handle, 10**9) == FINISHED and model.time == 11_000
model.close()
model = library.new(output=[].append)
model["how"] = 5
assert run_until(model.handle, 5_000) == FATAL and run_until(model.handle, 5_000) == -7
assert next_event(model.handle) == 2**64 - 1
model.close()
assert run_until(None, 1) == -1
print("timed: ok")
