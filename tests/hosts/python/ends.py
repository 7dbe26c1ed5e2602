"""What a design says and how it ends, through `fudsv.py`: `ends.py MODULE_DIR ENDS HOSTED`."""

import contextlib
import gc
import io
import sys
import threading

sys.path.insert(0, sys.argv[1])
import fudsv

ends, hosted = fudsv.load(sys.argv[2]), fudsv.load(sys.argv[3])


def run(how):
    """Two quiet ticks, one with `how`, one behind it: what each raised, and what was printed."""
    printed, raised = [], []
    with ends.new(output=printed.append) as dut:
        dut.tick(2)
        for value in (how, 0):
            try:
                dut.how = value
                dut.tick()
                raised.append(None)
            except fudsv.Error as error:
                raised.append(error)
        assert dut.entered in (2, 3, 4)
        return raised, dut.finished, "".join(printed)


def kinds(how):
    raised, finished, _ = run(how)
    return [error and (type(error), error.kind, error.message) for error in raised], finished


assert kinds(0) == ([None, None], False)
assert kinds(1) == ([None, (fudsv.Finished, "finish", "$finish was reached before")], True)
assert kinds(3) == ([(fudsv.Stopped, "stop", "$stop")] * 2, False)
assert kinds(4) == ([(fudsv.Stopped, "error", "value is 2"), None], False)
assert kinds(5) == ([(fudsv.Fatal, "fatal", "gave up at 2"),
                     (fudsv.Fatal, "usage", "the model ended before: gave up at 2")], False)
assert kinds(6) == ([(fudsv.Stopped, "error", "how is six"), None], False)
assert kinds(10)[0][0][:2] == (fudsv.Fatal, "not-converged")
error = run(4)[0][0]
assert error.file.endswith("ends.sv") and str(error) == f"{error.file}:{error.line}: $error: value is 2"

# What is printed goes where Python's own output goes.
shown = io.StringIO()
with contextlib.redirect_stdout(shown), ends.new() as dut:
    dut.how = 8
    dut.tick()
assert shown.getvalue() == "hello 0\nbehind it\n", shown.getvalue()

# A loop ends at `$finish`, and many ticks stop there.
with ends.new(output=lambda text: None) as dut:
    dut.tick(3)
    dut.how = 1
    while not dut.finished:
        dut.tick(1000)
    assert dut.entered == 4 and dut.time == 7, (dut.entered, dut.time)

# What an output raises comes out of the call; the model is not to be run from inside of it.
dut = hosted.new(["+level=42"], seed=5, scope="bench", output=lambda text: 1 / 0)
dut.eval()
assert (dut.level, dut.errors, dut.warnings) == (42, 0, 0)
dut.load = 1
for expected in (ZeroDivisionError,):
    try:
        dut.tick()
        raise AssertionError("nothing was raised")
    except expected:
        pass
assert (dut.errors, dut.warnings) == (1, 1)
try:
    dut.close()
except ZeroDivisionError:
    print("the final block printed")

inside = []


def meddle(text):
    for action in (inner.eval, inner.close):
        try:
            action()
        except fudsv.Error as error:
            inside.append(str(error))


inner = ends.new(output=meddle)
inner.how = 8
inner.tick()
assert set(inside) == {"the model is running, in another thread or around its own output"}, inside
inner.close()



def random(seed):
    with hosted.new(seed=seed, output=lambda text: None) as mine:
        mine.eval()
        return mine.random


assert random(5) == random(5) != random(6)
dut = hosted.new(output=lambda text: None)
dut.time = 100
dut.tick()
assert (dut.time, dut.now, dut.next_event) == (102, 101, None)
dut.close()

# A model that nobody has any more is closed, with its final block.
printed = []
dut = hosted.new(output=printed.append)
dut.tick()
del dut
gc.collect()
assert "".join(printed).endswith(": 1 edges\n"), printed

# Many models in many threads.
wrong = []


def work(number):
    for _ in range(50):
        with hosted.new(output=lambda text: None, scope=f"thread{number}") as mine:
            mine.tick(number + 1)
            if (mine.edges, mine.time, mine.now) != (number + 1, 2 * number + 2, 2 * number + 1):
                wrong.append((number, mine.edges, mine.time, mine.now))


threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not wrong, wrong
print("ends: ok")
