"""How long scripts take: loads, plans and lowers generated ones. `python3 benches/scripts.py [target/release/fudsv]`.

It does not check results (the tests do) and fails at no time limit. Each line is the shortest of three runs.
"""

import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time


def closures(count):
    """One script with so many low-level ops in a chain, one closure each: fud2's style."""
    lines = ['fn setup(e) { e.rule("r", "cp $in $out"); }', 'let s0 = state("s0", ["e0"]);']
    for n in range(count):
        lines.append(f'let s{n + 1} = state("s{n + 1}", ["e{n + 1}"]);')
        lines.append(f'op("op{n}", [setup], s{n}, s{n + 1}, |e, input, output| {{')
        lines.append('    e.build_cmd([output], "r", [input], []);')
        lines.append(f'    e.arg("flags", "--level {n}");\n}});')
    return {"fudsv/all.rhai": "\n".join(lines)}


def defops(count):
    """One script with so many `defop`s in a chain."""
    lines = ['state("s0", ["e0"]);']
    for n in range(count):
        lines.append(f'state("s{n + 1}", ["e{n + 1}"]);')
        lines.append(f'defop op{n}(a: "s{n}") >> b: "s{n + 1}" {{ shell(`cp ${{a}} ${{b}}`); }}')
    return {"fudsv/all.rhai": "\n".join(lines)}


def scripts(count):
    """So many scripts with one op each."""
    files = {"fudsv/first.rhai": 'state("s0", ["e0"]);'}
    for n in range(count):
        text = f'state("s{n + 1}", ["e{n + 1}"]);\ndefop op{n}(a: "s{n}") >> b: "s{n + 1}" {{ shell(`cp ${{a}} ${{b}}`); }}'
        files[f"fudsv/s{n}.rhai"] = text
    return files


def inputs(count):
    """One op, and so many files for it."""
    files = {f"in/f{n}.e0": "" for n in range(count)}
    return files | defops(1)


def measure(program, title, files, words):
    """Runs the program where these files are; prints the shortest time and the most memory."""
    with tempfile.TemporaryDirectory() as directory:
        for name, text in files.items():
            path = pathlib.Path(directory, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        pathlib.Path(directory, "in.e0").write_text("")
        times = []
        for _ in range(3):
            start = time.perf_counter()
            subprocess.run([program, *words], cwd=directory, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{title:40} {min(times) * 1000:8.0f} ms   at most {memory} MB so far")


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/fudsv")
    measure(program, "plan, built-in scripts only", {"a.sv": ""}, ["plan", "a.sv", "--to", "ports"])
    for count in [100, 1000, 2000]:
        measure(program, f"plan, {count} scripts", scripts(count), ["plan", "in.e0", "--to", f"s{count}"])
        each = ["plan", "--each", *(f"in/f{n}.e0" for n in range(count)), "--to", "s1"]
        measure(program, f"plan, {count} files", inputs(count), each)
        measure(program, f"emit, {count} files", inputs(count), ["emit", *each[1:]])
    for count in [100, 1000, 5000]:
        words = ["in.e0", "--to", f"s{count}"]
        measure(program, f"list, {count} defops", defops(count), ["list"])
        measure(program, f"emit, {count} defops", defops(count), ["emit", *words])
        measure(program, f"list, {count} closures", closures(count), ["list"])
        measure(program, f"emit, {count} closures", closures(count), ["emit", *words])


if __name__ == "__main__":
    main()
