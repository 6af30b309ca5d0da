"""diff: nodes matched by what they are, not by id."""

import json

import pytest
from hypothesis import given

from gradgraph import Graph, Group, Node, OpDeclaration, Value, dumps, export, loads, named_scope
from gradgraph.graph.comparing import changes_as_json, diff
from gradgraph.graph.frozen import FrozenMap
from tests.conftest import example
from tests.strategies import graphs, live_values


def told(before, after) -> list[str]:
    return [str(change) for change in diff(export(before), export(after))]


def test_equal_graphs_do_not_differ():
    assert diff(example("mlp"), loads(dumps(example("mlp")))) == ()


@given(graphs())
def test_a_graph_does_not_differ_from_itself(graph):
    assert diff(graph, loads(dumps(graph))) == ()


def test_an_inserted_node_moves_ids_but_changes_nothing_else():
    def chain(extra: bool) -> Value:
        x, w = Value(2.0, "x"), Value(3.0, "w")
        inner = (-x).abs() if extra else x
        out = inner * w + 1
        out.label = "out"
        return out

    assert told(chain(False), chain(True)) == [
        "+ n1",
        "+ n2",
        "~ n2 → n4: operands (0, 1) → (2, 3)",
        "~ the graph: ops {'add': ('+', 2), 'mul': ('*', 2)} → "
        "{'abs': ('abs', 1), 'add': ('+', 2), 'mul': ('*', 2), 'neg': ('-', 1)}",
    ]
    assert told(chain(True), chain(False))[:2] == ["- n1", "- n2"]


def test_every_kind_of_change_is_told():
    with named_scope("old"):
        a = Value(1.0, "a")
    with named_scope("new"):
        b = Value(1.5, "a", role="parameter")
    assert told(a, b) == [
        "~ n0 (a): role input → parameter, data 1.0 → 1.5, group old → new",
        "~ the graph: groups [('old',)] → [('new',)]",
    ]
    assert told(a * 2, b * 2)[0].startswith("~ n0 (a)")
    assert told(Value(1.0, "a") ** 2, Value(1.0, "a") ** 3) == [
        "~ n1: params {'exponent': 2.0} → {'exponent': 3.0}, local (2.0,) → (3.0,)"
    ]
    assert told(Value(1.0, "a").exp(), Value(1.0, "a").tanh())[0] == "- n1"


def test_numbers_are_told_apart_as_documents_tell_them():
    assert told(Value(0.0), Value(-0.0)) == ["~ n0: data 0.0 → -0.0"]
    assert told(Value(float("nan")), Value(float("nan"))) == []


def test_operands_swapped_are_a_change():
    a, b = Value(1.0, "a"), Value(1.0, "b")
    assert "operands" in " ".join(told(a * b, b * a))


def test_a_missing_gradient_is_a_dash():
    run = Value(1.0, "a")
    run.backward()
    assert told(Value(1.0, "a"), run) == ["~ n0 (a): grad – → 1.0"]


@given(live_values(most=15), live_values(most=15))
def test_any_two_graphs_compare_and_account_for_every_node(first, second):
    before, after = export(first), export(second)
    changes = diff(before, after)
    removed = sum(change.kind == "removed" for change in changes)
    added = sum(change.kind == "added" for change in changes)
    assert len(before) - removed == len(after) - added


@pytest.mark.parametrize("length", [20_000])
def test_long_graphs_compare(length):
    def chain(start: float) -> Value:
        value = Value(start)
        for _ in range(length):
            value = value + 1.0
        return value

    assert len(told(chain(0.0), chain(1.0))) == length + 1


@pytest.mark.parametrize("length", [2, 5, 100])
def test_an_appended_op_is_one_added_op(length):
    def chain(steps: int) -> Value:
        value = Value(0.0)
        for step in range(steps):
            value = value + float(step)
        return value

    changes = told(chain(length), chain(length + 1))
    assert [change[0] for change in changes] == ["+", "+", "~"]
    assert changes[2].startswith("~ the graph: outputs")


def test_a_node_moved_between_groups_of_one_name_is_a_change():
    groups = (Group(0, "g"), Group(1, "g"))
    first, second = (Graph((Node(0, 1.0, None, group=group),), (0,), groups=groups) for group in (0, 1))
    assert [str(change) for change in diff(first, second)] == ["~ n0: group g → g #2"]


def test_the_order_of_rows_is_no_difference():
    a, b = Node(0, 1.0, None, "a"), Node(1, 2.0, None, "b")
    add = {"add": OpDeclaration("+", 2)}
    first = Graph((a, b, Node(2, 3.0, None, op="add", operands=(0, 1))), (2,), add)
    second = Graph(
        (Node(0, 2.0, None, "b"), Node(1, 1.0, None, "a"), Node(2, 3.0, None, op="add", operands=(1, 0))), (2,), add
    )
    assert diff(first, second) == ()


def test_changes_are_json_whatever_the_numbers():
    changes = diff(export(Value(1.0, "a")), export(Value(float("nan"), "a")))
    assert json.loads(changes_as_json(changes))[0]["facts"] == {"data": [1.0, "NaN"]}


def test_numbers_with_one_hash_are_not_compared_one_by_one(monkeypatch):
    """Python hashes integers modulo 2**61 - 1, and not with a seed."""
    compared = []

    def is_equal(one: FrozenMap[int], other: FrozenMap[int]) -> bool:
        compared.append(one)
        return dict(one) == dict(other)

    monkeypatch.setattr(FrozenMap, "__eq__", is_equal)

    def graph(first: float) -> Graph:
        params = [FrozenMap({"a": number * (2**61 - 1) + 7}) for number in range(50)]
        results = [Node(at, 1.0, None, op="f", operands=(0,), params=each) for at, each in enumerate(params, 1)]
        return Graph((Node(0, first, None), *results), (50,), {"f": OpDeclaration("f", 1)})

    assert [str(change) for change in diff(graph(1.0), graph(2.0))] == ["~ n0: data 1.0 → 2.0"]
    assert len(compared) <= 100
