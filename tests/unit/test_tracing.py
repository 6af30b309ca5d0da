"""export: ids, roles, groups, several outputs, and what it leaves alone."""

import pytest

from gradgraph import Group, Value, export, load, named_scope


def test_ids_follow_the_operands():
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    c = b - a
    graph = export(c * b)
    assert [node.label for node in graph] == ["b", "a", "", ""]
    assert graph[2].operands == (0, 1)
    assert graph[2].local == (1.0, -1.0)
    assert graph.outputs == (3,)


def test_grad_is_none_before_backward_and_zero_behind_a_dead_relu():
    dead = Value(-1.0, label="dead")
    out = dead.relu()
    assert [node.grad for node in export(out)] == [None, None]
    out.backward()
    assert [node.grad for node in export(out)] == [0.0, 1.0]


def test_several_outputs_share_their_operands():
    a = Value(1.0)
    graph = export([a * 2, a * 3])
    assert len(graph) == 5
    assert graph.outputs == (2, 4)


def test_groups_are_numbered_as_met_and_nest():
    with named_scope("layer"):
        with named_scope("a"):
            x = Value(1.0)
        with named_scope("b"):
            y = x * 2
    z = y + 1
    with named_scope("layer"):
        w = z * z
    graph = export(w)
    assert graph.groups == (Group(0, "layer"), Group(1, "a", 0), Group(2, "b", 0))
    assert [node.group for node in graph] == [1, 2, 2, None, None, 0]


def test_the_document_is_written_too(tmp_path):
    path = tmp_path / "graph.json"
    graph = export(Value(2.0) ** 2, path)
    assert load(path) == graph


@pytest.mark.parametrize("wrong", [3.0, None, [Value(1.0), 2.0], ["abc"]])
def test_what_is_no_value_is_refused(wrong):
    with pytest.raises(TypeError, match="an output must be a Value, not"):
        export(wrong)


def test_nothing_to_export_is_refused():
    with pytest.raises(ValueError, match="no outputs"):
        export([])
