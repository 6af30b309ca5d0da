"""What every registered renderer must do, whoever wrote it."""

import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache

import pytest

from gradgraph import Graph, Limits, Node, TooLarge, ToolError, Value, render
from gradgraph.drawing.registry import find_renderer, renderer_names
from gradgraph.graph.views import everything
from gradgraph.testing import check_renderer, parse_text
from tests.conftest import ROOT, example
from tests.readback import mermaid_reads, pydot_reads, svg_reads
from tests.strategies import NASTY_LABELS

pytestmark = pytest.mark.parametrize("name", renderer_names())


@pytest.fixture(autouse=True)
def available(name, request):
    if find_renderer(name).availability() is not None:
        request.getfixturevalue("layout_engine")


def of_boxes(drawn: tuple[set[str], Counter[tuple[str, str]]]) -> tuple[set[int], Counter[tuple[int, int]]]:
    """Nodes and operand edges of a drawing of boxes n0 and circles n0op."""
    names, wires = drawn
    nodes = {int(name[1:]) for name in names if name[1:].isdecimal()}
    edges: Counter[tuple[int, int]] = Counter()
    for (tail, head), count in wires.items():
        if head.endswith("op"):
            edges[int(tail[1:]), int(head[1:-2])] += count
    return nodes, edges


def text_reads(text: str) -> tuple[set[int], Counter[tuple[int, int]]]:
    parsed = parse_text(text)
    edges: Counter[tuple[int, int]] = Counter()
    for head, uses in zip(parsed.ids, parsed.structure or [], strict=True):
        edges.update((-1 if tail is None else tail, head) for tail in uses.elements())
    return set(parsed.ids), edges


READERS = {
    "dot": lambda dot: of_boxes(pydot_reads(dot)),
    "mermaid": lambda text: of_boxes(mermaid_reads(text)),
    "svg": lambda svg: of_boxes((set(svg_reads(svg)[0]), svg_reads(svg)[1])),
    "text": text_reads,
}
"""What reads the drawings of a renderer, none of it code of the renderer."""


def leaf(**facts) -> Graph:
    return Graph((Node(**{"id": 0, "data": 1.0, "grad": None, **facts}),), (0,))


GRAPHS = {
    "neuron": example("neuron"),
    "mlp": example("mlp"),
    **{f"label {label!r}": leaf(label=label) for label in NASTY_LABELS},
}


def test_it_keeps_every_promise(name):
    check_renderer(find_renderer(name), READERS.get(name))


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_any_graph_is_drawn_the_same_twice(name, graph):
    renderer = find_renderer(name)
    once = renderer.render(everything(graph), renderer.Options(), Limits())
    assert once
    assert renderer.render(everything(graph), renderer.Options(), Limits()) == once


def test_a_large_graph_is_drawn_or_refused_with_figures(name):
    value = Value(0.0)
    for _ in range(2_000):
        value = value + value
    try:
        assert render(value, name, strict=True, limits=Limits(max_layout_cost=500, max_drawn=500)).content
    except (ToolError, TooLarge) as error:
        assert any(char.isdigit() for char in str(error))


PICTURES = ("pdf", "png")
"""Formats without a promise of equal bytes. They take longest, so two seeds are enough."""


@cache
def drawn_under(seed: int) -> dict[str, str]:
    """A digest of what each renderer draws of two graphs, and of their documents, in a process of this hash seed."""
    names = [name for name in renderer_names() if name not in PICTURES or seed < 2]
    code = (
        "import sys; sys.path.insert(0, 'examples'); import hashlib, json, mlp, neuron; from gradgraph import *;"
        "values = mlp.mlp(), neuron.neuron_from_exp();"
        f"drawn = {{name: b''.join(render(v, name).to_bytes() for v in values) for name in {names}}};"
        "drawn['documents'] = ''.join(dumps(export(v)) for v in values).encode();"
        "print(json.dumps({name: hashlib.sha256(content).hexdigest() for name, content in drawn.items()}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    return dict(json.loads(ran.stdout))


def test_same_bytes_under_every_hash_seed(name):
    digests = [drawn_under(seed) for seed in range(2 if name in PICTURES else 10)]
    assert len({each[name] for each in digests}) == 1
    assert len({each["documents"] for each in digests}) == 1
