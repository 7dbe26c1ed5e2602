#!/usr/bin/env python3
"""What a start of the program costs beside programs that do nothing, and a plan with scripts in fud2's style beside fud2.

    python3 benches/starts.py [--fudsv target/release/fudsv] [--runs 101] [--fud2 …/fud2 --scripts …/fud2/scripts]

Needs a release build, rustc and cc; for the plan, a build of fud2 and a directory with its scripts, which this repository
does not contain. All take turns, so a machine that slows down slows all. It prints CPU and wall time and page faults,
medians, and does not judge: these figures are for reading.
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

STEP = """
let seed = state("seed", ["seed"]);
let made = state("made", ["made"]);
defop copy(from: seed) >> into: made { shell(`cp ${from} ${into}`); }
"""


def spent(command, cwd, env):
    """CPU milliseconds, wall milliseconds and page faults of one run, which must succeed."""
    start = time.perf_counter()
    started = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(started.pid, 0)
    wall = (time.perf_counter() - start) * 1000
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise SystemExit(f"{command} failed: {started.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000, wall, used.ru_minflt


def show(runs, floor, jobs):
    """Medians of jobs that take turns: name, command, directory, environment. `floor` names the one they are divided by."""
    kept = {name: [] for name, *_ in jobs}
    for _ in range(runs):
        for name, command, cwd, env in jobs:
            kept[name].append(spent(command, cwd, env))
    medians = {name: [statistics.median(values) for values in zip(*all_runs)] for name, all_runs in kept.items()}
    for name, (cpu, wall, faults) in medians.items():
        ratio = f"{cpu / medians[floor][0]:5.2f} of `{floor}`" if floor in medians else ""
        print(f"{name:36} {cpu:7.2f} ms CPU {wall:7.2f} ms wall {faults:6.0f} page faults   {ratio}", flush=True)
    print()


def empty_programs(root):
    """Programs that do nothing: in C, and in Rust as it links by default and statically."""
    (root / "empty.rs").write_text("fn main() {}\n")
    (root / "empty.c").write_text("int main(void) { return 0; }\n")
    made = {
        "empty, Rust": ["rustc", "-O", "empty.rs", "-o", "empty-rust"],
        "empty, Rust, static": ["rustc", "-O", "-Ctarget-feature=+crt-static", "empty.rs", "-o", "empty-static"],
        "empty, C": ["cc", "-O2", "empty.c", "-o", "empty-c"],
    }
    for command in made.values():
        subprocess.run(command, cwd=root, check=True)
    return {name: root / command[-1] for name, command in made.items()}


def skipped_step(root, fudsv, env):
    """The words with which Ninja starts the runner of a step that is up to date, and where."""
    (root / "fudsv").mkdir()
    (root / "fudsv" / "copy.rhai").write_text(STEP)
    (root / "a.seed").write_text("")
    request = [fudsv, "exec", "a.seed", "--to", "made"]
    for _ in range(3):
        time.sleep(0.1)
        subprocess.run(request, cwd=root, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workdir = root / ".fudsv" / "a-made"
    said = subprocess.run(["ninja", "-t", "commands"], cwd=workdir, capture_output=True, text=True, check=True)
    steps = [line for line in said.stdout.splitlines() if " tool run " in line]
    return steps[0], workdir


def starts(root, fudsv, runs, env):
    floors = empty_programs(root)
    line, workdir = skipped_step(root, fudsv, env)
    words = [fudsv, *subprocess.run(["sh", "-c", f"printf '%s\\n' {line}"], env=env, capture_output=True, text=True,
                                    check=True).stdout.splitlines()[1:]]
    jobs = [(name, [program], root, env) for name, program in floors.items()]
    jobs += [
        ("/bin/true", ["/bin/true"], root, env),
        ("fudsv --version", [fudsv, "--version"], root, env),
        ("runner that skips", words, workdir, env),
        ("sh, empty Rust", ["sh", "-c", f"'{floors['empty, Rust']}' a b"], root, env),
        ("the same as Ninja starts it", ["sh", "-c", line], workdir, env),
    ]
    show(runs, "empty, Rust", jobs)


def plans(root, fudsv, fud2, scripts, runs, env):
    project = root / "plans"
    project.mkdir()
    shutil.copytree(scripts, project / "fudsv")
    (project / "fud.toml").write_text("")
    (project / "x.futil").write_text("")
    words = ["x.futil", "--to", "verilog", "-s", "calyx.base=/nowhere"]
    caches = root / "caches"

    def with_cache(name):
        return {**env, "XDG_CACHE_HOME": str(caches / name)}

    # Where a file is in the place of the directory, nothing is kept, so each plan runs the scripts.
    caches.mkdir()
    kept, nothing = with_cache("kept"), with_cache("no-plugins")
    subprocess.run([fudsv, "plan", *words], cwd=project, env=nothing, check=True, stdout=subprocess.DEVNULL)
    plugins = caches / "no-plugins" / "fudsv" / "plugins"
    shutil.rmtree(plugins, ignore_errors=True)
    plugins.write_text("")
    jobs = [
        ("fud2 -m plan", [fud2, *words, "-m", "plan"], project, env),
        ("fudsv plan, scripts run", [fudsv, "plan", *words], project, nothing),
        ("fudsv plan, declarations kept", [fudsv, "plan", *words], project, kept),
        ("fudsv emit, scripts run", [fudsv, "emit", *words], project, nothing),
        ("fud2 -m emit", [fud2, *words, "-m", "emit"], project, env),
    ]
    show(runs, "fud2 -m plan", jobs)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--fudsv", default=HERE / "target" / "release" / "fudsv", type=Path)
    arguments.add_argument("--runs", default=101, type=int)
    arguments.add_argument("--fud2", type=Path, help="fud2's program")
    arguments.add_argument("--scripts", type=Path, help="the directory of fud2's scripts")
    given = arguments.parse_args()
    fudsv = given.fudsv.resolve()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        env = {**os.environ, "FUDSV": str(fudsv), "XDG_CACHE_HOME": str(root / "cache")}
        starts(root, fudsv, given.runs, env)
        if given.fud2 and given.scripts:
            plans(root, fudsv, given.fud2.resolve(), given.scripts, given.runs, env)


if __name__ == "__main__":
    main()
