"""Graphs whose ops are all written by hand, judged by the primitives."""

from hypothesis import given

from gradgraph import Value, dumps, export
from gradgraph.toposort import toposort
from tests.strategies import live_values


def by_hand(order: list[Value]) -> list[Value]:
    """The same graph, every result made with children, the symbol and a `_backward`."""
    made: dict[Value, Value] = {}
    for value in order:
        operands = tuple([made[operand] for operand in value.operands])
        if value.op is None:
            made[value] = Value(value.data, value.label)
            continue
        symbol = f"**{value.params['exponent']!r}" if value.params else value.op.symbol
        out = made[value] = Value(value.data, operands, symbol, value.label)
        primals = tuple([operand.data for operand in operands])
        local = value.op.partials(value.data, primals, value.params)

        def _backward(out=out, operands=operands, local=local):
            for operand, partial in zip(operands, local, strict=True):
                operand.grad += partial * out.grad

        out._backward = _backward
    return [made[value] for value in order]


@given(live_values(most=15))
def test_ops_by_hand_are_the_primitives_bit_for_bit(values):
    order = toposort([values[-1]], lambda value: value.operands)
    hand = by_hand(order)
    assert dumps(export(hand[-1])) == dumps(export(order[-1]))
    hand[-1].backward()
    order[-1].backward()
    assert [repr(value.grad + 0.0) for value in hand] == [repr(value.grad + 0.0) for value in order]


@given(live_values(most=15))
def test_steps_by_hand_are_the_backward_pass(values):
    order = toposort([values[-1]], lambda value: value.operands)
    for steps in (order, by_hand(order)):
        steps[-1].grad = 1.0
        for value in reversed(steps):
            value._backward()
    order_grads = [value.grad for value in order]
    order[-1].zero_grad()
    order[-1].backward()
    for value, grad in zip(order, order_grads, strict=True):
        assert repr(value.grad + 0.0) == repr(grad + 0.0)
