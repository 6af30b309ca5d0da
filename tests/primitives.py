"""The table of ops for tests: points where a primitive can be judged, known by its forward rule alone."""

import itertools
import math
from collections.abc import Iterator

from gradgraph.engine.ops import Op, Params, Primals

NUMBERS = (-2.5, -1.0, -0.75, 0.4, 1.1, 2.0, 3.0)
NEAR = 0.1


def calls(op: Op) -> Iterator[tuple[Primals, Params]]:
    """Yield operands and params with which the result of `op` is finite and bends gently."""
    return ((primals, params) for primals, params in grid(op, NUMBERS, NUMBERS) if is_gentle(op, primals, params))


def grid(op: Op, numbers: Primals, exponents: Primals) -> Iterator[tuple[Primals, Params]]:
    """Yield all combinations of these numbers as operands of `op`, and of these others as its params."""
    for primals in itertools.product(numbers, repeat=op.arity or 0):
        for values in itertools.product(exponents, repeat=len(op.params)):
            yield primals, dict(zip(op.params, values, strict=True))


def is_gentle(op: Op, primals: Primals, params: Params) -> bool:
    """Whether the slopes to both sides of a point are alike, for each operand: not so at a kink or near a pole."""
    out = op.forward(primals, params)
    for slot, primal in enumerate(primals):
        below, above = (
            op.forward((*primals[:slot], primal + step, *primals[slot + 1 :]), params) for step in (-NEAR, NEAR)
        )
        left, right = (out - below) / NEAR, (above - out) / NEAR
        if not (math.isfinite(left) and math.isfinite(right)):
            return False
        if abs(left - right) > 0.5 * max(1.0, abs(left), abs(right)):
            return False
    return True
