"""The functions of external modules by the names and types that their manifests say: `drive.py DIRECTORY…`."""

import ctypes as c
import json
import os
import random
import sys

KEYS = ["crate", "dynamic_lib", "top_module", "sv", "crate_dir", "struct_name", "has_clock", "has_reset", "lib_filename",
        "lib_path", "inputs", "outputs", "original_module_name"]


class External:
    """A module as a simulator sees it: only what the manifest tells."""

    def __init__(self, root):
        with open(os.path.join(root, "external_modules.json")) as file:
            content = json.load(file)
        assert list(content) == ["modules"] and len(content["modules"]) == 1
        self.module = module = content["modules"][0]
        assert list(module) == KEYS, list(module)
        assert os.path.isfile(os.path.join(root, module["crate_dir"], "Cargo.toml"))
        assert os.path.isfile(os.path.join(root, module["crate_dir"], module["lib_filename"]))
        assert os.path.isabs(module["lib_path"]) and module["lib_path"].endswith(module["lib_filename"])
        self.library = c.CDLL(module["lib_path"])
        self.wires = {wire["name"]: wire for wire in module["inputs"] + module["outputs"]}
        for wire in self.wires.values():
            assert list(wire) == ["name", "bits", "signed", "rust_type", "c_type"]
            assert wire["rust_type"][0] == ("i" if wire["signed"] else "u")
        self.handle = self.function("new", c.c_void_p)()
        assert self.handle

    def function(self, name, result=None, *arguments):
        function = self.library[f"{self.module['crate']}_{name}"]
        function.restype, function.argtypes = result, arguments
        return function

    def type(self, name):
        return getattr(c, f"c_{self.wires[name]['c_type'][:-2]}")

    def __getitem__(self, name):
        return self.function(f"get_{name}", self.type(name), c.c_void_p)(self.handle)

    def __setitem__(self, name, value):
        self.function(f"set_{name}", None, c.c_void_p, self.type(name))(self.handle, value)

    def eval(self):
        self.function("eval", None, c.c_void_p)(self.handle)

    def level(self, name, value):
        self.function(f"set_{name}", None, c.c_void_p, c.c_uint8)(self.handle, value)

    def tick(self):
        for level in (0, 1):
            self.level("clk", level)
            self.eval()

    def reset(self, cycles):
        self.level("rst", 1)
        for _ in range(cycles):
            self.tick()
        self.level("rst", 0)
        self.tick()

    def free(self):
        self.function("free", None, c.c_void_p)(self.handle)


adder, register, multiplier, rom, other = map(External, sys.argv[1:])
random = random.Random(1)

# A1: an adder.
assert (adder.module["has_clock"], adder.module["has_reset"], adder.module["crate"]) == (False, False, "verilated_adder")
assert adder.module["struct_name"] == "VerilatedAdder" and adder.module["sv"].endswith("assassyn/adder.sv")
for _ in range(100):
    a, b = random.getrandbits(32), random.getrandbits(32)
    adder["a"], adder["b"] = a, b
    adder.eval()
    assert adder["c"] == (a + b) % 2**32

# A2: a register that is reset; clock and reset are no inputs.
assert list(register.wires) == ["reg_in", "reg_out"] and register.module["has_clock"] and register.module["has_reset"]
register["reg_in"] = 77
register.tick()
assert register["reg_out"] == 77
register["reg_in"] = 0
register.level("rst", 1)
register.tick()
assert register["reg_out"] == 0
register.reset(2)
for value in range(100):
    register["reg_in"] = value
    assert register["reg_out"] == max(value - 1, 0)
    register.tick()

# A3: a product of 64 bits, four cycles later; narrow signed values keep their sign and their width.
multiplier.reset(1)
queue = []
for cycle in range(50):
    x, y = random.getrandbits(32), random.getrandbits(32)
    multiplier["x"], multiplier["y"], multiplier["in_valid"] = x, y, 1
    queue.append(x * y)
    multiplier.tick()
    assert multiplier["out_valid"] == (cycle >= 3)
    if cycle >= 3:
        assert multiplier["product"] == queue[cycle - 3]
for value, seen in ((-1, -1), (2047, 2047), (2048, -2048), (-2049, 2047)):
    multiplier["narrow"] = value
    multiplier.eval()
    assert multiplier["narrow_o"] == seen, (value, multiplier["narrow_o"])

# A4: a memory with the words of a file, whose name is a parameter.
for address in (0, 1, 300, 511):
    rom["address"] = address
    rom.tick()
    assert rom["data"] == address + 1

# A5: another module of that name, beside the first.
assert other.module["crate"] == "verilated_adder_2" and other.library is not adder.library
other["a"], other["b"] = 1, 2
other.eval()
assert (other["c"], adder["c"]) == (3, (a + b) % 2**32)
for external in (adder, register, multiplier, rom, other):
    external.free()
print("assassyn: ok")
