"""No fault in what a layout engine places: random graphs in groups, everything in examples/ and in the gallery.

LAYOUT_ENGINE names the engine, LAYOUT_GRAPHS says how many random graphs there are; `make layout-faults` takes 10,000.
"""

import os
from typing import get_args

import pytest

from benchmarks.layout_graphs import scene, shipped
from gradgraph.errors import RendererError
from gradgraph.plugins import Direction, Layout, Limits, Outline, find_layout
from gradgraph.testing.placements import faults
from gradgraph_renderers.svg.placing import outline
from tests.layout_cases import random_outline
from tests.layout_judge import complaints

ENGINE = os.environ.get("LAYOUT_ENGINE", "layered")
IN_THE_GATE = 200
GRAPHS = int(os.environ.get("LAYOUT_GRAPHS", IN_THE_GATE))
AT_ONCE = 40
"""Graphs of one test, so that several processes share the work."""
LARGE = "examples/fit.py"
"""Left out in the gate: it takes some CPU seconds for each placement, of 3,423 boxes and circles."""
MOST_PAIRS = 1_000
"""Boxes and circles that `faults` can look at in time: it compares all pairs. The other judge looks at any number."""
MOST = 5
"""Placements that a failure lists, and faults of each of them."""
DIRECTIONS = get_args(Direction)


@pytest.fixture
def engine() -> Layout:
    """The engine that is judged."""
    try:
        found = find_layout(ENGINE)
        reason = found.availability()
    except RendererError as error:
        reason = str(error)
    if reason:
        pytest.skip(reason)
    return found


def wrong_with(engine: Layout, drawn: Outline, direction: Direction) -> list[str]:
    """Return the first faults that two judges find in the placement of an outline."""
    found: list[str] = []
    try:
        placement = engine.place(drawn, direction=direction, limits=Limits())
        if len(drawn.blocks) <= MOST_PAIRS:
            found += faults(drawn, placement, direction)
        found += complaints(drawn, placement, direction)
    except Exception as error:  # whatever an engine raises, or answers with, is a fault
        found.append(f"raised {error!r}")
    return [*found[:MOST], *([f"and {len(found) - MOST} more"] if found[MOST:] else [])]


@pytest.mark.parametrize("first", range(0, GRAPHS, AT_ONCE))
def test_random_graphs_have_no_faults(first, engine):
    found = []
    for seed in range(first, min(first + AT_ONCE, GRAPHS)):
        drawn = random_outline(seed)
        # In the gate each graph has one direction, in turn: the graphs of each direction are of all kinds.
        for direction in DIRECTIONS if GRAPHS > IN_THE_GATE else DIRECTIONS[seed % 4 : seed % 4 + 1]:
            said = wrong_with(engine, drawn, direction)
            if said:
                found.append("\n    ".join([f"random_outline({seed}), {direction}:", *said]))
    if found:
        pytest.fail("\n".join([f"{len(found)} placements have faults, such as", *found[:MOST]]), pytrace=False)


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("name", [name for name in shipped() if GRAPHS > IN_THE_GATE or name != LARGE])
def test_what_is_shipped_has_no_faults(name, local, engine):
    drawn = outline(scene(shipped()[name](), local=local))
    assert [fault for direction in DIRECTIONS for fault in wrong_with(engine, drawn, direction)] == []
