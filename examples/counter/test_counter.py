"""Tests of the counter with pytest and nothing else; `counter` is the package that `--to py-module` makes."""

import pytest
from counter import Counter, NoSuchName


@pytest.fixture
def dut():
    with Counter() as dut:
        dut.reset(2)
        yield dut


@pytest.mark.parametrize("cycles", [0, 1, 255, 256, 1000])
def test_it_counts_the_cycles_in_which_it_is_enabled(dut, cycles):
    dut.en = 1
    dut.tick(cycles)
    dut.en = 0
    dut.tick(3)
    assert dut.count == cycles % 2 ** dut.parameters["WIDTH"]


def test_a_reset_beats_the_enable(dut):
    dut.en = dut.rst = 1
    dut.tick(5)
    assert dut.count == 0


def test_a_name_that_is_mistyped_is_told(dut):
    with pytest.raises(NoSuchName, match="did you mean `count`?"):
        dut.cuont
