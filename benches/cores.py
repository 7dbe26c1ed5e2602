#!/usr/bin/env python3
"""Builds real cores to everything, with each Verilator and compiler, and runs the tests of their crates.

    python3 benches/cores.py [--fudsv target/release/fudsv] [--verilator PROGRAM]… [--cxx PROGRAM]… [DESIGN…]

The designs are those of `cold.py`. Prints a line for each build; exits with 1 when one fails. The runtime is compiled
once for each pair of Verilator and compiler, in a store of its own.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cold import DESIGNS, HERE, package_of


def build(args, project, name, verilator, cxx):
    """Makes all states of one design; yields what was made, what went wrong (or nothing), and how long it took."""
    top, _, files, dirs, _ = DESIGNS[name](project)
    env = dict(os.environ, XDG_CACHE_HOME=str(project.parent.parent / "cache"), CCACHE_DISABLE="1")
    words = [*files, *(f"-I{dir}" for dir in dirs), "--top", top, "-q", "-s", f"cxx.exe={cxx}"]
    if verilator:
        words += ["-s", f"verilator.exe={verilator}"]

    def run(command, cwd):
        start = time.perf_counter()
        done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
        return (done.stdout + done.stderr if done.returncode else ""), time.perf_counter() - start

    for state in ["lint", "shared-lib", "sim", "rust-crate"]:
        yield state, *run([args.fudsv, "exec", *words, "--to", state, "-o", f"made.{state}"], project)
    yield "cargo test", *run(["cargo", "test", "--offline", "--quiet"], project / "made.rust-crate")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fudsv", default=str(HERE / "target/release/fudsv"))
    parser.add_argument("--verilator", action="append", help="as `verilator.exe`; may be repeated")
    parser.add_argument("--cxx", action="append", help="as `cxx.exe`; may be repeated")
    parser.add_argument("designs", nargs="*", help=", ".join(DESIGNS))
    args = parser.parse_args()
    compilers = args.cxx or [name for name in ("clang++", "g++") if shutil.which(name)]
    here = [name for name in DESIGNS if name == "counter" or package_of(name)]
    failed = 0
    with tempfile.TemporaryDirectory() as root:
        for number, verilator in enumerate(args.verilator or [None]):
            for cxx in compilers:
                for name in args.designs or here:
                    project = Path(root, f"{number} {cxx}", name)
                    project.mkdir(parents=True)
                    for what, problem, took in build(args, project, name, verilator, cxx):
                        failed += bool(problem)
                        word = "FAILED" if problem else "ok"
                        line = f"{verilator or 'verilator'}  {cxx:7} {name:9} {what:10} {took:6.1f} s  {word}"
                        print(line, problem[:2000], sep="\n" if problem else "", flush=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
