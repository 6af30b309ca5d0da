"""The house as a picture: rooms on floors, with arrows to what each room imports. `make house` writes it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import combinations, pairwise

import networkx

from tests.conftest import ROOT
from tests.imports import between_rooms, floors, import_graph

PICTURE = ROOT / "docs/explanation/house.svg"
WIDTH, MARGIN, FLOOR, BOX = 720, 32, 84, 34
"""The width of the picture and of its left margin, and the heights of a floor and of a room, in px."""
LABELS = {
    "gradgraph": "__init__.py",
    "api": "api.py",
    "plugins": "plugins.py",
    "doors": "the doors",
    "ground": "the ground floor",
}
"""What rooms are called that are no folders."""
FILLS = {"schemas": "#fdf0d5", "renderers": "#dff3e4"}
"""Rooms outside the folder `gradgraph`."""

Key = tuple[str, ...]
"""A room, (name,); or where an arrow (from, to) passes a floor between, (from, to, floor)."""
Ways = list[tuple[Key, Key]]


def rooms() -> dict[str, set[str]]:
    """Return which rooms each room imports, with all renderers as one."""
    merged: defaultdict[str, set[str]] = defaultdict(set)
    for room, imported in between_rooms(import_graph()).items():
        merged[_top(room)] |= {_top(other) for other in imported} - {_top(room)}
    return dict(merged)


def _top(room: str) -> str:
    return room.partition("/")[0]


def picture(imports: Mapping[str, Iterable[str]]) -> str:
    """Return the SVG of rooms that import each other, each one floor above the highest that it imports.

    An arrow that follows from two others is left out. Where a goes to b and b to c, a may import c.
    """
    graph = networkx.DiGraph([(room, other) for room in sorted(imports) for other in sorted(imports[room])])
    graph.add_nodes_from(sorted(imports))
    height = floors(imports)
    arrows = sorted(networkx.transitive_reduction(graph).edges)
    rows: dict[int, list[Key]] = {floor: [] for floor in range(max(height.values()), 0, -1)}
    for room in sorted(imports):
        rows[height[room]].append((room,))
    paths = []
    for start, end in arrows:
        bends: list[Key] = [(start, end, str(floor)) for floor in range(height[start] - 1, height[end], -1)]
        for bend in bends:
            rows[int(bend[2])].append(bend)
        paths.append([(start,), *bends, (end,)])
    ways = [step for path in paths for step in pairwise(path)]
    _untangle(list(rows.values()), ways)
    return _drawn(rows, paths, ways)


def _untangle(rows: Sequence[list[Key]], ways: Ways) -> None:
    """Order each row so that few arrows cross: by where its arrows lead, then neighbours change places."""
    for _ in range(8):
        for row in (*rows, *reversed(rows)):
            at = _shares(rows)
            beside = {key: [at[b if a == key else a] for a, b in ways if key in (a, b)] for key in row}
            row.sort(key=lambda key: (sum(beside[key]) / max(len(beside[key]), 1), key))
    best = _crossings(rows, ways)
    changed = True
    while changed:
        changed = False
        for row in rows:
            for place in range(len(row) - 1):
                row[place], row[place + 1] = row[place + 1], row[place]
                found = _crossings(rows, ways)
                if found < best:
                    best, changed = found, True
                else:
                    row[place], row[place + 1] = row[place + 1], row[place]


def _shares(rows: Iterable[Sequence[Key]]) -> dict[Key, float]:
    """Return where everything is in its row, from 0 at the left to 1 at the right."""
    return {key: (place + 0.5) / len(row) for row in rows for place, key in enumerate(row)}


def _crossings(rows: Iterable[Sequence[Key]], ways: Ways) -> tuple[int, float]:
    """Return how many pairs of arrows cross, then how far they lead sideways."""
    at = _shares(rows)
    level = {key: number for number, row in enumerate(rows) for key in row}
    cross = sum(
        level[a] == level[c] and (at[a] - at[c]) * (at[b] - at[d]) < 0 for (a, b), (c, d) in combinations(ways, 2)
    )
    return cross, sum(abs(at[a] - at[b]) for a, b in ways)


def _drawn(rows: Mapping[int, Sequence[Key]], paths: Iterable[Sequence[Key]], ways: Ways) -> str:
    x = {key: MARGIN + share * (WIDTH - MARGIN) for key, share in _shares(rows.values()).items()}
    y = {key: FLOOR * (place + 0.5) for place, row in enumerate(rows.values()) for key in row}
    tall = FLOOR * len(rows)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" width="{WIDTH}" '
        f'height="{tall}" viewBox="0 0 {WIDTH} {tall}" font-family="sans-serif" font-size="14">',
        '<title id="title">The folders of gradgraph</title>',
        f'<desc id="desc">{escape(_described(rows))}</desc>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#52606d"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{tall}" fill="#ffffff"/>',
    ]
    for place, floor in enumerate(rows):
        if place % 2:
            lines.append(f'<rect y="{FLOOR * place}" width="{WIDTH}" height="{FLOOR}" fill="#f4f6f8"/>')
        lines.append(f'<text x="12" y="{FLOOR * (place + 0.5) + 5:g}" fill="#52606d">{floor}</text>')
    for path in paths:
        points = [(x[key], y[key]) for key in path]
        points[0] = (_port(path[0], path[1], ways, x, 0), points[0][1] + BOX / 2)
        points[-1] = (_port(path[-1], path[-2], ways, x, 1), points[-1][1] - BOX / 2)
        curve = " ".join(
            f"C{a:.0f} {(b + d) / 2:.0f} {c:.0f} {(b + d) / 2:.0f} {c:.0f} {d:.0f}"
            for (a, b), (c, d) in pairwise(points)
        )
        lines.append(
            f'<path d="M{points[0][0]:.0f} {points[0][1]:.0f} {curve}" fill="none" stroke="#52606d" '
            f'marker-end="url(#tip)" data-way="{path[0][0]} {path[-1][0]}"/>'
        )
    for key in x:
        if len(key) == 1:
            lines += _box(key[0], x[key], y[key])
    return "\n".join([*lines, "</svg>", ""])


def _port(room: Key, other: Key, ways: Ways, x: Mapping[Key, float], end: int) -> float:
    """Return where on the edge of a room its arrow from or to another is: side by side, in the order of the others."""
    others = sorted({way[1 - end] for way in ways if way[end] == room}, key=lambda key: (x[key], key))
    room_for_each = min(18.0, (_wide(room[0]) - 20) / max(len(others) - 1, 1))
    return x[room] + (others.index(other) - (len(others) - 1) / 2) * room_for_each


def _wide(room: str) -> float:
    return 8.2 * len(label(room)) + 24


def label(room: str) -> str:
    """Return what the picture calls a room."""
    return LABELS.get(room, f"{room}/")


def _box(room: str, x: float, y: float) -> Iterable[str]:
    wide = _wide(room)
    yield (
        f'<rect x="{x - wide / 2:.0f}" y="{y - BOX / 2:.0f}" width="{wide:.0f}" height="{BOX}" rx="5" '
        f'fill="{FILLS.get(room, "#e3ecf7")}" stroke="#3e4c59"/>'
    )
    yield f'<text x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" fill="#1f2933">{escape(label(room))}</text>'


def _described(rows: Mapping[int, Sequence[Key]]) -> str:
    """Return the picture in words, from the ground up."""
    floors_up = sorted(rows.items())
    named = {floor: sorted([label(key[0]) for key in row if len(key) == 1]) for floor, row in floors_up}
    return " ".join([f"Floor {floor}: {', '.join(names)}." for floor, names in named.items()])


if __name__ == "__main__":
    PICTURE.write_text(picture(rooms()), encoding="utf-8")
