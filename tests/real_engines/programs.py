"""Small programs in the arithmetic that scalar engines share. Each is written for any engine, and for our own Value.

A program takes the engine first, for the functions that engines spell differently, and then its leaves.
"""

from collections.abc import Callable
from typing import Any, NamedTuple


class Program(NamedTuple):
    """How many leaves a program takes, and what it computes of them."""

    leaves: int
    run: Callable[..., Any]


def network(on, *p):
    """Return the loss of two inputs, three hidden neurons and one output. Two inputs are used more than once."""
    x, w1, b1, w2, b2 = p[:2], p[2:8], p[8:10], p[10:12], p[12]
    hidden = [on.activation(w1[2 * i] * x[0] + w1[2 * i + 1] * x[1] + b1[i]) for i in range(2)]
    hidden.append(on.activation(w1[4] * x[0] - w1[5] * x[1]))
    out = w2[0] * hidden[0] + w2[1] * hidden[1] / (hidden[2] + b1[0] + x[1]) + b2
    return (out - x[0]) * (out - x[0])


def loss(on, a, b, c, d, e, f):
    """Return a sum of two squares and a quotient."""
    return ((a * b - c) ** 2 + (d * e - f) ** 2) / 2 - (a - d) / (e - f * c)


PROGRAMS = {
    "a-b": Program(2, lambda on, a, b: a - b),
    "a/b": Program(2, lambda on, a, b: a / b),
    "a**2": Program(1, lambda on, a: a**2),
    "a**3+a": Program(1, lambda on, a: a**3 + a),
    "a**-0.5": Program(1, lambda on, a: a**-0.5),
    "2-a": Program(1, lambda on, a: 2 - a),
    "2/a": Program(1, lambda on, a: 2 / a),
    "a-2": Program(1, lambda on, a: a - 2),
    "a/4": Program(1, lambda on, a: a / 4),
    "3+2*a": Program(1, lambda on, a: 3 + 2 * a),
    "-a+b": Program(2, lambda on, a, b: -a + b),
    "a+a": Program(1, lambda on, a: a + a),
    "a*a": Program(1, lambda on, a: a * a),
    "(a-b)/c": Program(3, lambda on, a, b, c: (a - b) / c),
    "(a/b)-(c/a)": Program(3, lambda on, a, b, c: a / b - c / a),
    "(a-b)*(b-a)": Program(2, lambda on, a, b: (a - b) * (b - a)),
    "2-3/(a-b*c)": Program(3, lambda on, a, b, c: 2 - 3 / (a - b * c)),
    "a**b": Program(2, lambda on, a, b: a**b),
    "2**a": Program(1, lambda on, a: 2**a),
    "x*w order": Program(4, lambda on, x, w, y, v: x * w + v * y),
    "same data": Program(2, lambda on, a, b: (a * b - b) / (b * a + a)),
    "exp": Program(2, lambda on, a, b: on.call("exp", a - b)),
    "log": Program(2, lambda on, a, b: on.call("log", a / b)),
    "tanh": Program(2, lambda on, a, b: on.call("tanh", a - b)),
    "relu": Program(2, lambda on, a, b: on.call("relu", a * b) * b),
    "sigmoid": Program(2, lambda on, a, b: on.call("sigmoid", a - b)),
    "sqrt": Program(1, lambda on, a: on.call("sqrt", a) * a),
    "sin,cos": Program(1, lambda on, a: on.call("sin", a) * on.call("cos", a)),
    "neuron": Program(5, lambda on, x1, w1, x2, w2, b: on.activation(x1 * w1 + x2 * w2 + b)),
    "network": Program(13, network),
    "loss": Program(6, loss),
}
