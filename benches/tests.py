#!/usr/bin/env python3
"""What tests cost: a thousand seeds of one bench, a suite of many small designs, and cores with programs.

    python3 benches/tests.py [--fudsv target/release/fudsv] [--seeds 1000] [--suite 300] [--cores]

Processor times are those of all processes that a command started. The bare runs start the same program with the same
arguments and a pipe each. Nothing of this machine's store is used.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cold import HERE, package_of

BENCH = """module tb;
  logic [31:0] drawn, bad [0:2];
  initial begin
    $readmemh("bad.hex", bad);
    drawn = $urandom;
    #10 $display("drawn %h", drawn);
    foreach (bad[i]) if (bad[i] == drawn) $fatal(1, "drew a bad number");
    #10 $finish;
  end
endmodule
"""


def used(command, cwd, env, exits=(0,)):
    """Runs a command; its wall time, the processor time of all that it started, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in exits:
        sys.exit(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, done.stdout, done.stderr


def bare(program, count, cwd):
    """Processor time of the same program, started as often with nothing around it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for seed in range(1, count + 1):
        subprocess.run([program, "--seed", str(seed)], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seeds(args, root, env):
    project = root / "seeds"
    project.mkdir()
    (project / "tb.sv").write_text(BENCH)
    (project / "bad.hex").write_text("0\n0\n0\n")
    (project / "fud.toml").write_text(f'[design.tb]\nsources = ["tb.sv"]\nto = "sim"\nseeds = {args.seeds}\n')
    test = [args.fudsv, "test", "-q"]
    used([args.fudsv, "exec", "tb", "-q"], project, env)
    wall, cpu, _, _ = used(test, project, env)
    plain = bare(project / ".fudsv/tb-sim/tb.sim", args.seeds, project)
    over = (cpu - plain) / args.seeds * 1000
    print(f"{args.seeds} seeds, first time: {wall:.2f} s, {cpu:.2f} s of CPU; bare {plain:.2f} s; {over:.2f} ms a run over it")
    no_store = [*test, "--fresh", "-s", "store=false"]
    used([*test, "-s", "store=false"], project, env)
    wall, cpu, _, _ = used(no_store, project, env)
    print(f"without a store: {wall:.2f} s; {(cpu - plain) / args.seeds * 1000:.2f} ms of CPU a run over the bare one")
    wall, cpu, _, said = used([args.fudsv, "test"], project, env)
    print(f"second time: {wall:.2f} s, {cpu:.2f} s of CPU; {said.splitlines()[-1]}")
    runs = project / ".fudsv/tb-sim/.fudsv/runs"
    planted = sorted({1 + args.seeds // 7, args.seeds // 2, args.seeds})
    drawn = [re.search("drawn (.*)", (runs / f"tb#{seed}/log").read_text())[1] for seed in planted]
    (project / "bad.hex").write_text("\n".join(drawn) + "\n")
    wall, _, _, _ = used(test, project, env, exits=(1,))
    records = [json.loads(path.read_text()) for path in runs.glob("*/result.json")]
    failed = sorted(record["seed"] for record in records if record["verdict"] != "passed")
    print(f"planted {planted}, failed {failed}; {wall:.2f} s")
    wall, _, _, said = used([*test, "--failed", "--waves-on-failure"], project, env, exits=(1,))
    waves = sorted(str(path.relative_to(runs)) for path in runs.glob("*/waves/waves.*"))
    print(f"waves of {waves}: {wall:.2f} s with their build; {said.count('not reproducible')} not reproducible")
    wall, _, _, said = used([args.fudsv, "test"], project, env, exits=(1,))
    print(f"once more: {wall:.2f} s, only the failures run; {said.splitlines()[-1]}")


def suite(args, root, env):
    project = root / "suite"
    project.mkdir()
    toml = ""
    for at in range(args.suite):
        (project / f"d{at}.sv").write_text(
            f"module d{at}(input logic [7:0] a, output logic [7:0] y); assign y = a + 8'd{at % 256}; endmodule\n")
        (project / f"tb{at}.sv").write_text(
            f"module tb{at}; logic [7:0] a, y; d{at} u(.a, .y);\n"
            f"initial begin for (int i = 0; i < 100; i++) begin a = $urandom; #1; if (y != 8'(a + 8'd{at % 256})) $error(\"no\"); end\n"
            "$finish; end endmodule\n")
        toml += f'[design.tb{at}]\nsources = ["d{at}.sv", "tb{at}.sv"]\ntop = "tb{at}"\nto = "sim"\n'
    (project / "fud.toml").write_text(toml)
    shutil.copytree(project, root / "second")
    for what, cwd in [("first run", project), ("second run", project), ("second checkout", root / "second"),
                      ("its second run", root / "second")]:
        wall, cpu, _, said = used([args.fudsv, "test"], cwd, env)
        print(f"{args.suite} designs, {what}: {wall:.1f} s, {cpu:.1f} s of CPU; {said.splitlines()[-1]}")


def cores(args, root, env):
    project = root / "cores"
    project.mkdir()
    for name in ["picorv32_tb.sv", "serv_tb.sv", "sum.hex"]:
        shutil.copy(HERE / "tests/designs" / name, project)
    keys = {"picorv32_tb": f'library-files = ["{package_of("picorv32")}/picorv32.v"]',
            "serv_tb": f'library-dirs = ["{package_of("serv")}/rtl"]'}
    toml = ""
    for top, key in keys.items():
        toml += f'[design.{top}]\nsources = ["{top}.sv"]\ntop = "{top}"\nto = "sim"\n'
        toml += f'{key}\nrun-args = ["+program=sum.hex"]\n'
    (project / "fud.toml").write_text(toml)
    for what in ["first run", "second run"]:
        wall, cpu, table, said = used([args.fudsv, "test"], project, env)
        print(f"cores, {what}: {wall:.1f} s, {cpu:.1f} s of CPU; {said.splitlines()[-1]}")
    program = (project / "sum.hex").read_text()
    (project / "sum.hex").write_text(program.rstrip("\n") + "\n\n")
    wall, _, _, said = used([args.fudsv, "test"], project, env)
    print(f"cores, another program: {wall:.1f} s; {said.splitlines()[-1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fudsv", type=lambda path: Path(path).resolve(), default=HERE / "target/release/fudsv")
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--suite", type=int, default=300)
    parser.add_argument("--cores", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as dir:
        root = Path(dir)
        env = {**os.environ, "XDG_CACHE_HOME": str(root / "cache")}
        if args.seeds:
            seeds(args, root, env)
        if args.suite:
            suite(args, root, env)
        if args.cores:
            cores(args, root, env)


main()
