#!/usr/bin/env python3
"""Times the first builds on a machine beside `verilator --cc --lib-create --build`: nothing is stored, nothing precompiled.

    python3 benches/first.py [--fudsv target/release/fudsv] [--runs 3] [--cxx g++] [--verilator PROGRAM --wrapper PROGRAM]

Each run has an empty cache. *first* builds one counter; *two* adds the second build, of another design in another
directory; *three* adds a third, which finds all that the machine keeps. It prints medians of wall and CPU seconds, fudsv's
share of the peer's, and the peak of memory of the largest process. It does not judge.
"""

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import cold


def timed(command, where, env):
    """Wall and CPU seconds of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=where, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def builds(args, root):
    """The times of three designs in turn, fudsv's and the peer's."""
    env = dict(os.environ, CCACHE_DISABLE="1", XDG_CACHE_HOME=str(root / "cache"), CXX=args.cxx)
    text = (cold.HERE / "examples/counter/counter.sv").read_text()
    ours, peer = [], []
    for number in range(3):
        where = root / f"p{number}"
        where.mkdir()
        name = f"counter{number}"
        changed = text.replace("module counter", f"module {name}").replace("1'b1;", f"{number + 1};")
        (where / f"{name}.sv").write_text(changed)
        ours_words = [args.fudsv, "exec", f"{name}.sv", "--to", "shared-lib", "--set", f"cxx.exe={args.cxx}"]
        if args.verilator:
            ours_words += ["--set", f"verilator.exe={args.verilator}"]
        ours.append(timed(ours_words, where, env))
        peer_words = [args.wrapper, "--cc", "--lib-create", name, "--build", "--timing", "-j", "2", "-Wno-fatal",
                      "-Wno-lint", "--Mdir", "peer", "-MAKEFLAGS", f"CXX={args.cxx} LINK={args.cxx}", f"{name}.sv"]
        peer.append(timed(peer_words, where, env))
    return ours, peer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fudsv", default=str(cold.HERE / "target/release/fudsv"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cxx", default="g++")
    parser.add_argument("--verilator", help="Verilator's binary, as `verilator.exe`")
    parser.add_argument("--wrapper", default="verilator", help="the `verilator` that is the peer")
    args = parser.parse_args()
    runs = []
    for _ in range(args.runs):
        with tempfile.TemporaryDirectory() as root:
            runs.append(builds(args, Path(root)))
    for count, name in enumerate(["first", "two", "three"], start=1):
        for index, what in enumerate(["wall", "CPU"]):
            sums = [[sum(build[index] for build in times[:count]) for times in run] for run in runs]
            ours, peer = (statistics.median(column) for column in zip(*sums))
            print(f"{name:6} {what:5} {ours:7.2f} s   --build {peer:7.2f} s   {ours / peer:5.2f} of it", flush=True)
    print(f"the largest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
