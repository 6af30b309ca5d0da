"""Wires as SVG elements: what lines of one tail share is drawn once, then each line from where it branches."""

from collections.abc import Iterable, Iterator, Sequence

from gradgraph.plugins import Placement, Point, Route, Wire
from gradgraph_renderers.palette import Palette
from gradgraph_renderers.svg.metrics import MARK_SIZE
from gradgraph_renderers.svg.shapes import arrow, spell, text

_DASHES = ' stroke-dasharray="3 3"'


def wires(drawn: Iterable[Wire], placement: Placement, palette: Palette) -> Iterator[str]:
    """Yield the trunks of a placement, then its wires. `drawn` are those of its routes, in order."""
    drawn = tuple(drawn)
    yield from _trunks(drawn, placement)
    for wire, route in zip(drawn, placement.routes, strict=True):
        yield _wire(wire, route, palette)


def _trunks(drawn: tuple[Wire, ...], placement: Placement) -> Iterator[str]:
    """Yield each trunk that carries a wire. It is dashed if all its wires lead out of what is shown."""
    tails: dict[int, str] = {}
    inside: set[int] = set()
    for wire, route in zip(drawn, placement.routes, strict=True):
        if route.trunk is not None:
            tails[route.trunk] = wire.tail
            if not wire.leads_out:
                inside.add(route.trunk)
    for number in reversed(range(len(placement.trunks))):  # a trunk comes after the one that it goes on from
        before = placement.trunks[number].trunk
        if before is not None and number in tails:
            tails[before] = tails[number]
            if number in inside:
                inside.add(before)
    for number, trunk in enumerate(placement.trunks):
        if number in tails:
            dashes = "" if number in inside else _DASHES
            yield f'<path class="gg-trunk" data-tail="{tails[number]}" d="{_curve(trunk.spline)}"{dashes}/>'


def _wire(wire: Wire, route: Route, palette: Palette) -> str:
    *points, tip = route.spline
    dashes = _DASHES if wire.leads_out else ""
    mark = ""
    if route.mark is not None:
        x, y = route.mark
        mark = text(wire.mark, x, y + MARK_SIZE / 3, paint=palette["ink"], size=MARK_SIZE)
    return (
        f'<g data-tail="{wire.tail}" data-head="{wire.head}">'
        f'<path d="{_curve(points)}"{dashes}/>'
        f'<polygon points="{arrow(points[-1], tip)}" fill="{palette["line"]}" stroke="none"/>{mark}</g>'
    )


def _curve(points: Sequence[Point]) -> str:
    """Return the path of 1 + 3n control points. A straight piece, whose control points are at its ends, is a line.

    >>> _curve([(0.0, 5.0), (0.0, 5.0), (20.0, 5.0), (20.0, 5.0), (25.0, 5.0), (30.0, 10.0), (30.0, 15.0)])
    'M0,5H20C25,5 30,10 30,15'
    """
    spelled = [(spell(x), spell(y)) for x, y in points]
    path, mode = [f"M{spelled[0][0]},{spelled[0][1]}"], "M"
    for first in range(0, len(spelled) - 1, 3):
        start, one, other, end = spelled[first : first + 4]
        if start != one or other != end:
            path += [" " if mode == "C" else "C", " ".join([f"{x},{y}" for x, y in (one, other, end)])]
            mode = "C"
        elif start != end:
            mode = "H" if start[1] == end[1] else "V" if start[0] == end[0] else "L"
            path.append(f"H{end[0]}" if mode == "H" else f"V{end[1]}" if mode == "V" else f"L{end[0]},{end[1]}")
    return "".join(path)
