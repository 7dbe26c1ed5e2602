#!/usr/bin/env python3
"""Runs many designs with `fudsv` and as Verilator's own program, and lists every difference in verdict, text and end time.

    python3 benches/as_verilator.py --verilator-tests DIR --sv-tests DIR [--fudsv target/release/fudsv]
                                    [--verilator PROGRAM]… [--count 200] [--seed 1] [--only NAME]… [--keep DIR]

`--verilator-tests` is a checkout of github.com/verilator/verilator (its `test_regress/t`), `--sv-tests` one of
github.com/chipsalliance/sv-tests. Of the tests that run a design and need no foreign code, `--count` are chosen by the seed,
three of four from the former. The peer is what `verilator --binary` makes: the same C++, the same main, the same runtime,
with `--assert` and without errors for warnings, as fudsv runs Verilator. Its parts are compiled without optimization, and
the runtime once, since here only results count. A small module above each design gives it a clock and prints when it ends.
Exits with 1 when a difference has no known reason.
"""

import argparse
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
FLAGS = "-std=gnu++20 -O0 -w -pthread -DVERILATOR=1 -DVM_COVERAGE=0 -DVM_SC=0 -DVM_TIMING=1 -DVM_TRACE=0".split()
FLAGS += "-DVM_TRACE_FST=0 -DVM_TRACE_VCD=0 -DVM_TRACE_SAIF=0 -fcoroutines -faligned-new -fcf-protection=none".split()
# Whatever a design does, it ends: seconds of the processor, bytes of what it prints and writes.
SECONDS, BYTES = 20, 4 << 20


def limited():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(command, cwd, limit=None, **more):
    """The exit status and what was printed: standard output, standard error."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        status = subprocess.run(words, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=err, preexec_fn=limit, **more).returncode
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read(BYTES).decode("utf-8", "replace"))
        return status, *texts


def head_of(text, module):
    """The ports of a module as text, or None if there is no such module."""
    found = re.search(rf"^\s*module\s+{module}\b(.*?);", re.sub(r"//.*", "", text), re.M | re.S)
    return found and found[1]


def verilators(checkout):
    """Verilator's own tests that run a design and have no foreign code; with the name of their top."""
    for source in sorted((checkout / "test_regress/t").glob("t_*.v")):
        driver = source.with_suffix(".py")
        text = source.read_text(errors="replace")
        said = driver.read_text(errors="replace") if driver.is_file() else ""
        foreign = r'DPI|\$c\b|\$c\d|\$c\(|`systemc|hier_block|`include|`ifdef TEST'
        other = r"pli|vpi|dpi|\.cpp|make_main|top_filename|sc=|\.vlt|savable|hierarchical|build_jobs|all_run_flags"
        if "test.execute(" in said and head_of(text, "t") is not None:
            if not re.search(foreign, text) and not re.search(other, said):
                yield source, "t"


def sv_tests(checkout):
    """Tests of sv-tests with a top that needs no UVM."""
    for source in sorted((checkout / "tests").glob("chapter-*/*.sv")):
        text = source.read_text(errors="replace")
        if head_of(text, "top") is not None and not re.search(r"uvm|DPI|`include", text, re.I):
            yield source, "top"


def clocked(text, top):
    """The module above a design: its clock, if it has one, and a line at the end of the run."""
    clock = ".clk(clk)" if re.search(r"\bclk\b", head_of(text, top)) else ""
    ticks = "    always #5 clk = ~clk;\n    initial #200000 begin $display(\"out of time\"); $finish; end\n" if clock else ""
    return f"""module above_all;
    reg clk = 0;
    {top} {top}({clock});
{ticks}    final $display("ends at %0t", $time);
endmodule
"""


