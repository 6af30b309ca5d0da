"""Values of other educational engines: what they leave out is found again."""

import math
import random

import numpy as np
import pytest
from micrograd.engine import Value as Micro
from micrograd.nn import MLP

from gradgraph import CycleError, EngineError, Value, draw_dot, dumps, export, loads, render, verify


class Bare:
    """The least that an engine of this shape has."""

    def __init__(self, data, prev=(), op="", grad=0.0, label=None):
        self.data, self.grad, self._prev, self._op = data, grad, set(prev), op
        if label is not None:
            self.label = label


class Kept(Bare):
    """The same, with operands in order."""

    def __init__(self, data, prev=(), op="", grad=0.0, label=None):
        super().__init__(data, (), op, grad, label)
        self._prev = prev


def operands_of(value) -> list[tuple[str | None, list[str]]]:
    graph = export(value)
    return [(node.op, [graph[operand].label for operand in node.operands]) for node in graph if node.op]


@pytest.mark.parametrize(("op", "data"), [("+", 6.0), ("*", 9.0), ("-", 0.0)])
def test_a_set_of_one_operand_does_not_tell_a_repeat_from_a_lost_number(op, data):
    with pytest.raises(EngineError, match="used one operand twice, or a number that is not kept"):
        export(Bare(data, {Bare(3.0, label="x")}, op))


def test_a_minus_of_one_operand_is_its_negative():
    assert operands_of(Bare(-3.0, {Bare(3.0, label="x")}, "-")) == [("neg", ["x"])]


@pytest.mark.parametrize(
    ("op", "data", "order"), [("-", -1.0, "ab"), ("-", 1.0, "ba"), ("/", 1.5, "ba"), ("**", 9.0, "ba")]
)
def test_the_order_is_the_one_that_recomputes_the_data(op, data, order):
    a, b = Bare(2.0, label="a"), Bare(3.0, label="b")
    assert operands_of(Bare(data, {a, b}, op))[0][1] == list(order)


def test_ties_are_broken_by_what_operands_are_not_by_where_they_lie():
    def made() -> str:
        parts = [Bare(float(n), label=label) for n, label in ((2, "b"), (1, "a"), (1, "b"), (2, "a"))]
        random.shuffle(parts)
        by_name = sorted(parts, key=lambda part: (part.data, part.label))
        left, right = Bare(3.0, {by_name[0], by_name[2]}, "+"), Bare(3.0, {by_name[1], by_name[3]}, "+")
        return dumps(export(Bare(6.0, {left, right}, "+")))

    assert len({made() for _ in range(20)}) == 1


def test_ops_we_do_not_know_keep_their_name_and_number_of_operands():
    x, y = Kept(1.0, label="x"), Kept(2.0, label="y")
    graph = export(Kept(5.0, (Kept(4.0, (x, y), "blend"), y, x), "log"))
    assert {name: op.arity for name, op in graph.ops.items()} == {"blend": 2, "log of 3": 3}
    assert loads(dumps(graph)) == graph
    assert "blend(x, y)" in str(render(graph, "text"))
    either = export(Kept(3.0, (Kept(1.0, (x,), "f"), Kept(2.0, (x, y), "f")), "+"))
    assert either.ops["f"].arity is None


def test_gradients_are_not_computed_only_if_every_one_is_0():
    x = Bare(2.0, label="x")
    assert [node.grad for node in export(Bare(-2.0, {x}, "-"))] == [None, None]
    assert [node.grad for node in export(Bare(-2.0, {x}, "-", grad=1.0))] == [0.0, 1.0]


def test_numbers_may_be_numpys():
    x = Bare(np.float32(2.0), grad=np.array(1.0), label="x")
    graph = export(Bare(np.float64(math.tanh(2.0)), (x,), "tanh"))
    assert type(graph[0].data) is float
    assert graph[1].local == (1 - math.tanh(2.0) ** 2,)
    with pytest.raises(TypeError, match="Bare is an array of shape"):
        export(Bare(np.ones(3)))


def test_what_cannot_be_exported_is_told():
    loop = Bare(1.0)
    loop._prev = {loop}
    with pytest.raises(CycleError):
        export(loop)
    with pytest.raises(TypeError, match="an output must be a Value, not Bare"):
        export([Value(1.0), Bare(1.0)])


def hinge_loss(network, samples, parameters):
    """The mean hinge loss of a network, with L2 regularization, in whatever values it is made of."""
    losses = [(1 - target * network(x)).relu() for x, target in samples]
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in parameters)


def same_network(model: MLP):
    """The network of micrograd again, made of our values: its function, and its parameters in the same order."""
    layers = [
        [([Value(w.data) for w in n.w], Value(n.b.data), n.nonlin) for n in layer.neurons] for layer in model.layers
    ]

    def network(x):
        for layer in layers:
            sums = [sum((w * each for w, each in zip(weights, x, strict=True)), bias) for weights, bias, _ in layer]
            x = [total.relu() if nonlinear else total for total, (_, _, nonlinear) in zip(sums, layer, strict=True)]
        return x[0]

    return network, [parameter for layer in layers for weights, bias, _ in layer for parameter in (*weights, bias)]


def test_a_micrograd_network_and_the_same_in_our_values():
    random.seed(0)
    model = MLP(2, [16, 16, 1])
    samples = [([0.1 * n - 1, (-0.9) ** n], (-1) ** n) for n in range(20)]
    loss = hinge_loss(model, samples, model.parameters())
    loss.backward()
    for number, parameter in enumerate(model.parameters()):
        parameter.label = f"p{number}"
    graph = export(loss)
    assert graph[graph.outputs[0]].data == loss.data
    assert [graph[f"p{n}"].grad for n in range(337)] == [parameter.grad for parameter in model.parameters()]
    assert not verify(graph, tolerance=4)  # micrograd adds gradients up in another order

    network, parameters = same_network(model)
    ours = hinge_loss(network, samples, parameters)
    ours.backward()
    assert ours.data == loss.data
    assert [each.grad for each in parameters] == pytest.approx([each.grad for each in model.parameters()], rel=1e-12)
    assert not verify(export(ours))


def test_the_notebooks_cell_takes_micrograds_values():
    a, b = Micro(2.0), Micro(-3.0)
    o = a * b + a
    o.backward()
    assert draw_dot(o).source == str(render(o, "dot"))


def test_a_function_by_another_formula_is_ours_and_another_function_of_its_name_is_not():
    x, y = Kept(0.01, label="x"), Kept(-2.0, label="y")
    half = Kept(0.005, (x, Kept(0.5)), "*")
    course = (math.exp(2 * 0.005) - 1) / (math.exp(2 * 0.005) + 1)
    assert course != math.tanh(0.005)
    assert export(Kept(course, (half,), "tanh"))[3].op == "tanh"
    low, high = Kept(-1.0, (y, Kept(0.5)), "*"), Kept(4.0, (y, y), "*")
    leaky = Kept(3.99, (Kept(-0.01, (low,), "ReLU"), Kept(4.0, (high,), "ReLU")), "+")
    assert [node.op for node in export(leaky) if node.op] == ["mul", "ReLU", "mul", "ReLU", "add"]
