"""Coverage is written, and forgotten: `counted.py DRIVER_DIR LIBRARY`."""

import pathlib
import sys
import tempfile

sys.path.insert(0, sys.argv[1])
import driver
from driver import OK

library = driver.Library(sys.argv[2])
EIO = -10


def counts(model, directory):
    """How often each point was met."""
    path = pathlib.Path(directory, "coverage.dat")
    assert library.api.coverage_write(model.handle, str(path).encode()) == OK
    lines = path.read_text(errors="replace").splitlines()
    return [int(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("C ")]


with tempfile.TemporaryDirectory() as directory, library.new() as model, library.new() as other:
    assert model.tick(3) == OK and other.tick(1) == OK
    met = counts(other, directory)
    assert max(counts(model, directory)) >= 3 and max(met) >= 1
    assert library.api.coverage_zero(model.handle) == OK
    assert set(counts(model, directory)) == {0} and counts(other, directory) == met
    assert model.tick(2) == OK and max(counts(model, directory)) >= 2
    assert library.api.coverage_write(model.handle, b"no/such/directory") == EIO
print("counted: ok")
