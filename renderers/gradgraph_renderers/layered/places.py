"""How far across the drawing each vertex is: near its neighbours, in order and apart, and frames straight.

All begin as close together as they can be. Then sweeps over the layers move each vertex to the mean of its neighbours
on the layers before and after; vertices that would overlap go together to their common mean. For each layer that is the
least sum of squared falls of its lines (pool adjacent violators, as in isotonic regression). Measured beside the usual
start, the four placements of Brandes and Köpf (Fast and Simple Horizontal Coordinate Assignment, 2001), this has less
ink, area and time on each kind of graph.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

_STRAIGHT, _END, _USER = 8.0, 2.0, 0.2
"""How strong the pull of a trunk between two joints is, of a piece at its end, and of all users: an operand's is 1."""
_LEAF = 0.1
"""How strong the pull of an operand is that is a leaf: what is computed is in line, and leaves are beside it."""
_JOG = 8.0
"""px of a fall that looks like a mistake."""
_WEAK = 0.2
"""How strongly a vertex without neighbours stays."""


class Net(NamedTuple):
    """What is placed together: the vertices of a drawing, or of one frame, in which a frame is one vertex a layer."""

    rows: Sequence[Sequence[int]]
    before: Sequence[Sequence[int]]
    """The vertices on the layer before that lead to each."""
    after: Sequence[Sequence[int]]
    half: Sequence[float]
    """Half of what each vertex takes across, its distance to others included."""
    joint: Sequence[bool]
    frames: Sequence["Frame"]


class Frame(NamedTuple):
    """A frame within a net: its vertices, which stay in line, and by how much the ends of lines are off its middle."""

    vertices: Sequence[int]
    within: Sequence[tuple[int, float]]
    """The ends of lines within the frame, as vertices that are in no row."""


def find_places(net: Net, rounds: int) -> list[float]:
    """Return the middle of each vertex. Vertices keep their order and their distance."""
    across = _packed(net)
    free = [True] * len(across)
    for frame in net.frames:
        _set(frame, across[frame.vertices[0]], across)
        for vertex in frame.vertices:
            free[vertex] = False
    place = _numbers(net)
    for number in range(rounds):
        for row in net.rows if number % 2 == 0 else reversed(net.rows):
            _settle(net, row, across, free)
        for frame in net.frames if number % 2 == 0 else reversed(net.frames):
            _shift(net, frame, place, across)
    for row in net.rows:
        _straighten(net, row, across, free)
    return across


def _numbers(net: Net) -> dict[int, tuple[Sequence[int], int]]:
    """Return for each vertex of a frame its row, and its number in the row."""
    inner = {vertex for frame in net.frames for vertex in frame.vertices}
    return {vertex: (row, number) for row in net.rows for number, vertex in enumerate(row) if vertex in inner}


def _packed(net: Net) -> list[float]:
    """Return places in the middle between those farthest to one side and those farthest to the other."""
    root = [*range(len(net.before))]
    for frame in net.frames:
        for vertex in frame.vertices:
            root[vertex] = frame.vertices[0]
    low = _pushed(net.rows, root, net.half)
    high = _pushed([row[::-1] for row in net.rows], root, net.half)
    return [(low[vertex] - high[vertex]) / 2 for vertex in root]


def _pushed(rows: Sequence[Sequence[int]], root: Sequence[int], half: Sequence[float]) -> list[float]:
    """Return the least places of roots that the order allows, from 0 on: the longest chain before each."""
    follows: list[list[tuple[int, float]]] = [[] for _ in root]
    missing = [0] * len(root)
    for row in rows:
        for one, other in pairwise(row):
            follows[root[one]].append((root[other], half[one] + half[other]))
            missing[root[other]] += 1
    at = [0.0] * len(root)
    for row in rows:
        if row:
            at[root[row[0]]] = max(at[root[row[0]]], half[row[0]])
    order = [vertex for vertex in range(len(root)) if not missing[vertex]]
    for vertex in order:
        here = at[vertex]
        for other, room in follows[vertex]:
            if here + room > at[other]:
                at[other] = here + room
            missing[other] -= 1
            if not missing[other]:
                order.append(other)
    return at


def _settle(net: Net, row: Sequence[int], across: list[float], free: Sequence[bool]) -> None:
    """Move the vertices of a row, each group of them between the two frames beside it."""
    start = 0
    for at in range(len(row) + 1):
        if at < len(row) and free[row[at]]:
            continue
        if at > start:
            low = across[row[start - 1]] + net.half[row[start - 1]] if start else None
            high = across[row[at]] - net.half[row[at]] if at < len(row) else None
            _pool(net, row[start:at], across, low, high)
        start = at + 1


def _pool(net: Net, row: Sequence[int], across: list[float], low: float | None, high: float | None) -> None:
    """Move vertices to the means of their neighbours, between `low` and `high`.

    A piece of a trunk pulls more. The users of a value pull all together as one.
    """
    before, after, half, joint = net.before, net.after, net.half, net.joint
    ats: list[float] = []
    weights: list[float] = []
    sizes: list[int] = []
    offsets: list[float] = []
    offset = -half[row[0]]
    for vertex in row:
        offset += half[vertex]
        offsets.append(offset)
        bent = joint[vertex]
        want = weight = 0.0
        for end in before[vertex]:
            strength = (1.0 if before[end] else _LEAF) if not bent else _STRAIGHT if joint[end] else _END
            want += strength * across[end]
            weight += strength
        ends = after[vertex]
        user = _USER * (weight or 1.0)
        for end in ends:
            strength = user / len(ends) if not joint[end] else _STRAIGHT if bent else _END
            want += strength * across[end]
            weight += strength
        if weight:
            want /= weight
        else:
            want, weight = across[vertex], _WEAK
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


def _straighten(net: Net, row: Sequence[int], across: list[float], free: Sequence[bool]) -> None:
    """Move vertices that are almost in line with the one before into line with it, where there is room."""
    for number, vertex in enumerate(row):
        if not free[vertex] or len(net.before[vertex]) != 1:
            continue
        target = across[net.before[vertex][0]]
        if not 0 < abs(target - across[vertex]) <= _JOG:
            continue
        if number and target - net.half[vertex] < across[row[number - 1]] + net.half[row[number - 1]]:
            continue
        if number < len(row) - 1 and target + net.half[vertex] > across[row[number + 1]] - net.half[row[number + 1]]:
            continue
        across[vertex] = target


def _shift(net: Net, frame: Frame, place: dict[int, tuple[Sequence[int], int]], across: list[float]) -> None:
    """Move a frame to where its lines fall least, as far as what is beside it allows."""
    want, weight = 0.0, 0
    for vertex, shift in frame.within:
        for end in (*net.before[vertex], *net.after[vertex]):
            want += across[end] - shift
            weight += 1
    if not weight:
        return
    here = across[frame.vertices[0]]
    target = want / weight
    for vertex in frame.vertices:
        row, number = place[vertex]
        if number:
            beside = row[number - 1]
            target = max(target, min(here, across[beside] + net.half[beside] + net.half[vertex]))
    for vertex in frame.vertices:
        row, number = place[vertex]
        if number < len(row) - 1:
            beside = row[number + 1]
            target = min(target, max(here, across[beside] - net.half[beside] - net.half[vertex]))
    _set(frame, target, across)


def _set(frame: Frame, at: float, across: list[float]) -> None:
    for vertex in frame.vertices:
        across[vertex] = at
    for vertex, shift in frame.within:
        across[vertex] = at + shift
