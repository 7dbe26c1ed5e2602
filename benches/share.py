#!/usr/bin/env python3
"""What a team builds once: a second checkout of a project with everything in the store, and thirty variants of one core,
beside `verilator --lib-create --build` in the same run.

    python3 benches/share.py [--fudsv target/release/fudsv] [--runs 3] [--variants 30] [--cxx clang++] [DESIGN…]

Designs are those of `cold.py`; the variants are of picorv32. It does not judge: these figures are for reading.
"""

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from cold import DESIGNS, HERE, Project, package_of


def timed(project, command, where):
    """Wall seconds in this directory."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=where, env=project.env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def checkout(project, name):
    """A copy of the project without what was built."""
    copy = project.dir.parent / f"{project.dir.name}-{name}"
    shutil.rmtree(copy, ignore_errors=True)
    return shutil.copytree(project.dir, copy, ignore=shutil.ignore_patterns("ours", "peer", ".fudsv"))


def ran(where):
    """Steps that really ran in the last build of this checkout."""
    lines = (where / "ours/.fudsv/events.ndjson").read_text().splitlines()
    ends = [line for line in lines if '"event":"end"' in line]
    return sum('"outcome":"ran"' in line for line in ends)


def second_checkout(name, args, root):
    project = Project(name, args, root)
    project.ours += ["--set", "store=true"]
    built, peer, second, steps = [], [], [], 0
    for run in range(args.runs):
        shutil.rmtree(root / "cache", ignore_errors=True)
        one = checkout(project, "one")
        built.append(timed(project, project.ours, one))
        two = checkout(project, "two")
        second.append(timed(project, project.ours, two))
        steps = ran(two)
        peer.append(timed(project, project.peer, checkout(project, "peer")))
    a, b, p = map(statistics.median, (built, second, peer))
    print(f"{name:10} built {a:6.2f} s   second checkout {b:6.3f} s, {steps} steps ran   {a / b:5.1f} x faster than "
          f"building, {p / b:5.1f} x than the peer", flush=True)


def variants(args, root):
    (root / "variants").mkdir()
    project = Project("picorv32", args, root / "variants")
    project.ours += ["--set", "store=true"]
    timed(project, project.ours, checkout(project, "warm"))
    where = checkout(project, "all")
    at = project.ours.index("--dir")
    ours = project.ours[:at] + project.ours[at + 2:]
    start = time.perf_counter()
    for number in range(args.variants):
        timed(project, [*ours, f"-GPROGADDR_RESET={number * 16}", "--dir", f"v{number}"], where)
    took = time.perf_counter() - start
    peer = statistics.median(timed(project, [*project.peer, f"-GPROGADDR_RESET={number * 16}"], checkout(project, "peer"))
                             for number in range(args.runs))
    print(f"{args.variants} variants of picorv32 {took:6.1f} s   {args.variants} x the peer {args.variants * peer:6.1f} s   "
          f"{args.variants * peer / took:5.1f} x", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fudsv", default=str(HERE / "target/release/fudsv"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--variants", type=int, default=30)
    parser.add_argument("--cxx", default="clang++" if shutil.which("clang++") else "g++")
    parser.add_argument("--wrapper", default="verilator", help="the `verilator` that is the peer")
    parser.add_argument("designs", nargs="*", help=", ".join(DESIGNS))
    args = parser.parse_args()
    args.verilator, args.sim, args.lib_create = None, False, True
    here = [name for name in DESIGNS if name == "counter" or package_of(name)]
    with tempfile.TemporaryDirectory() as root:
        for name in args.designs or here:
            args.lib_create = name != "ibex"
            second_checkout(name, args, Path(root))
        if package_of("picorv32"):
            args.lib_create = True
            variants(args, Path(root))


if __name__ == "__main__":
    main()
