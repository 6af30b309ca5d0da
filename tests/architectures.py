"""Computations that people know, written with values and without a word on their structure: no labels, no scopes."""

# ruff: noqa: S311  # networks, not secrets

import random
from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Literal

from gradgraph import Graph, Group, Node, OpDeclaration, Value, export

Vector = list[Value]
Matrix = list[Vector]


class Maker:
    """Leaves with random numbers of one seed, and the layers that networks are made of."""

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)

    def leaves(self, count: int) -> Vector:
        return [Value(self.random.uniform(-1, 1)) for _ in range(count)]

    def matrix(self, rows: int, columns: int) -> Matrix:
        return [self.leaves(columns) for _ in range(rows)]


def total(values: Vector) -> Value:
    return reduce(add, values)


def dot(left: Vector, right: Vector) -> Value:
    return total([a * b for a, b in zip(left, right, strict=True)])


def plus(left: Vector, right: Vector) -> Vector:
    return [a + b for a, b in zip(left, right, strict=True)]


def linear(weights: Matrix, bias: Vector | None, x: Vector) -> Vector:
    products = [dot(row, x) for row in weights]
    return products if bias is None else plus(products, bias)


def softmax(values: Vector) -> Vector:
    powers = [value.exp() for value in values]
    bottom = total(powers)
    return [power / bottom for power in powers]


def layer_norm(x: Vector, gain: Vector | None, bias: Vector | None) -> Vector:
    mean = total(x) / len(x)
    centred = [value - mean for value in x]
    deviation = (total([value * value for value in centred]) / len(x) + 1e-5).sqrt()
    scaled = [value / deviation for value in centred]
    if gain is not None:
        scaled = [value * each for value, each in zip(scaled, gain, strict=True)]
    return scaled if bias is None else plus(scaled, bias)


def columns_of(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix, strict=True)]


def mlp(sizes: list[int], samples: int, seed: int = 0, activation: str = "tanh") -> Graph:
    """A squared loss of samples of a network whose layers have these sizes, the first that of the input."""
    make = Maker(seed)
    layers = [(make.matrix(after, before), make.leaves(after)) for before, after in pairwise(sizes)]
    losses = []
    for _ in range(samples):
        x = make.leaves(sizes[0])
        for number, (weights, bias) in enumerate(layers):
            x = linear(weights, bias, x)
            if number < len(layers) - 1:
                x = [getattr(value, activation)() for value in x]
        losses += [(value - target) ** 2 for value, target in zip(x, make.leaves(sizes[-1]), strict=True)]
    return export(total(losses))


def rnn(steps: int, hidden: int = 3, inputs: int = 2, seed: int = 0) -> Graph:
    make = Maker(seed)
    w, u, b = make.matrix(hidden, inputs), make.matrix(hidden, hidden), make.leaves(hidden)
    h = make.leaves(hidden)
    for _ in range(steps):
        x = make.leaves(inputs)
        h = [(dot(ws, x) + dot(us, h) + bias).tanh() for ws, us, bias in zip(w, u, b, strict=True)]
    return export(dot(make.leaves(hidden), h))


def _gate(make: Maker, hidden: int, inputs: int) -> Callable[[Vector, Vector], Vector]:
    w, u, b = make.matrix(hidden, inputs), make.matrix(hidden, hidden), make.leaves(hidden)
    return lambda x, h: [dot(ws, x) + dot(us, h) + bias for ws, us, bias in zip(w, u, b, strict=True)]


def lstm(steps: int, hidden: int = 3, inputs: int = 2, seed: int = 0) -> Graph:
    make = Maker(seed)
    forget, take, give, new = (_gate(make, hidden, inputs) for _ in range(4))
    h, c = make.leaves(hidden), make.leaves(hidden)
    for _ in range(steps):
        x = make.leaves(inputs)
        f, i, o = ([value.sigmoid() for value in gate(x, h)] for gate in (forget, take, give))
        g = [value.tanh() for value in new(x, h)]
        c = [a * b + d * e for a, b, d, e in zip(f, c, i, g, strict=True)]
        h = [a * b.tanh() for a, b in zip(o, c, strict=True)]
    return export(dot(make.leaves(hidden), h))


def gru(steps: int, hidden: int = 3, inputs: int = 2, seed: int = 0) -> Graph:
    make = Maker(seed)
    update, reset, new = (_gate(make, hidden, inputs) for _ in range(3))
    h = make.leaves(hidden)
    for _ in range(steps):
        x = make.leaves(inputs)
        z, r = ([value.sigmoid() for value in gate(x, h)] for gate in (update, reset))
        n = [value.tanh() for value in new(x, [a * b for a, b in zip(r, h, strict=True)])]
        h = [(1 - a) * b + a * d for a, b, d in zip(z, n, h, strict=True)]
    return export(dot(make.leaves(hidden), h))


