"""Rails: each value owns a column from its definition to its last use (register allocation)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gradgraph.views import View


class Charset(NamedTuple):
    """The characters a drawing is made of. The nine that show uses are named by which way the line leaves the rail."""

    leaf: str
    op: str
    twice: str
    rail: str
    across: str
    left_end: str
    right_end: str
    end_between: str
    left_on: str
    right_on: str
    on_between: str
    missing: str
    ellipsis: str


UNICODE = Charset("○", "●", "◉", "│", "─", "╰", "╯", "┴", "├", "┤", "┼", "–", "…")
ASCII = Charset("o", "*", "@", "|", "-", "'", "'", "'", "+", "+", "+", "-", "...")


class Use(NamedTuple):
    """An operand taken from `rail`, so many `times`; `last` if nothing below uses it."""

    rail: int
    times: int
    last: bool


class Row(NamedTuple):
    """One node's line: the rail its mark stands on, the rails it uses besides, and those that pass by.

    `own` is how often it uses the value that ends on its own rail, right above: 0, 1 or 2.
    """

    rail: int
    own: int
    uses: tuple[Use, ...]
    passing: frozenset[int]
    is_leaf: bool


def allocate(view: View, most: int) -> list[Row] | None:
    """A row for each node shown, or None if that takes more than `most` rails.

    A result takes over the leftmost rail that ends in it, unless it uses that value more than twice (no mark says
    that); otherwise it opens the leftmost free rail. A rail whose value nobody used stays closed to the next
    row's result, which would seem to use it.
    """
    shown = {node.id for node in view.nodes}
    last_use = {operand: node.id for node in view.nodes for operand in node.operands}
    rail_of: dict[int, int] = {}
    alive: dict[int, int] = {}  # rail → the node on it
    unused: int | None = None  # the rail whose value ended, unused, in the row above
    rows = []
    for node in view.nodes:
        counts = Counter(operand for operand in node.operands if operand in shown)
        ending = sorted(rail_of[operand] for operand in counts if last_use[operand] == node.id)
        own = next((rail for rail in ending if counts[alive[rail]] <= 2), None)
        if own is not None:
            rail = own
        else:
            closed = unused if counts else None
            rail = next(rail for rail in range(len(alive) + 2) if rail not in alive and rail != closed)
        uses = tuple(
            sorted(
                Use(rail_of[operand], count, last_use[operand] == node.id)
                for operand, count in counts.items()
                if rail_of[operand] != own
            )
        )
        used = {use.rail for use in uses}
        passing = frozenset(other for other in alive if other not in used and other != own)
        rows.append(Row(rail, 0 if own is None else counts[alive[own]], uses, passing, node.op is None))
        for ended in ending:
            del alive[ended]
        rail_of[node.id] = rail
        unused = None
        if node.id in last_use:
            alive[rail] = node.id
        else:
            unused = rail
        if rail >= most or len(alive) > most:
            return None
    return rows


def gap_width(rows: Iterable[Row]) -> int:
    """Columns between two rails: one, or as many as the largest repeat count takes."""
    most = max((use.times for row in rows for use in row.uses), default=1)
    return max(1, len(str(most)))


def draw(row: Row, chars: Charset, gap: int) -> str:
    """The rails of one line, without trailing space. A repeat count stands beside its rail, towards the mark."""
    connected = [row.rail, *(use.rail for use in row.uses)]
    first, last = min(connected), max(connected)
    uses = {use.rail: use for use in row.uses}
    cells = []
    for rail in range(max(last, *row.passing) + 1 if row.passing else last + 1):
        use = uses.get(rail)
        if rail == row.rail:
            cell = chars.leaf if row.is_leaf else chars.twice if row.own == 2 else chars.op
        elif use is not None:
            cell = _connection(use, first, last, chars)
        elif rail in row.passing:
            cell = chars.rail
        else:
            cell = chars.across if first < rail < last else " "
        cells.append(cell)
        cells.append((chars.across if first <= rail < last else " ") * gap)
        if use is not None and use.times > 1:
            count = str(use.times)
            if rail < row.rail:
                cells[-1] = count.ljust(gap, chars.across)
            else:
                cells[-3] = count.rjust(gap, chars.across)
    return "".join(cells).rstrip()


def _connection(use: Use, first: int, last: int, chars: Charset) -> str:
    if use.rail == first:
        return chars.left_end if use.last else chars.left_on
    if use.rail == last:
        return chars.right_end if use.last else chars.right_on
    return chars.end_between if use.last else chars.on_between


def legend(lines: Sequence[str], chars: Charset) -> list[str]:
    """What the marks in `lines` mean, those that occur."""
    drawn = set("".join(lines))
    entries = (
        (chars.leaf, "leaf"),
        (chars.op, "op"),
        (chars.twice, "op that uses the value above twice"),
        (chars.right_end + chars.left_end + chars.end_between, "last use"),
        (chars.left_on + chars.right_on + chars.on_between, "used, and lives on"),
        ("23456789", "times used"),
    )
    return [
        f"{' '.join(present)} {meaning}"
        for signs, meaning in entries
        if (present := [sign for sign in dict.fromkeys(signs) if sign in drawn])
    ]
