"""The size of a gradient beside the largest of its drawing, in five steps."""

import math
from collections.abc import Iterable

from gradgraph.graph.model import Node

STEPS = (0.01, 0.1, 0.5, 1.0)
"""The upper ends of all steps but the lowest, which is 0, as shares of the largest."""
HIGHEST = len(STEPS)


def largest_gradient(nodes: Iterable[Node]) -> float:
    """Return the largest size among the finite gradients, 0 if none is finite."""
    gradients = [node.grad for node in nodes if node.grad is not None]
    return max([abs(grad) for grad in gradients if math.isfinite(grad)], default=0.0)


def tint(grad: float | None, largest: float) -> int:
    """Return the step of a gradient: 0 for one that is 0 or was not computed, the highest for one that is not finite.

    >>> [tint(grad, 2.0) for grad in (None, 0.0, 0.01, -0.1, 0.5, -2.0, math.inf)]
    [0, 0, 1, 2, 3, 4, 4]
    """
    if not grad:
        return 0
    size = abs(grad)
    for step, share in enumerate(STEPS, 1):
        if size <= share * largest:
            return step
    return HIGHEST
