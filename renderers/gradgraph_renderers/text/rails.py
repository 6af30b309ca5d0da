"""Rails: each value owns a column from its definition to its last use (register allocation)."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from gradgraph.plugins import View, counted, first_and_last
from gradgraph_renderers.text.charset import Charset
from gradgraph_renderers.text.lines import Sketch, gap_in
from gradgraph_renderers.text.options import TextOptions

MOST_PLACES = 5_000_000
"""Places on rails in one drawing, rows times rails: without it, text and memory are quadratic in the rows."""
_ALWAYS = 12  # rails that any number of rows may have

_NONE: frozenset[int] = frozenset()


class Use(NamedTuple):
    """An operand taken from `rail`, so many `times`; `last` if nothing below uses it."""

    rail: int
    times: int
    last: bool


class Row(NamedTuple):
    """One node's line: its mark, the rail that stands on, the rails it uses besides, and those that pass by.

    `own` is how often it uses the value that ends on its own rail, right above: 0, 1 or 2. `taken` counts its operands
    that are not shown, and `given` says whether a user is not.
    """

    mark: str
    rail: int
    own: int
    uses: tuple[Use, ...]
    passing: tuple[int, ...]
    taken: int
    given: bool


def sketch_rails(whole: View, options: TextOptions, chars: Charset) -> Sketch:
    """A line for each node, as many as the options allow. Nothing is drawn on them if that takes too many rails."""
    view = first_and_last(whole, options.max_rows or len(whole.nodes))
    hidden = len(whole.nodes) - len(view.nodes)
    middle = len(view.nodes) - len(view.nodes) // 2
    places = range(len(view.nodes))
    left_out = counted(hidden, "node")
    if hidden:
        left_out += f" (n{whole.nodes[middle].id} to n{whole.nodes[middle + hidden - 1].id})"
    ceiling = max(_ALWAYS, MOST_PLACES // max(len(places), 1))
    most = min(options.max_rails or ceiling, ceiling)
    rows = allocate(view, chars, most)
    if rows is None:
        why = "" if most == options.max_rails else ", and there is no room for them beside so many rows"
        notes = (f"no rails: more than {most} would be needed{why}",)
        gap = gap_in(middle, "", left_out, chars) if hidden else None
        return Sketch(view, [""] * len(places), places, frozenset(), gap, notes)
    width = gap_width(rows)
    drawn = {row: draw(row, chars, width) for row in set(rows)}
    across = draw_gap(rows[middle], chars, width) if middle < len(rows) else ""
    gap = gap_in(middle, across, left_out, chars) if hidden else None
    return Sketch(view, [drawn[row] for row in rows], places, frozenset(), gap, ())


def allocate(view: View, chars: Charset, most: int) -> list[Row] | None:
    """A row for each node shown, or None if that takes more than `most` rails.

    A result takes over the leftmost rail that ends in it, unless it uses that value more than twice (no mark says
    that); otherwise it opens the leftmost free rail. A rail whose value nobody used stays closed to the next
    row's result, which would seem to use it.
    """
    taken = Counter([edge.head for edge in view.cut])
    given = {edge.tail for edge in view.cut}
    last_use = {edge.tail: edge.head for edge in view.edges}
    rail_of: dict[int, int] = {}
    alive: dict[int, int] = {}  # rail → the node on it
    unused: int | None = None  # the rail whose value ended, unused, in the row above
    alike: dict[Row, Row] = {}  # many rows are, and need not be kept twice
    rows = []
    for node in view.nodes:
        counts: dict[int, int] = {}
        for operand in node.operands:
            if operand in rail_of:
                rail = rail_of[operand]
                counts[rail] = counts.get(rail, 0) + 1
        passing = tuple([rail for rail in alive if rail not in counts]) if counts else tuple(alive)
        ending = {rail for rail in counts if last_use[alive[rail]] == node.id} if counts else _NONE
        takes_over = [rail for rail in ending if counts[rail] <= 2]
        times = 0
        if takes_over:
            rail = min(takes_over)
            times = counts.pop(rail)
        else:
            rail = 0
            while rail in alive or (rail == unused and node.op is not None):
                rail += 1
        uses = tuple([Use(used, counts[used], used in ending) for used in sorted(counts)]) if counts else ()
        mark = chars.twice if times == 2 else chars.mark(node)
        row = Row(mark, rail, times, uses, passing, taken.get(node.id, 0), node.id in given)
        rows.append(alike.setdefault(row, row))
        for ended in ending:
            del alive[ended]
        rail_of[node.id] = rail
        unused = None if node.id in last_use else rail
        if unused is None:
            alive[rail] = node.id
        if rail >= most or len(alive) > most:
            return None
    return rows


def gap_width(rows: Iterable[Row]) -> int:
    """Columns between two rails: one, or as many as the largest repeat count takes."""
    return len(str(max([max([row.taken, *[use.times for use in row.uses]]) for row in rows], default=1)))


def draw(row: Row, chars: Charset, gap: int) -> str:
    """The rails of one line, without trailing space. A repeat count stands beside its rail, towards the mark."""
    signs = dict.fromkeys(row.passing, chars.rail)
    counts: dict[int, int] = {}
    connected = [row.rail, *[use.rail for use in row.uses]]
    for times, sign in ((row.taken, chars.taken), (int(row.given), chars.given)):
        if times:
            stub = max(connected) + 1
            while stub in signs:
                stub += 1
            connected.append(stub)
            signs[stub] = sign
            counts[stub] = times
    first, last = min(connected), max(connected)
    for rail, times, ends in row.uses:
        signs[rail] = _connection(rail, ends, first, last, chars)
        counts[rail] = times
    signs[row.rail] = row.mark
    step = gap + 1
    cells = [" "] * (max(last, *row.passing, 0) * step + 1)
    cells[first * step : last * step] = chars.across * ((last - first) * step)
    for rail, sign in signs.items():
        cells[rail * step] = sign
    for rail, times in counts.items():
        if times > 1:
            count = str(times)
            at = rail * step + 1 if rail < row.rail else rail * step - len(count)
            cells[at : at + len(count)] = count
    return "".join(cells)


def _connection(rail: int, ends: bool, first: int, last: int, chars: Charset) -> str:
    if rail == first:
        return chars.left_end if ends else chars.left_on
    if rail == last:
        return chars.right_end if ends else chars.right_on
    return chars.end_between if ends else chars.on_between


def draw_gap(below: Row, chars: Charset, gap: int) -> str:
    """The rails of a line that stands for rows left out, above the row `below`."""
    alive = {*below.passing, *[use.rail for use in below.uses], *([below.rail] if below.own else [])}
    return (" " * gap).join([chars.gap if rail in alive else " " for rail in range(max(alive, default=-1) + 1)])
