"""How large text is, without asking the machine's fonts."""

from functools import lru_cache

from wcwidth import wcswidth

FONT_STACK = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
FONT_SIZE = 12.0
"""px; MARK_SIZE is that of the marks on wires and LINE_HEIGHT the distance of two baselines."""
MARK_SIZE = 10.0
LINE_HEIGHT = 17.0
ADVANCE = 0.62
"""Width of a column in ems: the widest font of the stack, SF Mono, has 0.62; DejaVu and Menlo 0.602, Consolas 0.55."""


@lru_cache(maxsize=4096)
def text_width(text: str) -> float:
    """The most that `text` takes in px, in any font of the stack; a wide character takes two columns.

    >>> text_width("data 2") == text_width("権重重")
    True
    """
    columns = len(text) if text.isascii() else max(wcswidth(text), 0)
    return columns * ADVANCE * FONT_SIZE
