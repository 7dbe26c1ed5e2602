#!/usr/bin/env python3
"""Times the main job beside its peers, in one run: medians in milliseconds, and the ratio to the peer.

    python3 benches/spine.py [--fudsv target/release/fudsv] [--runs 21] [--cold 5]

Needs a release build, Verilator, Ninja and g++. It does not judge: these figures are for reading.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
COUNTER = HERE / "examples" / "counter" / "counter.sv"


def timed(command, cwd, env):
    """Wall milliseconds of one run, which must succeed."""
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def pairs(runs, one, other):
    """Medians of two jobs that take turns, so that a machine that slows down slows both."""
    first, second = [], []
    for _ in range(runs):
        first.append(one())
        second.append(other())
    return statistics.median(first), statistics.median(second)


def show(what, ours, peer_name, peer):
    print(f"{what:42} {ours:9.1f} ms   {peer_name:38} {peer:9.1f} ms   ratio {ours / peer:5.2f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--fudsv", default=HERE / "target" / "release" / "fudsv", type=Path)
    arguments.add_argument("--runs", default=21, type=int, help="of what takes milliseconds")
    arguments.add_argument("--cold", default=5, type=int, help="of what takes seconds")
    given = arguments.parse_args()
    fudsv, runs = given.fudsv.resolve(), given.runs
    env = {**os.environ, "FUDSV": str(fudsv), "CCACHE_DISABLE": "1"}
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        shutil.copy(COUNTER, root)
        request = ["counter.sv", "--to", "shared-lib"]
        workdir = root / ".fudsv" / "counter-shared-lib"

        def run(command, cwd=root):
            return lambda: timed(command, cwd, env)

        start = run([fudsv, "--version"])
        start()
        for verb in ("plan", "emit"):
            ours, empty = pairs(runs, run([fudsv, verb, *request]), start)
            show(f"fudsv {verb}", ours, "fudsv --version", empty)

        run([fudsv, "exec", *request])()
        ours, ninja = pairs(runs, run([fudsv, "exec", *request]), run(["ninja"], workdir))
        show("exec, nothing to do", ours, "ninja, nothing to do", ninja)

        def cold():
            shutil.rmtree(root / ".fudsv", ignore_errors=True)
            return timed([fudsv, "exec", *request], root, env)

        def peer_cold():
            shutil.rmtree(root / "obj_dir", ignore_errors=True)
            command = ["verilator", "--cc", "--lib-create", "counter", "--build", "-j", "2", "counter.sv"]
            return timed(command, root, env)

        show("exec, cold counter", *named(pairs(given.cold, cold, peer_cold)))

        source = root / "counter.sv"
        plain = source.read_text()
        edits = iter(range(10**6))

        def edited(text, job):
            source.write_text(text(next(edits)))
            return job()

        ours_job, peer_job = run([fudsv, "exec", *request]), lambda: timed(
            ["verilator", "--cc", "--lib-create", "counter", "--build", "-j", "2", "counter.sv"], root, env
        )
        for what, text in (
            ("exec, a comment edited", lambda n: plain + f"// {n}\n"),
            ("exec, a line edited", lambda n: plain.replace("count + 1", f"count + {n % 7 + 1}")),
        ):
            show(what, *named(pairs(given.cold, lambda: edited(text, ours_job), lambda: edited(text, peer_job))))


def named(medians):
    ours, peer = medians
    return ours, "verilator --lib-create --build -j 2", peer


if __name__ == "__main__":
    main()
