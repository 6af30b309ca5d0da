"""The graph of layers: units, the joints of their trunks, and the borders of frames.

A unit has one trunk, whatever number of users it has: a joint on each layer between it and the last of them, from which
its lines branch. So a value used twelve times leaves its box once. A trunk enters a frame where the frame begins, and
leaves it where it ends, if the layers allow that.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from gradgraph.plugins import ToolLimit, how_to_raise
from gradgraph_renderers.layered.units import ROOT, Units

ROOMY = 5
"""How many units, joints and borders there may be for each box that may be drawn. A chain all of whose values are used
at its end has a joint for each pair of them."""


class Layered(NamedTuple):
    """A graph whose edges lead from each layer to the next. Units keep their numbers; joints and borders follow."""

    layer: list[int]
    before: list[list[int]]
    """The vertices on the layer before that lead to each."""
    after: list[list[int]]
    frame: list[int]
    """The innermost frame of each vertex."""
    owner: list[int]
    """The unit whose trunk a joint belongs to, a unit itself, -1 for a border."""
    tops: list[list[int]]
    """The upper border of each frame, a vertex on each of its layers."""
    bottoms: list[list[int]]
    spans: list[tuple[int, int]]
    """The first and the last layer of each frame."""
    source: dict[tuple[int, int], int]
    """The vertex from which the line of two units branches, on the layer before the second."""


def build(units: Units, layers: Sequence[int], most: int) -> Layered:
    """Return the graph of layers. Raises ToolLimit before it has more than `most` vertices."""
    blank: list[list[int]] = [[] for _ in layers]
    spans = _spans(units, layers)
    graph = Layered([*layers], blank, [[] for _ in layers], [*units.frame], [*range(len(layers))], [], [], spans, {})
    paths: dict[int, tuple[int, ...]] = {ROOT: (ROOT,)}
    for frame, around in enumerate(units.around):
        paths[frame] = (*paths[around], frame)
    borders = 2 * sum([last - first + 1 for first, last in spans])
    _check(len(layers) + borders, most)
    for unit, heads in enumerate(units.heads):
        if heads:
            if spans:
                _grow_through_frames(graph, units, paths, unit, most - borders)
            else:
                users = [(layers[head], head) for head in heads]
                _grow(graph, ROOT, unit, users, max(users)[0] - 1, most)
    for frame, (first, last) in enumerate(spans):
        graph.tops.append(_border(graph, frame, first, last))
        graph.bottoms.append(_border(graph, frame, first, last))
    return graph


def _check(vertices: int, most: int) -> None:
    if vertices > most:
        remedy = f"draw less of the graph, or {how_to_raise('max_drawn')}"
        raise ToolLimit(f"lines and groups cross too many layers, more than {ROOMY} times max_drawn in all", remedy)


def _spans(units: Units, layers: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and the last layer of each frame. An empty one is on the first layer of the frame around it."""
    inside: list[list[int]] = [[] for _ in units.around]
    for unit, frame in enumerate(units.frame):
        if frame != ROOT:
            inside[frame].append(layers[unit])
    for frame in reversed(range(len(inside))):  # what is in a frame comes after it
        if inside[frame] and units.around[frame] != ROOT:
            inside[units.around[frame]] += min(inside[frame]), max(inside[frame])
    spans: list[tuple[int, int]] = []
    for frame, around in enumerate(units.around):
        first = 0 if around == ROOT else spans[around][0]
        spans.append((min(inside[frame], default=first), max(inside[frame], default=first)))
    return spans


def _vertex(graph: Layered, layer: int, frame: int, owner: int) -> int:
    graph.layer.append(layer)
    graph.frame.append(frame)
    graph.owner.append(owner)
    graph.before.append([])
    graph.after.append([])
    return len(graph.layer) - 1


def _connect(graph: Layered, tail: int, head: int) -> None:
    graph.after[tail].append(head)
    graph.before[head].append(tail)


def _border(graph: Layered, frame: int, first: int, last: int) -> list[int]:
    border = [_vertex(graph, layer, frame, -1) for layer in range(first, last + 1)]
    for tail, head in pairwise(border):
        _connect(graph, tail, head)
    return border


def _grow(graph: Layered, frame: int, root: int, users: Iterable[tuple[int, int]], last: int, most: int) -> list[int]:
    """Add joints behind `root` in a frame, up to layer `last`, and lines to users. Return `root` and the joints."""
    layer, owner = graph.layer[root], graph.owner[root]
    _check(len(graph.layer) + last - layer, most)
    trunk = [root]
    for at in range(layer + 1, last + 1):
        joint = _vertex(graph, at, frame, owner)
        _connect(graph, trunk[-1], joint)
        trunk.append(joint)
    for at, user in users:
        joint = trunk[at - 1 - layer]
        _connect(graph, joint, user)
        graph.source[owner, user] = joint
    return trunk


def _grow_through_frames(graph: Layered, units: Units, paths: dict[int, tuple[int, ...]], unit: int, most: int) -> None:
    """Add the trunk of a unit: out of its frame as far as there are users, and into each frame that has some."""
    heads = units.heads[unit]
    inside: dict[int, list[int]] = {}  # the users in each frame, at any depth
    for head in heads:
        for frame in paths[units.frame[head]]:
            inside.setdefault(frame, []).append(head)
    entries: list[tuple[int, int]] = []
    root, left = unit, ROOT
    for frame in reversed(paths[units.frame[unit]]):
        users = inside.get(frame, [])
        here = [head for head in users if left == ROOT or left not in paths[units.frame[head]]]
        if len(users) == len(heads):
            _spread(graph, units, paths, frame, root, here, graph.layer[root], entries, most)
            break
        first = min([graph.layer[head] for head in {*heads}.difference(users)])
        end = graph.spans[frame][1]
        leaves = end if end < first else graph.layer[root]  # where the frame ends, unless a user is beside it
        trunk = _spread(graph, units, paths, frame, root, here, leaves, entries, most)
        root, left = trunk[leaves - graph.layer[root]], frame
    for frame, root in entries:  # grows while it is read
        _spread(graph, units, paths, frame, root, inside[frame], graph.layer[root], entries, most)


def _spread(
    graph: Layered,
    units: Units,
    paths: dict[int, tuple[int, ...]],
    frame: int,
    root: int,
    users: Iterable[int],
    last: int,
    entries: list[tuple[int, int]],
    most: int,
) -> list[int]:
    """Add the trunk behind `root` within a frame, up to layer `last` at least, to users in it and in frames in it.

    The joints from which those frames are entered are added to `entries`.
    """
    depth = len(paths[frame])
    direct, frames = [], {}
    for head in users:
        path = paths[units.frame[head]]
        if len(path) == depth:
            direct.append((graph.layer[head], head))
        else:
            frames[path[depth]] = max(graph.spans[path[depth]][0], graph.layer[root] + 1)
    farthest = max([last + 1, *[layer for layer, _ in direct], *frames.values()])
    trunk = _grow(graph, frame, root, direct, farthest - 1, most)
    for inner, entry in frames.items():
        entries.append((inner, trunk[entry - 1 - graph.layer[root]]))
    return trunk
