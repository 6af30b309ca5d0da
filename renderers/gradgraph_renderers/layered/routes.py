"""The ways of lines: trunks, and routes that branch from them. Lines turn between columns only: none crosses a box."""

from collections.abc import Iterator, Mapping, Sequence

from gradgraph.plugins import Point, Rectangle, Route, Trunk
from gradgraph_renderers.layered.columns import Columns
from gradgraph_renderers.layered.ports import Port
from gradgraph_renderers.layered.room import ARROW, BEND, LANE, LEAD, Room
from gradgraph_renderers.layered.trunks import Layered
from gradgraph_renderers.layered.units import Units
from gradgraph_renderers.layered.wrapping import Turn

_ROUND = 0.55
"""How far the control points of a quarter of a circle are towards its corner."""
_SHORT = 0.005
"""px that nobody sees."""

Way = list[Point]


def find_routes(
    units: Units,
    graph: Layered,
    across: Sequence[float],
    ports: dict[int, Port],
    tracks: dict[int, int],
    columns: Columns,
    turns: Mapping[int, Turn],
    room: Room,
    blocks: dict[str, Rectangle],
) -> tuple[dict[int, Route], list[Trunk]]:
    """Return the routes by line, and the trunks from which they branch."""
    leaving: list[list[int]] = [[] for _ in graph.layer]  # the lines that branch from each vertex
    for number, link in units.links.items():
        leaving[graph.source[link]].append(number)
    count = len(units.parts)
    routes: dict[int, Route] = {}
    trunks: list[Trunk] = []
    for unit, keys in enumerate(units.parts):
        if not units.heads[unit]:
            continue
        at = blocks[keys[-1]]
        todo: list[tuple[int, Way, int | None]] = [(unit, [(at.x + at.width, across[unit])], None)]
        while todo:
            vertex, way, trunk = todo.pop()
            layer = graph.layer[vertex]
            ends = [(across[head], head, -1) for head in graph.after[vertex] if head >= count]
            ends += [(ports[number].lane, -1, number) for number in leaving[vertex]]
            if not ends:
                continue
            places = [end[0] for end in ends]
            if layer in turns:
                branches = _returned(way, trunk, places, turns[layer].way(vertex), columns.start[layer + 1], trunks)
            else:
                track = columns.track(layer, tracks[vertex]) if vertex in tracks else None
                branches = _branched(way, trunk, places, track, columns.gap(layer), trunks)
            for chosen, branch, stem in branches:
                _, joint, number = ends[chosen]
                if joint >= 0:
                    todo.append((joint, branch, stem))
                else:
                    routes[number] = _finished(branch, stem, ports[number], number, units, graph, columns, room, blocks)
    for number, unit in units.inside.items():
        circle, box = [blocks[key] for key in units.parts[unit]]
        start, end = (circle.x + circle.width, across[unit]), (box.x - ARROW, across[unit])
        mark = None
        if number in room.marks:
            mark = (start[0] + end[0]) / 2, across[unit] - LANE - room.marks[number].across / 2
        routes[number] = Route((start, start, end, end, (box.x, across[unit])), mark)
    return routes, trunks


def _branched(
    way: Way, trunk: int | None, ends: list[float], track: float | None, gap: tuple[float, float], trunks: list[Trunk]
) -> Iterator[tuple[int, Way, int | None]]:
    """Yield for each end, by its number, a way through a gap and the trunk from which it branches. Adds to `trunks`."""
    here = way[-1][1]
    start, stop = gap
    if track is None:
        _straight(way, start)
        if len(ends) > 1:
            trunk, way = _closed(way, trunk, trunks)
        for number, end in enumerate(ends):
            branch = [*way]
            _turn(branch, (stop, end))
            yield number, branch, trunk
        return
    if len(ends) == 1:
        _through(way, track, ends[0])
        _straight(way, stop)
        yield 0, way, trunk
        return
    _straight(way, track - BEND)
    trunk, way = _closed(way, trunk, trunks)
    far: tuple[list[tuple[float, int]], list[tuple[float, int]]] = [], []
    for number, end in enumerate(ends):
        if abs(end - here) < 2 * BEND:
            branch = [*way]
            _turn(branch, (track + BEND, end))
            _straight(branch, stop)
            yield number, branch, trunk
        else:
            far[end > here].append((abs(end - here), number))
    for side, sign in zip(far, (-1.0, 1.0), strict=True):
        if side:
            stem = [*way]
            _corner(stem, (track, here), (track, here + sign * BEND))
            order = [(ends[number], number) for _, number in sorted(side)]
            yield from _along(stem, trunk, track, order, sign, stop, trunks)


