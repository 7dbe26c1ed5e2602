"""What a host chooses when it creates a model, and models in many threads: `hosted.py DRIVER_DIR LIBRARY`."""

import ctypes
import sys
import threading

sys.path.insert(0, sys.argv[1])
import driver
from driver import FINISHED, OK, STOPPED

library = driver.Library(sys.argv[2])


def created(*plusargs, **options):
    model = library.new(plusargs, **options)
    model.eval()
    values = model["level"], model["random"]
    model.close()
    return values


quiet = [].append
assert created(output=quiet)[0] == 7
assert created("+level=42", output=quiet)[0] == 42
assert created(seed=5, output=quiet) == created(seed=5, output=quiet)
assert created(seed=5, output=quiet) != created(seed=6, output=quiet)

# A memory file that is missing is said, and the model goes on.
printed = []
model = library.new(output=printed.append, scope=b"bench")
assert model.tick(2) == OK
model["load"] = 1
assert model.tick() == STOPPED
status = model.status()
assert (status["kind"], status["errors"], status["warnings"]) == (6, 1, 1), status
assert "there_is_no_such_file.hex" in "".join(printed), printed
model["load"] = 0
assert model.tick() == OK and model["edges"] == 4
model.time = 100
assert model.tick() == OK and model["now"] == 101, model["now"]

run_until = library.library.hosted_run_until
run_until.argtypes = [driver.Model, ctypes.c_uint64]
model["clk"] = 0
assert run_until(model.handle, 200) == OK
model["clk"] = 1
assert run_until(model.handle, 300) == OK and (model["now"], model.time, model["edges"]) == (300, 300, 6)

# `final` runs once, by itself or when the model goes.
assert model.final() == OK and model.final() == OK and model.close() == OK
assert "".join(printed).count("6 edges\n") == 1 and "bench" in "".join(printed), printed

# An output callback may read its model and run another one, and must not run its own.
inner = library.new(output=quiet)
seen = []


def watch(text):
    seen.append((outer["edges"], library.api.eval(outer.handle), inner.tick()))


outer = library.new(output=watch)
outer["load"] = 1
outer.tick()
assert seen[0][1:] == (-8, OK), seen
assert outer.tick() == STOPPED and outer["now"] == 3, outer["now"]
outer["load"] = 0
outer.close(), inner.close()

# Options of a host that was built before some of them existed.
options, handle = driver.Options(8), driver.Model()
assert library.api.create(ctypes.byref(options), ctypes.byref(handle)) == OK
assert library.api.status_info(handle, ctypes.byref(driver.StatusInfo(8))) == -1
library.api.eval(handle)

# Many models in many threads; one that was made here ends elsewhere.
wrong = []


def work(number):
    for _ in range(50):
        with library.new(output=quiet, scope=f"thread{number}".encode()) as mine:
            mine.tick(number + 1)
            if (mine["edges"], mine.time, mine["now"]) != (number + 1, 2 * number + 2, 2 * number + 1):
                wrong.append((number, mine["edges"], mine.time, mine["now"]))


threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
threads.append(threading.Thread(target=lambda: library.api.destroy(handle)))
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not wrong, wrong
print("hosted: ok")
