"""How far across the drawing each vertex is: trunks straight, users in the middle of their operands.

Four placements are made and the middle ones averaged, as in Brandes, Köpf: Fast and Simple Horizontal Coordinate
Assignment, 2001, with the corrections of Brandes, Walter, Zink: Erratum, 2020. Vertices have sizes here. Then each moves
to the mean of its neighbours as far as its own neighbours on the layer allow, which straightens what four do not.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Net(NamedTuple):
    """What is placed together: the vertices of a drawing, or of one frame, in which a frame is a row of vertices."""

    rows: Sequence[Sequence[int]]
    before: Sequence[Sequence[int]]
    """The vertices on the layer before that lead to each."""
    after: Sequence[Sequence[int]]
    half: Sequence[float]
    """Half of what each vertex takes across, its distance to others included."""
    joint: Sequence[bool]
    frame: Sequence[int]
    """The frame that a vertex is a part of, -1 for none. A frame is straight."""
    pulls_before: Sequence[Sequence[int]]
    """Like `before`, with what leads to each from within a frame. These come after all others, and are in no row."""
    pulls_after: Sequence[Sequence[int]]
    within: Sequence[tuple[int, float]]
    """Of each of these, a vertex of the frame it is in, and how far from the frame's middle it is."""


def find_places(net: Net, rounds: int) -> list[float]:
    """Return the middle of each vertex. Vertices keep their order and their distance."""
    place = [0] * len(net.before)
    for row in net.rows:
        for number, vertex in enumerate(row):
            place[vertex] = number
    spine = _spine(net.before, net.rows)
    crossed = _crossed(net, place)
    found = []
    for forward in (True, False):
        for left in (True, False):
            root = _aligned(net, place, spine, crossed, forward, left)
            found.append(_compacted(net.rows, root, net.half, left))
    across = _balanced(found, net.half)
    across += [across[vertex] + shift for vertex, shift in net.within]
    _refine(net, across, rounds)
    return across


