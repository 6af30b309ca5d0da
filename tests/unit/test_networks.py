"""networkx: there and back, and graphs that others made."""

import math

import networkx
import pytest
from hypothesis import given

from gradgraph import CycleError, DocumentError, ToolMissing, Value, export, from_networkx, to_networkx
from tests.strategies import graphs
from tests.test_goldens import CASES


@given(graphs(most=20))
def test_there_and_back_is_the_same_graph(graph):
    drawn = to_networkx(graph)
    assert networkx.is_directed_acyclic_graph(drawn)
    assert drawn.number_of_edges() == len(graph.edges)
    assert from_networkx(drawn) == graph


@pytest.mark.parametrize("name", CASES)
def test_every_case_comes_back(name):
    assert from_networkx(to_networkx(CASES[name]())) == CASES[name]()


def test_slots_and_repeats_are_kept():
    a, b = Value(5.0, "a"), Value(2.0, "b")
    drawn = to_networkx((a - b) * a)
    assert sorted(drawn.edges(data="slot")) == [(0, 2, 0), (0, 3, 1), (1, 2, 1), (2, 3, 0)]
    assert to_networkx(a + a).number_of_edges(0, 1) == 2


def made() -> networkx.MultiDiGraph:
    """b - a with names of its own, made in no order, without ops or outputs."""
    drawn = networkx.MultiDiGraph()
    drawn.add_node("difference", data=1, op="-")
    drawn.add_node("a", data=2.0, label="a")
    drawn.add_node("b", data=3.0, grad=1)
    drawn.add_edge("a", "difference", slot=1)
    drawn.add_edge("b", "difference", slot=0)
    return drawn


def test_a_graph_of_that_shape_is_taken_whatever_its_nodes_are_called():
    graph = from_networkx(made())
    assert [node.label for node in graph] == ["", "a", ""]
    assert graph[2].operands == (0, 1)
    assert graph.outputs == (2,)
    assert graph.symbol(graph[2]) == "-"
    assert graph[0].grad == 1.0


def test_what_no_document_can_hold_is_refused():
    looped = made()
    looped.add_edge("difference", "a", slot=0)
    with pytest.raises(CycleError):
        from_networkx(looped)
    nameless = made()
    nameless.add_node("lonely")
    with pytest.raises(DocumentError, match="has not the shape that to_networkx gives"):
        from_networkx(nameless)
    with pytest.raises(DocumentError):
        from_networkx(networkx.MultiDiGraph())
    with_edges_to_a_leaf = made()
    with_edges_to_a_leaf.add_edge("b", "a")
    with pytest.raises(DocumentError):
        from_networkx(with_edges_to_a_leaf)
    wrong_group = made()
    wrong_group.nodes["a"]["group"] = 7
    with pytest.raises(DocumentError):
        from_networkx(wrong_group)
    elsewhere = made()
    elsewhere.graph["outputs"] = ["nowhere"]
    with pytest.raises(DocumentError):
        from_networkx(elsewhere)
    not_a_number = made()
    not_a_number.nodes["a"]["data"] = math.nan
    assert math.isnan(from_networkx(not_a_number)[1].data)


def test_without_networkx_the_remedy_is_told(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "networkx", None)
    with pytest.raises(ToolMissing, match=r"pip install 'gradgraph\[networkx\]'"):
        to_networkx(export(Value(1.0)))
