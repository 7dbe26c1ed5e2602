"""A model that runs in several threads stays with the thread that made it: `threaded.py DRIVER_DIR LIBRARY`."""

import sys
import threading

sys.path.insert(0, sys.argv[1])
import driver
from driver import FINISHED, OK

library = driver.Library(sys.argv[2])
ETHREAD = -8
said = []


def elsewhere(model):
    """What another thread is told."""
    try:
        said.append(model.tick())
    except driver.Refused as refused:
        said.append(str(refused))
    said.append(library.api.destroy(model.handle))
    with library.new() as own:
        said.append(own.tick(3))


with library.new(output=[].append) as model:
    assert model.tick(2) == OK
    thread = threading.Thread(target=elsewhere, args=[model])
    thread.start()
    thread.join()
    assert said == [f"tick: {ETHREAD}", ETHREAD, OK], said
    model["how"] = 1
    assert model.tick() == FINISHED and model["entered"] == 3
print("threaded: ok")