class Peer:
    """What one Verilator makes of designs by itself."""

    def __init__(self, verilator, place):
        self.verilator, self.place = verilator, place
        home = Path(verilator).resolve().parent.parent
        self.env = dict(os.environ)
        if (home / "include/verilated.h").is_file():
            self.env["VERILATOR_ROOT"] = str(home)
        self.root = Path(run([verilator, "--getenv", "VERILATOR_ROOT"], place, env=self.env)[1].strip())
        self.version = run([verilator, "--version"], place, env=self.env)[1].split()[1]
        self.is_old = "5.006" <= self.version < "5.030"
        self.flags = FLAGS + [f"-I{self.root}/include", f"-I{self.root}/include/vltstd"]
        self.own = place / f"peer-{self.version}"
        self.own.mkdir()
        heads = [name for name in ("verilated.h", "verilated_timing.h", "verilated_random.h") if (self.root / "include" / name).is_file()]
        (self.own / "all.h").write_text("".join(f'#include "{name}"\n' for name in heads))
        run(["g++", *self.flags, "-x", "c++-header", "all.h", "-o", "all.h.gch"], self.own)

    def runtime(self, names):
        """Objects of the runtime, each compiled once."""
        for name in names:
            made = self.own / f"{name}.o"
            if not made.is_file():
                run(["g++", *self.flags, "-c", self.root / "include" / f"{name}.cpp", "-o", made], self.own)
            yield made

    def build(self, design):
        """Makes `peer`; gives what was said when it cannot be made."""
        words = [self.verilator, "--cc", "--exe", "--main", "--timing", "--assert", "-Wno-fatal", "--prefix", "Vpeer"]
        words += ["--top-module", "above_all", "--Mdir", "own", *design.words]
        status, _, said = run(words, design.place, env=self.env)
        if status:
            return said or "Verilator fails"
        own = design.place / "own"
        makefile = (own / "Vpeer_classes.mk").read_text()
        parts = dict(re.findall(r"^(VM_\w+) \+= \\\n((?:[\t ]+.*\n)*)", makefile, re.M))
        names = " ".join(parts.get(f"VM_GLOBAL_{speed}", "") for speed in ("FAST", "SLOW")).replace("\\", " ").split()
        sources = sorted(own.glob("*.cpp"))
        (own / "whole.cc").write_text("".join(f'#include "{source.name}"\n' for source in sources))
        command = ["g++", *self.flags, "-include", self.own / "all.h", "-I.", "whole.cc", "-x", "none", *self.runtime(names)]
        status, _, said = run([*command, "-latomic", "-o", "../peer"], own)
        return said or "g++ fails" if status else None


class Design:
    def __init__(self, source, top, place):
        self.place = place
        place.mkdir(parents=True)
        (place / "above_all.v").write_text(clocked(source.read_text(errors="replace"), top))
        self.words = [str(source), "above_all.v", f"-I{source.parent}"]


def built_by_fudsv(args, peer, design, cache):
    """Makes `ours`; gives what was said when it cannot be made."""
    words = [args.fudsv, "exec", *design.words, "--top", "above_all", "--to", "sim", "-o", "ours", "-q"]
    words += ["-s", f"verilator.exe={peer.verilator}", "-s", "cxx.exe=g++", "-s", "cxx.flags=-O0 -w"]
    env = dict(os.environ, XDG_CACHE_HOME=str(cache))
    status, _, said = run(words, design.place, env=env)
    return said or "fudsv fails" if status else None


def of_the_design(printed):
    """The lines that a design prints, without those of Verilator."""
    is_verilators = lambda line: line.startswith("- ") or line.endswith(" Verilog $stop") or line == "Aborting..."
    return [line for line in printed.splitlines() if not is_verilators(line)]


FRAME = re.compile(r"^\S+\(.*\) \[0x[0-9a-f]+\]$|^\S*\d+\) \[0x[0-9a-f]+\]$", re.M)


def known_reason(ours, theirs, text, old):
    """Why a difference is meant to be, or nothing; `old`: a Verilator before 5.030."""
    status, printed, said = ours
    if "nothing was tested" in said and theirs[0] == 0 and printed == text:
        return "a run that ends at time 0 without `$finish` does not pass"
    # Its main program sets the time of the next event before it looks whether the design has finished.
    ends = [re.fullmatch(r"(.*?)ends at ([\d.]+)(?:ns)?", of, re.S) for of in (printed, text)]
    if old and status == theirs[0] and all(ends) and ends[0][1] == ends[1][1] and float(ends[0][2]) < float(ends[1][2]):
        return "`final` blocks see the time of `$finish`, and in this Verilator's own program the time after it"
    if status and theirs[0] and ends[0] and ends[0][1].strip() == text.strip():
        return "`final` blocks run after a failed assertion, where Verilator's own program aborts"
    error = re.search(r"^%Error: (\S+): (.*)$", text, re.M)
    if status and theirs[0] and error and error[2] in said and text.replace(error[0], "").strip() == printed.strip():
        return "an error of Verilator's runtime is said with the verdict"
    if "\n".join(line for line in printed.splitlines() if not line.startswith("hint: `fudsv run`")) == text:
        return "a hint says how waves are written"
    if FRAME.sub("", printed).split() == FRAME.sub("", text).split():
        return "addresses in a backtrace"
    if "z3: No such file" in said and theirs[0]:
        return "no solver is installed"
    return ""


