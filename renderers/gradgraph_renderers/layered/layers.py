"""Which layer each unit is on: operands before users, trunks short, the units of a frame together where they can be."""

from collections.abc import Iterable, Sequence

from gradgraph.plugins import ToolFailed
from gradgraph_renderers.layered.units import ROOT, Units, innermost

_ROUNDS = 4
"""How often all items move to where trunks are shorter; more rounds hardly change anything."""


def find_layers(units: Units, late: bool) -> list[int]:
    """Return the layer of each unit, from 0. `late` starts from layers as near to the outputs as can be.

    Items are units, and frames, which are as long as their layers are many. The items of a frame are layered by
    themselves, from the inside out, so that lines enter a frame where it begins and leave it where it ends. Frames
    that use each other in a circle have no such layers: what is in them is layered as if they were not there.

    Raises ToolFailed if units use each other in a circle.
    """
    count = len(units.parts)
    root = count + len(units.around)
    holder = [root if frame == ROOT else count + frame for frame in (*units.frame, *units.around)]
    items: list[list[int]] = [[] for _ in range(root + 1)]
    for item, frame in enumerate(holder):
        items[frame].append(item)
    edges = _edges_by_frame(units, holder, root)
    start, length = [0] * root, [1] * (root + 1)
    for frame in (*reversed(range(count, root)), root):
        while True:
            heads, tails = _lifted(items[frame], edges[frame], holder, frame)
            order = _topological(items[frame], heads, tails)
            stuck = {*items[frame]}.difference(order)
            if not stuck:
                break
            _dissolve([item for item in items[frame] if item in stuck and item >= count], frame, items, edges, holder)
        _solve(order, heads, tails, start, length, late)
        length[frame] = max([start[item] + length[item] for item in order], default=1)
    for frame in (root, *range(count, root)):
        for item in items[frame]:
            start[item] += start[frame] if frame != root else 0
    return start[:count]


def trunk_length(units: Units, layers: Sequence[int]) -> int:
    """Return how many layers the trunks of all units cross."""
    return sum(
        [max([layers[head] for head in heads]) - layers[unit] for unit, heads in enumerate(units.heads) if heads]
    )


def _edges_by_frame(units: Units, holder: Sequence[int], root: int) -> list[list[tuple[int, int]]]:
    """Return for each frame the pairs of units that it holds in different items of its own, in use by each other."""
    edges: list[list[tuple[int, int]]] = [[] for _ in range(root + 1)]
    count = len(units.parts)
    depth = [0] * (root + 1)
    for item in range(count, root):
        depth[item] = depth[holder[item]] + 1
    for tail, heads in enumerate(units.heads):
        for head in heads:
            edges[innermost(holder[tail], holder[head], holder, depth)].append((tail, head))
    return edges


