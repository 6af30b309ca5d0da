"""The bounds that keep hostile or huge input from exhausting the machine, in one record."""

from typing import NamedTuple


class Limits(NamedTuple):
    """Upper bounds for reading and drawing. The defaults fit a laptop; make another with `Limits(max_nodes=…)`.

    >>> Limits(max_nodes=10)._replace(max_depth=8)
    Limits(max_bytes=2147483648, max_nodes=10, max_depth=8, max_problems=20,
           max_drawn=3000, tool_seconds=30.0, tool_bytes=268435456)
    """

    max_bytes: int = 2 << 30
    """Size of a document, in bytes."""
    max_nodes: int = 10_000_000
    """Rows in a document."""
    max_depth: int = 64
    """Nesting of brackets in a document. A document without `meta` or `ext` needs five."""
    max_problems: int = 20
    """Problems reported for one document."""
    max_drawn: int = 3_000
    """Boxes and circles handed to a layout engine. `dot` needs 0.5 s for 1,700 and 21 s for 6,800."""
    tool_seconds: float = 30.0
    """Wall time of a program we start, in seconds."""
    tool_bytes: int = 256 << 20
    """Output of a program we start, in bytes."""


DEFAULT_LIMITS = Limits()
