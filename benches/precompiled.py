#!/usr/bin/env python3
"""What a precompiled database costs and saves: a load beside the cold build that it replaces, sizes, and a frozen load of
many sources beside an ordinary build with nothing to do.

    python3 benches/precompiled.py [--fudsv target/release/fudsv] [--sources 2000] [--runs 3]

Needs the packages `pythondata-cpu-ibex` and `-serv`, which this Python finds, for the cores; without them only `examples/soc`
is measured. All figures of one run are from one machine in one state: read the ratios, on a busy machine those of the
processor.
"""

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import cold

HERE = Path(__file__).resolve().parent.parent

def run(fudsv, words, cwd, home):
    """Seconds of one run, which must succeed: by the clock, and of the processor."""
    env = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": f"{home}/cache", "XDG_CONFIG_HOME": f"{home}/config"}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([fudsv, *words], cwd=cwd, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}\n{done.stderr}")
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stderr


def size(path):
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size


def mb(count):
    return f"{count / 1e6:.2f} MB"


def projects(base):
    """Directories with a design each, by name."""
    soc = base / "soc"
    shutil.copytree(HERE / "examples/soc", soc)
    yield "soc", soc
    for name in ["serv", "ibex"]:
        if not cold.package_of(name):
            continue
        directory = base / name
        directory.mkdir()
        top, _, files, dirs, _ = cold.DESIGNS[name](directory)
        quoted = lambda paths: ", ".join(f'"{path}"' for path in paths)
        design = f'[design.{name}]\nsources = [{quoted(files)}]\ntop = "{top}"\nto = "shared-lib"\n'
        (directory / "fud.toml").write_text(f"[verilator]\ninclude-dirs = [{quoted(dirs)}]\n{design}")
        yield name, directory


def loads(options, base):
    print("seconds by the clock and of the processor:")
    print(f"{'design':8} {'cold':>15} {'load':>15} {'ratio':>15} {'database':>10} {'no header':>10} {'one file':>10}")
    for name, project in projects(base):
        words = ["build", name]
        home = base / f"home-{name}"
        # Tools are identified once for each user, which is no part of either.
        run(options.fudsv, ["exec", "-n", *words[1:]], project, home)
        wall, spent, _ = run(options.fudsv, [*words, "-q", "--set", "store=false"], project, home)
        save = ["precompile", "save"]
        database, small, packed = base / f"{name}.fdb", base / f"{name}-small.fdb", base / f"{name}.tar.zst"
        run(options.fudsv, [*save, str(database), *words[1:], "-q"], project, home)
        run(options.fudsv, [*save, str(small), "--without-pch", *words[1:], "-q"], project, home)
        run(options.fudsv, [*save, str(packed), *words[1:], "-q"], project, home)
        times = []
        for _ in range(options.runs):
            shutil.rmtree(project / ".fudsv")
            clock, processor, said = run(options.fudsv, [*words, "--load", str(database), "--set", "store=false"], project, home)
            if "Finished: 0 steps ran" not in said:
                raise SystemExit(f"{name} was not taken from its database:\n{said}")
            times.append((clock, processor))
        clock, processor = min(times)
        sizes = " ".join(f"{mb(size(path)):>10}" for path in [database, small, packed])
        ratio = f"{wall / clock:5.1f}x {spent / processor:5.1f}x"
        print(f"{name:8} {wall:7.2f} {spent:7.2f} {clock:7.2f} {processor:7.2f} {ratio:>15} {sizes}", flush=True)


def frozen(options, base):
    """A design of many sources: nothing to do, nothing to do with a database that is compared, and with one that is not."""
    project, home = base / "many", base / "home-many"
    (project / "rtl").mkdir(parents=True)
    for number in range(options.sources):
        last = number + 1 == options.sources
        use = "" if last else f"m{number + 1} u();"
        (project / f"rtl/m{number}.sv").write_text(f"module m{number}; {use} endmodule\n" + f"// {'x' * 70}\n" * 20)
    (project / "fud.toml").write_text('[design.many]\nsources = ["rtl/*.sv"]\ntop = "m0"\nto = "verilated-cpp"\n')
    (project / "rtl/m0.sv").write_text("module m0(input a, output b); assign b = a; endmodule\n")
    run(options.fudsv, ["precompile", "save", "../many.fdb", "many", "-q"], project, home)
    ways = {
        "nothing to do": [],
        "compared": ["--load", "../many.fdb"],
        "frozen": ["--load", "../many.fdb", "--set", "precompiled.md5-change-detection=false"],
    }
    print(f"\n{options.sources:,} sources, nothing to do, milliseconds of the processor:")
    first = None
    for name, more in ways.items():
        words = ["build", "many", *more]
        run(options.fudsv, words, project, home)
        best = min(run(options.fudsv, words, project, home)[1] for _ in range(options.runs + 2))
        first = first or best
        print(f"  {name:14} {best * 1000:7.1f} ms  {best / first:5.2f}x")
    shutil.rmtree(project / ".fudsv")
    _, laid, _ = run(options.fudsv, ["build", "many", *ways["frozen"]], project, home)
    print(f"  frozen, laid   {laid * 1000:7.1f} ms  {laid / first:5.2f}x")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fudsv", default=str(HERE / "target/release/fudsv"))
    parser.add_argument("--sources", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    options.fudsv = str(Path(options.fudsv).resolve())
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        loads(options, base)
        frozen(options, base)


if __name__ == "__main__":
    main()
