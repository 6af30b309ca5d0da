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
    assert str(verify(with_node(graph, 2, data=-7.0))[0]) == "n2: data is -7.0 but computes to -6.0"
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


def test_small_gradients_are_held_to_their_own_size():
    nodes = (
        Node(0, 1.0, 5e-17),
        Node(1, 1e-20, 1.0),
        Node(2, 1e-20, 1.0, op="mul", operands=(0, 1), local=(1e-20, 1.0)),
    )
    graph = Graph(nodes, (2,), {"mul": OpDeclaration("*", 2)})
    assert [(d.node, d.fact) for d in verify(graph, tolerance=4)] == [(0, "grad")]


def test_signed_zeros_are_told_apart():
    out = Value(-0.0) + Value(-0.0)
    graph = export(out)
    assert verify(graph) == ()
    assert [d.fact for d in verify(with_node(graph, 2, data=0.0))] == ["data"]


def test_whole_exponents_and_ops_of_other_arity_are_taken():
    nodes = (Node(0, 3.0, None), Node(1, 9.0, None, op="power", operands=(0,), params={"exponent": 2}))
    assert verify(Graph(nodes, (1,), {"power": OpDeclaration("**", 1)})) == ()
    assert to_values(Graph(nodes, (1,)))[1].data == 9.0
    three = (Node(0, 3.0, None), Node(1, 9.0, None, op="add", operands=(0, 0, 0)))
    assert verify(Graph(three, (1,), {"add": OpDeclaration("+", 3)})) == ()


def test_causes():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    y = x * w
    out = y + 1
    out.backward()
    w.data = 4.0
    assert [d.cause for d in verify(export(out)) if d.fact == "data"] == [
        "was n0 or n1 changed after the forward pass?"
    ]
    again = Value(2.0) * 3.0
    again.backward()
    again.backward()
    assert [d.cause for d in verify(export(again))] == ["backward() ran 2 times?"]
    a = Value(3.0)
    square = a * a
    square.backward()
    a.grad = 3.0
    assert [d.cause for d in verify(export(square))] == ["one of its 2 uses was counted: = for +=?"]
