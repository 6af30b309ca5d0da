"""Text drawings of hostile graphs: no drawing is larger than its graph by more than a factor, whatever the options."""

import tracemalloc
from typing import Any

import pytest

from gradgraph import Graph, Group, Node, OpDeclaration, render
from gradgraph_renderers.text.table import PER_COLUMN, cut, cut_start

N = 300
UNBOUNDED: dict[str, Any] = {"width": 0, "max_rows": 0, "max_rails": 0, "depth": 200}
ANY = {"f": OpDeclaration("f", None)}


def labels(n: int) -> Graph:
    """A long label, of a node that every other one uses."""
    users = [Node(i, 1.0, None, op="f", operands=(0, i - 1)) for i in range(1, n)]
    return Graph((Node(0, 1.0, None, "\u202ex y" * n * 10), *users), (n - 1,), ANY)


def group_names(n: int) -> Graph:
    """A long name, of a group that every node is in."""
    return Graph(tuple(Node(i, 1.0, None, group=0) for i in range(n)), (0,), groups=(Group(0, "é" * n * 10),))


def deep_groups(n: int) -> Graph:
    """Groups inside each other, and a node in each."""
    groups = tuple(Group(i, "g" * 30, i - 1 if i else None) for i in range(n))
    return Graph(tuple(Node(i, 1.0, None, group=i) for i in range(n)), (0,), groups=groups)


def op_names(n: int) -> Graph:
    """A long name of an op with no symbol."""
    op = "o" * n * 10
    return Graph((Node(0, 1.0, None), *_users(n, op, {})), (1,), {op: OpDeclaration("", 1)})


def symbols(n: int) -> Graph:
    """A long symbol that params are filled in."""
    return Graph((Node(0, 1.0, None), *_users(n, "f", {"a": 1.0})), (1,), {"f": OpDeclaration("{a}" * n * 10, 1)})


def rails(n: int) -> Graph:
    """Values that all live until one op uses them."""
    leaves = [Node(i, 1.0, None) for i in range(10 * n)]
    return Graph((*leaves, Node(10 * n, 1.0, None, op="f", operands=tuple(range(10 * n)))), (10 * n,), ANY)


def many_of_many(n: int) -> Graph:
    """An op of many operands, which many ops use."""
    users = [Node(i, 1.0, None, op="f", operands=(1,)) for i in range(2, n)]
    wide = Node(1, 1.0, None, op="f", operands=(0,) * 10 * n)
    return Graph((Node(0, 1.0, None), wide, *users), tuple(range(2, n)), ANY)


def _users(n: int, op: str, params: dict[str, float]) -> list[Node]:
    return [Node(i, 1.0, None, op=op, operands=(0,), params=params) for i in range(1, n)]


@pytest.mark.parametrize("style", ["rails", "tree"])
@pytest.mark.parametrize("width", [0, 80])
@pytest.mark.parametrize("make", [labels, group_names, deep_groups, op_names, symbols, rails, many_of_many])
def test_a_graph_twice_as_large_takes_twice_the_memory(make, width, style, monkeypatch):
    monkeypatch.setattr("gradgraph_renderers.text.rails.MOST_PLACES", 200_000)  # to be quick
    peaks = []
    for n in (N, 2 * N):
        graph = make(n)
        render(graph, "text", style=style, **UNBOUNDED | {"width": width})  # what is kept for all drawings
        tracemalloc.start()
        drawing = str(render(graph, "text", style=style, **UNBOUNDED | {"width": width}))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert len(drawing) < 3_000 * n
    assert peaks[1] < 2.6 * peaks[0]


def test_rails_have_a_ceiling_that_ordinary_graphs_do_not_reach():
    assert "more than 416 would be needed, and there is no room for them" in str(
        render(rails(1200), "text", **UNBOUNDED)
    )
    assert "no rails" not in str(render(rails(200), "text", **UNBOUNDED))
    chain = [Node(0, 1.0, None), *(Node(i, 1.0, None, op="f", operands=(i - 1,)) for i in range(1, 100))]
    assert "no rails" not in str(render(Graph(tuple(chain), (99,), ANY), "text", **UNBOUNDED))


@pytest.mark.parametrize("line", ["x" * 10**6, "权" * 10**6, "\u0301" * 10**6, "a\u0301" * 10**6])
def test_what_will_be_cut_is_not_measured(line, monkeypatch):
    measured = []

    def measure(text: str) -> int:
        measured.append(text)
        return 1

    monkeypatch.setattr("gradgraph_renderers.text.table.wcswidth", measure)
    for some in (cut(line, 20, "…"), cut_start(line, 20, "…")):
        assert "…" in some
        assert len(some) <= PER_COLUMN * 20 + 1
    assert sum(map(len, measured)) <= 2 * PER_COLUMN * 20


def test_a_long_label_is_cut_with_an_ellipsis_even_if_nothing_of_it_is_seen():
    for label in ("\u0301" * 5_000, "x" * 5_000):
        drawing = str(render(Graph((Node(0, 1.0, None, label),), (0,)), "text"))
        assert "…" in drawing
        assert len(drawing) < 2_000
