"""Five nodes, of which `a` is used by two ops and `d` twice by one."""

from gradgraph import Value


def shared() -> Value:
    """The square of a * b + a, after its backward pass."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b
    d = c + a
    e = d * d
    c.label, d.label, e.label = "c", "d", "e"
    e.backward()
    return e
