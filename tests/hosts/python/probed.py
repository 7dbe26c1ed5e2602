"""Signals inside of a design: `probed.py MODULE_DIR LIBRARY`."""

import sys

sys.path.insert(0, sys.argv[1])
import fudsv

dut = fudsv.load(sys.argv[2]).new()
dut.data = 0x5A
dut.tick(4)
state = dut.types.state_e
seen = {probe.name: dut[probe.name] for probe in dut.probes}
assert seen["u.pc"] == dut.out == 4 and seen["u.state"] is state.RUN and seen["u.wide"] == 0x5A << 92 | 3, seen
assert dict(seen["u.parts"]) == {"high": 9, "low": 5} and seen["u.negative"] == -3 and seen["gen[0].f.far"] == 12
assert seen["u.memory"] == [0, 1, 2, 3] and seen["u.table_of"][1][2] == 0x1_0000_0003 and seen["u.odd.name"] == 77
assert (seen["u.half"], seen["u.text"], seen["own"]) == (2.0, "pc is 3", 10)
dut.tick()
assert (seen["u.pc"], dut["u.pc"]) == (4, 5) and not hasattr(dut, "u_pc")
for name, message in (("u.pc", "`u.pc` is a signal inside of the design, which can only be read"),
                      ("u.cp", "`probed` has no port `u.cp`; did you mean `u.pc`?")):
    try:
        dut[name] = 1
        raise AssertionError("was not refused")
    except fudsv.Error as error:
        assert str(error) == message, error
print("probed: ok")
