#!/usr/bin/env python3
"""How planning and `init` grow with the number of sources: CPU seconds, and the exponent between two sizes.

    python3 benches/many.py [--fudsv target/release/fudsv] [--sources 10000,50000] [--modules 250,1000] [--runs 3]

Needs a release build. An exponent of 1 is linear. The peer in the same run is `cat` of all sources, whose time only grows
with what is read. It does not judge: these figures are for reading.
"""

import argparse
import math
import os
import resource
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def spent(command, cwd, env):
    """CPU seconds of one run, which must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=cwd, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def sources(directory, count):
    """So many one-line modules, each of which uses the next, and a filelist of them."""
    (directory / "s").mkdir()
    names = [f"s/m{number}.sv" for number in range(count)]
    for number, name in enumerate(names):
        (directory / name).write_text(f"module m{number}; m{number + 1} u(); endmodule\n")
    (directory / "all.f").write_text("\n".join(names) + "\n")


def one_file(directory, count):
    """The same in one file."""
    text = "".join(f"module m{number}; m{number + 1} u(); endmodule\n" for number in range(count))
    (directory / "all.sv").write_text(text)


def measure(title, make, sizes, command, options):
    seconds = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            make(directory, size)
            env = {**os.environ, "HOME": name, "XDG_CACHE_HOME": f"{name}/cache", "XDG_CONFIG_HOME": f"{name}/config"}
            runs = []
            for _ in range(options.runs):
                (directory / "fud.toml").unlink(missing_ok=True)
                words = command(size) if callable(command) else command
                runs.append(spent(words, directory, env))
            seconds.append(min(runs))
    growth = math.log(sizes[-1] / sizes[0]) or 1
    exponent = math.log(max(seconds[-1], 1e-3) / max(seconds[0], 1e-3)) / growth
    figures = ", ".join(f"{size:,}: {second:.2f} s" for size, second in zip(sizes, seconds))
    print(f"{title:28} {figures}; exponent {exponent:.2f}")


def numbers(text):
    return [int(number) for number in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fudsv", default=HERE / "target/release/fudsv")
    parser.add_argument("--sources", type=numbers, default=[10000, 50000])
    parser.add_argument("--modules", type=numbers, default=[250, 1000])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    fudsv = str(Path(options.fudsv).resolve())
    request = ["-f", "all.f", "--top", "m0", "--to", "lint"]
    measure("cat (peer)", sources, options.sources, ["sh", "-c", "xargs cat < all.f"], options)
    measure("plan -f all.f", sources, options.sources, [fudsv, "plan", *request], options)
    typed = lambda count: [fudsv, "plan", *(f"s/m{number}.sv" for number in range(count)), *request[2:]]
    measure("plan s/*.sv", sources, options.sources, typed, options)
    measure("emit -f all.f", sources, options.sources, [fudsv, "emit", *request], options)
    measure("init, a file each", sources, options.modules, [fudsv, "init"], options)
    measure("init, one file", one_file, options.modules, [fudsv, "init"], options)


if __name__ == "__main__":
    main()
