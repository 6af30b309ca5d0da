"""Cells and lines of a text table: measured as a terminal shows them, aligned, packed, cut."""

import re
from collections.abc import Iterable, Sequence

from wcwidth import iter_graphemes, wcswidth

from gradgraph.plugins import JOINERS

PER_COLUMN = 8
"""Characters that are measured for each column there is room for: marks and joiners take none of their own. What comes
after is cut unmeasured, so that a label of megabytes costs no more than a line."""

_POINT = re.compile(r"[.e]|$")  # where the whole part of a number ends


def columns(text: str) -> int:
    """The columns that `text`, which has no control characters, takes in a terminal.

    >>> columns("abc"), columns("权重")
    (3, 4)
    """
    return len(text) if text.isascii() else max(wcswidth(text), 0)


def cut(line: str, width: int, ellipsis: str) -> str:
    """`line` in at most `width` columns, cut at a grapheme boundary with an ellipsis.

    >>> cut("weights", 5, "…"), cut("权重矩阵", 6, "…"), cut("same", 4, "…")
    ('weig…', '权重…', 'same')
    """
    if 2 * len(line) <= width:  # no character takes more than two columns
        return line
    if len(line) > PER_COLUMN * width:
        line = line[: PER_COLUMN * width]
    elif columns(line) <= width:
        return line
    kept = "".join(_fitting(iter_graphemes(line), width - len(ellipsis)))
    return kept.rstrip(JOINERS) + ellipsis[:width]  # at an end no joiner is seen


def cut_start(line: str, width: int, ellipsis: str) -> str:
    """The end of `line` in at most `width` columns.

    >>> cut_start("layer 3/neuron 0", 10, "…")
    '…/neuron 0'
    """
    if len(line) > PER_COLUMN * width:
        line = line[-PER_COLUMN * width :]
    elif columns(line) <= width:
        return line
    backwards = _fitting(reversed([*iter_graphemes(line)]), width - len(ellipsis))
    return ellipsis[:width] + "".join(reversed(backwards))


def _fitting(graphemes: Iterable[str], width: int) -> list[str]:
    kept = []
    for grapheme in graphemes:
        width -= columns(grapheme)
        if width < 0:
            break
        kept.append(grapheme)
    return kept


def wrapped(line: str, width: int, ellipsis: str) -> list[str]:
    """Return `line` on as many lines of at most `width` columns as it takes, broken at spaces where there are any.

    >>> wrapped("no rails: 20 columns are too few", 20, "…"), wrapped("权重矩阵", 4, "…")
    (['no rails: 20 columns', 'are too few'], ['权重', '矩阵'])
    """
    if 2 * len(line) <= width or columns(line) <= width:
        return [line]
    lines: list[str] = []
    for word in line.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if columns(joined) <= width:
            lines[-1:] = [joined]
            continue
        lines.append("")
        for grapheme in iter_graphemes(word):
            if columns(lines[-1] + grapheme) > width:
                lines.append("")
            lines[-1] += cut(grapheme, width, ellipsis)
    return [line for line in lines if line]


def left_aligned(heading: str, cells: Sequence[str]) -> list[str]:
    """A column of cells in which a character is a column, its heading first, all padded on the right."""
    width = max(map(len, [heading, *cells]))
    return [cell.ljust(width) for cell in (heading, *cells)]


def point_aligned(heading: str, cells: Sequence[str]) -> list[str]:
    """A column of numbers aligned on the decimal point, its heading first and on the right.

    >>> point_aligned("grad", ["-1.5", "1", "1e-07", "–"])
    ['  grad', '-1.5  ', ' 1    ', ' 1e-07', ' –    ']
    """
    points = [_POINT.search(cell).start() for cell in cells]  # type: ignore[union-attr]
    rest = max([len(cell) - point for cell, point in zip(cells, points, strict=True)], default=0)
    whole = max([*points, len(heading) - rest])
    width = whole + rest
    aligned = [(" " * (whole - point) + cell).ljust(width) for cell, point in zip(cells, points, strict=True)]
    return [heading.rjust(width), *aligned]


def packed(entries: Iterable[str], width: int) -> list[str]:
    """Entries side by side, on as many lines of this width as they need."""
    lines: list[str] = []
    for entry in entries:
        if lines and len(lines[-1]) + 3 + len(entry) <= width:
            lines[-1] += "   " + entry
        else:
            lines.append(entry)
    return lines
