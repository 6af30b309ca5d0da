"""Graphs to measure layouts by, each by its name; benchmarks/layout_strangers.py reads those that nobody here made."""

import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial, reduce
from importlib import import_module
from operator import mul
from pathlib import Path

from benchmarks.layout_random import GENERATORS, PER_GENERATOR, network_like, random_graph, random_like
from gradgraph import Graph, Value, export, load, named_scope
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.scene import Scene
from gradgraph.drawing.selection import Selection
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.views import View, everything

ROOT = Path(__file__).parent.parent
Scopes = Callable[[str], AbstractContextManager[object]]
Maker = Callable[[], Graph | View]


def flat(_: str) -> AbstractContextManager[object]:
    """Open no scope, where `named_scope` would open one."""
    return nullcontext()


def chain(length: int, step: Callable[[Value], Value]) -> Value:
    """Return a value after so many steps."""
    value = Value(1.0)
    for _ in range(length):
        value = step(value)
    return value


def reused(times: int) -> Value:
    """Return the end of a chain whose products all use one weight."""
    weight = Value(0.5, "w", role="parameter")
    return chain(times, lambda value: value * weight)


def wide_sum(terms: int) -> Value:
    """Return the sum of so many leaves, added one after another, as `sum` does."""
    return sum([Value(0.1, f"x{i}") for i in range(terms)], Value(0.0))


