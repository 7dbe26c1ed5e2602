#!/usr/bin/env python3
"""What the store costs: many tiny cached steps, run for the first time and taken from the store in another checkout;
and one compile of real size beside ccache with its cache warm.

    cargo build --release && benches/store.py [--steps 1000] [--runs 3] [--fudsv target/release/fudsv]

Prints medians. It does not know how steps are kept."""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

SCRIPT = """
let txt = state("txt", ["txt"]);
let sum = state("sum", ["sum"]);
defop each(src: txt) >> out: sum {
    let parts = [];
    for n in 0..config("bench.steps") {
        let part = temp(`part${n}`);
        shell_deps(`echo ${n} > ${part}; cat ${src} >> ${part}`, [src], [part],
            #{ cached: true, description: `part ${n}` });
        parts.push(part);
    }
    shell_deps(`echo done > ${out}`, parts, [out], #{ description: "all parts" });
}
"""

UNIT = "#include <map>\n#include <string>\n#include <vector>\n#include <regex>\n#include <iostream>\nint main() { return 0; }\n"

COMPILE = """
let unit = state("unit", ["unit"]);
let bench_object = state("bench-object", ["bench.o"]);
defop compile(src: unit) >> out: bench_object {
    let cxx = tool("cxx");
    shell_deps(`${cxx} -x c++ -O2 -MMD -MF ${out}.d -c -o ${out} ${src}`, [src, cxx], [out],
        #{ cached: true, depfile: out + ".d" });
}
"""


def timed(command, **kwargs):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kwargs)
    return (time.perf_counter() - start) * 1000


def project(parent, name, script, files):
    root = parent / name
    shutil.rmtree(root, ignore_errors=True)
    (root / "fudsv").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "fud.toml").write_text("")
    (root / "fudsv/bench.rhai").write_text(script)
    for file, text in files.items():
        (root / file).write_text(text)
    return root


def tiny_steps(args, parent, env):
    """Cold, taken from the store, and looked at once more, in milliseconds for each step."""
    exec_ = [args.fudsv, "exec", "a.txt", "--to", "sum", "-q", "-j2", "-s", f"bench.steps={args.steps}"]
    colds, hits, noops = [], [], []
    for run in range(args.runs):
        shutil.rmtree(parent / "cache", ignore_errors=True)
        files = {"a.txt": f"{run}\n"}
        colds.append(timed(exec_, cwd=project(parent, "one", SCRIPT, files), env=env))
        two = project(parent, "two", SCRIPT, files)
        hits.append(timed(exec_, cwd=two, env=env))
        noops.append(timed(exec_, cwd=two, env=env))
    for name, times in [("run and kept", colds), ("taken from the store", hits), ("nothing to do", noops)]:
        median = statistics.median(times)
        print(f"{args.steps} tiny steps, {name:21} {median:8.0f} ms, {median / args.steps:6.2f} ms a step")


def one_compile(args, parent, env):
    exec_ = [args.fudsv, "exec", "a.unit", "--to", "bench-object", "-q"]
    files = {"a.unit": UNIT}
    colds, hits, ccached = [], [], []
    for _ in range(args.runs):
        shutil.rmtree(parent / "cache", ignore_errors=True)
        colds.append(timed(exec_, cwd=project(parent, "one", COMPILE, files), env=env))
        hits.append(timed(exec_, cwd=project(parent, "two", COMPILE, files), env=env))
    print(f"one compile, {'run and kept':30} {statistics.median(colds):8.0f} ms")
    print(f"one compile, {'taken, with planning and Ninja':30} {statistics.median(hits):8.0f} ms")
    if shutil.which("ccache"):
        two = project(parent, "three", COMPILE, files)
        command = ["ccache", "g++", "-x", "c++", "-O2", "-MMD", "-MF", "a.d", "-c", "-o", "a.o", "a.unit"]
        env = {**env, "CCACHE_DIR": str(parent / "ccache")}
        timed(command, cwd=two, env=env)
        ccached = [timed(command, cwd=two, env=env) for _ in range(args.runs)]
        print(f"one compile, {'ccache alone, warm':30} {statistics.median(ccached):8.0f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--fudsv", default="target/release/fudsv")
    args = parser.parse_args()
    args.fudsv = str(Path(args.fudsv).resolve())
    with tempfile.TemporaryDirectory() as parent:
        parent = Path(parent)
        env = {**os.environ, "HOME": str(parent), "XDG_CACHE_HOME": str(parent / "cache")}
        tiny_steps(args, parent, env)
        one_compile(args, parent, env)


if __name__ == "__main__":
    main()
