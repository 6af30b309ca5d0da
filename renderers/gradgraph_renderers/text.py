"""The text drawing: one node, one line; rails, aligned columns, then `name = expression`."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from wcwidth import iter_graphemes, wcswidth

from gradgraph.graph import Graph, Node
from gradgraph.protocol import RenderOptions
from gradgraph.views import View
from gradgraph_renderers._labels import number, visible
from gradgraph_renderers._rails import ASCII, UNICODE, Charset, allocate, draw, gap_width, legend

MOST_RAILS = 12
"""More rails than these no eye can follow."""
MOST_PATH = 200
"""Characters of the way to a group that are kept of a deep nest."""
LEAST_GROUP = 8
"""Columns that the group column keeps, however little room there is."""
LEAST_EXPRESSION = len("name = expression")
"""Columns that must be left for names and expressions; rails go first to make room, then the grad column."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.']{0,15}")
_LIKE_AN_ID = re.compile(r"n[0-9]+")
_POSING = re.compile(r"(^| )=(?= |$)")  # a label that looks like `name = expression`
_SPLIT_NUMBER = re.compile(r"([^.e]*)(.*)")


class TextRenderer:
    """Draws a graph for terminals, logs, diffs, code comments and screen readers."""

    name = "text"
    media_type = "text/plain"
    suffixes = (".txt",)

    def availability(self) -> str | None:
        """Always available."""
        return None

    def render(self, view: View, options: RenderOptions) -> str:
        """The drawing, in Unicode or ASCII as the options say, no line wider than their width."""
        chars = ASCII if options.charset == "ascii" else UNICODE
        columns: dict[str, list[str]] = {}
        left_out = []
        rows = allocate(view, MOST_RAILS)
        if rows is None:
            left_out.append(f"no rails: more than {MOST_RAILS} would be needed")
        else:
            gap = gap_width(rows)
            columns["rails"] = _left("", [draw(row, chars, gap) for row in rows])
        columns["id"] = _left("id", [f"n{node.id}" for node in view.nodes])
        for name in ("data", "grad") if options.grad else ("data",):
            numbers = [number(getattr(node, name), options.precision, chars.missing) for node in view.nodes]
            columns[name] = _aligned(name, numbers)
        if any(node.group is not None for node in view.nodes):
            room = _room(columns, options.width) - LEAST_EXPRESSION - 2
            columns["group"] = _left("group", _groups(view, chars, max(LEAST_GROUP, room)))
        for name, word in (("rails", "rails"), ("grad", "gradients")):
            if name in columns and _room(columns, options.width) < LEAST_EXPRESSION:
                del columns[name]
                left_out.append(f"no {word}: {options.width} columns are too few")
        missing = ", ".join(reason.partition(":")[0] for reason in left_out)
        last = [f"({missing}) name = expression" if missing else "name = expression", *_expressions(view, chars)]
        lines = map("  ".join, zip(*columns.values(), last, strict=True))
        foot = [*_packed(legend(columns.get("rails", []), chars), options.width), *left_out]
        every_line = [*lines, *([""] if foot else []), *foot]
        return "".join(cut(line.rstrip(), options.width, chars.ellipsis) + "\n" for line in every_line)


def cut(line: str, width: int, ellipsis: str) -> str:
    """`line` in at most `width` columns (0: no limit), cut at a grapheme boundary with an ellipsis.

    >>> cut("weights", 5, "…"), cut("权重矩阵", 6, "…"), cut("same", 4, "…")
    ('weig…', '权重…', 'same')
    """
    if not width or _columns(line) <= width:
        return line
    kept, taken = [], 0
    for grapheme in iter_graphemes(line):
        taken += _columns(grapheme)
        if taken > width - len(ellipsis):
            break
        kept.append(grapheme)
    return ("".join(kept) + ellipsis)[:width] if width < len(ellipsis) else "".join(kept) + ellipsis


def _packed(entries: Iterable[str], width: int) -> list[str]:
    """Entries side by side, on as many lines as they need."""
    lines: list[str] = []
    for entry in entries:
        if lines and (not width or len(lines[-1]) + 3 + len(entry) <= width):
            lines[-1] += "   " + entry
        else:
            lines.append(entry)
    return lines


def _columns(text: str) -> int:
    return len(text) if text.isascii() else max(wcswidth(text), 0)