def _returned(
    way: Way,
    trunk: int | None,
    ends: list[float],
    lane: tuple[float, float, float],
    stop: float,
    trunks: list[Trunk],
) -> Iterator[tuple[int, Way, int | None]]:
    """Yield for each end a way to the next row: down behind this row, back between the two, down before the next."""
    right, channel, left = lane
    here = way[-1][1]
    _straight(way, right - BEND)
    _corner(way, (right, here), (right, here + BEND))
    _line(way, (right, channel - BEND))
    _corner(way, (right, channel), (right - BEND, channel))
    _line(way, (left + BEND, channel))
    _corner(way, (left, channel), (left, channel + BEND))
    order = sorted([(end, number) for number, end in enumerate(ends)])
    yield from _along(way, trunk, left, order, 1.0, stop, trunks)


def _along(
    way: Way,
    trunk: int | None,
    track: float,
    ends: list[tuple[float, int]],
    sign: float,
    stop: float,
    trunks: list[Trunk],
) -> Iterator[tuple[int, Way, int | None]]:
    """Yield for each end a way that leads along a track and leaves it there. The nearest end comes first."""
    for place, (end, number) in enumerate(ends):
        _line(way, (track, end - sign * BEND))
        if place < len(ends) - 1:
            trunk, way = _closed(way, trunk, trunks)
        branch = [*way]
        _corner(branch, (track, end), (track + BEND, end))
        _straight(branch, stop)
        yield number, branch, trunk


def _closed(way: Way, trunk: int | None, trunks: list[Trunk]) -> tuple[int | None, Way]:
    """Make a way a trunk, if it has any length. Return what branches from it: its number, and where it ends."""
    if len(way) == 1:
        return trunk, way
    trunks.append(Trunk(tuple(way), trunk))
    return len(trunks) - 1, way[-1:]


def _finished(
    way: Way,
    trunk: int | None,
    port: Port,
    number: int,
    units: Units,
    graph: Layered,
    columns: Columns,
    room: Room,
    blocks: dict[str, Rectangle],
) -> Route:
    """Return the route that leads on to a port."""
    head = units.links[number][1]
    foremost = blocks[units.parts[head][0]].x
    tip = foremost + port.inset
    if port.lane != port.tip:
        _straight(way, foremost - LEAD - BEND)
    else:
        _straight(way, tip - ARROW)
    _turn(way, (tip - ARROW, port.tip))
    mark = None
    if port.mark is not None:
        mark = columns.start[graph.layer[head]] + LANE + room.marks[number].along / 2, port.mark
    return Route((*way, (tip, port.tip)), mark, trunk)


def _through(way: Way, track: float, end: float) -> None:
    """Lead a way in a track to another place across."""
    here = way[-1][1]
    sign = 1.0 if end > here else -1.0
    bend = min(BEND, abs(end - here) / 2)
    _straight(way, track - BEND)
    if bend < BEND:
        _turn(way, (track + BEND, end))
        return
    _corner(way, (track, here), (track, here + sign * bend))
    _line(way, (track, end - sign * bend))
    _corner(way, (track, end), (track + bend, end))


def _corner(way: Way, corner: Point, end: Point) -> None:
    """Lead a way around a corner, in a curve like a quarter of a circle."""
    here = way[-1]
    way += (
        (here[0] + (corner[0] - here[0]) * _ROUND, here[1] + (corner[1] - here[1]) * _ROUND),
        (end[0] + (corner[0] - end[0]) * _ROUND, end[1] + (corner[1] - end[1]) * _ROUND),
        end,
    )


def _line(way: Way, end: Point) -> None:
    """Lead a way straight to a point."""
    here = way[-1]
    if here != end:
        way += here, end, end


def _straight(way: Way, along: float) -> None:
    """Lead a way straight on, as one piece."""
    here = way[-1]
    if along - here[0] < _SHORT:
        return
    there = along, here[1]
    if len(way) > 3 and way[-4] == way[-3] and way[-4][1] == here[1]:
        way[-2:] = there, there
    else:
        way += here, there, there


def _turn(way: Way, end: Point) -> None:
    """Lead a way on to another place across, straight at both ends."""
    here = way[-1]
    if here[1] == end[1]:
        _straight(way, end[0])
        return
    middle = (here[0] + end[0]) / 2
    way += (middle, here[1]), (middle, end[1]), end
