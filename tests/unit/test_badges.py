"""Badges: each op on the box of its result, and each operand edge once."""

import re
from collections import Counter

import pytest
from hypothesis import given

from gradgraph import Graph, OptionError, Value, export, render
from gradgraph.drawing.badges import MOST_WITH_CIRCLES
from tests.conftest import example, examples
from tests.readback import edges_of, mermaid_reads, names_of, picture_of, pydot_reads, svg_reads
from tests.strategies import graphs


def without_circles(graph: Graph, edges: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """The edges of a picture with badges: those into a circle lead to the result."""
    found: Counter[tuple[str, str]] = Counter()
    for (tail, head), count in edges.items():
        if head.endswith("op"):
            found[tail, head.removesuffix("op")] += count
    return found


@given(graphs())
def test_mermaid_with_badges_shows_everything(graph):
    names, edges = picture_of(graph)
    boxes = {name for name in names if not name.endswith("op")}
    assert mermaid_reads(str(render(graph, "mermaid", ops="badge"))) == (boxes, without_circles(graph, edges))


def test_svg_with_badges_shows_everything(layout_engine):
    @examples(20)
    @given(graphs(most=8))
    def check(graph):
        texts, wires = svg_reads(str(render(graph, "svg", strict=True, ops="badge")))
        with_circles = svg_reads(str(render(graph, "svg", strict=True)))
        assert wires == without_circles(graph, with_circles[1])
        for name, shown in with_circles[0].items():
            if name.endswith("op"):
                box = name.removesuffix("op")
                assert texts[box + "op"] == shown
                assert texts[box] == [*shown, *with_circles[0][box]]

    check()


@pytest.mark.parametrize(("results", "has_circles"), [(MOST_WITH_CIRCLES - 1, True), (MOST_WITH_CIRCLES, False)])
def test_the_size_decides_where_it_is_asked_to(results, has_circles):
    value = Value(1.0, "x")
    for _ in range(results):
        value = -value
    assert ("n1op" in str(render(value, "mermaid", ops="auto"))) == has_circles


def test_a_badge_has_its_constants_and_marks(layout_engine):
    svg = str(render(1 - Value(2.0, "x") / Value(3.0, "y"), "svg", strict=True, ops="badge"))
    assert re.search(r'<g data-op="n4" data-constants="n0"><rect [^>]*/><text [^>]*>1 -</text></g>', svg)
    assert "<circle" not in svg
    assert re.search(r'<g data-tail="n2" data-head="n3">.*>2</text></g>', svg)


def test_dot_and_text_have_no_badges():
    graph = export(-Value(1.0))
    for format in ("dot", "text"):
        with pytest.raises(OptionError, match=f"{format} has no option 'ops'"):
            render(graph, format, ops="badge")
    mlp = example("mlp")
    assert pydot_reads(str(render(mlp, "dot"))) == (names_of(mlp), edges_of(mlp))
