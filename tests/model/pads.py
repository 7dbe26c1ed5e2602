"""Pads are driven from both sides: `pads.py DRIVER_DIR LIBRARY`."""

import sys

sys.path.insert(0, sys.argv[1])
import driver

library = driver.Library(sys.argv[2])
model = library.new()
model["data"] = 0xA5
if "pad__en" in library.ports:
    model["oe"], model["pad"], model["wide"] = 0, 0x3C, 1 << 99
    model.eval()
    assert (model["seen"], model["pad__en"], model["seen_wide"]) == (0x3C, 0, 1 << 99)
    model["oe"] = 1
    model.eval()
    assert (model["pad__en"], model["pad__out"], model["one__out"]) == (0xFF, 0xA5, 1)
    assert model["wide__out"] == 0xA5 << 80 and model["wide__en"] == (1 << 100) - 1
else:
    model["oe"] = 1
    model.eval()
    assert (model["pad"], model["one"], model["wide"]) == (0xA5, 1, 0xA5 << 80)
    try:
        model["pad"] = 1
        raise SystemExit("an inout was written")
    except driver.Refused as refused:
        assert str(refused) == "set: -6", refused
model.close()
print("pads: ok")
