"""The text drawing: a node a line, first how they hang together, then aligned columns, then `name = expression`."""

import math
import sys
from collections.abc import Mapping, Sequence

from gradgraph.plugins import Limits, Node, View, fold_name, largest_gradient, number, tint
from gradgraph_renderers.text.charset import CHARSETS, Charset, legend
from gradgraph_renderers.text.expressions import MOST_NAME, expressions, ids_of, written
from gradgraph_renderers.text.lines import Sketch, only_exit, with_rows_for_folds
from gradgraph_renderers.text.options import TextOptions
from gradgraph_renderers.text.rails import sketch_rails
from gradgraph_renderers.text.table import (
    PER_COLUMN,
    columns,
    cut,
    cut_start,
    left_aligned,
    packed,
    point_aligned,
    wrapped,
)
from gradgraph_renderers.text.tree import sketch_tree

MOST_PATH = 200
"""Characters of the way to a group that are kept, its last ones: they come on every row."""
MOST_NOTE = 1_000
"""Characters of a note on what is left out."""
LEAST_GROUP = 8
"""Columns that groups get, however little room there is."""
LAST = "name = expression"
"""The heading of the last column. While that is narrower, other columns go."""
_GO_FIRST = {"rails": ("rails", "grad", "group"), "tree": ("group", "grad")}

_SHADES = ("2", "2", "", "1", "1;35")
"""How a terminal shows the steps of a gradient's size (ECMA-48, SGR): faint, faint, plain, bold, bold and magenta."""
_ALARM = "1;31"


class TextRenderer:
    """Draws a graph for terminals, logs, diffs, code comments and screen readers."""

    name = "text"
    media_type = "text/plain"
    suffixes = (".txt",)
    Options = TextOptions

    def availability(self) -> str | None:
        """Always available."""
        return None

    def render(self, view: View, options: TextOptions, limits: Limits) -> str:
        """The drawing, in Unicode or ASCII as the options say, no line wider than their width."""
        chars = CHARSETS[options.charset]
        width = options.width or sys.maxsize
        rows = with_rows_for_folds(view)
        sketch = (sketch_tree if options.style == "tree" else sketch_rails)(rows, options, chars)
        table = _table(sketch, options, chars)
        wanted = {options.style, *table}
        notes = [*filter(None, [written(view.note, options.charset == "ascii", MOST_NOTE)]), *sketch.notes]
        for name in _GO_FIRST[options.style]:
            if name in table and _room(table, width) < len(LAST):
                del table[name]
                notes.append(f"no {name}: {width} columns are too few")
        if "group" in table:
            spare = LEAST_GROUP + _room(table, width) - len(LAST)
            table["group"] = _groups(sketch, chars, max(LEAST_GROUP, spare))
        missing = [name for name in _GO_FIRST["rails"] if name in wanted and name not in table]
        heading = _heading(missing, _room(table, width), chars)
        above = [] if heading else wrapped(_told(missing), width, chars.ellipsis)
        last = [heading or LAST, *_last(sketch, options, PER_COLUMN * width)]
        lines = [
            cut("  ".join(cells).rstrip(), width, chars.ellipsis) for cells in zip(*table.values(), last, strict=True)
        ]
        if options.color and "grad" in table:
            _shade(lines, sketch, *_span(table, "grad"))
        if sketch.gap:
            drawn = [f"{sketch.gap.drawn:<{len(column[0])}}" for name, column in table.items() if name == options.style]
            start = "".join(column + "  " for column in drawn)
            if width - len(start) < len(LAST):
                start = ""
            said = wrapped(sketch.gap.said, width - len(start), chars.ellipsis)
            lines[sketch.gap.at + 1 : sketch.gap.at + 1] = [start + part for part in said]
        signs = sketch.drawn if options.style in table else []
        foot = [*packed(legend(signs, options.style, _plain_leaves(sketch), chars), width), *notes]
        below = [part for line in foot for part in wrapped(line, width, chars.ellipsis)]
        return "".join([line + "\n" for line in [*above, *lines, *([""] if foot else []), *below]])


def _heading(missing: Sequence[str], room: int, chars: Charset) -> str:
    """The heading of the last column, with the columns that are missing; "" where those would have to be cut."""
    if not missing:
        return LAST
    told = _told(missing)
    if len(told) + 1 + len(chars.ellipsis) <= room:
        return f"{told} {LAST}"
    return told if len(told) <= room else ""


def _told(missing: Sequence[str]) -> str:
    return f"(no {', '.join(missing)})"