def _room(columns: Mapping[str, Sequence[str]], width: int) -> int:
    """What these columns leave of the width for names and expressions; without a limit, more than anyone needs."""
    return (width or sys.maxsize) - sum(_columns(column[0]) + 2 for column in columns.values())


def _left(heading: str, cells: Sequence[str]) -> list[str]:
    """A column of cells, its heading first, all padded on the right."""
    width = max(map(_columns, [heading, *cells]))
    return [cell + " " * (width - _columns(cell)) for cell in (heading, *cells)]


def _groups(view: View, chars: Charset, width: int) -> list[str]:
    """The group of each node by the way down to it, at most so wide: its end, which tells siblings apart."""
    paths: dict[int | None, str] = {None: ""}
    for group in view.graph.groups:
        outer = paths[group.parent][-MOST_PATH:]
        paths[group.id] = f"{outer}/{group.name}" if outer else group.name
    shown = {group: _end(_label(path, chars), width, chars.ellipsis) for group, path in paths.items()}
    return [shown[node.group] for node in view.nodes]


def _end(text: str, width: int, ellipsis: str) -> str:
    """The end of `text`, in at most `width` columns."""
    if _columns(text) <= width:
        return text
    kept: list[str] = []
    taken = len(ellipsis)
    for grapheme in reversed([*iter_graphemes(text)]):
        taken += _columns(grapheme)
        if taken > width:
            break
        kept.append(grapheme)
    return ellipsis + "".join(reversed(kept))


def _aligned(heading: str, cells: Sequence[str]) -> list[str]:
    """A column of numbers aligned on the decimal point, its heading first and on the right.

    >>> _aligned("grad", ["-1.5", "1", "1e-07", "–"])
    ['  grad', '-1.5  ', ' 1    ', ' 1e-07', ' –    ']
    """
    parts = [_SPLIT_NUMBER.fullmatch(cell).groups() for cell in cells]  # type: ignore[union-attr]
    whole = max((len(before) for before, _ in parts), default=0)
    rest = max((len(after) for _, after in parts), default=0)
    whole = max(whole, len(heading) - rest)
    return [heading.rjust(whole + rest)] + [before.rjust(whole) + after.ljust(rest) for before, after in parts]


def _expressions(view: View, chars: Charset) -> list[str]:
    """`name = expression` of every node shown: an unnamed result starts with `=`, and a leaf has no `=`."""
    names = _names(view.graph)
    lines = []
    for node in view.nodes:
        label = _POSING.sub(r"\1\\x3d", _label(node.label, chars))
        if node.op is not None:
            made = _expression(
                view.graph, node, [names.get(operand, f"n{operand}") for operand in node.operands], chars
            )
            lines.append(f"{label} = {made}" if label else f"= {made}")
        else:
            lines.append(label)
    return lines


def _names(graph: Graph) -> dict[int, str]:
    """The labels that can stand for their node in an expression: identifiers, short, unique, unlike an id."""
    uses = Counter(node.label for node in graph)
    return {
        node.id: node.label
        for node in graph
        if _IDENTIFIER.fullmatch(node.label) and uses[node.label] == 1 and not _LIKE_AN_ID.fullmatch(node.label)
    }


def _expression(graph: Graph, node: Node, operands: Sequence[str], chars: Charset) -> str:
    """Infix for a symbol of marks, a call for a name. Operands are always names, so precedence never matters."""
    symbol = _label(graph.symbol(node), chars)
    declaration = graph.ops.get(node.op or "")
    declared = re.sub(r"\{[^{}]*\}", "", declaration.symbol if declaration else symbol)
    marks = declared != "" and not any(char.isalpha() or char in "\"'(), " for char in declared)
    if marks and len(operands) == 2:
        return f"{operands[0]} {symbol} {operands[1]}"
    if marks and len(operands) == 1:
        return f"{operands[0]}{symbol}" if symbol.startswith("**") else f"{symbol}{operands[0]}"
    return f"{symbol or node.op}({', '.join(operands)}{_params(node, chars)})"


def _params(node: Node, chars: Charset) -> str:
    shown: Iterable[str] = (f"{name}={value}" for name, value in node.params.items())
    return _label("; " + ", ".join(shown), chars) if node.params else ""


def _label(text: str, chars: Charset) -> str:
    """A label as it can stand in a line: backslashes doubled, so that the escapes can be told from text."""
    seen = visible(text.replace("\\", "\\\\"))
    if chars is ASCII and not seen.isascii():
        return seen.encode("ascii", "backslashreplace").decode()
    return seen
