"""The text drawing of any graph: true to it, within its width, and harmless to a terminal."""

import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from gradgraph import Graph, focus, render
from gradgraph.testing import parse_text
from gradgraph.visible_text import JOINERS, visible
from tests import text_readback
from tests.strategies import graphs

charsets = st.sampled_from(("unicode", "ascii"))
styles = st.sampled_from(("rails", "tree"))


def among(ids: tuple[int, ...], operands: tuple[int, ...]) -> Counter[int | None]:
    """Operands as a drawing of the nodes `ids` shows them."""
    return Counter([operand if operand in ids else None for operand in operands])


def draw(what, charset: str = "unicode", **options) -> str:
    return str(render(what, "text", **{"width": 0, "max_rails": 0, "charset": charset, **options}))


@given(graphs(most=40), charsets)
def test_rails_alone_and_expressions_alone_say_what_the_graph_says(graph, charset):
    text_readback.check(graph, charset)


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_random_graphs_are_read_back(first):
    text_readback.check_seeds(range(first, first + 20), most=300)


@given(graphs(), charsets, st.integers(1, 30))
def test_a_tree_shows_every_operand_or_how_many_are_missing(graph, charset, depth):
    parsed = parse_text(draw(graph, charset, style="tree", depth=depth))
    assert parsed.structure is not None
    for id, operands in zip(parsed.ids, parsed.structure, strict=True):
        whole = graph[id].operands
        assert operands in (Counter(whole), Counter({None: len(whole)}))
    if depth > 25:
        assert sorted(parsed.ids) == list(range(len(graph)))


@given(graphs(), charsets, st.integers(1, 30))
def test_a_row_limit_leaves_out_the_middle_and_counts_it(graph, charset, most):
    drawing = draw(graph, charset, max_rows=most)
    parsed = parse_text(drawing)
    first = most - most // 2
    ids = tuple(range(len(graph)))
    assert parsed.ids == (ids if len(ids) <= most else ids[:first] + ids[len(ids) - (most - first) :])
    assert parsed.structure == tuple([among(parsed.ids, graph[id].operands) for id in parsed.ids])
    said = re.search(r"[⋮:] (\d+) nodes? \(n\d+ to n\d+\) left out", drawing)
    assert (int(said[1]) if said else 0) == len(ids) - len(parsed.ids)


@given(graphs(), st.data(), charsets, styles)
def test_a_focus_shows_its_neighbourhood_and_what_leads_out(graph, data, charset, style):
    centre = data.draw(st.integers(0, len(graph) - 1))
    radius = data.draw(st.integers(0, 3))
    view = focus(graph, centre, radius)
    parsed = parse_text(draw(view, charset, style=style, depth=100))
    assert sorted(parsed.ids) == sorted(neighbourhood(graph, centre, radius))
    assert parsed.structure is not None
    for id, operands in zip(parsed.ids, parsed.structure, strict=True):
        assert operands == among(parsed.ids, graph[id].operands)


def neighbourhood(graph: Graph, centre: int, radius: int) -> set[int]:
    pairs = {(edge.tail, edge.head) for edge in graph.edges}
    distance = {centre: 0}
    for step in range(1, radius + 1):
        near = [id for id, steps in distance.items() if steps == step - 1]
        for id in near:
            for tail, head in pairs:
                if id in (tail, head):
                    distance.setdefault(head if id == tail else tail, step)
    return set(distance)


@given(graphs(most=15), st.integers(20, 200), charsets, styles, st.sampled_from((None, 1, 4)), st.booleans())
def test_no_line_is_wider_than_the_width_and_none_holds_a_control(graph, width, charset, style, most, all_rails):
    options = {"width": width, "charset": charset, "style": style, "max_rows": most, "max_rails": 0 if all_rails else 4}
    drawing = draw(graph, **options)
    assert all(0 <= wcswidth(line) <= width for line in drawing.splitlines())
    assert all(visible(line) == line for line in drawing.splitlines())
    unseen = {
        char for char in drawing.replace("\n", "") if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }
    assert unseen <= {*JOINERS}
    assert drawing.isascii() or charset == "unicode"
    above, heading, _ = re.split(r"^((?:tree +| *)id .*)$", drawing, maxsplit=1, flags=re.MULTILINE)
    missing = re.search(r"\(no ([^)]*)\)", " ".join([*above.split(), heading]))
    told = set(missing[1].split(", ")) if missing else set()
    assert bool(missing) == ("(no" in above + heading)
    has_groups = " group " in draw(graph, **options | {"width": 0}).splitlines()[0]
    for name, is_there in (
        ("rails", style == "tree" or not heading.startswith("id")),
        ("grad", " grad " in heading),
        ("group", not has_groups or re.search(" group( |$)", heading) is not None),
    ):
        assert (name in told) != is_there
    words = " ".join(drawing.split())
    assert words.count("columns are too few") == len(told - {"rails"}) + (f"no rails: {width} columns" in words)
    hidden = re.search(r"[⋮:] [\d,]+ (lines?|nodes? \(n\d+ to n\d+\)) left out", words)
    assert most is None or style == "tree" or (hidden is not None) == (len(graph) > most)


@given(graphs(most=12), charsets, styles)
def test_colour_stripped_is_the_plain_drawing(graph, charset, style):
    coloured = draw(graph, charset, style=style, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == draw(graph, charset, style=style)
    assert set(re.findall(r"\x1b\[([0-9;]*)m", coloured)) <= {"0", "1", "2", "1;35", "1;31"}