def _table(sketch: Sketch, options: TextOptions, chars: Charset) -> dict[str, list[str]]:
    """Every column but the last, its heading first. Groups have only their least width so far."""
    nodes = [sketch.view.nodes[place] for place in sketch.places]
    table: dict[str, list[str]] = {}
    if any(sketch.drawn):
        table[options.style] = left_aligned("tree" if options.style == "tree" else "", sketch.drawn)
    table["id"] = left_aligned("id", [_id(sketch.view, node) for node in nodes])
    folds = sketch.view.folds
    folded = [
        line for line, node in enumerate(nodes) if node.id < 0 and not only_exit(sketch.view, folds[-1 - node.id])
    ]
    numbers: dict[str, list[float | None]] = {"data": [node.data for node in nodes]}
    if options.grad:
        numbers["grad"] = [node.grad for node in nodes]
    for name, values in numbers.items():
        cells = [number(value, options.precision, chars.missing) for value in values]
        for line in (*sketch.again, *folded):
            cells[line] = ""
        table[name] = point_aligned(name, cells)
    if any(node.group is not None for node in nodes):
        table["group"] = [" " * LEAST_GROUP]
    return table


def _id(view: View, node: Node) -> str:
    """Return the id of a row: of what leaves a fold, or of its first node; "" for a group, which has a name."""
    if node.id >= 0:
        return f"n{node.id}"
    fold = view.folds[-1 - node.id]
    return "" if fold.kind == "group" else f"n{(only_exit(view, fold) or fold.nodes[0]).id}"


def _plain_leaves(sketch: Sketch) -> str:
    """What the leaves with no mark of their own are."""
    roles = {sketch.view.nodes[place].role for place in sketch.places if sketch.view.nodes[place].op is None}
    return "leaf" if None in roles else "input"


def _room(table: Mapping[str, Sequence[str]], width: int) -> int:
    """What these columns leave of the width for names and expressions."""
    return width - sum(len(column[0]) + 2 for column in table.values())


def _last(sketch: Sketch, options: TextOptions, most: int) -> list[str]:
    """`name = expression` of every line, no label longer than `most`; of one that comes again, where to look."""
    ascii_only = options.charset == "ascii"
    made = expressions(sketch.view, options, most)
    cells = [made[place] for place in sketch.places]
    for line in sketch.again:
        node = sketch.view.nodes[sketch.places[line]]
        name = node.label if node.id >= 0 else fold_name(sketch.view.graph, sketch.view.folds[-1 - node.id])
        said = written(name, ascii_only, MOST_NAME)
        if node.id < 0 and sketch.view.folds[-1 - node.id].kind == "group":
            said += f", {ids_of(sketch.view.folds[-1 - node.id])}"
        cells[line] = f"{said} {CHARSETS[options.charset].again} see above".lstrip()
    return cells


def _groups(sketch: Sketch, chars: Charset, most: int) -> list[str]:
    """The group of each node by the way down to it, at most so wide: its end, which tells siblings apart."""
    paths: dict[int | None, str] = {None: ""}
    for group in sketch.view.graph.groups:
        outer = paths[group.parent]
        name = group.name[-MOST_PATH - 1 :]
        paths[group.id] = (f"{outer}/{name}" if outer else name)[-MOST_PATH - 1 :]  # one more, if it was longer
    ascii_only = chars.missing.isascii()
    shown = {}
    for id in {None, *[node.group for node in sketch.view.nodes]}:
        end = written(paths[id][-MOST_PATH:], ascii_only, MOST_PATH)
        whole = chars.ellipsis + end if len(paths[id]) > MOST_PATH else end
        shown[id] = cut_start(whole, most, chars.ellipsis)
    width = max(columns(text) for text in ("group", *shown.values()))
    padded = {id: text + " " * (width - columns(text)) for id, text in shown.items()}
    cells = [padded[sketch.view.nodes[place].group] for place in sketch.places]
    for line in sketch.again:
        cells[line] = padded[None]
    return ["group".ljust(width), *cells]


def _span(table: Mapping[str, Sequence[str]], name: str) -> tuple[int, int]:
    """Where a column starts and ends in a line, in characters; it and those before it have no wide ones."""
    start = 0
    for before, column in table.items():
        if before == name:
            return start, start + len(column[0])
        start += len(column[0]) + 2
    raise KeyError(name)


def _shade(rows: list[str], sketch: Sketch, start: int, end: int) -> None:
    """Show the gradients in `rows`, which stand from `start` to `end`, by their size."""
    largest = largest_gradient(sketch.view.nodes)
    for line, place in enumerate(sketch.places):
        grad = sketch.view.nodes[place].grad
        alarm = grad is not None and not math.isfinite(grad)
        code = _ALARM if alarm else _SHADES[tint(grad, largest)]
        row = rows[line + 1]
        if code and line not in sketch.again and row[start:end].strip():
            rows[line + 1] = f"{row[:start]}\x1b[{code}m{row[start:end]}\x1b[0m{row[end:]}"
