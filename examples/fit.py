"""A line fitted to points: one graph of two parameters and many samples, 2,000 nodes by default."""

import math

from gradgraph import Value


def squared_error(samples: int = 285) -> Value:
    """The squared error of w*x + b over points near 2x - 1, after its backward pass."""
    w, b = Value(1.5, "w", role="parameter"), Value(-0.5, "b", role="parameter")
    total = Value(0.0, "start", role="constant")
    for index in range(samples):
        x = index / samples
        y = 2 * x - 1 + 0.1 * math.sin(12 * x)
        total = total + (w * x + b - y) ** 2
    total.label = "error"
    total.backward()
    return total


if __name__ == "__main__":
    from gradgraph import render

    print(render(squared_error(), "text", max_rows=60), end="")
