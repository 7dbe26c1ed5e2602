#!/usr/bin/env python3
"""Kills commands that write at seeded moments and looks whether anything was lost, and whether the next run leaves a
temporary file: `config set`, `plugin register`, `gen --standalone`, `clean`, `store gc`, and steps that go to the store.

    cargo build --release && benches/kills.py [--kills 200] [--seed 1] [--fudsv target/release/fudsv] [VERB…]

Prints a line for each verb: how many were killed before they ended, and what was lost. It does not know how files are
written. tests/cli/kills.rs is its short form."""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCRIPT = """
let txt = state("txt", ["txt"]);
let parts = state("parts", [], #{ directory: true });
let one = state("one", ["one"]);
defop scatter(src: txt) >> dir: parts {
    shell_deps(`for n in 1 2 3 4 5 6 7 8; do seq $n 2000 > ${dir}/$n; done; cat ${src} > ${dir}/src; echo said`,
        [src], [dir], #{ cached: true });
}
defop gather(dir: parts) >> out: one {
    shell_deps(`cat ${dir}/* > ${out}`, [dir], [out], #{ cached: true });
}
"""
TOML = '# mine\n[verilator]\ntop = "soc"\n' + "".join(f'[design.d{n}]\nsources = ["a.txt"]\n' for n in range(50))


class Project:
    """A project with a home of its own."""

    def __init__(self, fudsv, parent):
        self.fudsv = fudsv
        self.root = parent / "project"
        self.home = parent / "home"
        (self.root / "fudsv").mkdir(parents=True)
        (self.root / ".git").mkdir()
        self.home.mkdir()
        (self.root / "fudsv/chain.rhai").write_text(SCRIPT)
        (self.root / "a.txt").write_text("one two\n")
        (self.root / "mine.rhai").write_text("// mine\n")
        (self.root / "fud.toml").write_text(TOML)
        self.store = self.home / "cache/fudsv/store"
        self.env = {
            "PATH": os.environ["PATH"], "HOME": str(self.home), "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_CONFIG_HOME": str(self.home / "config"), "LC_ALL": "C",
        }

    def start(self, words):
        return subprocess.Popen([self.fudsv, *words], cwd=self.root, env=self.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)

    def run(self, *words):
        """Runs to the end; the time it took."""
        began = time.perf_counter()
        child = self.start(words)
        said = child.communicate()[1].decode()
        if child.returncode:
            raise Lost(f"`{' '.join(words)}` failed: {said.strip()}")
        return time.perf_counter() - began

    def kill(self, words, delay):
        """Runs and kills all of it after so many seconds; whether it was still running."""
        child = self.start(words)
        time.sleep(delay)
        was_running = child.poll() is None
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.communicate()
        # Whoever was below may take a moment to be gone.
        return was_running

    def temporary(self):
        """Files of a temporary name anywhere."""
        found = []
        for top in [self.root, self.home]:
            for path in top.rglob("*"):
                name = path.name
                if ".tmp" in name or name.startswith(".fudsv-tmp") or (path.parent.name == "tmp" and "store" in path.parts):
                    found.append(str(path))
        return found


class Lost(Exception):
    """Something was lost."""


def whole(condition, what):
    if not condition:
        raise Lost(what)


def config_set(project, number):
    file = project.root / "fud.toml"

    def check():
        text = file.read_text()
        whole(text.startswith("# mine\n") and text.count("[design.") == 50, f"fud.toml has {len(text)} bytes")
    return ["config", "set", "verilator.top", f"top{number}"], check


def plugin_register(project, number):
    file = project.root / "fud.toml"

    def check():
        text = file.read_text()
        whole("# mine\n" in text and text.count("[design.") == 50, f"fud.toml has {len(text)} bytes")
    file.write_text(TOML)
    return ["plugin", "register", "./mine.rhai"], check


def standalone(project, number):
    to = project.root / "out"
    shutil.rmtree(to, ignore_errors=True)
    (project.root / "a.txt").write_text(f"one {number}\n")

    def check():
        if to.exists():
            whole((to / "build.ninja").exists(), "the directory is not whole")
            shutil.rmtree(to)
    return ["gen", "a.txt", "--to", "one", "--standalone", "out"], check


def clean(project, number):
    project.run("exec", "a.txt", "--to", "one", "-q")
    (project.root / ".fudsv/notes").write_text("mine")

    def check():
        whole((project.root / "a.txt").exists() and (project.root / ".fudsv/notes").exists(), "a file of the user is gone")
        project.run("exec", "a.txt", "--to", "one", "-q")
    return ["clean"], check


def gc(project, number):
    for n in range(3):
        (project.root / "a.txt").write_text(f"{number} {n}\n")
        project.run("exec", "a.txt", "--to", "one", "-q")

    def check():
        project.run("store", "verify")
    return ["store", "gc", "--max-size", "0"], check


def publish(project, number):
    (project.root / "a.txt").write_text(f"one two {number}\n")
    shutil.rmtree(project.root / ".fudsv", ignore_errors=True)

    def check():
        project.run("store", "verify")
    return ["exec", "a.txt", "--to", "one", "-q"], check


VERBS = {"config-set": config_set, "plugin-register": plugin_register, "standalone": standalone, "clean": clean, "gc": gc,
         "publish": publish}


def rounds(name, project, count, numbers):
    """Kills one verb until so many were running then; the rounds that took, and what was lost. How long the verb takes is
    learned as it goes: other work on the machine slows it down."""
    words, check = VERBS[name](project, -1)
    took = project.run(*words)
    check()
    number, killed, lost = 0, 0, []
    while killed < count and number < 6 * count:
        number += 1
        try:
            words, check = VERBS[name](project, number)
            killed += project.kill(words, numbers.random() * took)
            check()
            took += (project.run(*words) - took) / 4
            left = project.temporary()
            whole(not left, f"left behind: {left}")
        except Lost as lost_now:
            lost.append(f"round {number}: {lost_now}")
    return number, killed, lost


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("verbs", nargs="*", default=[])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fudsv", default="target/release/fudsv")
    args = parser.parse_args()
    fudsv = str(Path(args.fudsv).resolve())
    failed = False
    for name in args.verbs or VERBS:
        with tempfile.TemporaryDirectory() as dir:
            number, killed, lost = rounds(name, Project(fudsv, Path(dir)), args.kills, random.Random(args.seed))
        print(f"{name:16} {number} rounds, {killed} killed while they ran, {len(lost)} lost", flush=True)
        for line in lost[:5]:
            print(f"    {line}")
        failed |= bool(lost)
    sys.exit(failed)


if __name__ == "__main__":
    main()
