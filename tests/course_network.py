"""A judge of verify: the network of micrograd's demo, clean as it is, and each of two planted faults found.

`python -m tests.course_network 100` runs a hundred seeds.
"""

# ruff: noqa: S311  # networks, not secrets

import math
import random
import sys
from collections.abc import Sequence
from typing import Any

from micrograd.nn import MLP
from msgspec.structs import replace

from gradgraph import Graph, Node, Value, export, verify


def half_circles(count: int) -> list[tuple[list[float], int]]:
    """Points of two half circles that reach into each other, each with its side."""
    points = []
    for at in range(count):
        side, angle = 1 - 2 * (at % 2), random.uniform(0, math.pi)
        x, y = math.cos(angle), math.sin(angle)
        noisy = [each + random.gauss(0, 0.1) for each in ((x, y) if side > 0 else (1 - x, 0.5 - y))]
        points.append((noisy, side))
    return points


def loss_of(network: Any, samples: Sequence[tuple[list[float], int]], parameters: Sequence[Any]) -> Any:
    """The loss of the demo: the mean hinge loss, and L2 regularization."""
    losses = [(1 - side * network(x)).relu() for x, side in samples]
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in parameters)


class Ours:
    """The same network of our values."""

    def __init__(self, model: MLP) -> None:
        self.layers = [
            [([Value(w.data) for w in n.w], Value(n.b.data), n.nonlin) for n in layer.neurons] for layer in model.layers
        ]

    def __call__(self, x: Any) -> Value:
        for layer in self.layers:
            sums = [sum((w * each for w, each in zip(ws, x, strict=True)), b) for ws, b, _ in layer]
            x = [each.relu() if bent else each for each, (_, _, bent) in zip(sums, layer, strict=True)]
        return x[0]

    def parameters(self) -> list[Value]:
        return [p for layer in self.layers for ws, b, _ in layer for p in (*ws, b)]


def changed(graph: Graph, *nodes: Node) -> Graph:
    """The graph with some nodes in the place of those of the same id."""
    rows = list(graph.nodes)
    for node in nodes:
        rows[node.id] = node
    return replace(graph, nodes=tuple(rows))


def swapped_minus(graph: Graph) -> tuple[Graph, int]:
    """The graph with one a - b as b - a, and where: of micrograd's, whose a - b is a + b * -1, as b + a * -1."""
    minuses = [node for node in graph if node.op == "sub"]
    if minuses:
        node = random.choice(minuses)
        return changed(graph, replace(node, operands=node.operands[::-1])), node.id
    found = []
    for node in graph:
        negated = [each for each in node.operands if is_negation(graph, graph[each])] if node.op == "add" else []
        others = [each for each in node.operands if each not in negated]
        if len(negated) == 1 and others and (graph[others[0]].op is None or others[0] < negated[0]):
            found.append((node.id, negated[0], others[0]))
    place, negation, left = random.choice(found)
    if left > negation:  # a leaf: it may as well come first
        graph = moved_before(graph, left, negation)
        place, negation, left = max(place, negation + 1), negation + 1, negation
    total, product = graph[place], graph[negation]
    right = next(each for each in product.operands if graph[each].data != -1)
    other = replace(product, operands=tuple([left if each == right else each for each in product.operands]))
    operands = tuple([right if each == left else each for each in total.operands])
    return changed(graph, other, replace(total, operands=operands)), product.id


def moved_before(graph: Graph, leaf: int, place: int) -> Graph:
    """The same graph with a leaf further up."""
    order = [*range(place), leaf, *[each for each in range(place, len(graph)) if each != leaf]]
    ids = {old: new for new, old in enumerate(order)}
    rows = [
        replace(graph[old], id=new, operands=tuple([ids[each] for each in graph[old].operands]))
        for new, old in enumerate(order)
    ]
    return replace(graph, nodes=tuple(rows), outputs=tuple([ids[each] for each in graph.outputs]))


def is_negation(graph: Graph, node: Node) -> bool:
    """Whether a node is some value times -1."""
    return node.op == "mul" and [graph[each].data == -1 for each in node.operands].count(True) == 1


def halved_gradient(graph: Graph) -> tuple[Graph, int]:
    """The graph with one gradient halved, and where."""
    node = random.choice([node for node in graph if node.grad])
    return changed(graph, replace(node, grad=node.grad and node.grad / 2)), node.id


def judge(seed: int) -> int:
    """Check everything for one seed, and return how many nodes its two graphs have."""
    random.seed(seed)
    model, samples = MLP(2, [16, 16, 1]), half_circles(2)
    ours = Ours(model)
    theirs = loss_of(model, samples, model.parameters())
    again = loss_of(ours, samples, ours.parameters())
    theirs.backward()
    again.backward()
    graph, replica = export(theirs), export(again)
    for sound in (graph, replica):
        disagreements = verify(sound)
        assert not disagreements, f"seed {seed}: {disagreements[0]}"
        for plant in (swapped_minus, halved_gradient):
            wrong, place = plant(sound)
            assert place in {each.node for each in verify(wrong)}, f"seed {seed}: {plant.__name__} at n{place}"
    return len(graph) + len(replica)


if __name__ == "__main__":
    seeds = int(sys.argv[1])
    print(f"{seeds} seeds, {sum(map(judge, range(seeds))):,} nodes: clean, and every planted fault found")
