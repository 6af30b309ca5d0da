"""The backward pass: from an output to everything it depends on."""

from collections.abc import Iterable
from typing import Protocol

from gradgraph.engine.ops import Op, Params, no_rule
from gradgraph.errors import CycleError, DerivativeError


class Recorded(Protocol):
    """The part of a value that a pass uses.

    `_written` counts how often the data of any value had been set when its own was.
    """

    _data: float
    _grad: float | None
    _written: int
    _label: str
    op: Op | None
    params: Params

    @property
    def operands(self) -> "tuple[Recorded, ...]": ...


def changed_operand(order: list[Recorded], writes: int) -> Recorded | None:
    """Return an operand whose data was set after a value was computed from it, None if there is none.

    `writes` is how often the data of any value has been set by now: what was computed since the last time is sound.
    """
    for value in [value for value in order if value._written != writes]:
        for operand in value.operands:
            if operand._written > value._written:
                return operand
    return None


def check_differentiable(values: Iterable[Recorded]) -> None:
    """Raise DerivativeError, naming the value, if nobody said how to find the local derivatives of one."""
    for value in values:
        if value.op is not None and value.op.derivatives is no_rule:
            name = f"{value!r} {value._label!r}" if value._label else f"{value!r}"
            made = f"{name} was made by the op {value.op.symbol!r}, whose derivative nobody defined"
            remedy = "set its _backward, to `lambda: None` if no gradient is to flow, or define the op by gradgraph.op"
            raise DerivativeError(f"{made}: {remedy}")


def in_order(output: Recorded) -> list[Recorded]:
    """Return everything the output depends on, operands before their users, each once.

    The order is that of `toposort`. This one knows that operands are a tuple and values are hashable, and takes three
    quarters of the time. Raises CycleError if a value depends on itself.
    """
    order: list[Recorded] = []
    finished: dict[Recorded, bool] = {}  # absent = not met, False = on the current path, True = in order
    waiting = [output]
    while waiting:
        value = waiting[-1]
        if value not in finished:
            finished[value] = False
            for operand in reversed(value.operands):
                if operand not in finished:
                    waiting.append(operand)
                elif not finished[operand]:
                    raise CycleError(f"the graph has a cycle: {operand!r} depends on itself")
        else:
            waiting.pop()
            if not finished[value]:
                finished[value] = True
                order.append(value)
    return order


def add_gradients(output: Recorded, order: list[Recorded]) -> None:
    """Add ∂output/∂value to the gradient of every value in `order`, which is `in_order(output)`.

    The cotangents gather in a table, and reach the gradients after all of them are known. They start at -0.0, the one
    number that changes nothing it is added to: a sum of one term keeps the sign of a zero, as in PyTorch.

    Raises DerivativeError, before any gradient is changed, if nobody said how to differentiate one of the values.
    """
    cotangents = dict.fromkeys(order, -0.0)
    cotangents[output] = 1.0
    try:
        _gather(cotangents, order)
    except DerivativeError:
        check_differentiable(order)
        raise
    for value, cotangent in cotangents.items():
        value._grad = cotangent if value._grad is None else value._grad + cotangent


def _gather(cotangents: dict[Recorded, float], order: list[Recorded]) -> None:
    """Let the cotangent of the output, which is the last of `order`, flow to all others."""
    for value in reversed(order):
        op = value.op
        if op is None:
            continue
        flowing = cotangents[value]
        operands = value.operands
        if len(operands) == 2 and not value.params:
            left, right = operands
            by_left, by_right = op.derivatives(value._data, left._data, right._data)
            cotangents[left] += flowing * by_left
            cotangents[right] += flowing * by_right
        elif len(operands) == 1 and not value.params:
            (operand,) = operands
            (local,) = op.derivatives(value._data, operand._data)
            cotangents[operand] += flowing * local
        else:
            primals = tuple([operand._data for operand in operands])
            for operand, local in zip(operands, op.partials(value._data, primals, value.params), strict=True):
                cotangents[operand] += flowing * local