def _lifted(
    items: Iterable[int], edges: Iterable[tuple[int, int]], holder: Sequence[int], frame: int
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return the users and the operands of each item of a frame among its items, each once."""
    heads: dict[int, dict[int, None]] = {item: {} for item in items}
    tails: dict[int, dict[int, None]] = {item: {} for item in items}
    for tail, head in edges:
        while holder[tail] != frame:
            tail = holder[tail]
        while holder[head] != frame:
            head = holder[head]
        if tail != head:
            heads[tail][head] = tails[head][tail] = None
    return {item: [*each] for item, each in heads.items()}, {item: [*each] for item, each in tails.items()}


def _topological(items: Iterable[int], heads: dict[int, list[int]], tails: dict[int, list[int]]) -> list[int]:
    """Return items after their operands. Those on a circle are missing, and those between two circles."""
    missing = {item: len(tails[item]) for item in items}
    order = [item for item, number in missing.items() if not number]
    for item in order:
        for head in heads[item]:
            missing[head] -= 1
            if not missing[head]:
                order.append(head)
    stuck = {*missing}.difference(order)
    using = {item: len(stuck.intersection(heads[item])) for item in missing if item in stuck}
    behind = [item for item, number in using.items() if not number]
    for item in behind:
        for tail in tails[item]:
            if tail in using:
                using[tail] -= 1
                if not using[tail]:
                    behind.append(tail)
    return [*order, *behind]


def _dissolve(
    frames: Sequence[int],
    outer: int,
    items: list[list[int]],
    edges: list[list[tuple[int, int]]],
    holder: list[int],
) -> None:
    """Give the items of frames to the frame around them."""
    if not frames:
        raise ToolFailed("lines lead in a circle", "choose another layout engine")
    for frame in frames:
        for item in items[frame]:
            holder[item] = outer
        items[outer] += items[frame]
        edges[outer] += edges[frame]
        items[frame], edges[frame] = [], []
    gone = {*frames}
    items[outer] = [item for item in items[outer] if item not in gone]


def _solve(
    order: Sequence[int],
    heads: dict[int, list[int]],
    tails: dict[int, list[int]],
    start: list[int],
    length: Sequence[int],
    late: bool,
) -> None:
    """Set where each item starts, 0 for the first. Operands that nothing feeds come right before their first user."""
    for item in order:
        start[item] = max([start[tail] + length[tail] for tail in tails[item]], default=0)
    if late:
        end = max([start[item] + length[item] for item in order], default=0)
        for item in reversed(order):
            start[item] = min([start[head] for head in heads[item]], default=end) - length[item]
    _feed(order, heads, tails, start, length)
    best, least = [start[item] for item in order], _cost(order, heads, start, length)
    for number in range(_ROUNDS):
        _shorten(order if number % 2 else [*reversed(order)], heads, tails, start, length)
        _feed(order, heads, tails, start, length)
        cost = _cost(order, heads, start, length)
        if cost >= least:
            break
        best, least = [start[item] for item in order], cost
    for item, place in zip(order, best, strict=True):
        start[item] = place
    private = {user: sum([1 for tail in tails[user] if len(heads[tail]) == 1]) for user in order}
    for item in reversed(order):
        if len(heads[item]) == 1 and private[heads[item][0]] > 1:  # beside the others, so that all keep their order
            start[item] = start[heads[item][0]] - length[item]
    _feed(order, heads, tails, start, length)
    best = [start[item] for item in order]
    first = min(best, default=0)
    for item, place in zip(order, best, strict=True):
        start[item] = place - first


def _feed(
    order: Sequence[int],
    heads: dict[int, list[int]],
    tails: dict[int, list[int]],
    start: list[int],
    length: Sequence[int],
) -> None:
    for item in order:
        if not tails[item] and heads[item]:
            start[item] = min([start[head] for head in heads[item]]) - length[item]


def _cost(order: Sequence[int], heads: dict[int, list[int]], start: Sequence[int], length: Sequence[int]) -> int:
    return sum(
        [max([start[head] for head in heads[item]]) - start[item] - length[item] for item in order if heads[item]]
    )


def _shorten(
    order: Sequence[int],
    heads: dict[int, list[int]],
    tails: dict[int, list[int]],
    start: list[int],
    length: Sequence[int],
) -> None:
    """Move each item, between its operands and its users, to where the trunks are shortest that it changes.

    A step towards its users makes its own trunk shorter. It makes that of an operand longer once the item is the last
    of the operand's users. A leaf that nothing else uses moves along.
    """
    last = {}  # of each item: where its last user starts, which that is, and where the last of the others starts
    for item in order:
        if len(heads[item]) > 1:
            ends = sorted([(start[head], head) for head in heads[item]])
            last[item] = *ends[-1], ends[-2][0]
    for item in order:
        if not heads[item] or not tails[item]:
            continue
        latest = min([start[head] for head in heads[item]]) - length[item]
        earliest = 0
        limits = []
        for tail in tails[item]:
            if tails[tail]:
                earliest = max(earliest, start[tail] + length[tail])
            elif len(heads[tail]) == 1:
                continue
            if len(heads[tail]) > 1:
                at, who, other = last[tail]
                limits.append(other if who == item else at)
            else:
                limits.append(earliest)
        if earliest <= latest:
            at = min(limits, default=latest)
            if len(limits) == 1:
                at = max(at, start[item])  # no trunk is shorter or longer for it
            start[item] = max(earliest, min(latest, at))
