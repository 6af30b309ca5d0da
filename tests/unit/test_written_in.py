"""Constants written into the op that uses them: which, how, and where a box stays."""

import math

import pytest

from gradgraph import DrawingOptions, Graph, Node, OpDeclaration, Value, export, focus, fold, named_scope, render
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.views import View, everything
from tests.readback import edges_of, names_of, pydot_reads


def symbols(what: Value | Graph | View, **options) -> list[str]:
    """What the circles of a drawing say."""
    graph = export(what) if isinstance(what, Value) else what
    view = graph if isinstance(graph, View) else everything(graph)
    return [circle.symbol for circle in build_scene(view, DrawingOptions(**options)).circles]


def x() -> Value:
    return Value(3.0, "x")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: x() + 0.1, ["+ 0.1"]),
        (lambda: 0.1 + x(), ["0.1 +"]),
        (lambda: x() - 1, ["- 1"]),
        (lambda: 1 - x(), ["1 -"]),
        (lambda: 2 ** x(), ["2 **"]),
        (lambda: x() * -1, ["* -1"]),
        (lambda: x() ** 2 / 3, ["**2", "/ 3"]),
        (lambda: x() * 1.23456789, ["* 1.235"]),
    ],
)
def test_a_constant_is_written_on_its_side_of_the_op(made, said):
    assert symbols(made()) == said


def test_precision_is_that_of_the_drawing():
    assert symbols(x() * 1.23456789, precision=8) == ["* 1.2345679"]


def labelled() -> Value:
    return x() + Value(0.1, "rate", "constant")


def shared() -> Value:
    c = Value(2.0, role="constant")
    return (x() + c) * c


def twice() -> Value:
    c = Value(2.0, role="constant")
    return x() * (c + c)


def elsewhere() -> Value:
    c = Value(2.0, role="constant")
    with named_scope("layer"):
        return x() * c


def alone() -> Value:
    return Value(1.0, role="constant") + Value(2.0, role="constant")


def not_finite() -> Value:
    return x() * math.inf


def odd_gradient() -> Value:
    value = (x() * 0) ** -1
    value.backward()
    return value


@pytest.mark.parametrize("made", [labelled, shared, twice, elsewhere, alone, not_finite, odd_gradient])
def test_a_box_stays_where_it_says_more_than_the_number(made):
    graph = export(made())
    scene = build_scene(everything(graph), DrawingOptions())
    assert not any(circle.constants for circle in scene.circles)
    assert len(scene.boxes) == len(graph)


def test_a_box_stays_for_local_derivatives_links_outputs_and_what_is_not_shown():
    value = x() + 1
    for options in ({"local": True}, {"link": "{id}"}):
        assert symbols(value, **options) == ["+"]
    constant = Value(1.0, role="constant")
    assert symbols(export([x() + constant, constant])) == ["+"]
    graph = export((x() + 1) * 2)
    assert symbols(focus(graph, "x", 2)) == ["+ 1", "*"]
    assert [box.key for box in build_scene(focus(graph, 1, 0), DrawingOptions()).boxes] == ["n1"]
    with named_scope("layer"):
        folded = x() + 1
    assert symbols(fold(folded * 2, "layer")) == ["* 2"]


def test_several_operands_keep_their_places_and_their_numbers():
    nodes = (
        Node(0, 1.0, None, "a"),
        Node(1, 5.0, None, role="constant"),
        Node(2, 2.0, None, "b"),
        Node(3, 9.0, None, "", op="clip", operands=(0, 1, 2)),
        Node(4, 6.0, None, role="constant"),
        Node(5, 9.0, None, "", op="max", operands=(4, 3)),
    )
    graph = Graph(nodes, (5,), {"clip": OpDeclaration("clip", 3), "max": OpDeclaration("max", 2)})
    scene = build_scene(everything(graph), DrawingOptions())
    assert [circle.symbol for circle in scene.circles] == ["clip(·, 5, ·)", "max(6, ·)"]
    assert [circle.constants for circle in scene.circles] == [(1,), (4,)]
    assert [(wire.tail, wire.mark) for wire in scene.wires if wire.head.endswith("op")] == [
        ("n0", "1"),
        ("n2", "3"),
        ("n3", ""),
    ]


def test_dot_and_a_whole_scene_have_a_box_for_every_node():
    graph = export((x() + 1) * 2 - 3)
    assert pydot_reads(str(render(graph, "dot"))) == (names_of(graph), edges_of(graph))
    assert len(build_scene(everything(graph), DrawingOptions(), whole=True).boxes) == len(graph)


def test_the_svg_says_which_constants_are_in_an_op(layout_engine):
    svg = str(render(x() + 1, "svg", strict=True))
    assert '<g data-op="n2" data-constants="n1"><rect ' in svg
    assert ">+ 1</text>" in svg
    assert 'data-node="n1"' not in svg
    assert "3 values: 2 leaves and 1 result of +" in svg
