"""Long labels in lines, for boxes of pictures."""

from collections.abc import Iterator

from wcwidth import iter_graphemes, wcswidth

LINE, MOST, LINES = 24, 28, 3
"""Columns of a line, of one that is a little longer so that no few letters are left over, and how many lines a box has
room for. A wide letter takes two columns."""

_ENDS = frozenset(" ./_,;:-+*=)]}>|")
"""Characters after which a line may end. The space itself is left out there."""


def wrapped(text: str) -> tuple[str, ...]:
    """Return the lines that show a label: three at most, the last with an ellipsis if it is cut.

    A line has 24 columns at most, and the last one 28 where the label ends there. A line ends after the last space or
    mark in its second half, else in the middle of a word. Takes time in proportion to what is shown.

    >>> wrapped("w")
    ('w',)
    >>> wrapped("model.layers[0].neurons[1].w[0]")
    ('model.layers[0].', 'neurons[1].w[0]')
    >>> wrapped("the mean of all the losses, each of them squared, over the samples of one batch")
    ('the mean of all the', 'losses, each of them', 'squared, over the…')
    """
    if len(text) <= MOST and text.isascii():
        return (text,)
    lines: list[str] = []
    rest = iter_graphemes(text)
    held: list[tuple[str, int]] = []
    while True:
        is_whole = _fill(held, rest)
        if is_whole:
            return (*lines, _joined(held))
        if len(lines) == LINES - 1:
            return (*lines, _joined(held[: _end(held, LINE - 1)]).removesuffix(" ") + "…")
        end = _end(held, LINE)
        lines.append(_joined(held[:end]).removesuffix(" "))
        del held[:end]


def _fill(held: list[tuple[str, int]], rest: Iterator[str]) -> bool:
    """Add graphemes, with their columns, until there are more than a line has room for; return whether all fit."""
    width = sum([columns for _, columns in held])
    while width <= MOST:
        grapheme = next(rest, None)
        if grapheme is None:
            return True
        columns = max(wcswidth(grapheme), 0)
        held.append((grapheme, columns))
        width += columns
    return False


def _end(held: list[tuple[str, int]], room: int) -> int:
    """Return how many graphemes go on a line of so many columns."""
    width = end = best = 0
    for grapheme, columns in held:
        width += columns
        if width - (grapheme == " ") > room:
            break
        end += 1
        if grapheme in _ENDS and 2 * width >= room:
            best = end
    return best or max(end, 1)


def _joined(held: list[tuple[str, int]]) -> str:
    return "".join([grapheme for grapheme, _ in held])