def adam(steps: int, size: int = 3, seed: int = 0) -> Graph:
    """Steps of Adam on a quadratic, with the gradient written out."""
    make = Maker(seed)
    p, goal = make.leaves(size), make.leaves(size)
    m, v = [Value(0.0) for _ in p], [Value(0.0) for _ in p]
    for step in range(1, steps + 1):
        g = [2 * (value - target) for value, target in zip(p, goal, strict=True)]
        m = [0.9 * old + 0.1 * new for old, new in zip(m, g, strict=True)]
        v = [0.999 * old + 0.001 * new**2 for old, new in zip(v, g, strict=True)]
        p = [
            value - 0.01 * (first / (1 - 0.9**step)) / ((second / (1 - 0.999**step)).sqrt() + 1e-8)
            for value, first, second in zip(p, m, v, strict=True)
        ]
    return export(total([value * value for value in p]))


def attention(x: Matrix, make: Maker, width: int) -> Matrix:
    """One head of self-attention over the rows of x."""
    size = len(x[0])
    queries, keys, values = (
        [[dot(row, token) for row in weights] for token in x] for weights in [make.matrix(width, size) for _ in "qkv"]
    )
    mixed = []
    for query in queries:
        shares = softmax([dot(query, key) * width**-0.5 for key in keys])
        mixed.append([dot(shares, column) for column in columns_of(values)])
    return mixed


def transformer(tokens: int = 4, width: int = 4, seed: int = 0, biases: bool = False) -> Graph:
    """A block: layer norm, attention, layer norm, a network of two layers, each around a shortcut.

    With `biases`, norms have gains and biases, and layers have biases.
    """
    make = Maker(seed)

    def normed(x: Matrix) -> Matrix:
        gain, bias = (make.leaves(width), make.leaves(width)) if biases else (None, None)
        return [layer_norm(token, gain, bias) for token in x]

    def layer(weights: Matrix, x: Matrix) -> Matrix:
        bias = make.leaves(len(weights)) if biases else None
        return [linear(weights, bias, token) for token in x]

    x = make.matrix(tokens, width)
    mixed = attention(normed(x), make, width)
    x = [plus(token, each) for token, each in zip(x, layer(make.matrix(width, width), mixed), strict=True)]
    inner = [[value.relu() for value in token] for token in layer(make.matrix(2 * width, width), normed(x))]
    out = [plus(token, each) for token, each in zip(x, layer(make.matrix(width, 2 * width), inner), strict=True)]
    return export(total([value * value for token in out for value in token]))


def gan(samples: int = 4, seed: int = 0) -> Graph:
    """The loss of a discriminator on real samples and on those of a generator."""
    make = Maker(seed)
    w1, b1, w2, b2 = make.matrix(4, 2), make.leaves(4), make.matrix(2, 4), make.leaves(2)
    v1, c1, v2, c2 = make.matrix(4, 2), make.leaves(4), make.matrix(1, 4), make.leaves(1)

    def generated(noise: Vector) -> Vector:
        return linear(w2, b2, [value.tanh() for value in linear(w1, b1, noise)])

    def judged(x: Vector) -> Value:
        return linear(v2, c2, [value.relu() for value in linear(v1, c1, x)])[0].sigmoid()

    real = total([-judged(make.leaves(2)).log() for _ in range(samples)])
    fake = total([-(1 - judged(generated(make.leaves(2)))).log() for _ in range(samples)])
    return export((real + fake) / samples)


def residual(blocks: int = 4, width: int = 4, seed: int = 0) -> Graph:
    make = Maker(seed)
    x = make.leaves(width)
    for _ in range(blocks):
        w, b, v, c = make.matrix(width, width), make.leaves(width), make.matrix(width, width), make.leaves(width)
        inner = [value.relu() for value in linear(w, b, x)]
        x = [a + d for a, d in zip(x, linear(v, c, inner), strict=True)]
    return export(total([value * value for value in x]))


def classifier(samples: int = 10, seed: int = 0) -> Graph:
    """The cross entropy of a softmax over the outputs of a network."""
    make = Maker(seed)
    w, b, v, c = make.matrix(8, 3), make.leaves(8), make.matrix(4, 8), make.leaves(4)
    losses = []
    for sample in range(samples):
        scores = linear(v, c, [value.tanh() for value in linear(w, b, make.leaves(3))])
        losses.append(-softmax(scores)[sample % 4].log())
    return export(total(losses) / samples)


def normalized(size: int = 8, rows: int = 4, seed: int = 0) -> Graph:
    make = Maker(seed)
    gain, bias = make.leaves(size), make.leaves(size)
    return export(total([value for _ in range(rows) for value in layer_norm(make.leaves(size), gain, bias)]))


def convolution(size: int = 6, kernel: int = 3, padded: bool = True, seed: int = 0) -> Graph:
    make = Maker(seed)
    image, weights, bias = make.matrix(size, size), make.matrix(kernel, kernel), make.leaves(1)[0]
    reach = range(kernel)
    shift = kernel // 2 if padded else 0
    count = size if padded else size - kernel + 1
    pixels = []
    for row in range(count):
        for column in range(count):
            terms = [
                image[row + i - shift][column + j - shift] * weights[i][j]
                for i in reach
                for j in reach
                if 0 <= row + i - shift < size and 0 <= column + j - shift < size
            ]
            pixels.append((total(terms) + bias).relu())
    return export(total(pixels))


