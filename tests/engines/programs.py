"""Programs that any engine can run, and what their graphs are: those of our own Value running the same program.

`twice(a)` is how an engine does `2 * a`: most do `a * 2`, and this is then the truth.
"""

import random


def neuron(make):
    x1, x2 = make(2.0, "x1"), make(-0.5, "x2")
    w1, w2, b = make(-3.0, "w1"), make(1.25, "w2"), make(6.7, "b")
    return [w1, w2, b], ((x1 * w1 + x2 * w2) + b).tanh()


def expression(body):
    def program(make):
        a, b, c = make(3.25, "a"), make(-1.75, "b"), make(0.6, "c")
        return [a, b, c], body(a, b, c)

    return program


EXPRESSIONS = {
    "a+a": lambda a, b, c: a + a,
    "a*a": lambda a, b, c: a * a,
    "a-b": lambda a, b, c: a - b,
    "b-a": lambda a, b, c: b - a,
    "a/b": lambda a, b, c: a / b,
    "b/a": lambda a, b, c: b / a,
    "-a": lambda a, b, c: -a,
    "a**3": lambda a, b, c: a**3,
    "2-a": lambda a, b, c: 2 - a,
    "2/a": lambda a, b, c: 2 / a,
    "2*a": lambda a, b, c: a * 2,
    "a*2": lambda a, b, c: a * 2,
    "a+1": lambda a, b, c: a + 1,
    "(a-b)/c": lambda a, b, c: (a - b) / c,
    "c/(b-a)": lambda a, b, c: c / (b - a),
    "(a+b)-(a*b)": lambda a, b, c: (a + b) - (a * b),
    "(a*b+c)**2-c": lambda a, b, c: (a * b + c) ** 2 - c,
    "all": lambda a, b, c: ((a - b) / c - (2 - a) * (b / a)).relu() + (c * b + 1).tanh() - 2 / (a + a),
}


def network(make):
    random.seed(5)
    draw = lambda: round(random.uniform(-1, 1), 3)  # noqa: E731, S311
    x = [make(0.5, "x0"), make(-1.5, "x1")]
    parameters = []
    for width, name in ((3, "h"), (1, "o")):
        out = []
        for row in range(width):
            weights = [make(draw(), f"{name}{row}{column}") for column in range(len(x))]
            total = make(draw(), f"{name}{row}b")
            parameters += [*weights, total]
            for weight, each in zip(weights, x, strict=True):
                total = total + weight * each
            out.append(total.relu() if width > 1 else total)
        x = out
    return parameters, (x[0] - make(0.7, "target")) ** 2


PROGRAMS = {"neuron": neuron, "network": network, **{name: expression(body) for name, body in EXPRESSIONS.items()}}
