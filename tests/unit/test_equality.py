"""What equals what: == and != agree for every public type, equal things have one hash, and nothing raises."""

import math
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

import gradgraph
import gradgraph.testing.gradients
from gradgraph import (
    DrawingOptions,
    Edge,
    Graph,
    Group,
    Limits,
    Node,
    OpDeclaration,
    Problem,
    Rendering,
    Value,
    View,
    export,
    focus,
    loads,
)
from gradgraph.drawing.batch import Drawn
from gradgraph.graph.comparing import Change, diff
from gradgraph.graph.figures import Summary, summarize
from gradgraph.graph.frozen import FrozenMap
from gradgraph.graph.views import Fold
from gradgraph.pages.display_defaults import DisplayDefaults
from gradgraph.replay.verifying import Disagreement
from gradgraph.testing import GradientMismatch, ParsedText, parse_text
from tests.conftest import ROOT


def graph(last: float = 6.0) -> Graph:
    nodes = (
        Node(id=0, label="a", data=float("nan"), grad=None, role="input"),
        Node(
            id=1,
            op="scale",
            operands=(0,),
            data=last,
            grad=-0.0,
            params={"by": 2.0, "axes": [1]},
            local=(2.0,),
            group=0,
        ),
    )
    groups = (Group(0, "layer"),)
    return Graph(nodes, (1,), {"scale": OpDeclaration("scale", 1)}, groups, {"tags": ["x"]}, {"z": {"y": [math.inf]}})


def sound(data: float = 2.0) -> Graph:
    return export(Value(data, "a") ** 2)


MAKERS: dict[type, Callable[[], Any]] = {
    Change: lambda: diff(sound(), sound(3.0))[0],
    DisplayDefaults: DisplayDefaults,
    Disagreement: lambda: Disagreement(1, "data", 2.0, 4.0),
    Drawn: lambda: next(gradgraph.render_many([sound()], "text")),
    Edge: lambda: sound().edges[0],
    Fold: lambda: Fold(0, sound().nodes, 0),
    FrozenMap: lambda: FrozenMap({"b": 1, "a": (2.0, FrozenMap())}),
    GradientMismatch: lambda: GradientMismatch(0, 1.0, 2.0),
    Graph: graph,
    Group: lambda: Group(0, "layer", None),
    Limits: Limits,
    Node: lambda: graph().nodes[1],
    OpDeclaration: lambda: OpDeclaration("+", 2),
    ParsedText: lambda: parse_text(str(gradgraph.render(sound(), "text"))),
    Problem: lambda: Problem("operand 9 is not an earlier node", "/nodes/7", 14),
    DrawingOptions: lambda: DrawingOptions(title="A graph"),
    Rendering: lambda: gradgraph.render(sound(), "text"),
    Summary: lambda: summarize(sound()),
    View: lambda: focus(sound(), "a", radius=1),
}
"""For each type whose instances are equal when what they say is equal, a function that makes one anew."""

OTHERS: dict[type, Any] = {
    Edge: Edge(0, 1, 1),
    FrozenMap: FrozenMap({"b": 2}),
    Graph: graph(7.0),
    Node: sound().nodes[1],
    OpDeclaration: OpDeclaration("+", 3),
    DrawingOptions: DrawingOptions(title="Another graph"),
    Rendering: gradgraph.render(sound(3.0), "text"),
    View: focus(sound(3.0), "a", radius=1),
}


def public_types() -> set[type]:
    """Every class that the package exports, or that its functions return, apart from errors and protocols.

    The reference documents those that are returned and not exported, by name.
    """
    found = [getattr(module, name) for module in (gradgraph, gradgraph.testing) for name in dir(module)]
    for module, name in re.findall(
        r"autoclass:: ([\w.]+)\.(\w+)", (ROOT / "docs/reference/api.rst").read_text(encoding="utf-8")
    ):
        found.append(getattr(import_module(module), name))
    return {
        each
        for each in found
        if isinstance(each, type) and each.__module__.startswith("gradgraph.")
        if not issubclass(each, BaseException) and not getattr(each, "_is_protocol", False)
    }


def test_every_public_type_is_judged_here():
    assert public_types() <= {*MAKERS, Value}


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.__name__)
def test_equal_ones_are_equal_in_every_way(kind):
    one, same = MAKERS[kind](), MAKERS[kind]()
    assert type(one) is kind
    assert one is not same
    # Both operators are asked by themselves: a class may define one and inherit the other.
    assert (one == same) is True
    assert (one != same) is False
    try:
        hash(one)
    except TypeError:
        return
    assert hash(one) == hash(same)


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.__name__)
def test_different_ones_differ_in_every_way(kind):
    one = MAKERS[kind]()
    assert (one == OTHERS[kind]) is False
    assert (one != OTHERS[kind]) is True


@pytest.mark.parametrize("kind", [*MAKERS, Value], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("other", [None, 1, "text", object(), {}, []], ids=lambda other: type(other).__name__)
def test_none_equals_what_is_something_else(kind, other):
    one = MAKERS[kind]() if kind in MAKERS else Value(1.0)
    assert (one == other) is (other == one) is False
    assert (one != other) is (other != one) is True


def test_what_takes_part_in_a_comparison_with_anything_is_asked():
    class Anything:
        def __eq__(self, other):
            return True

    assert (graph() == Anything()) is True
    assert (graph() != Anything()) is False


def test_values_are_told_apart_by_identity():
    a, b = Value(1.0), Value(1.0)
    assert (a == a, a != a, a == b, a != b) == (True, False, False, True)
    assert len({a, b, a}) == 2


def test_graphs_tell_zeros_apart_and_not_nans():
    assert (graph(float("nan")) != graph(float("nan"))) is False
    assert (graph(0.0) != graph(-0.0)) is True
    assert loads(gradgraph.dumps(sound())) == sound()
