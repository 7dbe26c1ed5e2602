"""Signals inside of a design are read like ports: `probed.py DRIVER_DIR LIBRARY`."""

import ctypes
import sys

sys.path.insert(0, sys.argv[1])
import driver
from driver import OK


class Info(ctypes.Structure):
    _fields_ = driver.Info._fields_ + [
        ("dpi_stride", ctypes.c_uint32), ("dpi_value_stride", ctypes.c_uint32), ("dpi_import_count", ctypes.c_uint32),
        ("dpi_export_count", ctypes.c_uint32), ("dpi_imports", ctypes.c_void_p), ("dpi_exports", ctypes.c_void_p),
        ("probe_count", ctypes.c_uint32), ("threads", ctypes.c_uint32), ("probes", ctypes.c_void_p),
    ]


library = driver.Library(sys.argv[2])
info = Info.from_address(ctypes.addressof(library.info))
ports = dict(library.ports)
for index, port in enumerate(driver._records(driver.Port, info.probes, info.probe_count, info.port_stride)):
    assert (port.direction, port.flags & 4, port.role) == (3, 0, 0), port.name
    library.ports[port.name.decode()] = info.port_count + index, port
assert set(ports) == {"clk", "data", "out"}, ports

model = library.new()
model["data"] = 0xA5
assert model.tick(5) == OK
expected = {
    "u.pc": 5, "u.state": 1, "u.parts": 0x4D, "u.wide": 0xA5 << 92 | 4, "u.negative": -3, "u.packed_two": 0x42,
    "u.half": 2.5, "u.text": "pc is 4", "u.odd.name": 77, "u.unread": 1, "v.pc": 5, "gen[1].inner": 2,
    "gen[0].f.far": 15, "own": 5, "u.memory": 4, ("u.memory", 3): 3, ("u.table_of", 5): 0x1_0000_0004,
}
for path, value in expected.items():
    assert model[path] == value, (path, model[path])
assert library.ports["v.pc"][1].width == 16 and library.ports["u.table_of"][1].elements == 6
types = [library.types[library.ports[path][1].type].name for path in ("u.state", "u.parts")]
assert types == [b"probed_pkg::state_e", b"probed_pkg::parts_s"], types
try:
    model["u.pc"] = 1
    raise SystemExit("a signal inside was written")
except driver.Refused as refused:
    assert str(refused) == "set: -3", refused
get = library.library.probed_get_gen_1__inner
get.argtypes = [driver.Model]
assert get(model.handle) == 2
text = library.library.probed_get_u_text
text.argtypes, text.restype = [driver.Model], ctypes.c_char_p
assert text(model.handle) == b"pc is 4"
model.close()
print("probed: ok")
