"""Programs for micrograd's Value print the same on ours."""

import math
import re
from importlib import import_module
from pathlib import Path

import pytest
from micrograd.engine import Value as Micro

from gradgraph import Value

PROGRAMS = sorted(
    path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in ("__init__", Path(__file__).stem)
)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?")


def output(name, value, capsys):
    import_module(f"tests.programs.{name}").main(value)
    return capsys.readouterr().out


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_prints_the_same_on_our_values(name, capsys):
    theirs, ours = output(name, Micro, capsys), output(name, Value, capsys)
    assert NUMBER.sub("#", theirs) == NUMBER.sub("#", ours)
    numbers = [[float(each) for each in NUMBER.findall(text)] for text in (theirs, ours)]
    assert len(numbers[0]) >= 3
    for their, our in zip(*numbers, strict=True):
        assert math.isclose(their, our, rel_tol=1e-12, abs_tol=1e-12)


def test_there_are_twelve():
    assert len(PROGRAMS) == 12
