"""Random outlines as scenes have them, the same ones each time, to look for faults of layout engines in."""

import random
from collections.abc import Callable

from gradgraph import Graph, Group, Node, OpDeclaration
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.staging import build_scene
from gradgraph.errors import OptionError
from gradgraph.graph.folding import fold
from gradgraph.graph.views import View, everything, focus
from gradgraph.plugins import Block, Outline
from gradgraph_renderers.svg.placing import outline

Grouping = Callable[[int, tuple[int, ...], list[Node]], int | None]

_OPS = {
    "tanh": OpDeclaration("tanh", 1),
    "add": OpDeclaration("+", 2),
    "sub": OpDeclaration("-", 2),
    "mul": OpDeclaration("*", 2),
    "mix": OpDeclaration("a symbol that is long", None),
}
_NAMES = ("", "g", "layer 1", "neuron 0", "a group with a name that is far longer than anything that it holds")


def random_outline(seed: int) -> Outline:
    """Return the outline of a random graph in groups, or of a part of one. Some blocks are far larger than usual.

    It has one to about 90 blocks. Groups hold what lies together, or anything, so that many use each other in cycles.
    """
    rng = random.Random(seed)  # noqa: S311
    view = _view(rng, _graph(rng))
    drawn = outline(build_scene(view, DrawingOptions(local=rng.random() < 0.3, grad=rng.random() < 0.5)))
    return drawn._replace(blocks={key: _resized(rng, block) for key, block in drawn.blocks.items()})


def _graph(rng: random.Random) -> Graph:
    groups = _groups(rng)
    group_of = _grouping(rng, len(groups))
    size = rng.choice((rng.randint(1, 4), *[rng.randint(4, most) for most in (12, 20, 30, 45)]))
    reach = rng.choice((2, 5, 40))  # how far back operands are
    part = 0  # where the current part starts: no line leads into it from before
    nodes: list[Node] = []
    for index in range(size):
        if rng.random() < 0.02:
            part = index
        op: str | None = None
        operands: tuple[int, ...] = ()
        if index > part and rng.random() < 0.8:
            op = rng.choice(("tanh", "add", "add", "mul", "mul", "sub", "mix"))
            arity = _OPS[op].arity or rng.randint(1, 6)
            operands = tuple([rng.randint(max(part, index - reach), index - 1) for _ in range(arity)])
            if rng.random() < 0.15:
                operands = operands[:1] * arity
        local = tuple([0.5] * len(operands)) if rng.random() < 0.7 else ()
        label = rng.choice(("", "x", "w12", "a label of some length"))
        group = group_of(index, operands, nodes)
        nodes.append(Node(index, 1.0, 0.5, label, op=op, operands=operands, local=local, group=group))
    used = {operand for node in nodes for operand in node.operands}
    outputs = tuple([index for index in range(size) if index not in used])
    return Graph(tuple(nodes), outputs, _OPS, groups)


def _groups(rng: random.Random) -> tuple[Group, ...]:
    """Return no groups, or up to seven, one inside the other or side by side."""
    deep = rng.random()
    count = rng.choice((0, 1, 2, 3, 4, 7))
    parents = [rng.randrange(index) if index and rng.random() < deep else None for index in range(count)]
    return tuple([Group(index, rng.choice(_NAMES), parent) for index, parent in enumerate(parents)])


def _grouping(rng: random.Random, count: int) -> Grouping:
    """Return a rule for the group of a node, from its place, its operands and the nodes before it."""
    anywhere = [None, *range(count)]
    run = rng.choice((1, 3, 6))
    kind = rng.choice(("runs", "runs that come back", "anything", "anything", "as an operand", "leaves apart"))
    order = [rng.choice(anywhere) for _ in range(40)]

    def group_of(index: int, operands: tuple[int, ...], nodes: list[Node]) -> int | None:
        if kind == "runs":
            return anywhere[min(index // run, count)]
        if kind == "runs that come back":
            return anywhere[index // run % (count + 1)]
        if kind == "as an operand" and operands and rng.random() < 0.8:
            return nodes[rng.choice(operands)].group
        if kind == "leaves apart":
            return anywhere[-1] if not operands else order[index // run % 40]
        return order[index % 40]

    return group_of


def _view(rng: random.Random, graph: Graph) -> View:
    """Return all of the graph, what is near one of its nodes, or all with some groups as a box each."""
    kind = rng.random()
    if kind < 0.2 and len(graph) > 4:
        return focus(graph, rng.randrange(len(graph) // 2, len(graph)), rng.randint(1, 3))
    names = {group.name for group in graph.groups if group.name}
    if kind < 0.5 and names:
        try:
            return fold(everything(graph), (rng.choice(sorted(names)),), None)
        except OptionError:  # nothing is in a group of that name
            return everything(graph)
    return everything(graph)


def _resized(rng: random.Random, block: Block) -> Block:
    """Return a block as it is, or now and then a small, wide or tall one; a circle stays one."""
    chance = rng.random()
    if block.round:
        return block if chance < 0.95 else Block(120.0, 120.0, round=True)
    if chance < 0.9:
        return block
    return Block(rng.choice((12.0, block.width, 300.0, 1500.0)), rng.choice((block.height, block.height, 10.0, 400.0)))
