"""Every renderer shows every node and every operand edge, whatever the labels."""

import operator
import re
from xml.sax.saxutils import unescape

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from gradgraph import Graph, Node, OpDeclaration, Value, export, render
from gradgraph.visible_text import visible
from tests.conftest import examples
from tests.readback import (
    constants_in,
    dot_draws,
    edges_of,
    mermaid_reads,
    names_of,
    picture_of,
    pydot_reads,
    svg_reads,
    written_numbers,
)
from tests.strategies import NASTY_LABELS, graphs, labels, small_floats

few = examples(40)
OPERATORS = (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow)


@st.composite
def arithmetic(draw, most: int = 8) -> Graph:
    """Graphs of expressions in which many operands are plain numbers, with gradients or without."""
    values = [Value(draw(small_floats)) for _ in range(draw(st.integers(1, 3)))]
    for _ in range(draw(st.integers(1, most))):
        operands = [draw(st.sampled_from(values)), draw(small_floats | st.sampled_from(values))]
        left, right = draw(st.permutations(operands))
        values.append(draw(st.sampled_from(OPERATORS))(left, right))
    if draw(st.booleans()):
        values[-1].backward()
    return export(values[-1])


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


@given(graphs() | arithmetic(), directions, st.booleans())
def test_mermaid_shows_everything(graph, direction, local):
    text = str(render(graph, "mermaid", direction=direction, local=local))
    assert mermaid_reads(text) == ((names_of(graph), edges_of(graph)) if local else picture_of(graph))
    circles = dict(re.findall(r'^  (n\d+op)\(\("(.*)"\)\)$', text, re.MULTILINE))
    read = {key: entities_read(said) for key, said in circles.items()}
    if not local:
        assert numbers_in(graph, read) == written_numbers(graph)


def test_svg_shows_everything_with_the_labels_as_written(layout_engine):
    @few
    @given(graphs(most=8) | arithmetic(), directions, st.booleans(), st.sampled_from(("auto", "light", "dark")))
    def check(graph, direction, local, theme):
        svg = str(render(graph, "svg", strict=True, direction=direction, local=local, theme=theme))
        texts, wires = svg_reads(svg)
        names, edges = (names_of(graph), edges_of(graph)) if local else picture_of(graph)
        assert wires == edges
        assert texts.keys() == names
        said = {key: shown[0] for key, shown in texts.items() if key.endswith("op")}
        if local:
            assert said == {f"n{node.id}op": symbol_of(graph, node) for node in graph if node.op is not None}
        else:
            assert numbers_in(graph, said) == written_numbers(graph)
        for node in graph:
            if f"n{node.id}" not in names:
                continue
            assert labels_of(svg, label_rows(texts[f"n{node.id}"]), node.id) == visible(node.label)

    check()


def symbol_of(graph: Graph, node: Node) -> str:
    """What the circle of an op says, constants in it aside."""
    return visible(graph.symbol(node) or str(node.op))


def numbers_in(graph: Graph, said: dict[str, str]) -> dict[str, dict[int, str]]:
    """The numbers written into each op, as a reader finds them."""
    return {f"n{node.id}op": constants_in(said[f"n{node.id}op"], symbol_of(graph, node)) for node in graph if node.op}


def entities_read(text: str) -> str:
    """Text of a flowchart as it is drawn."""
    return re.sub("#([0-9]+);", lambda entity: chr(int(entity[1])), text)


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
