"""Between two layers, lines that turn are in tracks: a trunk that branches there turns once, for all its branches.

So a line that crosses a trunk crosses it once, however many branches it has. This is the channel of circuit layout.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gradgraph_renderers.layered.ports import Port
from gradgraph_renderers.layered.trunks import Layered
from gradgraph_renderers.layered.units import Units

_GAP_VISITS = 10_000
"""How many pairs of nets of a gap are compared at most in each pass."""
_PASSES = 4
_NEAR, _ON_EACH_OTHER = 3.0, 20
"""px between two lines that look like one, and how many crossings that is as bad as."""
_LOOKED_AT = 100
"""Tracks that are looked at for the first free one."""
_SAVING = 0.85
"""What tracks have to leave of the crossings: they take room."""
_MANY = 3
"""Lines that leave a vertex, on the average, for a gap to have tracks whose crossings are too many to count."""


class Net(NamedTuple):
    """What leaves one vertex: from where it comes and where its lines end, in order, across the drawing."""

    vertex: int
    source: float
    ends: tuple[float, ...]
    low: float
    high: float


def find_tracks(
    units: Units, graph: Layered, across: Sequence[float], ports: dict[int, Port], work: int
) -> tuple[dict[int, int], list[int]]:
    """Return the track of each vertex whose lines turn in one, and how many tracks each gap has.

    In a gap in which no trunk branches there are none: its lines turn where they like. `work` is how many pairs of nets
    may be compared in all gaps.
    """
    ends: list[list[float]] = [[] for _ in graph.layer]
    for number, link in units.links.items():
        ends[graph.source[link]].append(ports[number].lane)
    count = len(units.parts)
    for vertex, heads in enumerate(graph.after):
        ends[vertex] += [across[head] for head in heads if head >= count and graph.owner[head] >= 0]
    gaps: list[list[Net]] = [[] for _ in range(max(graph.layer, default=-1) + 1)]
    for vertex, places in enumerate(ends):
        here = across[vertex]
        if places and (len(places) > 1 or places[0] != here):
            net = Net(vertex, here, tuple(sorted(places)), min(here, *places), max(here, *places))
            gaps[graph.layer[vertex]].append(net)
    track: dict[int, int] = {}
    numbers = []
    visits = min(_GAP_VISITS, work // max(1, len(gaps)))
    for nets in gaps:
        nets.sort(key=lambda net: (net.source, net.vertex))
        countable = len(nets) ** 2 <= 2 * visits
        lines = sum([len(net.ends) for net in nets])
        ordered = _ordered(nets, visits) if lines > (1 if countable else _MANY) * len(nets) else []
        if ordered and countable and _total(ordered) > _SAVING * _inversions(nets):
            ordered = []
        numbers.append(_assign(ordered, track))
    return track, numbers


def _inversions(nets: list[Net]) -> int:
    """Return how many lines cross that turn without tracks, of nets in order."""
    seen: list[float] = []
    count = 0
    for net in nets:
        for end in net.ends:
            count += len(seen) - bisect_right(seen, end)
        for end in net.ends:
            insort(seen, end)
    return count


def _total(nets: list[Net]) -> int:
    """Return how many lines cross that turn in tracks, of nets in the order of these."""
    return sum(
        [
            _crossings(one, other)
            for at, one in enumerate(nets)
            for other in nets[at + 1 :]
            if one.low <= other.high and other.low <= one.high
        ]
    )


def _ordered(nets: list[Net], visits: int) -> list[Net]:
    """Return nets in an order in which few of their lines cross: each moves to where that is best, until none moves."""
    order, place = [*range(len(nets))], [*range(len(nets))]
    reach = max(1, visits // (2 * len(nets)))
    for _ in range(_PASSES):
        moved = False
        for number, net in enumerate(nets):
            at = place[number]
            best = least = 0
            for step in (-1, 1):
                change, stop = 0, max(-1, at - reach - 1) if step < 0 else min(len(nets), at + reach + 1)
                for other in range(at + step, stop, step):
                    passed = nets[order[other]]
                    if passed.low <= net.high and net.low <= passed.high:
                        before, after = _crossings(net, passed), _crossings(passed, net)
                        change += before - after if step < 0 else after - before
                        if change < least:
                            best, least = other - at, change
            if best:
                order.insert(at + best, order.pop(at))
                for changed in range(min(at, at + best), max(at, at + best) + 1):
                    place[order[changed]] = changed
                moved = True
        if not moved:
            break
    return [nets[number] for number in order]


def _crossings(first: Net, second: Net) -> int:
    """Return how often the lines of two nets cross if the first turns before the second.

    Then a line of the first that ends where the second comes from would lie on it, which counts as many crossings.
    """
    count = 1 if first.low < second.source < first.high else 0
    count += bisect_left(first.ends, second.high) - bisect_right(first.ends, second.low)
    near = bisect_left(first.ends, second.source + _NEAR) - bisect_right(first.ends, second.source - _NEAR)
    return count + (_ON_EACH_OTHER if near > 0 else 0)


def _assign(nets: Iterable[Net], track: dict[int, int]) -> int:
    """Give each net the first track behind those it would overlap with. Return how many there are."""
    lows: list[list[float]] = []  # by track, sorted: where its nets begin
    highs: list[list[float]] = []
    for net in nets:
        at = len(lows)
        while at > max(0, len(lows) - _LOOKED_AT):
            place = bisect_right(lows[at - 1], net.high)
            if place and highs[at - 1][place - 1] >= net.low:
                break
            at -= 1
        if at == len(lows):
            lows.append([])
            highs.append([])
        place = bisect_right(lows[at], net.low)
        lows[at].insert(place, net.low)
        highs[at].insert(place, net.high)
        track[net.vertex] = at
    return len(lows)
