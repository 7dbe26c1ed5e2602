"""A library that changes while Python runs, and its waves: `again.py MODULE_DIR LIBRARY OTHER_LIBRARY DIR`."""

import os
import shutil
import sys

sys.path.insert(0, sys.argv[1])
import fudsv

path, other, out = sys.argv[2:]
before = fudsv.load(path)
assert fudsv.load(path) is before
os.remove(path)
shutil.copyfile(other, path)
after = fudsv.load(path)
assert (before.parameters, after.parameters) == ({"WIDTH": 8}, {"WIDTH": 70})
old, new = before.new(), after.new()
for dut in (old, new):
    dut.reset()
    dut.en = 1
    dut.tick(300)
assert (old.count, new.count) == (44, 300)

with before.new() as dut:
    dut.reset(2)
    dut.en = 1
    with dut.trace(os.path.join(out, "some waves.vcd")) as trace:
        dut.tick(3)
        trace.flush()
    dut.tick(3)
    try:
        dut.trace(os.path.join(out, "no/such/directory.vcd"))
        raise AssertionError("was not refused")
    except fudsv.Error as error:
        assert str(error).endswith("no/such/directory.vcd` cannot be written: No such file or directory"), error
with open(os.path.join(out, "text.so"), "w") as text:
    text.write("no library")
for wrong, message in (("text.so", "cannot be loaded: "), ("", "cannot be loaded: ")):
    try:
        fudsv.load(os.path.join(out, wrong))
        raise AssertionError("was not refused")
    except fudsv.Error as error:
        assert message in str(error), error
print("again: ok")
