"""The search for an order in which few lines cross.

From several starts, layers are swept over, down and up: each vertex goes to the mean place of its neighbours on the
layer before (Sugiyama, Tagawa, Toda: Methods for Visual Understanding of Hierarchical System Structures, 1981). Between
sweeps neighbours change places where that saves crossings (Gansner et al., A Technique for Drawing Directed Graphs,
1993). The best order found is kept. Work is counted in visits, not in time: the same graph has the same order.
"""

from collections.abc import Iterator

from gradgraph_renderers.layered.rows import Rows
from gradgraph_renderers.layered.trunks import Layered
from gradgraph_renderers.layered.units import Units

STALE = 12
"""Sweeps without a better order after which a start is given up."""
SMALL, LARGE = 12_000, 40_000
"""Vertices and edges up to which neighbours change places between sweeps, and up to which they do so at the end."""
RESTARTED = 6_000
"""Vertices and edges up to which there are more starts than two."""


def find_order(graph: Layered, units: Units, work: int) -> tuple[list[list[int]], int]:
    """Return rows with few crossings, and their number. `work` is how many visits to vertices and edges are enough."""
    order = Rows(graph, units)
    size = len(graph.layer) + sum(map(len, graph.after))
    best: list[list[int]] = []
    least = -1
    for key in _starts(units, size):
        order.start(key)
        here = order.crossings()
        if least < 0 or here < least:
            best, least = order.copy(), here
        stale = number = 0
        while least and stale < STALE and (work > 0 or number == 0):
            order.sweep(forward=number % 2 == 1, flip=number // 2 % 2 == 1)
            if size < SMALL:
                order.exchange(8, ties=number % 4 > 1)
            work -= 3 * size if size < SMALL else size
            count = order.crossings()
            stale = 0 if count < here else stale + 1
            here = min(here, count)
            if count < least:
                best, least = order.copy(), count
            number += 1
        if not least or work <= 0:
            break
    order.restore(best)
    if least and size < LARGE:
        order.exchange(40 if size < SMALL else 4, ties=False)
        least = order.crossings()
    return order.rows, least


def _starts(units: Units, size: int) -> Iterator[list[float]]:
    """Yield keys of units to start from, without end for a small graph."""
    first = _depth_first(units)
    yield first
    yield _breadth_first(units)
    seed = 1
    while size < RESTARTED:
        key = []
        for number in first:  # moved by up to half their number, the same on every machine
            seed = (seed * 1_103_515_245 + 12_345) % (1 << 31)
            key.append(number + (seed >> 8) / (1 << 24) * len(first))
        yield key


def _depth_first(units: Units) -> list[float]:
    """Return keys that put trees in order without a crossing: operands in order, then their user."""
    key = [-1.0] * len(units.parts)
    number = 0
    for root, heads in enumerate(units.heads):
        if heads:
            continue
        stack = [(root, iter(units.tails[root]))]
        while stack:
            unit, tails = stack[-1]
            for tail in tails:
                if key[tail] < 0:
                    key[tail] = 0.0  # seen
                    stack.append((tail, iter(units.tails[tail])))
                    break
            else:
                number += 1
                key[unit] = float(number)
                stack.pop()
    return key


def _breadth_first(units: Units) -> list[float]:
    """Return keys by how far units are from the leaves."""
    queue = [unit for unit, tails in enumerate(units.tails) if not tails]
    key = [-1.0] * len(units.parts)
    for unit in queue:
        key[unit] = 0.0  # seen
    for number, unit in enumerate(queue, 1):
        key[unit] = float(number)
        for head in units.heads[unit]:
            if key[head] < 0:
                key[head] = 0.0
                queue.append(head)
    return key
