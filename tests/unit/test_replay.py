"""to_values and verify."""

import math

import numpy as np
import pytest
from msgspec.structs import replace

from gradgraph import (
    DerivativeError,
    Graph,
    Node,
    OpDeclaration,
    ReplayError,
    Value,
    export,
    named_scope,
    to_values,
    verify,
)
from tests.conftest import example
from tests.course_network import judge


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
    return replace(graph, nodes=tuple(nodes))


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


def test_an_unknown_op_is_taken_at_its_word():
    nodes = (Node(0, 1.0, 2.0), Node(1, 5.0, 1.0, op="conv", operands=(0,), local=(2.0,)))
    graph = Graph(nodes, (1,), {"conv": OpDeclaration("conv", None)})
    assert verify(graph) == ()
    result = to_values(graph)[1]
    result.backward()
    assert export(result) == Graph(nodes, (1,), {"conv": OpDeclaration("conv", None)})
    unknown = to_values(with_node(graph, 1, local=()))[1]
    assert unknown._op == "conv"
    with pytest.raises(DerivativeError, match="made by the op 'conv'"):
        unknown.backward()


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


def test_the_sign_of_a_gradient_of_zero_is_no_disagreement():
    out = Value(-3.0).relu() * -1.0
    out.backward()
    graph = export(out)
    assert graph[0].grad == 0
    assert verify(with_node(graph, 0, grad=0.0)) == verify(with_node(graph, 0, grad=-0.0)) == ()
    assert verify(with_node(graph, 0, grad=1e-300))


def of_another_engine(graph: Graph, **more) -> Graph:
    return replace(graph, meta={"engine": "theirs.Value", **more})


def ulps_away(number: float, ulps: int) -> float:
    return number + ulps * math.ulp(number)


def test_numbers_of_another_engine_have_four_ulps_unless_a_tolerance_is_given():
    graph = export((Value(0.3) + Value(0.4)).tanh())
    far = {ulps: with_node(graph, 3, data=ulps_away(graph[3].data, ulps), local=()) for ulps in (1, 4, 5)}
    assert [bool(verify(far[ulps])) for ulps in far] == [True, True, True]
    assert [bool(verify(of_another_engine(far[ulps]))) for ulps in far] == [False, False, True]
    assert [bool(verify(of_another_engine(far[ulps]), 0)) for ulps in far] == [True, True, True]
    assert [bool(verify(of_another_engine(far[ulps]), 5)) for ulps in far] == [False, False, False]
    assert verify(replace(far[1], meta={"engine": 7}))


def test_a_gradient_of_another_engine_may_be_added_up_in_any_order():
    a = Value(0.1)
    out = sum([a * (0.1 * n) for n in range(1, 40)], Value(0.0))
    out.backward()
    graph = export(out)
    leaf = next(node.id for node in graph if node.data == 0.1 and node.role == "input")
    other = with_node(graph, leaf, grad=ulps_away(a.grad, 9))
    assert verify(other, 4)
    assert verify(of_another_engine(other)) == ()
    assert verify(of_another_engine(with_node(graph, leaf, grad=ulps_away(a.grad, 60))))


def test_a_gradient_of_another_engine_that_is_0_may_not_have_been_computed():
    a = Value(2.0)
    b, c = a * 2, a * 3
    b.backward()
    graph = export([b, c])
    unreached = next(node.id for node in graph if node.role == "constant" and node.data == 3)
    zero = with_node(graph, unreached, grad=0.0)
    assert [each.node for each in verify(zero)] == [unreached]
    assert verify(of_another_engine(zero)) == ()
    assert verify(of_another_engine(with_node(graph, unreached, grad=1.0)))


def single(number: float) -> float:
    return float(np.float32(number))


def single_neuron() -> Graph:
    """The graph of tanh(0.3 * -0.7 + 0.1), every number computed in float32."""
    x, w, b = (Value(single(each)) for each in (0.3, -0.7, 0.1))
    out = (x * w + b).tanh()
    out.backward()
    rows: list[Node] = []
    for node in export(out):
        primals = [np.float32(rows[each].data) for each in node.operands]
        if node.op is not None:
            compute = {"mul": np.multiply, "add": np.add, "tanh": np.tanh}[node.op]
            node = replace(node, data=float(compute(*primals)), grad=single(node.grad or 0.0), local=())
        rows.append(replace(node, grad=single(node.grad or 0.0)))
    return replace(export(out), nodes=tuple(rows))


def test_float32_is_held_to_its_own_ulps():
    graph = single_neuron()
    assert verify(of_another_engine(graph))
    as_single = of_another_engine(graph, dtype="float32")
    assert verify(as_single) == ()
    for ulps, agrees in ((3, True), (6, False)):
        off = single(graph[4].data + ulps * float(np.spacing(np.float32(graph[4].data))))
        found = [each.node for each in verify(with_node(as_single, 4, data=off)) if each.fact == "data"]
        assert (4 not in found) == agrees
    halved = with_node(as_single, 0, grad=(graph[0].grad or 0.0) / 2)
    assert [each.node for each in verify(halved)] == [0]


def test_float32_overflows_and_underflows_where_it_does():
    for exponent, made in ((100.0, math.inf), (-110.0, 0.0)):
        graph = with_node(export(Value(exponent).exp()), 1, data=made, local=())
        assert verify(graph)
        assert verify(of_another_engine(graph, dtype="float32")) == ()


@pytest.mark.parametrize("seed", range(10))
def test_the_courses_network_is_clean_and_planted_faults_are_found(seed):
    judge(seed)