def tree(leaves: int) -> Value:
    """Return a sum of pairs of pairs; `leaves` is a power of two."""
    row = [Value(1.0) for _ in range(leaves)]
    while len(row) > 1:
        row = [left + right for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def apart(products: int, weights: int) -> Value:
    """Return products of weights, whose groups hold nothing else."""
    value = Value(1.0)
    for number in range(products):
        with named_scope(f"weights {number}"):
            row = [Value(0.5, "w") for _ in range(weights)]
        with named_scope(f"product {number}"):
            value = reduce(mul, row, value)
    return value


def neuron() -> Value:
    """Return tanh of a weighted sum of two inputs and a bias."""
    x1, x2 = Value(2.0, "x1", role="input"), Value(0.0, "x2", role="input")
    w1, w2 = Value(-3.0, "w1", role="parameter"), Value(1.0, "w2", role="parameter")
    return (x1 * w1 + x2 * w2 + Value(6.88, "b", role="parameter")).tanh()


def mlp(sizes: tuple[int, ...], scope: Scopes) -> Value:
    """Return the squared error of a network, with or without a group for each layer and neuron."""
    activations = [Value(1.0, f"x{i}", role="input") for i in range(sizes[0])]
    for number, size in enumerate(sizes[1:], 1):
        with scope(f"layer {number}"):
            following = []
            for unit in range(size):
                with scope(f"neuron {unit}"):
                    weighted = [Value(0.1, f"w{i}", role="parameter") * x for i, x in enumerate(activations)]
                    following.append(sum(weighted, Value(0.0, "b", role="parameter")).tanh())
            activations = following
    return (activations[0] - 1.0) ** 2


def rnn(steps: int, hidden: int, scope: Scopes) -> Value:
    """Return the sum of the last state of a recurrent network, with or without groups for weights and steps."""
    with scope("weights"):
        weights = [[Value(0.1, f"w{i}{j}", role="parameter") for j in range(hidden)] for i in range(hidden)]
        inputs = [Value(0.2, f"u{i}", role="parameter") for i in range(hidden)]
        biases = [Value(0.3, f"b{i}", role="parameter") for i in range(hidden)]
    state = [Value(0.0, f"h{i}") for i in range(hidden)]
    for step in range(steps):
        with scope(f"step {step}"):
            x = Value(1.0, f"x{step}", role="input")
            state = [
                sum([w * s for w, s in zip(row, state, strict=True)], bias + u * x).tanh()
                for row, u, bias in zip(weights, inputs, biases, strict=True)
            ]
    return sum(state[1:], state[0])


def attention(tokens: int, width: int = 2) -> Value:
    """Return what one head of attention, each token after its own softmax, makes of some tokens, summed up."""

    def matrix(name: str) -> list[list[Value]]:
        return [[Value(0.1, f"{name}{i}{j}", role="parameter") for j in range(width)] for i in range(width)]

    def dot(row: list[Value], column: list[Value]) -> Value:
        products = [a * b for a, b in zip(row, column, strict=True)]
        return sum(products[1:], products[0])

    embedded = [[Value(1.0, f"x{t}{i}", role="input") for i in range(width)] for t in range(tokens)]
    queries, keys, values = [[[dot(x, row) for row in matrix(name)] for x in embedded] for name in "qkv"]
    seen: list[Value] = []
    for query in queries:
        powers = [dot(query, key).exp() for key in keys]
        total = sum(powers[1:], powers[0])
        shares = [power / total for power in powers]
        seen += [dot(shares, [value[i] for value in values]) for i in range(width)]
    return sum(seen[1:], seen[0])


def convolution(size: int, kernel: int) -> Value:
    """Return the sum of a picture of size × size values after a convolution by one kernel, and ReLU."""
    picture = [[Value(0.5, f"x{i}{j}", role="input") for j in range(size)] for i in range(size)]
    weights = [[Value(0.1, f"k{i}{j}", role="parameter") for j in range(kernel)] for i in range(kernel)]
    bias = Value(0.0, "b", role="parameter")
    within, places = range(kernel), range(size - kernel + 1)
    found = [
        sum([picture[i + k][j + m] * weights[k][m] for k in within for m in within], bias).relu()
        for i in places
        for j in places
    ]
    return sum(found[1:], found[0])


def _networks() -> dict[str, Callable[[], Value]]:
    made: dict[str, Callable[[], Value]] = {"neuron": neuron}
    for name, scope in (("flat", flat), ("grouped", named_scope)):
        for sizes in ((2, 4, 4, 1), (2, 16, 16, 1)):
            made[f"mlp {'-'.join(map(str, sizes))} {name}"] = partial(mlp, sizes, scope)
        for steps in (5, 8):
            made[f"rnn {steps} steps {name}"] = partial(rnn, steps, 2, scope)
    return made | {
        "attention 4 tokens": partial(attention, 4),
        "convolution 5x5 by 3x3": partial(convolution, 5, 3),
        "one weight 100 times": partial(reused, 100),
    }


NETWORKS = (*_networks(),)
"""Names of the graphs that are like networks."""


def makers() -> dict[str, Maker]:
    """Return what makes each graph, by its name. The random ones are "operand-like 0" and so on."""
    shapes: dict[str, Callable[[], Value]] = {
        "chain of 2000": partial(chain, 2000, lambda value: value + 0.5),
        "sum of 200": partial(wide_sum, 200),
        "tree of 64": partial(tree, 64),
    }
    made: dict[str, Maker] = {name: partial(_exported, make) for name, make in (_networks() | shapes).items()}
    made.update(shipped())
    for kind in GENERATORS:
        for seed in range(PER_GENERATOR):
            made[f"{kind} {seed}"] = partial(random_graph, kind, seed)
    for size in (1_000, 3_000, 10_000, 30_000, 100_000):
        made[f"network {size}"] = partial(network_like, size)
        made[f"random {size}"] = partial(random_like, size)
    return made


def _exported(make: Callable[[], Value]) -> Graph:
    return export(make())


def shipped() -> dict[str, Maker]:
    """Return what makes each graph of examples/, and each drawing of the gallery as the docs draw it."""
    made: dict[str, Maker] = {
        f"examples/{path.name}": partial(load, path) for path in sorted((ROOT / "examples").glob("*.json"))
    }
    for name, function in (("shared", "shared"), ("fit", "squared_error")):
        made[f"examples/{name}.py"] = partial(_of_example, name, function)
    gallery = (ROOT / "docs/gallery.rst").read_text(encoding="utf-8")
    for path, options in re.findall(r"^\.\. gradgraph:: (\S+)\n((?:   :.*\n)*)", gallery, re.MULTILINE):
        found = dict(re.findall(r":([\w-]+): *(.*)", options))
        if found.get("format") in (None, "svg"):
            told = [f"{key} {found[key]}" for key in ("collapse", "focus", "radius", "max-boxes") if key in found]
            name = "gallery/" + ", ".join([Path(path).parent.name, *told])
            made.setdefault(name, partial(_of_gallery, path, found))
    return made


def _of_example(module: str, function: str) -> Graph:
    sys.path.insert(0, str(ROOT / "examples"))
    try:
        return export(getattr(import_module(module), function)())
    finally:
        sys.path.remove(str(ROOT / "examples"))


def _of_gallery(path: str, options: dict[str, str]) -> View:
    graph = load(ROOT / "docs" / path)
    names = tuple([name.strip() for name in options.get("collapse", "").split(",") if name.strip()])
    boxes = int(options["max-boxes"]) if "max-boxes" in options else None
    radius = int(options.get("radius", "1"))
    return Selection(focus=options.get("focus"), radius=radius, collapse=names, max_boxes=boxes).view(graph)


def scene(what: Graph | View, *, local: bool = False) -> Scene:
    """Return what a drawing of a graph or a view shows, with marks of local derivatives or without.

    Constants have boxes, so that figures compare with those of earlier versions.
    """
    view = what if isinstance(what, View) else everything(what)
    return build_scene(view, DrawingOptions(local=local), whole=True)
