"""Every renderer shows every node and every operand edge, whatever the labels."""

import re
from xml.sax.saxutils import unescape

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from gradgraph import Graph, Node, OpDeclaration, render
from gradgraph.visible_text import visible
from tests.conftest import examples
from tests.readback import (
    dot_draws,
    edges_of,
    mermaid_reads,
    names_of,
    pydot_reads,
    svg_reads,
)
from tests.strategies import NASTY_LABELS, graphs, labels

few = examples(40)
directions = st.sampled_from(("LR", "TB", "RL", "BT"))


@given(graphs(), directions, st.booleans())
def test_pydot_reads_all_of_the_dot(graph, direction, local):
    names, edges = pydot_reads(str(render(graph, "dot", direction=direction, local=local)))
    assert (names, edges) == (names_of(graph), edges_of(graph))


def test_dot_draws_all_of_the_dot_with_the_labels_as_written(dot):
    @few
    @given(graphs(most=8), directions)
    def check(graph, direction):
        texts, edges = dot_draws(dot, str(render(graph, "dot", direction=direction)))
        assert edges == edges_of(graph)
        assert names_of(graph) <= texts.keys()
        for node in graph:
            shown = texts[f"n{node.id}"]
            assert label_rows(shown) == ([visible(node.label)] if node.label else [])
            assert [each.split()[0] for each in shown[len(label_rows(shown)) :][:2]] == ["data", "grad"]

    check()


def label_rows(rows: list[str]) -> list[str]:
    """What a value box shows above its data and gradient, and the sign that numbers stop being finite there."""
    return rows[: -3 if rows[-1].endswith(" starts here") else -2]


def test_dot_draws_every_nasty_label(dot):
    for label in NASTY_LABELS:
        graph = Graph(
            (Node(0, 1.0, None, label), Node(1, 1.0, None, op="f", operands=(0,))), (1,), {"f": OpDeclaration(label, 1)}
        )
        texts, _ = dot_draws(dot, str(render(graph, "dot")))
        assert label_rows(texts["n0"]) == ([visible(label)] if label else [])
        assert texts["n1op"] == [visible(label) or "f"]


@given(graphs(), directions, st.booleans())
def test_mermaid_shows_everything(graph, direction, local):
    text = str(render(graph, "mermaid", direction=direction, local=local))
    assert mermaid_reads(text) == (names_of(graph), edges_of(graph))


def test_svg_shows_everything_with_the_labels_as_written(layout_engine):
    @few
    @given(graphs(most=8), directions, st.booleans(), st.sampled_from(("auto", "light", "dark")))
    def check(graph, direction, local, theme):
        svg = str(render(graph, "svg", strict=True, direction=direction, local=local, theme=theme))
        texts, wires = svg_reads(svg)
        assert wires == edges_of(graph)
        assert texts.keys() == names_of(graph)
        for node in graph:
            assert labels_of(svg, label_rows(texts[f"n{node.id}"]), node.id) == visible(node.label)
            if node.op is not None:
                assert texts[f"n{node.id}op"] == [visible(graph.symbol(node) or str(node.op))]

    check()


def labels_of(svg: str, lines: list[str], node_id: int) -> str:
    """The label that lines show; the title of the box if there are several, and they have to be of it."""
    if len(lines) < 2:
        return "".join(lines)
    found = re.search(rf'<g data-node="n{node_id}"[^>]*>\n<title>([^<]*)</title>', svg)
    assert found
    whole = unescape(found[1])
    start = 0
    for line in lines:
        shown = line.removesuffix("…") if line is lines[-1] else line
        assert whole[start:].removeprefix(" ").startswith(shown.removeprefix(" "))
        start = whole.index(shown, start) + len(shown)
    assert len(lines) <= 3
    assert whole[start:].strip() == "" or lines[-1].endswith("…")
    return whole


def test_long_labels_are_wrapped_and_cut_and_whole_in_the_title(layout_engine):
    @few
    @given(st.text(st.characters(exclude_categories=["Cs"]), min_size=20, max_size=300))
    def check(label):
        svg = str(render(Graph((Node(0, 1.0, None, label),), (0,)), "svg", strict=True, legend=False))
        lines = label_rows(svg_reads(svg)[0]["n0"])
        assert labels_of(svg, lines, 0) == visible(label)
        assert all(wcswidth(line) <= (28 if line is lines[-1] else 24) for line in lines)

    check()


@given(labels)
def test_visible_hides_nothing_and_changes_nothing_else(label):
    assert visible(visible(label)) == visible(label)
    assert len(visible(label)) >= len(label)
