#!/usr/bin/env python3
"""Cycles per second of picorv32 in a loop that serves its memory, driven from several languages in one run.

    python3 benches/drive.py [--fudsv target/release/fudsv] [--cycles 300000] [--rounds 40] [--set KEY=VALUE]…

The first line is a main program written by hand over Verilator's class, compiled with the same flags (the profile
`release`). Times are those of the processor, the best of all rounds, which are short and many since
other work disturbs long ones; every program must see the same memory traffic.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cold import HERE, package_of

# RV32I: adds 10, 9, … 1, stores the sum, and begins again.
PROGRAM = "00000093 00a00113 002080b3 fff10113 fe011ce3 100001b7 0011a023 fe5ff06f"


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(args, root):
    """Makes all programs; gives the command of each."""
    here = HERE / "benches/drive"
    source = package_of("picorv32") / "picorv32.v"
    words = ["--top", "picorv32", "--release", "-q"]
    for setting in args.set:
        words += ["-s", setting]
    exec_ = [args.fudsv, "exec", source, *words]
    states = ["shared-lib", "static-lib", "c-interface", "rust-crate"]
    outputs = ["libpicorv32.so", "libpicorv32.a", "interface", "picorv32"]
    to = [word for state, output in zip(states, outputs) for word in ("--to", state, "-o", output)]
    run(*exec_, here / "by_hand.cpp", "--to", "program", "-o", "by-hand", cwd=root)
    run(*exec_, *to, cwd=root)
    link = ["-Iinterface", "-O3", "-lstdc++", "-lm", "-pthread", "-latomic"]
    run("cc", here / "loop.c", "libpicorv32.so", "-Wl,-rpath,$ORIGIN", *link, "-o", "c-shared", cwd=root)
    run("cc", here / "loop.c", "libpicorv32.a", *link, "-o", "c-static", cwd=root)
    run("c++", "-std=c++17", here / "loop.cpp", "libpicorv32.a", *link, "-o", "cxx", cwd=root)
    (root / "picorv32/examples").mkdir()
    (root / "picorv32/examples/drive.rs").write_text((here / "loop.rs").read_text())
    run("cargo", "build", "--release", "--offline", "--example", "drive", cwd=root / "picorv32",
        env=dict(os.environ, CARGO_TARGET_DIR=str(root / "target")))
    return {
        "Verilator's class, by hand": [root / "by-hand"], "C, static": [root / "c-static"],
        "C, shared": [root / "c-shared"], "C++ header, static": [root / "cxx"],
        "Rust crate": [root / "target/release/examples/drive"],
        "Python": ["python3", here / "loop.py", root / "libpicorv32.so"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fudsv", default=str(HERE / "target/release/fudsv"))
    parser.add_argument("--cycles", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--set", action="append", default=[], help="as `fudsv exec --set`")
    args = parser.parse_args()
    args.fudsv = os.path.abspath(args.fudsv)
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        programs = build(args, root)
        (root / "program").write_text(PROGRAM)
        best, sums = {}, set()
        for _ in range(args.rounds):
            for name, command in programs.items():
                env = dict(os.environ, PYTHONPATH=str(root / "interface"), PYTHONDONTWRITEBYTECODE="1")
                total, seconds = run(*command, root / "program", args.cycles, env=env).split()
                best[name] = min(float(seconds), best.get(name, 1e9))
                sums.add(total)
        if len(sums) != 1:
            sys.exit(f"the programs saw different traffic: {sums}")
        by_hand = next(iter(best.values()))
        for name, seconds in best.items():
            print(f"{name:28} {args.cycles / seconds / 1e6:8.3f} M cycles/s   {by_hand / seconds:6.1%}")


if __name__ == "__main__":
    main()
