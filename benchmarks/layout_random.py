"""Random graphs by three generators, the same ones each time, and graphs of a given size to measure speed by."""

# ruff: noqa: S311  # drawings, no secrets

import random
from collections.abc import Callable

from gradgraph import Graph, Node, OpDeclaration, Value, export, named_scope
from gradgraph.engine.ops import PRIMITIVES

PER_GENERATOR = 100
"""Graphs of each generator that a comparison looks at, with the seeds 0 to 99."""
SMALLEST, LARGEST = 10, 60
"""Nodes of a random graph."""
_UNARY = [op.name for op in PRIMITIVES.values() if op.arity == 1 and not op.params]
_BINARY = [op.name for op in PRIMITIVES.values() if op.arity == 2]
_TERNARY = "where"
_OPS = {op.name: OpDeclaration(op.symbol, op.arity) for op in PRIMITIVES.values()}
_OPS[_TERNARY] = OpDeclaration("where", 3)

Chooser = Callable[[random.Random, list[tuple[int, ...]]], tuple[int, ...]]
"""Chooses the operands of the next node, () for a leaf, after the operands of all before it."""


def _operand_like(rng: random.Random, before: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Choose one to three earlier values, recent ones more likely, or a leaf every fourth time."""
    if len(before) < 2 or rng.random() < 0.25:
        return ()
    count = rng.choice((1, 2, 2, 2, 3))
    return tuple([max(0, len(before) - 1 - int(rng.expovariate(0.25))) for _ in range(count)])


def _layered(width: int) -> Chooser:
    """Return what chooses from the layer before, and now and then from any layer before that."""

    def choose(rng: random.Random, before: list[tuple[int, ...]]) -> tuple[int, ...]:
        start = len(before) // width * width
        if start == 0:
            return ()
        above = range(start - width, start)
        count = rng.choice((1, 2, 2, 3))
        return tuple([rng.randrange(start) if rng.random() < 0.1 else rng.choice(above) for _ in range(count)])

    return choose


def _scale_free(rng: random.Random, before: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Choose one to three values, each as likely as it has been used, and once more (preferential attachment)."""
    if len(before) < 2:
        return ()
    ends = [*range(len(before)), *[operand for operands in before for operand in operands]]
    return tuple([rng.choice(ends) for _ in range(rng.choice((1, 2, 2, 3)))])


GENERATORS: dict[str, Callable[[random.Random], Chooser]] = {
    "operand-like": lambda _: _operand_like,
    "layered": lambda rng: _layered(rng.randint(2, 8)),
    "scale-free": lambda _: _scale_free,
}
"""Makers of choosers of operands, by the name of the generator."""


def random_graph(generator: str, seed: int) -> Graph:
    """Return the graph of a generator and a seed, of 10 to 60 nodes. Every value that nothing uses is an output."""
    rng = random.Random(f"{generator} {seed}")
    choose = GENERATORS[generator](rng)
    return _made(rng, choose, rng.randint(SMALLEST, LARGEST))


def random_like(drawn: int) -> Graph:
    """Return an operand-like graph of which about so many boxes and circles are drawn."""
    return _made(random.Random(drawn), _operand_like, int(drawn / 1.75))


def _made(rng: random.Random, choose: Chooser, size: int) -> Graph:
    chosen: list[tuple[int, ...]] = []
    nodes = []
    for index in range(size):
        operands = choose(rng, chosen)
        chosen.append(operands)
        op = None
        if operands:
            op = (rng.choice(_UNARY), rng.choice(_BINARY), _TERNARY)[len(operands) - 1]
        nodes.append(Node(index, 1.0, None, op=op, operands=operands))
    used = {operand for operands in chosen for operand in operands}
    ops = {node.op: _OPS[node.op] for node in nodes if node.op}
    return Graph(tuple(nodes), tuple([index for index in range(size) if index not in used]), ops)


def network_like(drawn: int) -> Graph:
    """Return a network, 8 neurons a layer in groups, of which about so many boxes and circles are drawn."""
    width = 8
    activations = [Value(1.0, f"x{i}", role="input") for i in range(width)]
    units = round(drawn / 43)  # a neuron of 8 inputs is 26 boxes and 17 circles
    for layer in range(0, units, width):
        with named_scope(f"layer {layer // width}"):
            following = []
            for unit in range(min(width, units - layer)):
                with named_scope(f"neuron {unit}"):
                    weighted = [Value(0.1, f"w{i}", role="parameter") * x for i, x in enumerate(activations)]
                    following.append(sum(weighted, Value(0.0, "b", role="parameter")).tanh())
        activations = [*following, *activations[len(following) :]]
    return export(sum(activations[1:], activations[0]))
