#!/usr/bin/env python3
"""What it costs when there is nothing to do, and what the runner adds to a step, beside plain Ninja in the same run.

    python3 benches/noop.py [--fudsv target/release/fudsv] [--runs 21] [--edges 10,1000,10000]

Needs a release build and Ninja. The edges copy files, so that what is measured is fudsv and Ninja and nothing else. It
does not judge: these figures are for reading.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent

SCRIPT = """
let seed = state("seed", ["seed"]);
let made = state("made", ["made"]);
defop copy_all(from: seed) >> into: made {
    let parts = [];
    for number in 0..COUNT {
        let part = temp(`${number}.part`);
        shell_deps(`cp ${path(`in/${number}`)} ${part}`, [path(`in/${number}`)], [part]);
        parts.push(part);
    }
    shell_deps(`: > ${into}`, parts, [into]);
}
"""

PLAIN = """
rule copy
  command = cp $in $out.tmp && mv $out.tmp $out
rule touch
  command = : > $out
"""


def spent(command, cwd, env):
    """Wall and CPU milliseconds of one run, which must succeed; the latter of all processes that it starts."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=cwd, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def timed(command, cwd, env):
    return spent(command, cwd, env)[0]


def in_turn(runs, *jobs):
    """The median of each job; they take turns, so that a machine that slows down slows all."""
    times = [[] for _ in jobs]
    for _ in range(runs):
        for job, kept in zip(jobs, times):
            kept.append(job())
    return [statistics.median(kept) for kept in times]


def show(what, milliseconds, peer=""):
    print(f"{what:52} {milliseconds:9.1f} ms   {peer}", flush=True)


def project(root, edges):
    """A design of this many files, for fudsv and for plain Ninja."""
    (root / "fudsv").mkdir()
    (root / "in").mkdir()
    (root / "fudsv" / "copy.rhai").write_text(SCRIPT.replace("COUNT", str(edges - 1)))
    (root / "a.seed").write_text("")
    for number in range(edges - 1):
        (root / "in" / str(number)).write_text(f"{number}\n")
    plain = root / "plain"
    plain.mkdir()
    copies = [f"build {number}.part: copy ../in/{number}\n" for number in range(edges - 1)]
    parts = " ".join(f"{number}.part" for number in range(edges - 1))
    (plain / "build.ninja").write_text(PLAIN + "".join(copies) + f"build all.made: touch {parts}\n")


def measure(root, edges, fudsv, runs, env):
    project(root, edges)
    request = [fudsv, "exec", "a.seed", "--to", "made"]
    workdir = root / ".fudsv" / "a-made"
    ours, our_cpu = spent(request, root, env)
    ninja, ninja_cpu = spent(["ninja"], root / "plain", env)
    print(f"{edges} edges")
    more = (our_cpu - ninja_cpu) / edges
    show("  first build", ours, f"plain `cp && mv` {ninja:.1f} ms, {more:.2f} ms of CPU a step more")
    # The first two runs keep stats that were too young to be trusted.
    timed(request, root, env), timed(request, root, env)
    ours, ninja = in_turn(runs, lambda: timed(request, root, env), lambda: timed(["ninja"], workdir, env))
    show("  nothing to do", ours, f"ninja {ninja:.1f} ms, fudsv's share {ours - ninja:.1f} ms")
    clone = root / "clone"
    clone.mkdir()
    for name in ("fudsv", "in", "a.seed"):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, clone / name, **({"copy_function": shutil.copy} if copy is shutil.copytree else {}))
    subprocess.run(["tar", "-C", root, "-cf", root / "build.tar", ".fudsv"], check=True)
    subprocess.run(["tar", "-C", clone, "-xmf", root / "build.tar"], check=True)
    for number in range(edges - 1):
        os.utime(clone / "in" / str(number))
    show("  fresh clone over a restored build", timed(request, clone, env))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--fudsv", default=HERE / "target" / "release" / "fudsv", type=Path)
    arguments.add_argument("--runs", default=21, type=int)
    arguments.add_argument("--edges", default="10,1000,10000")
    given = arguments.parse_args()
    fudsv = given.fudsv.resolve()
    env = {**os.environ, "FUDSV": str(fudsv)}
    for edges in map(int, given.edges.split(",")):
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            subprocess.run(["git", "init", "-q", root], check=True)
            measure(root, edges, fudsv, given.runs, env)


if __name__ == "__main__":
    main()
