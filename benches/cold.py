#!/usr/bin/env python3
"""Times builds beside `verilator --build`, in one run: medians of wall and CPU seconds, and how many times faster.

    python3 benches/cold.py [--fudsv target/release/fudsv] [--runs 5] [--verilator PROGRAM] [--cxx clang++]
                            [--sim] [DESIGN…]

`--sim` builds programs, beside `verilator --binary`.

Designs: `counter`, and `picorv32`, `serv` and `ibex` of the packages `pythondata-cpu-…` where Python finds them.
*cold* starts without the store and the design's steps, with the runtime and the precompiled header that an earlier build on the
machine made; *no-op* builds again; *comment* and *line* edit the top module. It does not judge: these figures are for reading.
"""

import argparse
import importlib.util
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def package(name):
    """The sources in a Python package, or None."""
    found = importlib.util.find_spec(name)
    if not found:
        return None
    root = Path(found.submodule_search_locations[0])
    return next((root / sub for sub in ["system_verilog", "verilog"] if (root / sub).is_dir()), None)


def copied(source, project, sub):
    shutil.copytree(source / sub, project / sub, dirs_exist_ok=True)


def counter(project):
    shutil.copy(HERE / "examples/counter/counter.sv", project)
    return "counter", "counter.sv", ["counter.sv"], [], ("count + 1'b1", "count + 2'd2")


def picorv32(project):
    shutil.copy(package_of("picorv32") / "picorv32.v", project)
    return "picorv32", "picorv32.v", ["picorv32.v"], [], ("alu_add_sub = instr_sub ?", "alu_add_sub = !instr_sub ?")


def serv(project):
    copied(package_of("serv"), project, "rtl")
    return "serv_rf_top", "rtl/serv_alu.v", ["rtl/serv_rf_top.v"], ["rtl"], ("i_op_b^i_sub", "i_op_b^~i_sub")


def ibex(project):
    source = package_of("ibex")
    prim = "vendor/lowrisc_ip/ip/prim/rtl"
    for sub in ["rtl", prim, "vendor/lowrisc_ip/ip/prim_generic/rtl", "vendor/lowrisc_ip/dv/sv/dv_utils",
                "dv/uvm/core_ibex/common/prim"]:
        copied(source, project, sub)
    dirs = ["rtl", prim, "vendor/lowrisc_ip/ip/prim_generic/rtl", "dv/uvm/core_ibex/common/prim",
            "vendor/lowrisc_ip/dv/sv/dv_utils"]
    packages = [f"{prim}/prim_{name}_pkg.sv" for name in ("secded", "mubi", "util", "count", "cipher", "ram_1p")]
    files = packages + ["dv/uvm/core_ibex/common/prim/prim_pkg.sv", "rtl/ibex_pkg.sv", "rtl/ibex_top.sv"]
    return "ibex_top", "rtl/ibex_alu.sv", files, dirs, ("= adder_result_ext_o[32:1];", "= ~adder_result_ext_o[32:1];")


def package_of(cpu):
    return package(f"pythondata_cpu_{cpu}")


DESIGNS = {"counter": counter, "picorv32": picorv32, "serv": serv, "ibex": ibex}


class Project:
    """One design, and the two ways to build it."""

    def __init__(self, name, args, root):
        self.dir = root / name
        self.dir.mkdir()
        self.top, edited, self.files, dirs, self.change = DESIGNS[name](self.dir)
        self.edited = self.dir / edited
        self.text = self.edited.read_text()
        if self.change[0] not in self.text:
            raise SystemExit(f"{edited} has no `{self.change[0]}`, which is to be edited")
        self.env = dict(os.environ, CCACHE_DISABLE="1", XDG_CACHE_HOME=str(root / "cache"))
        include = [f"-I{path}" for path in dirs]
        kind = ["--binary"] if args.sim else ["--cc", "--build", "--timing"]
        self.peer = [args.wrapper, *kind, "-j", "2", "-Wno-fatal", "-Wno-lint", "-Wno-style"]
        self.peer += ["--top-module", self.top, "--Mdir", "peer", *include, *self.files]
        if args.lib_create:
            self.peer += ["--lib-create", "x"]
        settings = [f"verilator.top={self.top}", f"cxx.exe={args.cxx}", "store=false"]
        if args.verilator:
            settings.append(f"verilator.exe={args.verilator}")
        if dirs:
            settings.append(f"verilator.include-dirs={dirs!r}".replace("'", '"'))
        self.ours = [args.fudsv, "exec", *self.files, "--to", "sim" if args.sim else "shared-lib", "--dir", "ours"]
        for setting in settings:
            self.ours += ["--set", setting]

    def run(self, command):
        """Wall and CPU seconds; on a busy machine only the latter mean something."""
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(command, cwd=self.dir, env=self.env, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def forget(self):
        """Takes away what belongs to the design; the runtime, its header and their records stay."""
        shutil.rmtree(self.dir / "peer", ignore_errors=True)
        ours = self.dir / "ours"
        for path in set(ours.glob(f"*{self.top}*")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in (ours / ".fudsv/steps").glob(f"*{self.top}*"):
            path.unlink()

    def time(self, runs):
        # The second build on a machine precompiles the header.
        self.run(self.ours)
        self.forget()
        self.run(self.ours)
        rows = {}
        for job in ["cold", "no-op", "comment", "line"]:
            ours, peer = [], []
            for number in range(runs):
                if job == "cold":
                    self.forget()
                elif job == "comment":
                    self.edited.write_text(self.text.rstrip("\n") + f"  // {number}\n")
                elif job == "line":
                    old, new = self.change
                    self.edited.write_text(self.text.replace(old, new, 1) if number % 2 == 0 else self.text)
                ours.append(self.run(self.ours))
                peer.append(self.run(self.peer))
            rows[job] = [[statistics.median(of) for of in zip(*times)] for times in (ours, peer)]
        return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fudsv", default=str(HERE / "target/release/fudsv"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--verilator", help="Verilator's binary, as `verilator.exe`")
    parser.add_argument("--wrapper", default="verilator", help="the `verilator` that is the peer")
    parser.add_argument("--cxx", default="clang++" if shutil.which("clang++") else "g++")
    parser.add_argument("--lib-create", action="store_true", help="the peer makes a library too; it cannot for ibex")
    parser.add_argument("--sim", action="store_true", help="programs instead of libraries")
    parser.add_argument("designs", nargs="*", help=", ".join(DESIGNS))
    args = parser.parse_args()
    here = [name for name in DESIGNS if name == "counter" or package_of(name)]
    with tempfile.TemporaryDirectory() as root:
        for name in args.designs or here:
            for job, (ours, peer) in Project(name, args, Path(root)).time(args.runs).items():
                for index, what in enumerate(["wall", "CPU"]):
                    a, b = ours[index], peer[index]
                    print(f"{name:10} {job:8} {what:5} {a:7.3f} s   --build {b:7.3f} s   {b / a:5.1f} x", flush=True)


if __name__ == "__main__":
    main()
