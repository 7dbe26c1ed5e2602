"""The tests of fud.toml for pytest: `pytest run_tests.py`. fudsv builds and runs; pytest reports."""

import json
import subprocess

import pytest


def fudsv(*words):
    """The objects that a command of fudsv prints, a line each."""
    command = ["fudsv", "test", *words, "--message-format", "json", "-q"]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in said.stdout.splitlines()]


@pytest.mark.parametrize("design", ["counter", "counter-icarus"])
def test_design(design):
    tests = [test for test in fudsv(design) if test["type"] == "test"]
    failed = [f"{test['name']}: {test['message']}" for test in tests if test["verdict"] not in ("passed", "skipped")]
    assert tests and not failed, "\n".join(failed)
