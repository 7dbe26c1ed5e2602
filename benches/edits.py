#!/usr/bin/env python3
"""Random edits beside clean builds: does an incremental build, and one from the store, give what a clean one gives, and
does nothing run that need not?

    python3 benches/edits.py [--fudsv target/release/fudsv] [--rounds 1000] [--seed 1]

Each round edits something on which a small C program and its report rest: sources, headers, a header that hides another,
a linked library and one that is found before it, response files, a directory that is an input, links, variables, outputs;
or it edits a file and back while a step reads it. Needs gcc. It fails at the first difference and at the first needless
step.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent

SCRIPT = """
let seed = state("seed", ["seed"]);
let report = state("report", ["report"]);
defop all(x: seed) >> y: report {
    let gcc = tool("gcc");
    let here = #{ cwd: "root", cached: true };
    let objects = [];
    for name in ["main", "part"] {
        let object = temp(`${name}.o`);
        let source = path(`src/${name}.c`);
        shell_deps(`${gcc} @flags.txt -Iinc1 -Iinc2 -MMD -MF ${object}.d -c -o ${object} ${source}`, [source], [object],
            here + #{ depfile: `${object}.d` });
        objects.push(object);
    }
    let program = temp("program");
    shell_deps(`${gcc} -o ${program} ${objects} -Llib1 -Llib2 -lfoo`, objects, [program], here);
    let said = temp("said");
    shell_deps(`${program} > ${said}`, [program], [said], here);
    let tree = temp("tree");
    shell_deps(`grep -R . data | sort > ${tree}`, [path("data")], [tree], here);
    let slow = temp("slow");
    shell_deps(`cat ${path("slow.txt")} > ${slow}; sleep 0.1; cat ${path("slow.txt")} >> ${slow}`, [path("slow.txt")], [slow], here);
    let linked = temp("linked");
    shell_deps(`cat ${path("cur/file.txt")} > ${linked}`, [path("cur/file.txt")], [linked], here);
    let tone = temp("tone");
    shell_deps(`echo "$TONE" > ${tone}`, [], [tone], here + #{ env: ["TONE"] });
    shell_deps(`cat ${said} ${tree} ${slow} ${linked} ${tone} > ${y}`, [said, tree, slow, linked, tone], [y], here);
}
"""

MAIN = """#include <stdio.h>
#include "k.h"
#include <opt.h>
int foo(void); int part(void);
int main(void) { printf("%d %d %d %d %d %d\\n", NUMBER, K, OPT, FLAG, foo(), part()); return 0; }
"""


class Project:
    """A directory with all that the report rests on, and what may change in it."""

    def __init__(self, root, fudsv, chance):
        self.root, self.fudsv, self.chance, self.count = root, fudsv, chance, 0
        self.variables = {"TONE": "a", "CPATH": str(root / "env1")}
        self.meddle = None
        self.write("p.rhai", SCRIPT)
        self.write("x.seed", "")
        self.write("src/main.c", MAIN.replace("NUMBER", "0"))
        self.write("src/part.c", '#include "k.h"\nint part(void) { return K + 0; }\n')
        self.write("inc2/k.h", "#define K 0\n")
        self.write("env1/opt.h", "#define OPT 1\n")
        self.write("env2/opt.h", "#define OPT 2\n")
        self.write("flags.txt", "-O0 @more.txt\n")
        self.write("more.txt", "-DFLAG=0\n")
        self.write("data/a", "a\n")
        self.write("data/sub/b", "b\n")
        self.write("slow.txt", "0\n")
        for name in ["v1", "v2"]:
            self.write(f"{name}/file.txt", name + "\n")
        (root / "cur").symlink_to("v1")
        (root / "data/link").symlink_to("../v1/file.txt")
        self.library("lib2")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def library(self, name):
        self.write("scratch/foo.c", f"int foo(void) {{ return {self.next()}; }}\n")
        directory = self.root / name
        directory.mkdir(exist_ok=True)
        (directory / "libfoo.a").unlink(missing_ok=True)
        run = lambda *words: subprocess.run(words, cwd=self.root, check=True)
        run("gcc", "-c", "-o", "scratch/foo.o", "scratch/foo.c")
        run("ar", "rcD", f"{name}/libfoo.a", "scratch/foo.o")

    def next(self):
        self.count += 1
        return self.count

    def retarget(self, name, targets):
        link = self.root / name
        now = os.readlink(link)
        link.unlink()
        link.symlink_to(next(target for target in targets if target != now))

    def edits(self):
        """What may be edited: a name, how, and which steps may run for that."""
        program = ["program", "said", "x.report"]
        compiled = ["main.o", "part.o", *program]
        flip = lambda name, text: (self.root / name).unlink() if (self.root / name).exists() else self.write(name, text)
        return [
            ("a source", lambda: self.write("src/main.c", MAIN.replace("NUMBER", str(self.next()))), ["main.o", *program]),
            ("a comment", lambda: self.write("src/part.c", (self.root / "src/part.c").read_text() + f"// {self.next()}\n"), ["part.o"]),
            ("a header", lambda: self.write("inc2/k.h", f"#define K {self.next()}\n"), compiled),
            ("a header that hides another", lambda: flip("inc1/k.h", f"#define K {self.next()}\n"), compiled),
            ("the variable of headers", self.switch_headers, compiled),
            ("a header that a variable leads to", lambda: self.write("env1/opt.h", f"#define OPT {self.next()}\n"), ["main.o", *program]),
            ("a response file", lambda: self.write("more.txt", f"-DFLAG={self.next()}\n"), compiled),
            ("the outer response file", lambda: self.write("flags.txt", f"-O0 -DX={self.next()} @more.txt\n"), compiled),
            ("a library", lambda: self.library("lib2"), program),
            ("a library that is found before", self.flip_library, program),
            ("a file in a directory", lambda: self.write("data/sub/b", f"{self.next()}\n"), ["tree", "x.report"]),
            ("a file more or less in a directory", lambda: flip("data/sub/new", f"{self.next()}\n"), ["tree", "x.report"]),
            ("a link in a directory", lambda: self.retarget("data/link", ["../v1/file.txt", "../v2/file.txt"]), ["tree", "x.report"]),
            ("a link on the way", lambda: self.retarget("cur", ["v1", "v2"]), ["linked", "x.report"]),
            ("a variable", lambda: self.variables.update(TONE=str(self.next())), ["tone", "x.report"]),
            ("a file while it is read", self.change_and_back, ["slow", "x.report"]),
            ("a file under an older time", self.edit_in_the_past, ["slow", "x.report"]),
            ("all times", lambda: [os.utime(path) for path in self.root.glob("[!bcd]*/**/*") if path.is_file()], []),
            ("nothing", lambda: None, []),
            ("an output", self.damage, None),
        ]

    def switch_headers(self):
        other = "env2" if self.variables["CPATH"].endswith("env1") else "env1"
        self.variables["CPATH"] = str(self.root / other)

    def flip_library(self):
        before = self.root / "lib1/libfoo.a"
        before.unlink() if before.exists() else self.library("lib1")

    def change_and_back(self):
        value = f"{self.next()}\n"
        self.write("slow.txt", value)

        def meddle():
            started = self.root / "b/.fudsv/steps/all.all.slow.log"
            before = started.stat().st_mtime_ns if started.exists() else 0
            for _ in range(2000):
                if started.exists() and started.stat().st_mtime_ns != before:
                    break
                time.sleep(0.002)
            time.sleep(self.chance.choice([0, 0.02, 0.05]))
            self.write("slow.txt", "something else\n")
            time.sleep(self.chance.choice([0, 0.03, 0.07]))
            self.write("slow.txt", value)

        self.meddle = threading.Thread(target=meddle)

    def edit_in_the_past(self):
        self.write("slow.txt", f"{self.next()}\n")
        os.utime(self.root / "slow.txt", (1, 1))

    def damage(self):
        made = [path for path in (self.root / "b").iterdir() if path.is_file() and path.suffix in {".o", ".report", ""}]
        path = self.chance.choice(sorted(path for path in made if not path.name.startswith(".")))
        path.unlink() if self.chance.random() < 0.5 else path.write_bytes(b"damaged")

    def build(self, directory, *options):
        """Builds; returns the report and the steps that ran."""
        command = [self.fudsv, "exec", "x.seed", "--to", "report", "-p", "./p.rhai", "--dir", directory, "-q", *options]
        if self.meddle and directory == "b":
            self.meddle.start()
        done = subprocess.run(command, cwd=self.root, env={**os.environ, **self.variables}, capture_output=True, text=True)
        if self.meddle and directory == "b":
            self.meddle.join()
            self.meddle = None
        if done.returncode != 0:
            sys.exit(f"the build in `{directory}` fails\n{done.stdout}{done.stderr}")
        events = self.root / directory / ".fudsv/events.ndjson"
        lines = [json.loads(line) for line in events.read_text().splitlines()] if events.exists() else []
        ran = [line["step"] for line in lines if line["event"] == "end" and line["outcome"] == "ran"]
        report = next((self.root / directory).glob("*.report"))
        return report.read_text(), ran


def play(project, rounds, seed):
    project.build("b")
    for number in range(1, rounds + 1):
        edits = project.edits()
        what, edit, may_run = project.chance.choice(edits)
        time.sleep(0.03)
        edit()
        where = f"seed {seed}, round {number}, after an edit of {what}"
        meddled = project.meddle is not None
        report, ran = project.build("b")
        if meddled:
            # What was written last counts, in this build or in the next.
            report, more = project.build("b")
            ran += more
        _, again = project.build("b")
        needless = [step for step in ran if may_run is not None and not any(step.endswith(name) for name in may_run)]
        if again or needless:
            sys.exit(f"{where}: needless steps: {needless or again}")
        shutil.rmtree(project.root / "c", ignore_errors=True)
        clean, _ = project.build("c", "-s", "store=false")
        if report != clean:
            sys.exit(f"{where}: another result\n{report}---\n{clean}")
        if number % 5 == 0:
            shutil.rmtree(project.root / "d", ignore_errors=True)
            kept, _ = project.build("d")
            if kept != clean:
                sys.exit(f"{where}: another result from the store\n{kept}---\n{clean}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--fudsv", default=HERE / "target" / "release" / "fudsv", type=Path)
    arguments.add_argument("--rounds", default=1000, type=int)
    arguments.add_argument("--seed", default=1, type=int)
    given = arguments.parse_args()
    for name in ["CPATH", "LIBRARY_PATH", "TONE"]:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory).resolve()
        os.environ["XDG_CACHE_HOME"] = str(root / "cache")
        (root / "project").mkdir()
        project = Project(root / "project", given.fudsv.resolve(), random.Random(given.seed))
        play(project, given.rounds, given.seed)
    print(f"{given.rounds} rounds: no difference, no needless step")


if __name__ == "__main__":
    main()
