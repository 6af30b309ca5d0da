"""Horner's rule for p(x) = 2x^3 - 6x^2 + 2x - 1, and its slope at x = 3."""

from gradgraph import Value


def make():
    x = Value(3.0, label="x")
    coefficients = [2.0, -6.0, 2.0, -1.0]  # highest power first
    p = Value(coefficients[0])
    for c in coefficients[1:]:
        p = p * x + Value(c)
    p.label = "p(x)"
    p.backward()
    return p
