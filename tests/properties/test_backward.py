"""The backward pass, judged by the same pass written plainly: same order, same gradients to the last bit."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgraph import CycleError, Value
from gradgraph.engine.backward import in_order
from gradgraph.engine.ops import Op
from gradgraph.engine.value import apply
from gradgraph.toposort import toposort
from tests.strategies import any_float, live_values

MIDDLE = Op("middle", "mid", 3, lambda x, y, z: sorted((x, y, z))[1], lambda out, *xs: tuple(-0.0 + x for x in xs))
"""An op of more operands than any primitive has."""


def plain_backward(output: Value) -> dict[Value, float]:
    """The cotangents of one pass, gathered without any short cut."""
    cotangents = {output: 1.0}
    for value in reversed(toposort((output,), lambda value: value.operands)):
        if value.op is None:
            continue
        primals = tuple(operand.data for operand in value.operands)
        for operand, local in zip(value.operands, value.op.partials(value.data, primals, value.params), strict=True):
            term = cotangents[value] * local
            cotangents[operand] = cotangents[operand] + term if operand in cotangents else term
    return cotangents


@st.composite
def graphs_with_wide_ops(draw):
    values = draw(live_values(leaves=any_float, most=40))
    for _ in range(draw(st.integers(0, 3))):
        values.append(apply(MIDDLE, tuple(draw(st.sampled_from(values)) for _ in range(3))))
    return values


@given(graphs_with_wide_ops(), st.integers(0, 50))
def test_gradients_are_those_of_the_plain_pass_bit_for_bit(values, start):
    output = values[start % len(values)] if start % 3 else values[-1]
    expected = plain_backward(output)
    output.backward()
    for value in values:
        assert value.has_grad == (value in expected)
        if value in expected:
            assert repr(value.grad) == repr(expected[value])
            assert math.copysign(1, value.grad) == math.copysign(1, expected[value]) or math.isnan(value.grad)
    output.backward()
    for value, cotangent in expected.items():
        assert repr(value.grad) == repr(cotangent + cotangent)


@given(live_values(most=40))
def test_the_order_is_that_of_the_general_sort(values):
    for output in values:
        assert in_order(output) == toposort((output,), lambda value: value.operands)


def test_a_value_used_as_often_as_there_are_values_takes_linear_time():
    x = total = Value(1.0)
    for _ in range(20_000):
        total = total + x
    met = 0

    class Counted(tuple[Value, ...]):
        __slots__ = ()

        def __reversed__(self):
            nonlocal met
            met += len(self)
            return reversed(tuple(self))

    for value in toposort((total,), lambda value: value.operands):
        value.operands = Counted(value.operands)
    order = in_order(total)
    assert (len(order), met) == (20_001, 40_000)


@pytest.mark.parametrize("place", [0, 1])
def test_a_pass_that_fails_leaves_no_gradient(place):
    a, b = Value(1.0), Value(2.0)
    c = a * b
    d = c + a
    c.operands = (d, b) if place else (b, d)
    with pytest.raises(CycleError, match="depends on itself"):
        d.backward()
    broken = apply(Op("broken", "b", 2, lambda x, y: x, lambda out, x, y: (1.0,)), (a, b)) * b
    with pytest.raises(ValueError, match="unpack"):
        broken.backward()
    assert not any(value.has_grad for value in (a, b, c, d, broken))
