"""to_values and verify."""

import math

import pytest
from msgspec.structs import replace

from gradgraph import Graph, Node, OpDeclaration, ReplayError, Value, export, named_scope, to_values, verify
from tests.conftest import example


def test_values_come_back_with_everything_but_gradients():
    with named_scope("scope"):
        a = Value(3.0, label="a", role="parameter")
        out = (a**2).tanh() * 2
    out.backward()
    graph = export(out)
    values = to_values(graph)
    assert not any(value.has_grad for value in values)
    values[-1].backward()
    assert export(values[-1]) == graph


@pytest.mark.parametrize("name", ["neuron", "mlp"])
def test_examples_verify(name):
    assert verify(example(name)) == ()


def with_node(graph: Graph, index: int, **changes) -> Graph:
    nodes = list(graph.nodes)
    nodes[index] = replace(nodes[index], **changes)
    return Graph(tuple(nodes), graph.outputs, graph.ops, graph.groups)


def test_each_kind_of_wrong_number_is_found_where_it_is():
    graph = example("neuron")
    assert str(verify(with_node(graph, 2, data=-7.0))[0]) == (
        "n2: data is -7.0 but computes to -6.0 (was n0 or n1 changed after the forward pass?)"
    )
    assert [d.fact for d in verify(with_node(graph, 2, local=(-3.0, 2.5)))] == ["grad", "local[1]"]
    assert [d.node for d in verify(with_node(graph, 0, grad=1.0))] == [0]
    assert [d.node for d in verify(with_node(graph, 0, grad=None))] == [0]


def test_overwritten_gradients_are_found():
    a = Value(3.0)
    out = a * a
    out.backward()
    a.grad = 3.0
    assert [(d.node, d.fact, d.expected) for d in verify(export(out))] == [(0, "grad", 6.0)]


def test_two_passes_over_one_output_are_found():
    out = Value(3.0) * 2
    out.backward()
    out.backward()
    assert verify(export(out))


def test_no_pass_is_no_disagreement_and_non_finite_numbers_agree():
    assert verify(export(Value(3.0) * 2)) == ()
    out = Value(1000.0).exp() * 0
    out.backward()
    assert math.isnan(out.data)
    assert verify(export(out)) == ()


def test_a_pass_from_one_of_several_outputs_verifies():
    a = Value(2.0)
    b, c = a * 2, a * 3
    b.backward()
    assert verify(export([b, c])) == ()


def test_an_unknown_op_cannot_be_replayed_but_is_taken_at_its_word():
    nodes = (Node(0, 1.0, 2.0), Node(1, 5.0, 1.0, op="conv", operands=(0,), local=(2.0,)))
    graph = Graph(nodes, (1,), {"conv": OpDeclaration("conv", None)})
    assert verify(graph) == ()
    with pytest.raises(ReplayError, match="n1: the op 'conv' is not a primitive"):
        to_values(graph)


def test_a_primitive_without_its_param_cannot_be_replayed():
    nodes = (Node(0, 1.0, None), Node(1, 1.0, None, op="power", operands=(0,)))
    with pytest.raises(ReplayError, match="n1: power needs a param 'exponent'"):
        to_values(Graph(nodes, (1,), {"power": OpDeclaration("**", 1)}))
