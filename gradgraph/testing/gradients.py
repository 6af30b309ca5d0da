"""A check of gradients by central differences."""

from collections.abc import Callable
from typing import NamedTuple

from gradgraph.engine.value import Value

STEP = 1e-5
"""Relative step of a central difference; its error, h² for the formula and ε/h for rounding, is least near ε^(1/3)."""


class GradientMismatch(NamedTuple):
    """The gradient of argument number `argument` that backward() gives, and the one central differences give."""

    argument: int
    analytic: float
    numeric: float

    def __str__(self) -> str:
        return f"argument {self.argument}: backward() gives {self.analytic!r}, central differences {self.numeric!r}"


def check_gradients(
    fn: Callable[..., Value], *points: float, rtol: float = 1e-5, atol: float = 1e-7
) -> tuple[float, ...]:
    """The gradients of `fn(*points)`, checked against central differences.

    `fn` takes one Value for each point and returns a Value. The two must agree to within `atol` plus `rtol` times the
    larger one. Raises AssertionError naming each argument that differs. At a kink (`relu` and `abs` at 0) the two
    rightly disagree.

    >>> check_gradients(lambda a, b: a * b + b**3, 2.0, 3.0)
    (3.0, 29.0)
    """
    leaves = [Value(point) for point in points]
    fn(*leaves).backward()
    analytic = tuple(leaf.grad for leaf in leaves)
    mismatches = []
    for argument, point in enumerate(points):
        step = STEP * max(1.0, abs(point))
        above, below = point + step, point - step
        high, low = (
            fn(*map(Value, (*points[:argument], near, *points[argument + 1 :]))).data for near in (above, below)
        )
        numeric = (high - low) / (above - below)
        if not abs(analytic[argument] - numeric) <= atol + rtol * max(abs(analytic[argument]), abs(numeric)):
            mismatches.append(GradientMismatch(argument, analytic[argument], numeric))
    if mismatches:
        raise AssertionError("; ".join(map(str, mismatches)))
    return analytic
