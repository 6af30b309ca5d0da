"""Code of the project."""

from gradgraph import Value


def loss() -> Value:
    """A value with its gradient."""
    x = Value(3.0, label="x")
    y = (x - 1) ** 2
    y.label = "loss"
    y.backward()
    return y


def broken() -> Value:
    """No value."""
    raise RuntimeError("no such luck")