def compare(args, peer, source, top, place, cache):
    """How one design came out, and what differs."""
    design = Design(source, top, place)
    theirs, ours = peer.build(design), built_by_fudsv(args, peer, design, cache)
    if theirs or ours:
        if theirs and ours:
            return "refused by both", ""
        return "DIFFERS", f"only {'Verilator' if theirs else 'fudsv'} refuses it\n{(theirs or ours)[:1500]}"
    theirs, ours = run(["./peer"], place, limited), run(["./ours"], place, limited)
    if -signal.SIGXCPU in (theirs[0], ours[0]):
        if theirs[0] == ours[0]:
            return "endless in both", ""
        if peer.is_old and "nothing was tested" in ours[2]:
            return "meant: this Verilator's own program never ends a design without delays and without `$finish`", ""
        return "DIFFERS", "only one ends"
    texts = ["\n".join(of_the_design(result[1])) for result in (ours, theirs)]
    if texts[0] == texts[1] and (ours[0] == 0) == (theirs[0] == 0):
        return ("the same, passed" if ours[0] == 0 else "the same, failed"), ""
    reason = known_reason((ours[0], texts[0], ours[2]), theirs, texts[1], peer.is_old)
    if reason:
        return f"meant: {reason}", ""
    shown = [f"{who}: exit {result[0]}\n{text[-1500:]}\n{result[2][-500:]}" for who, result, text in
             (("fudsv", ours, texts[0]), ("Verilator", theirs, texts[1]))]
    return "DIFFERS", "\n".join(shown)


def chosen(args):
    choice, all_of = random.Random(args.seed), []
    shares = [(verilators, args.verilator_tests, args.count * 3 // 4), (sv_tests, args.sv_tests, args.count - args.count * 3 // 4)]
    for find, checkout, count in shares:
        found = list(find(Path(checkout).resolve()))
        print(f"{len(found)} tests in {checkout}", flush=True)
        all_of += choice.sample(found, min(count, len(found)))
    return [(source, top) for source, top in all_of if not args.only or source.stem in args.only]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fudsv", default=str(HERE / "target/release/fudsv"))
    parser.add_argument("--verilator-tests", required=True)
    parser.add_argument("--sv-tests", required=True)
    parser.add_argument("--verilator", action="append", help="may be repeated; the one on PATH by default")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="a test of those that are chosen; may be repeated")
    parser.add_argument("--keep", help="a directory for what is built; without it, nothing is kept")
    args = parser.parse_args()
    args.fudsv = str(Path(args.fudsv).resolve())
    designs, counts, unexplained = chosen(args), {}, 0
    with tempfile.TemporaryDirectory() as root:
        root = Path(args.keep or root).resolve()
        root.mkdir(parents=True, exist_ok=True)
        peers = [Peer(shutil.which(verilator), root) for verilator in args.verilator or ["verilator"]]
        for source, top in designs:
            for peer in peers:
                place = root / f"{source.stem}-{peer.version}"
                how, why = compare(args, peer, source, top, place, root / "cache")
                counts.setdefault(peer.version, {}).setdefault(how, []).append(source.stem)
                unexplained += how == "DIFFERS"
                print(f"{peer.version}  {source.stem:45} {how}", why, sep="\n" if why else "", flush=True)
                if not args.keep:
                    shutil.rmtree(place)
    for version, hows in counts.items():
        print(f"\nVerilator {version}")
        for how, names in sorted(hows.items()):
            print(f"{len(names):5} {how}" + (f": {' '.join(names)}" if how == "DIFFERS" else ""))
    sys.exit(unexplained > 0)


if __name__ == "__main__":
    main()