def _spine(before: Sequence[list[int]], rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return of the vertices that lead to each those with the longest chain behind them: chains are drawn straight."""
    depth = [0] * len(before)
    spine = [*before]
    for row in rows:
        for vertex in row:
            tails = before[vertex]
            if tails:
                most = max([depth[tail] for tail in tails])
                depth[vertex] = most + 1
                if len(tails) > 1:
                    spine[vertex] = [tail for tail in tails if depth[tail] == most]
    return spine


def _crossed(net: Net, place: Sequence[int]) -> set[tuple[int, int]]:
    """Return the edges that cross a frame, or a piece of a trunk: they cannot be straight."""
    joint, frame = net.joint, net.frame
    crossed: set[tuple[int, int]] = set()
    if any(each >= 0 for each in frame):
        _mark(net, place, lambda tail, head: frame[tail] == frame[head] >= 0, crossed)
    _mark(net, place, lambda tail, head: joint[tail] and joint[head], crossed)
    return crossed


def _mark(
    net: Net, place: Sequence[int], strong: Callable[[int, int], bool], crossed: set[tuple[int, int]]
) -> None:
    for above, row in pairwise(net.rows):
        low, done = 0, 0
        for at, vertex in enumerate(row):
            end = next((place[tail] for tail in net.before[vertex] if strong(tail, vertex) and (tail, vertex) not in crossed), None)
            if end is None and at < len(row) - 1:
                continue
            high = len(above) - 1 if end is None else end
            for weak in row[done : at + 1]:
                for tail in net.before[weak]:
                    if not low <= place[tail] <= high and not strong(tail, weak):
                        crossed.add((tail, weak))
            done, low = at + 1, high


def _aligned(
    net: Net,
    place: Sequence[int],
    spine: Sequence[Sequence[int]],
    crossed: set[tuple[int, int]],
    forward: bool,
    left: bool,
) -> list[int]:
    """Return for each vertex the first of those that are in line with it: its median neighbour, and on from there."""
    root = [*range(len(place))]
    taken = [False] * len(place)
    for row in net.rows if forward else reversed(net.rows):
        bound = -1 if left else len(place)
        for vertex in row if left else reversed(row):
            near = spine[vertex] if forward else net.after[vertex]
            count = len(near)
            if not count:
                continue
            if count > 1:
                near = sorted(near, key=place.__getitem__)
            middle = (count - 1) // 2, count // 2
            for at in middle if left else reversed(middle):
                other = near[at]
                if taken[other] or (bound >= place[other] if left else bound <= place[other]):
                    continue
                edge = (other, vertex) if forward else (vertex, other)
                if edge in crossed or (not forward and vertex not in spine[other]):
                    continue
                root[vertex] = root[other]
                taken[other] = True
                bound = place[other]
                break
    return root


def _compacted(rows: Sequence[Sequence[int]], root: Sequence[int], half: Sequence[float], left: bool) -> list[float]:
    """Return places that are as far to one side as the order allows, then as near to what follows them as can be."""
    follows: list[list[tuple[int, float]]] = [[] for _ in root]
    missing = [0] * len(root)
    for row in rows:
        ordered = row if left else row[::-1]
        for one, other in zip(ordered, ordered[1:]):
            follows[root[one]].append((root[other], half[one] + half[other]))
            missing[root[other]] += 1
    order = [vertex for vertex in range(len(root)) if root[vertex] == vertex and not missing[vertex]]
    at = [0.0] * len(root)
    for vertex in order:
        here = at[vertex]
        for other, room in follows[vertex]:
            if here + room > at[other]:
                at[other] = here + room
            missing[other] -= 1
            if not missing[other]:
                order.append(other)
    for vertex in reversed(order):
        if follows[vertex]:
            at[vertex] = max(at[vertex], min([at[other] - room for other, room in follows[vertex]]))
    return [at[vertex] for vertex in root] if left else [-at[vertex] for vertex in root]


def _balanced(found: Sequence[list[float]], half: Sequence[float]) -> list[float]:
    """Return the mean of the two middle ones of four placements, which are aligned to the narrowest before."""
    lows = [min([at - room for at, room in zip(each, half)], default=0.0) for each in found]
    highs = [max([at + room for at, room in zip(each, half)], default=0.0) for each in found]
    widths = [high - low for low, high in zip(lows, highs)]
    best = widths.index(min(widths))
    aligned = []
    for number, each in enumerate(found):
        shift = highs[best] - highs[number] if number % 2 else lows[best] - lows[number]
        aligned.append([at + shift for at in each] if shift else each)
    across = []
    for four in zip(*aligned):
        _, one, other, _ = sorted(four)
        across.append((one + other) / 2)
    return across


def _refine(net: Net, across: list[float], rounds: int) -> None:
    """Sweep over the layers, and move each vertex to the mean of its neighbours, in order and apart.

    The last sweep puts users in the middle of their operands. Then leaves move beside their users, between all others.
    Frames stay.
    """
    spine = _spine(net.pulls_before, net.rows)
    free = [frame < 0 for frame in net.frame]
    for number in range(rounds):
        if number % 2 == 0:
            for row in net.rows[1:]:
                _settle(net, row, spine, across, free)
        else:
            for row in net.rows[-2::-1]:
                _settle(net, row, net.pulls_after, across, free)
    leaf = [
        may and not before and not joint
        for may, before, joint in zip(free, net.pulls_before, net.joint, strict=False)
    ]
    for row in net.rows:
        _settle(net, row, net.pulls_after, across, leaf)


def _settle(
    net: Net, row: Sequence[int], near: Sequence[Sequence[int]], across: list[float], moves: Sequence[bool]
) -> None:
    """Move the vertices of a row that may move, each group of them between the two that stay beside it."""
    start = 0
    for at in range(len(row) + 1):
        if at < len(row) and moves[row[at]]:
            continue
        if at > start:
            low = across[row[start - 1]] + net.half[row[start - 1]] if start else None
            high = across[row[at]] - net.half[row[at]] if at < len(row) else None
            _pool(net, row[start:at], near, across, low, high)
        start = at + 1


def _pool(
    net: Net,
    row: Sequence[int],
    near: Sequence[Sequence[int]],
    across: list[float],
    low: float | None,
    high: float | None,
) -> None:
    """Move vertices to the means of their neighbours, between `low` and `high`.

    What would overlap becomes one block at the mean of its members: pool adjacent violators, as in isotonic regression.
    """
    half, joint = net.half, net.joint
    other = net.pulls_before if near is net.pulls_after else net.pulls_after
    ats: list[float] = []
    weights: list[float] = []
    sizes: list[int] = []
    offsets: list[float] = []
    offset = -half[row[0]]
    for vertex in row:
        offset += half[vertex]
        offsets.append(offset)
        ends = near[vertex]
        if not ends:
            want, weight = across[vertex], 0.2
        elif not net.pulls_before[vertex] and not joint[vertex]:
            want, weight = across[ends[0]], 0.05
        elif joint[vertex] and len(ends) == 1:
            want, weight = across[ends[0]], 8.0 if joint[ends[0]] else 2.0
        else:
            want = weight = 0.0
            for end in ends:
                strength = 8.0 if joint[vertex] and joint[end] else 1.0 / max(1, len(other[end]))
                want += strength * across[end]
                weight += strength
            want /= weight
        at, size = want - offset, 1
        offset += half[vertex]
        while ats and ats[-1] > at:
            pooled = weights.pop()
            at = (at * weight + ats.pop() * pooled) / (weight + pooled)
            weight += pooled
            size += sizes.pop()
        ats.append(at)
        weights.append(weight)
        sizes.append(size)
    least = None if low is None else low + half[row[0]]
    most = None if high is None else high - half[row[-1]] - offsets[-1]
    number = 0
    for at, size in zip(ats, sizes, strict=True):
        if most is not None and at > most:
            at = most
        if least is not None and at < least:
            at = least
        for vertex, shift in zip(row[number : number + size], offsets[number : number + size], strict=True):
            across[vertex] = at + shift
        number += size
