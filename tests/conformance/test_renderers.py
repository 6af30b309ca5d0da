"""What every registered renderer must do, whoever wrote it."""

import math
import os
import subprocess
import sys

import pytest

from gradgraph import Graph, Limits, Node, OpDeclaration, TooLarge, ToolError, Value, dumps, export, render
from gradgraph.protocol import RenderOptions
from gradgraph.registry import find_renderer, renderer_names
from gradgraph.views import everything
from tests.conftest import ROOT, example
from tests.strategies import NASTY_LABELS

pytestmark = pytest.mark.parametrize("name", renderer_names())


@pytest.fixture(autouse=True)
def available(name, request):
    if find_renderer(name).availability() is not None:
        request.getfixturevalue("layout_engine")


def leaf(**facts) -> Graph:
    return Graph((Node(**{"id": 0, "data": 1.0, "grad": None, **facts}),), (0,))


GRAPHS = {
    "one node": leaf(),
    "empty label": leaf(label=""),
    "not finite": leaf(data=math.nan, grad=-math.inf),
    "neuron": example("neuron"),
    "mlp": example("mlp"),
    "repeats": export(Value(2.0) + Value(3.0)),
    "unknown op": Graph(
        (Node(0, 1.0, None), Node(1, 1.0, 0.0, op="?", operands=(0, 0, 0))), (1, 0), {"?": OpDeclaration("", None)}
    ),
    **{f"label {label!r}": leaf(label=label) for label in NASTY_LABELS},
}


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_any_graph_is_drawn_the_same_twice_and_left_alone(name, graph):
    before = dumps(graph)
    renderer = find_renderer(name)
    once = renderer.render(everything(graph), RenderOptions())
    assert once
    assert renderer.render(everything(graph), RenderOptions()) == once
    assert dumps(graph) == before


def test_it_says_what_it_is(name):
    renderer = find_renderer(name)
    assert renderer.name == name
    assert "/" in renderer.media_type
    assert all(suffix.startswith(".") for suffix in renderer.suffixes)
    assert renderer.suffixes


def test_options_change_the_drawing(name):
    graph = export(Value(1.0, "a") / 3)
    plain = render(graph, name).content
    assert render(graph, name, precision=9).content != plain
    assert render(graph, name, grad=False).content != plain


def test_a_missing_gradient_is_never_drawn_as_zero(name):
    missing, zero = (str(render(leaf(grad=grad), name, charset="ascii")) for grad in (None, 0.0))
    assert missing != zero


def test_a_large_graph_is_drawn_or_refused_with_figures(name):
    value = Value(0.0)
    for _ in range(2_000):
        value = value + value
    try:
        assert render(value, name, strict=True, limits=Limits(max_drawn=500)).content
    except (ToolError, TooLarge) as error:
        assert any(char.isdigit() for char in str(error))


def test_same_bytes_under_every_hash_seed(name):
    code = (
        "import sys; sys.path.insert(0, 'examples'); import mlp, neuron; from gradgraph import *;"
        f"print(''.join(str(render(v, {name!r})) + dumps(export(v)) for v in (mlp.mlp(), neuron.neuron_from_exp())))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
            cwd=ROOT,
        ).stdout
        for seed in range(10)
    }
    assert len(outputs) == 1
