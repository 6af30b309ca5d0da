"""Reading text drawings back: what is no drawing is told."""

import pytest

from gradgraph import render
from gradgraph.testing import parse_text
from tests.conftest import example
from tests.unit.test_text import SHARED, SHARED_ASCII


@pytest.mark.parametrize("drawing", [SHARED, SHARED_ASCII])
def test_both_character_sets_are_read(drawing):
    parsed = parse_text(drawing)
    assert parsed.ids == (0, 1, 2, 3, 4)
    assert parsed.expressions == ((), (), (0, 1), (2, 0), (3, 3))
    assert parsed.structure is not None
    assert parsed.structure == ({}, {}, {0: 1, 1: 1}, {0: 1, 2: 1}, {3: 2})


def test_a_table_without_rails_has_no_structure():
    parsed = parse_text(str(render(example("neuron"), "text", width=0, max_rails=1)))
    assert parsed.structure is None
    assert parsed.expressions[-1] == (8,)


@pytest.mark.parametrize(
    ("drawing", "told"),
    [
        ("", "line 1: this is not the heading"),
        ("hello\nworld", "line 1: this is not the heading"),
        (SHARED.replace("n2 ", "   "), "line 4: a node's id is missing"),
        (SHARED.replace("│ ○", "   "), "line 3: there is no mark"),
        (SHARED.replace("├─●", "  ●"), "line 4: the rail of n0 breaks off"),
        (SHARED.replace("a * b", "a * …"), "line 4: 'a * …' is no whole expression"),
        ("tree id  data  name = expression\n●    n1     1  = f(a)\n ╰─○ n0     1  a\n", "line 3: this branch hangs"),
        ("tree id  data  name = expression\n?    n1     1  = f(a)\n", "line 2: this is no branch"),
    ],
)
def test_what_is_no_drawing_is_told_with_its_line(drawing, told):
    with pytest.raises(ValueError, match=told.replace("*", r"\*")):
        parse_text(drawing)
