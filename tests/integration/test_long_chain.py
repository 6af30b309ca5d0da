"""A chain of 100,000 additions on every road, under the default recursion limit."""

import sys

from gradgraph import Value, dumps, export, loads, render, to_values, verify
from gradgraph.graph.views import everything
from gradgraph_renderers.text.charset import UNICODE
from gradgraph_renderers.text.rails import allocate

LENGTH = 100_000


def test_a_long_chain_goes_all_the_way():
    assert sys.getrecursionlimit() <= 1000
    value = first = Value(0.0, "start")
    for _ in range(LENGTH):
        value = value + 1.0
    value.backward()
    assert first.grad == 1.0
    graph = export(value)
    assert len(graph) == 2 * LENGTH + 1
    loaded = loads(dumps(graph))
    assert loaded == graph
    assert verify(loaded) == ()
    revived = to_values(loaded)
    revived[-1].backward()
    assert revived[0].grad == 1.0
    assert str(render(loaded, "dot")).count(" -> ") == 3 * LENGTH
    assert str(render(loaded, "text", max_rows=None)).count("\n") >= len(graph)
    assert allocate(everything(loaded), UNICODE, 2) is not None
