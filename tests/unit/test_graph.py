"""Graph and Node: lookup, equality, immutability."""

import math
import pickle

import pytest

from gradgraph import Edge, Graph, Node, Value, export


def leaf(data: float, **facts) -> Graph:
    return Graph((Node(id=0, data=data, grad=None, **facts),), (0,))


def test_lookup_by_id_slice_and_label():
    a = Value(1.0, label="a")
    graph = export((a + a) * a)
    assert graph["a"] is graph[0] is graph.nodes[0]
    assert graph[-1].op == "mul"
    assert len(graph[1:]) == 2
    assert graph.labelled("") == graph.nodes[1:]
    assert graph.edges == (Edge(0, 1, 0), Edge(0, 1, 1), Edge(1, 2, 0), Edge(0, 2, 1))
    with pytest.raises(KeyError, match="2 nodes are labelled ''"):
        graph[""]
    with pytest.raises(KeyError, match="missing"):
        graph["missing"]


def test_equality_is_that_of_the_canonical_document():
    assert leaf(math.nan) == leaf(math.nan)
    assert leaf(0.0) != leaf(-0.0)
    assert leaf(1.0, label="a") != leaf(1.0)
    assert hash(leaf(math.nan)) == hash(leaf(math.nan))
    assert leaf(1.0) != "graph"


def test_nothing_in_a_graph_changes():
    graph = export(Value(2.0) ** 2)
    with pytest.raises(AttributeError):
        graph[0].data = 3.0  # type: ignore[misc]
    with pytest.raises(AttributeError):
        graph.nodes = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        graph[1].params["exponent"] = 3.0  # type: ignore[index]
    with pytest.raises(TypeError):
        graph.ops["power"] = None  # type: ignore[index]


def test_free_form_data_is_frozen_deeply():
    graph = Graph((Node(id=0, data=1.0, grad=None),), (0,), meta={"a": [{"b": 1}]})
    assert graph.meta["a"][0]["b"] == 1
    assert isinstance(graph.meta["a"], tuple)


def test_graphs_pickle():
    graph = export(Value(2.0, label="a") ** 2)
    assert pickle.loads(pickle.dumps(graph)) == graph  # noqa: S301
