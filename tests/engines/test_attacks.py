"""Engines in which evidence misleads: what looks like proof of an order, a constant or an op, and is none."""

import math

import pytest

from gradgraph import DerivativeError, Value, export


class V:
    """A value as the well-known engine has it, with its operands in a tuple."""

    def __init__(self, data, prev=(), op=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, tuple(prev), op, ""
        self._backward = lambda: None

    def sub_from(self, other, eps):
        out = V(other.data - self.data, (other, self), "-")

        def _backward():
            self.grad -= out.grad + 0 * eps
            other.grad += out.grad

        out._backward = _backward
        return out

    def atan2(self, y):
        out = V(math.atan2(y.data, self.data), (y, self), "atan2")

        def _backward():
            self.grad -= out.grad
            y.grad += out.grad

        out._backward = _backward
        return out


def leaves(kind, **numbers):
    found = [kind(number) for number in numbers.values()]
    for name, leaf in zip(numbers, found, strict=True):
        leaf.label = name
    return found


def last(value):
    graph = export(value)
    node = graph[graph.outputs[0]]
    return node.op, [graph[operand].label for operand in node.operands]


def test_a_parameter_that_is_no_operand_changes_no_order():
    a, b = leaves(V, a=2.0, b=5.0)
    assert last(b.sub_from(a, 1e-8)) == ("sub", ["a", "b"])


def test_the_operands_of_an_op_nobody_knows_are_in_the_order_of_the_engine():
    a, b = leaves(V, a=2.0, b=5.0)
    assert last(b.atan2(a)) == ("atan2", ["a", "b"])


class S:
    """A value with its operands in a set, and no closure."""

    def __init__(self, data, prev=(), op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, set(prev), op


def test_a_square_is_no_power_of_a_value_by_itself():
    x = S(2.0)
    graph = export(S(4.0, (x,), "pow"))
    assert graph[1].op != "pow"
    assert graph[1].operands == (0,)


class Local:
    """A value with local derivatives and no op, the divisor first."""

    def __init__(self, data, pairs=()):
        self.data, self.grad, self.label = data, 0.0, ""
        self._prev, self._local_grads = [each for each, _ in pairs], [local for _, local in pairs]


def test_local_derivatives_that_contradict_an_op_stay_as_they_are():
    a, b = leaves(Local, a=2.0, b=2.0)
    quotient = Local(1.0, ((b, -0.5), (a, 0.5)))
    graph = export(quotient)
    assert graph[2].op not in ("div", "mul", "pow", "sub")
    assert graph[2].local == (-0.5, 0.5)


@pytest.mark.parametrize("op", [("sub",), ["sub"], b"sub"])
def test_the_type_of_a_container_is_no_op(op):
    x, y = V(2.0), V(3.0)
    made = V(-1.0, (x, y))
    made._op = op
    assert export(made)[2].op not in ("tuple", "list", "bytes")


def test_a_backward_that_adds_to_a_stranger_is_refused_and_changes_nothing():
    w, b = Value(2.0), Value(1.0)
    out = Value(w.data * 3 + b.data, (w,), "lin")

    def backward():
        w.grad += 3 * out.grad
        b.grad += out.grad

    out._backward = backward
    for act in ((out * 5).backward, lambda: export(out)):
        with pytest.raises(DerivativeError, match="which is no child of it: give it among the children"):
            act()
    assert (w.grad, b.grad) == (0.0, 0.0)
