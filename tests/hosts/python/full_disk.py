"""Files that cannot be written to their end: `full_disk.py MODULE_DIR LIBRARY WAVES(vcd|fst) DIRECTORY`.

A limit of the size of files stands for a disk that is full: both are noticed where the system is asked to write.
"""

import contextlib
import os
import resource
import sys

sys.path.insert(0, sys.argv[1])
import fudsv

library, waves, out = fudsv.load(sys.argv[2]), sys.argv[3], sys.argv[4]
small, fine = (os.path.join(out, name + "." + waves) for name in ("small", "fine"))


@contextlib.contextmanager
def full():
    """No file gets longer than 4 KiB. Python ignores the signal that says so."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def refused(kind, file, action, *arguments):
    try:
        action(*arguments)
    except kind as error:
        assert str(error).startswith(f"`{file}` cannot be written"), error
        return error
    raise AssertionError(f"`{file}` was written")


def ticked(dut, count):
    for _ in range(count):
        dut.data = (dut.data + 1) % 0xFF
        dut.tick()


def model():
    dut = library.new(output=lambda text: None)
    dut.eval()
    return dut


# Where it is opened.
with model() as dut:
    for path in (os.path.join(out, "no-directory", "x." + waves), out):
        error = refused(fudsv.Error, path, dut.trace, path)
        assert "No such file" in str(error) or "s a directory" in str(error), error
    ticked(dut, 3)

# In a call about the file, which leaves the model usable: adding values, flushing, closing.
if waves == "vcd":
    with model() as dut:
        trace = dut.trace("/dev/full")
        refused(fudsv.Error, "/dev/full", trace.flush)
        ticked(dut, 10)
        trace.close()
    with model() as dut:
        trace = dut.trace("/dev/full")
        ticked(dut, 1)
        error = refused(fudsv.Error, "/dev/full", trace.close)
        assert "No space left on device" in str(error), error
        ticked(dut, 10)
        trace = dut.trace("/dev/full")
        refused(fudsv.Error, "/dev/full", trace.rotate, fine)
    # Where the model is destroyed.
    dut = model()
    dut.trace("/dev/full")
    ticked(dut, 1)
    refused(fudsv.Error, "/dev/full", dut.close)
    # While it runs: the evaluation says so, and no later one runs.
    with full(), model() as dut:
        trace = dut.trace(small)
        error = refused(fudsv.Fatal, small, ticked, dut, 5000)
        assert error.kind == "runtime" and "File too large" in str(error), error
        trace.close()
else:
    with full(), model() as dut:
        trace = dut.trace(small)
        ticked(dut, 5000)
        refused(fudsv.Error, small, trace.close)

# A file that can be written is as ever.
with model() as dut, dut.trace(fine) as trace:
    ticked(dut, 100)
    trace.flush()
assert os.path.getsize(fine) > 300

# Coverage and states: the old file stays where the new one cannot be written.
for name, write in (("coverage", lambda dut, path: dut.coverage(path)), ("save", lambda dut, path: dut.save(path))):
    if name == "save" and "savable" not in library.info.features:
        continue
    if name == "coverage" and "coverage" not in library.info.features:
        continue
    with model() as dut:
        path = os.path.join(out, "kept." + name)
        refused(fudsv.Error, "/dev/full", write, dut, "/dev/full")
        write(dut, path)
        with open(path, "rb") as kept:
            before = kept.read()
        resource_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource_limit[1]))
        ticked(dut, 3)
        error = refused(fudsv.Error, path, write, dut, path)
        resource.setrlimit(resource.RLIMIT_FSIZE, resource_limit)
        assert "File too large" in str(error), error
        with open(path, "rb") as kept:
            assert kept.read() == before
        assert not [file for file in os.listdir(out) if ".tmp" in file], os.listdir(out)
        write(dut, path)
print("full disk: ok")
