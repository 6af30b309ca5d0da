"""The graphs that must look well with default options, each by its name: docs, tests and benchmarks share this list."""

import random
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from itertools import pairwise

from benchmarks.layout_graphs import ROOT, Scopes, attention, chain, convolution, flat, neuron, reused, rnn, wide_sum
from gradgraph import Graph, Value, export, named_scope
from tests import architectures


class Network:
    """A multilayer perceptron of tanh, with labelled parameters, in scopes or without."""

    def __init__(self, sizes: tuple[int, ...], scope: Scopes, rng: random.Random) -> None:
        self.scope = scope
        self.layers: list[list[tuple[list[Value], Value]]] = []
        for number, (before, after) in enumerate(pairwise(sizes), 1):
            with scope(f"layer {number}"):
                self.layers.append([_parameters(before, unit, scope, rng) for unit in range(after)])

    def __call__(self, inputs: list[Value]) -> Value:
        """Return the first output. The last layer has no tanh."""
        x = inputs
        for number, layer in enumerate(self.layers, 1):
            with self.scope(f"layer {number}"):
                following = []
                for unit, (weights, bias) in enumerate(layer):
                    with self.scope(f"neuron {unit}"):
                        total = sum([w * each for w, each in zip(weights, x, strict=True)], bias)
                        following.append(total.tanh() if number < len(self.layers) else total)
                x = following
        return x[0]

    def parameters(self) -> list[Value]:
        """Return all weights and biases."""
        return [each for layer in self.layers for weights, bias in layer for each in (*weights, bias)]


def _parameters(inputs: int, unit: int, scope: Scopes, rng: random.Random) -> tuple[list[Value], Value]:
    with scope(f"neuron {unit}"):
        weights = [Value(rng.uniform(-1, 1), f"w{number}", role="parameter") for number in range(inputs)]
        return weights, Value(0.0, "b", role="parameter")


def training_loss(sizes: tuple[int, ...], samples: int, scope: Scopes) -> Value:
    """Return the mean hinge loss of a network on random points, and its L2 regularization, as in micrograd's demo."""
    rng = random.Random(0)  # noqa: S311  # points, no secret
    network = Network(sizes, scope, rng)
    losses = []
    for _ in range(samples):
        x = [Value(rng.uniform(-1, 1), role="input") for _ in range(sizes[0])]
        side = 1.0 if x[0].data * x[-1].data > 0 else -1.0
        losses.append((1 - side * network(x)).relu())
    return sum(losses[1:], losses[0]) * (1 / samples) + 1e-4 * sum([p * p for p in network.parameters()], Value(0.0))


def diamond() -> Value:
    """Return a sum of two functions of one value."""
    x = Value(0.5, "x")
    return x.tanh() + x.exp()


def noncommutative() -> Value:
    """Return a difference, a quotient and a power, in which operands cannot change places."""
    a, b = Value(3.0, "a"), Value(2.0, "b")
    return (a - b) / (b - a) ** 3


def deep_groups(depth: int) -> Value:
    """Return a chain that goes one group deeper at each step."""
    value = Value(0.5, "x")
    with ExitStack() as scopes:
        for level in range(depth):
            scopes.enter_context(named_scope(f"level {level}"))
            value = value.tanh()
    return value


def three_outputs() -> list[Value]:
    """Return the sum, the product and the difference of the same two values."""
    a, b = Value(3.0, "a"), Value(2.0, "b")
    return [a + b, a * b, a - b]


def long_labels() -> Value:
    """Return a product whose labels are sentences, one of them in a script without spaces."""
    rate = Value(0.03, "the annual rate of interest that the bank pays on deposits of more than a year")
    amount = Value(1_000.0, "預金の元本として最初に銀行に預け入れられた金額")
    years = Value(5.0, "years_until_the_money_is_paid_back_to_the_customer_in_full")
    paid = amount * (rate * years).exp()
    paid.label = "what the customer gets back at the end, with interest on interest"
    return paid


def shared_parameter() -> Value:
    """Return the squared error of one slope on three points."""
    slope = Value(0.5, "slope", role="parameter")
    errors = [(slope * Value(x, role="input") - Value(y, role="input")) ** 2 for x, y in ((1, 2), (2, 3), (3, 5))]
    return sum(errors[1:], errors[0])


Made = Value | Sequence[Value]
"""One output, or several."""


def _graph(make: Callable[[], Made]) -> Graph:
    """Return a graph after the backward pass of its outputs, as a reader would have it."""
    made = make()
    for output in [made] if isinstance(made, Value) else made:
        output.backward()
    return export(made)


def _stranger(module: str) -> Graph:
    return export(import_module(f"tests.strangers.{module}").make())


def _course() -> dict[str, Callable[[], Made]]:
    made: dict[str, Callable[[], Made]] = {
        "neuron": neuron,
        "diamond": diamond,
        "operands that cannot change places": noncommutative,
        "three outputs": three_outputs,
        "long labels": long_labels,
        "shared parameter": shared_parameter,
        "deep groups": partial(deep_groups, 6),
        "chain of 40": partial(chain, 40, Value.tanh),
        "sum of 200": partial(wide_sum, 200),
        "one weight 100 times": partial(reused, 100),
        "convolution 5x5 by 3x3": partial(convolution, 5, 3),
        "attention of 4 tokens": partial(attention, 4),
    }
    for name, scope in (("", flat), (", scopes", named_scope)):
        for steps in (5, 20):
            made[f"RNN of {steps} steps{name}"] = partial(rnn, steps, 3, scope)
        made[f"MLP 2-4-4-1{name}"] = partial(training_loss, (2, 4, 4, 1), 1, scope)
        for samples in (1, 20, 78):
            made[f"MLP 2-16-16-1 on {samples}{name}"] = partial(training_loss, (2, 16, 16, 1), samples, scope)
    return made


LISTED: dict[str, Callable[[], Graph]] = {
    **{name: partial(_graph, make) for name, make in _course().items()},
    "GAN": architectures.gan,
    "butterfly of 8": partial(architectures.hadamard, 8),
}
"""Graphs that people meet in a first course on neural networks, and shapes that are hard to draw."""

STRANGERS: dict[str, Callable[[], Graph]] = {
    path.stem.replace("_", " "): partial(_stranger, path.stem)
    for path in sorted((ROOT / "tests/strangers").glob("*.py"))
    if path.stem != "__init__"
}
"""Programs of somebody who had not seen this code. They make their own backward pass."""

ALL = LISTED | STRANGERS
"""All that the gallery shows."""
