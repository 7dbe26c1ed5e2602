#!/usr/bin/env python3
"""Simulation speed and build time of the profiles `release` and `pgo` beside `verilator --binary`, in one run.

    python3 benches/release.py [--fudsv target/release/fudsv] [--rounds 9] [--cycles 1000000] [--cxx g++]…
                               [--verilator PROGRAM]… [--variant NAME=KEY=VALUE]… [--no-pgo] [picorv32] [ibex]

Each core runs a small loop from a memory in its testbench (`benches/release`). The peer is `verilator --binary -O3
--x-assign fast` with `-CFLAGS -O2`, once as it is and once with `--assert`, as fudsv runs Verilator: newer Verilators have
assertions by default. The programs run in turn; a speed is the peer's time of the processor by ours, both the best of all
rounds, since other work disturbs long ones. Builds have what earlier builds of another design left on the machine;
`--first` adds one with an empty store. `--variant` is `release` with a setting, such as `O2=cxx.flags=-O2`.
It does not judge: these figures are for reading.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cold

COUNTER = "module counter(input clk, output reg [7:0] q); always @(posedge clk) q <= q + 1; endmodule\n"


def timed(command, where, env):
    """Wall and CPU seconds of a command, and what it prints."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([str(word) for word in command], cwd=where, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


class Bench:
    """One core, one Verilator, one compiler."""

    def __init__(self, args, root, name, verilator, cxx):
        self.args, self.dir, self.cxx = args, root, cxx
        self.dir.mkdir(parents=True)
        _, _, files, dirs, _ = cold.DESIGNS[name](self.dir)
        shutil.copy(cold.HERE / f"benches/release/{name}_tb.sv", self.dir)
        self.words = [*files, f"{name}_tb.sv", *(f"-I{dir}" for dir in dirs)]
        self.top = f"{name}_tb"
        self.verilator = shutil.which(verilator)
        self.env = dict(os.environ, CCACHE_DISABLE="1", XDG_CACHE_HOME=str(self.dir / "cache"), CXX=cxx)
        self.warmed = []
        (self.dir / "fud.toml").write_text(f"[run]\nargs = ['+cycles={args.cycles // 10}']\n")

    def peer(self, more=()):
        words = [self.verilator, "--binary", "-O3", "--x-assign", "fast", "-CFLAGS", "-O2", "-j", "2", "-Wno-fatal", "-Wno-lint",
                 "-Wno-style", "--top-module", self.top, "--Mdir", "peer", "-MAKEFLAGS", f"CXX={self.cxx} LINK={self.cxx} CFG_CXXFLAGS_COROUTINES=-std=gnu++20", *more]
        shutil.rmtree(self.dir / "peer", ignore_errors=True)
        took = timed(words + self.words, self.dir, self.env)[:2]
        program = self.dir / "-".join(["peer", *more, "program"])
        shutil.copy(self.dir / f"peer/V{self.top}", program)
        return took, program

    def warm(self, settings):
        """Lets the machine have the runtime; the second build precompiles the header, which a unit of the third uses."""
        if settings in self.warmed:
            return
        self.warmed.append(settings)
        for number in (1, 2, 3):
            (self.dir / "counter.sv").write_text(COUNTER.replace("+ 1", f"+ {number}"))
            words = [self.args.fudsv, "exec", "-q", "--release", *self.set(settings), "counter.sv", "--to", "sim"]
            timed([*words, "-o", "counter.sim"], self.dir, self.env)

    def set(self, settings):
        all_of = [f"cxx.exe={self.cxx}", f"verilator.exe={self.verilator}", *settings]
        return [word for setting in all_of for word in ("-s", setting)]

    def ours(self, name, profile, settings, is_first=False):
        """A build that keeps nothing in the store, and its program."""
        env = self.env
        if is_first:
            env = dict(env, XDG_CACHE_HOME=str(self.dir / "empty"))
        else:
            self.warm(settings)
        output = self.dir / f"{name}.sim"
        words = [self.args.fudsv, "exec", "-q", "--profile", profile, *self.set([*settings, "store.read-only=true"]), *self.words]
        return timed([*words, "--top", self.top, "--to", "sim", "-o", output, "--dir", f"build-{name}"], self.dir, env)[:2], output

    def run(self):
        variants = {"release": ("release", [])}
        for variant in self.args.variant:
            name, setting = variant.split("=", 1)
            variants[name] = ("release", [setting])
        if not self.args.no_pgo:
            variants["pgo"] = ("pgo", [])
        builds, programs = {}, {}
        builds["peer"], programs["peer"] = self.peer()
        builds["--assert"], programs["--assert"] = self.peer(["--assert"])
        if self.args.first:
            builds["first"], _ = self.ours("first", "release", [], is_first=True)
        for name, (profile, settings) in variants.items():
            builds[name], programs[name] = self.ours(name, profile, settings)
        times, said = {name: [] for name in programs}, set()
        for _ in range(self.args.rounds):
            for name, program in programs.items():
                _, cpu, printed = timed([program, f"+cycles={self.args.cycles}"], self.dir, self.env)
                times[name].append(cpu)
                said.add(next(line for line in printed.splitlines() if line.isdigit()))
        if len(said) != 1:
            sys.exit(f"the programs differ: {said}")
        return builds, {name: min(of) for name, of in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fudsv", default=str(cold.HERE / "target/release/fudsv"))
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cycles", type=int, default=1_000_000)
    parser.add_argument("--cxx", action="append", help="may be repeated")
    parser.add_argument("--verilator", action="append", help="may be repeated")
    parser.add_argument("--variant", action="append", default=[], help="NAME=KEY=VALUE")
    parser.add_argument("--no-pgo", action="store_true", help="leave out the profile `pgo`")
    parser.add_argument("--first", action="store_true", help="build with an empty store too")
    parser.add_argument("designs", nargs="*", help="picorv32, ibex")
    args = parser.parse_args()
    args.fudsv = os.path.abspath(args.fudsv)
    for verilator in args.verilator or ["verilator"]:
        for cxx in args.cxx or ["g++"]:
            for name in args.designs or ["picorv32", "ibex"]:
                with tempfile.TemporaryDirectory() as directory:
                    builds, runs = Bench(args, Path(directory, "p"), name, verilator, cxx).run()
                print(f"{name}, {cxx}, {verilator}")
                for what, (wall, cpu) in builds.items():
                    peer = builds["peer"]
                    speed = f"  simulates {runs['peer'] / runs[what]:5.2f} x as fast ({runs[what]:.2f} s)" if what in runs else ""
                    print(f"  {what:9} built in {wall:6.2f} s ({wall / peer[0]:4.2f}), CPU {cpu:6.2f} s ({cpu / peer[1]:4.2f}){speed}",
                          flush=True)


if __name__ == "__main__":
    main()