def hadamard(size: int = 16, seed: int = 0) -> Graph:
    """The fast Walsh-Hadamard transform, and the energy of what comes out."""
    x = Maker(seed).leaves(size)
    span = 1
    while span < size:
        after: list[Value] = list(x)
        for start in range(0, size, 2 * span):
            for place in range(start, start + span):
                after[place], after[place + span] = x[place] + x[place + span], x[place] - x[place + span]
        x, span = after, 2 * span
    return export(total([value * value for value in x]))


def springs(masses: int = 6, steps: int = 8, seed: int = 0) -> Graph:
    """Masses in a row between springs, stepped through time; the energy at the end."""
    make = Maker(seed)
    x, v = make.leaves(masses), make.leaves(masses)
    stiffness, dt = Value(1.0), Value(0.1)
    for _ in range(steps):
        pull = []
        for place in range(masses):
            left = x[place - 1] - x[place] if place else -x[place]
            right = x[place + 1] - x[place] if place < masses - 1 else -x[place]
            pull.append(stiffness * (left + right))
        v = [speed + dt * force for speed, force in zip(v, pull, strict=True)]
        x = [position + dt * speed for position, speed in zip(x, v, strict=True)]
    return export(total([speed * speed for speed in v]))


def shared_chain(length: int = 100, seed: int = 0) -> Graph:
    """A chain that applies one weight over and over."""
    w, h = Maker(seed).leaves(2)
    for _ in range(length):
        h = (w * h).tanh()
    return export(h)


ROLES: tuple[Literal["input", "parameter", "constant"] | None, ...] = (None, "input", "parameter", "constant")
UNARY = ("tanh", "relu", "exp", "neg")
BINARY = ("add", "mul", "sub", "div")
DECLARED = {"add": 2, "mul": 2, "sub": 2, "div": 2, "tanh": 1, "relu": 1, "exp": 1, "neg": 1, "mix": None, "sum": None}


def random_graph(rng: random.Random, count: int, block: int = 0, in_a_row: bool = False) -> Graph:
    """A random graph; with a `block` of so many nodes, copies of a random block beside each other or in a row."""
    nodes: list[Node] = []
    stems = ["", "", "", "", "w", "b", "layer"]
    groups = (Group(0, "enc 1"), Group(1, "enc 2"), Group(2, "dec", 0)) if rng.random() < 0.2 else ()

    def append(op: str | None, operands: tuple[int, ...]) -> None:
        label = rng.choice(stems)
        label = f"{label}{rng.randrange(9)}" if label and rng.random() < 0.5 else label
        role = rng.choice(ROLES) if op is None else None
        group = rng.choice((None, 0, 1, 2)) if groups else None
        data = rng.uniform(-2, 2)
        nodes.append(
            Node(len(nodes), data, rng.uniform(-1, 1), label=label, role=role, op=op, operands=operands, group=group)
        )

    def arbitrary(lowest: int, chance: float = 0.75) -> None:
        size = len(nodes)
        if size == lowest or rng.random() > chance:
            append(None, ())
            return
        near = rng.choice((3, 10, size))
        kind = rng.random()
        op, arity = (
            (rng.choice(UNARY), 1)
            if kind < 0.3
            else (rng.choice(BINARY), 2)
            if kind < 0.95
            else (rng.choice(("mix", "sum")), rng.randint(1, 5))
        )
        append(op, tuple([rng.randrange(max(lowest, size - near), size) for _ in range(arity)]))

    if not block:
        for _ in range(count):
            arbitrary(0)
    else:
        for _ in range(3):
            append(None, ())
        first = len(nodes)
        state = rng.getstate()
        last = 0
        while len(nodes) < count:
            rng.setstate(state)
            start = len(nodes)
            append(rng.choice(BINARY), (last if in_a_row else 0, 1))
            for _ in range(block - 1):
                arbitrary(start, 0.85)
            last = len(nodes) - 1
        if not in_a_row and len(nodes) > first:
            ends = tuple(range(first + block - 1, len(nodes), block))
            append("sum", ends)
    used = {operand for node in nodes for operand in node.operands}
    outputs = [node.id for node in nodes if node.id not in used] or [len(nodes) - 1]
    return Graph(
        tuple(nodes),
        tuple(outputs),
        {op: OpDeclaration(op, arity) for op, arity in DECLARED.items()},
        groups,
    )


def of_size_at_random(size: int) -> Graph:
    return random_graph(random.Random(3), size)


def of_samples(size: int) -> Graph:
    return mlp([2, 16, 16, 1], size // 670)


NAMED: dict[str, Callable[[], Graph]] = {
    "transformer block": transformer,
    "transformer block with biases": lambda: transformer(biases=True),
    "gru": lambda: gru(8),
    "lstm": lambda: lstm(8),
    "gan": gan,
    "adam": lambda: adam(5),
    "residual": residual,
    "classifier": classifier,
    "layer norm": normalized,
    "convolution": convolution,
}
"""Graphs that are at most 30 boxes and 45 wires."""
