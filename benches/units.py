#!/usr/bin/env python3
"""Random one-line edits of a large design: the share of its C++ that is compiled again, headers counted.

    python3 benches/units.py [--fudsv target/release/fudsv] [--edits 50] [--verilator PROGRAM] [--set KEY=VALUE]…
                             [--design ibex]

Only Verilator runs, and the step that divides the model into units: a unit whose text changes is compiled again with all
that it includes. Edits that Verilator refuses or that change no C++ are not counted. It does not judge.
"""

import argparse
import random
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

import cold

#: Pairs of operators that any expression takes.
SWAPS = [(" & ", " | "), (" | ", " & "), (" == ", " != "), (" != ", " == "), (" + ", " - "), (" && ", " || "), (" ^ ", " & "),
         ("1'b0;", "1'b1;"), ("1'b1;", "1'b0;")]


def edits(files, seed):
    """Endless edits: a file, its text, and the text with one line changed."""
    chosen = random.Random(seed)
    places = [(file, number, swap) for file in files for number, line in enumerate(file.read_text().splitlines())
              for swap in SWAPS if swap[0] in line and not re.match(r"\s*(//|`|parameter|localparam|assert)", line)]
    chosen.shuffle(places)
    for file, number, (old, new) in places:
        lines = file.read_text().splitlines(keepends=True)
        before = "".join(lines)
        lines[number] = lines[number].replace(old, new, 1)
        yield file, before, "".join(lines)


def units(build):
    """The text of each unit that is not empty, and the bytes that it includes."""
    (verilated,) = build.glob("*.verilated")
    found = {}
    for file in build.glob("compile_model.*.cpp"):
        text = file.read_text()
        if "runtime-more" in file.name or not text:
            continue
        sizes = [path.stat().st_size for name in re.findall('#include "(.*?)"', text)
                 for path in [verilated / name, build / f"{build.name}.interface" / name] if path.is_file()]
        found[file.name] = (text, sum(sizes))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fudsv", default=str(cold.HERE / "target/release/fudsv"))
    parser.add_argument("--edits", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verilator")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--design", default="ibex")
    args = parser.parse_args()
    args.wrapper, args.cxx, args.sim, args.lib_create = "verilator", "g++", False, False
    with tempfile.TemporaryDirectory() as root:
        project = cold.Project(args.design, args, Path(root))
        sets = [word for setting in args.set for word in ("--set", setting)]
        gen = [args.fudsv, "gen", *project.ours[2:], *sets]
        subprocess.run(gen, cwd=project.dir, env=project.env, check=True, capture_output=True)
        build = project.dir / "ours"
        ninja = ["ninja", "-C", build, f"compile_model.{project.top}.cpp"]
        env = dict(project.env, FUDSV=args.fudsv)

        def divided():
            done = subprocess.run(ninja, cwd=project.dir, env=env, capture_output=True, text=True)
            return units(build) if done.returncode == 0 else None

        before = divided()
        if before is None:
            raise SystemExit("the design does not build")
        total = sum(size for _, size in before.values())
        print(f"{len(before)} units, {total} bytes")
        shares, files = [], sorted((project.dir / "rtl").glob("*.sv"))
        for file, old, new in edits(files, args.seed):
            file.write_text(new)
            after = divided()
            if after and after != before:
                changed = [size for name, (text, size) in after.items() if before.get(name, ("", 0))[0] != text]
                shares.append(100 * sum(changed) / sum(size for _, size in after.values()))
            file.write_text(old)
            if len(shares) == args.edits:
                break
            # The next edit is compared with the unedited design.
            divided()
        all_again = sum(share > 99 for share in shares)
        print(f"{len(shares)} edits: median {statistics.median(shares):.0f} %, mean {statistics.mean(shares):.0f} %,"
              f" all of it in {all_again}")


if __name__ == "__main__":
    main()
